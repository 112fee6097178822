package local

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// A folder is files on disk. Links out of it are not followed.
type folder struct{ root *os.Root }

func openFolder(name string) (files, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, plain(err)
	}
	return folder{root}, nil
}

func (f folder) size(name string) (int64, bool) {
	info, err := f.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

func (f folder) open(_ context.Context, name string) (io.ReadCloser, error) {
	if _, ok := f.size(name); !ok {
		return nil, manifest.Wrongf("has no file %s; make it anew", manifest.Clip(name))
	}
	return f.root.Open(name)
}

func (f folder) Close() error { return f.root.Close() }

const (
	// maxEntries is how many files an archive may have: an image has two or three a layer.
	maxEntries = 100_000

	// maxUnpacked is how long an archive may be once it is uncompressed, in bytes.
	maxUnpacked = 1 << 37
)

// An archive is a tar file. A list of what is in it is made once; files are found by reading it again. It is
// safe for concurrent use.
type archive struct {
	file    *os.File
	entries map[string]entry
}

// An entry is a file in an archive, or a link to one.
type entry struct {
	size int64
	link string // the file that it stands for; "": itself
}

func openArchive(ctx context.Context, name string) (files, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		_ = f.Close()
		return nil, errors.New("it is a folder; write oci: for an OCI layout")
	}
	return list(ctx, f)
}

// openStream puts a stream into a file without a name, which is gone with the program.
func openStream(ctx context.Context, r io.Reader) (files, error) {
	f, err := os.CreateTemp("", "fleetcost")
	if err != nil {
		return nil, fmt.Errorf("keeping standard input for a while: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("keeping standard input for a while: %w", err)
	}
	done := make(chan error, 1)
	go func() {
		n, err := io.Copy(f, r)
		if err == nil && n == 0 {
			err = errors.New("standard input is empty; pipe docker save in")
		}
		done <- err
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err() // the file is gone with the program, whoever still writes to it
	case err := <-done:
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		return list(ctx, f)
	}
}

// list reads which files an archive has.
func list(ctx context.Context, f *os.File) (files, error) {
	a := &archive{file: f, entries: map[string]entry{}}
	err := a.each(ctx, func(h *tar.Header, _ io.Reader) (bool, error) {
		name := path.Clean(h.Name)
		switch h.Typeflag {
		case tar.TypeReg:
			a.entries[name] = entry{size: h.Size}
		case tar.TypeSymlink:
			a.entries[name] = entry{link: path.Join(path.Dir(name), h.Linkname)}
		case tar.TypeLink:
			a.entries[name] = entry{link: path.Clean(h.Linkname)}
		}
		if len(a.entries) > maxEntries {
			return false, manifest.Wrongf("it has more than %d files; name an image", maxEntries)
		}
		return true, nil
	})
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return a, nil
}

// each calls back for every entry, until it says no.
func (a *archive) each(ctx context.Context, visit func(*tar.Header, io.Reader) (bool, error)) error {
	in, err := unpacked(ctx, a.file)
	if err != nil {
		return err
	}
	t := tar.NewReader(in)
	for ctx.Err() == nil {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return manifest.Wrongf("it is no tar file, or a broken one: %v", err)
		}
		if more, err := visit(h, t); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// unpacked returns a new reader of a tar file that may be compressed. Of a plain file it is one that seeks.
func unpacked(ctx context.Context, f *os.File) (io.Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, plain(err)
	}
	file := io.NewSectionReader(f, 0, info.Size())
	magic := make([]byte, len(zstdMagic))
	n, _ := f.ReadAt(magic, 0)
	switch {
	case bytes.HasPrefix(magic[:n], gzipMagic):
		z, err := gzip.NewReader(bufio.NewReader(file))
		if err != nil {
			return nil, manifest.Wrongf("it is no gzip file: %v", err)
		}
		return interruptible{ctx, io.LimitReader(z, maxUnpacked)}, nil
	case bytes.HasPrefix(magic[:n], zstdMagic):
		z, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1<<27))
		if err != nil {
			return nil, manifest.Wrongf("it is no zstd file: %v", err)
		}
		return interruptible{ctx, io.LimitReader(z.IOReadCloser(), maxUnpacked)}, nil
	}
	return file, nil
}

// resolve follows links, few of them: a circle leads nowhere.
func (a *archive) resolve(name string) (string, bool) {
	name = path.Clean(name)
	for range 8 {
		e, ok := a.entries[name]
		if !ok || e.link == "" {
			return name, ok
		}
		name = e.link
	}
	return "", false
}

func (a *archive) size(name string) (int64, bool) {
	name, ok := a.resolve(name)
	return a.entries[name].size, ok
}

func (a *archive) open(ctx context.Context, name string) (io.ReadCloser, error) {
	file, ok := a.resolve(name)
	if !ok {
		return nil, manifest.Wrongf("has no file %s; make it anew", manifest.Clip(name))
	}
	var found io.Reader
	err := a.each(ctx, func(h *tar.Header, r io.Reader) (bool, error) {
		if h.Typeflag == tar.TypeReg && path.Clean(h.Name) == file {
			found = r
		}
		return found == nil, nil
	})
	if found == nil && err == nil {
		err = fs.ErrNotExist
	}
	return io.NopCloser(found), err
}

func (a *archive) Close() error { return a.file.Close() }

// plain takes the path off an error of os: the reference names it.
func plain(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return errors.New(strings.TrimSpace(p.Err.Error()))
	}
	return err
}

// interruptible ends reading with its context, at the next read.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(b []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}
