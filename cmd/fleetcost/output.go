package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// checkOut finds out before the work whether a file could be written there.
func checkOut(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return inputError{fmt.Errorf("writing %s: it is a directory; name a file in it", path)}
	} else if err == nil && !info.Mode().IsRegular() {
		return inputError{fmt.Errorf("writing %s: it is no regular file; redirect standard output to it instead", path)}
	}
	f, err := beside(path)
	if err != nil {
		return inputError{fmt.Errorf("writing %s: %w", path, cause(err))}
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// beside creates a new file in the folder of path, for writing and renaming.
func beside(path string) (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("%s.%d.tmp", path, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// cause drops the name of the file beside from an error.
func cause(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}

// emit writes what render makes to a file, or to standard output where path is "". A file is written
// beside and renamed, so that it is whole or not there.
func emit(path string, s streams, render func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := render(&buf); err != nil {
		return fmt.Errorf("rendering: %w", err)
	}
	if path == "" {
		if _, err := s.out.Write(buf.Bytes()); err != nil {
			return fmt.Errorf("writing to standard output: %w", err)
		}
		return nil
	}
	if err := replaceFile(path, buf.Bytes()); err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return nil
}

func replaceFile(path string, data []byte) error {
	f, err := beside(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// writeFile is replaceFile for what is written piece by piece.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := beside(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	buffered := bufio.NewWriter(f)
	err = write(buffered)
	if err := errors.Join(err, buffered.Flush(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, cause(err)), os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, cause(err)), os.Remove(f.Name()))
	}
	return nil
}
