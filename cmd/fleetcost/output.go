package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fleetcost/fleetcost/scenarios"
)

// checkOut finds out before the work whether a file could be written there.
func checkOut(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case info.IsDir():
		return inputError{fmt.Errorf("writing %s: it is a directory; name a file in it", scenarios.Printable(path))}
	case !info.Mode().IsRegular():
		return inputError{fmt.Errorf("writing %s: it is no regular file; redirect standard output to it instead", scenarios.Printable(path))}
	case !writable(path, info):
		return inputError{fmt.Errorf("writing %s: it is read-only; make it writable, or name another file", scenarios.Printable(path))}
	}
	d, err := newDraft(path)
	if errors.Is(err, fs.ErrPermission) {
		return inputError{fmt.Errorf("writing %s: %w; make its folder writable, or name a file elsewhere", scenarios.Printable(path), cause(err))}
	}
	if err != nil {
		return inputError{fmt.Errorf("writing %s: %w", scenarios.Printable(path), cause(err))}
	}
	return d.discard()
}

// writable tells whether a file that is there may be written: by its mode, which does not bind root, and by
// all that the system knows.
func writable(path string, info fs.FileInfo) bool {
	if info.Mode().Perm()&0o200 == 0 {
		return false
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	return err == nil && f.Close() == nil
}

// A draft is a file in the making, beside the one that it is to replace, so that this is whole or not there.
type draft struct {
	*os.File
	target string
}

// newDraft begins a file for where path leads to through symbolic links. It has the mode of the one there.
func newDraft(path string) (*draft, error) {
	target, err := resolve(path)
	if err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o644)
	info, absent := os.Stat(target)
	if absent == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.OpenFile(fmt.Sprintf("%s.%d.tmp", target, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	d := &draft{f, target}
	if absent == nil {
		if err := f.Chmod(mode); err != nil { // what the umask took away
			return nil, errors.Join(err, d.discard())
		}
	}
	return d, nil
}

// resolve follows symbolic links, the last of which may lead to no file yet.
func resolve(path string) (string, error) {
	const most = 40 // as Linux
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // it is no link
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(path) + string(filepath.Separator) + to // not joined: .. is the parent of what a link leads to
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// discard removes the draft.
func (d *draft) discard() error { return errors.Join(d.Close(), os.Remove(d.Name())) }

// cause drops from an error the name of a file that was not asked for.
func cause(err error) error {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

// emit writes what render makes to a file, or to standard output where path is "".
func emit(path string, s streams, render func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := render(&buf); err != nil {
		return fmt.Errorf("rendering: %w", err)
	}
	if path == "" {
		_, err := s.out.Write(buf.Bytes())
		return err
	}
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(buf.Bytes())
		return err
	})
}

// writeFile writes a file piece by piece.
func writeFile(path string, write func(io.Writer) error) error {
	d, err := newDraft(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", scenarios.Printable(path), cause(err))
	}
	buffered := bufio.NewWriter(d)
	if err := errors.Join(write(buffered), buffered.Flush()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", scenarios.Printable(path), cause(err)), d.discard())
	}
	if err := errors.Join(d.Close(), os.Rename(d.Name(), d.target)); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", scenarios.Printable(path), cause(err)), os.Remove(d.Name()))
	}
	return nil
}
