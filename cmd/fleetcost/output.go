package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// besides creates a new file beside path, for writing and renaming.
func besides(path string) (*os.File, string, error) {
	name := fmt.Sprintf("%s.%d.tmp", path, os.Getpid())
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, "", err
	}
	return f, name, nil
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
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func replaceFile(path string, data []byte) error {
	f, name, err := besides(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		os.Remove(name)
	}
	return err
}
