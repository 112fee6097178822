// Package input opens and reads files that users name: no device, which may have no end, and no pipe where
// nobody would write to it.
package input

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// What may be opened besides regular files.
const (
	NoPipes = false
	Pipes   = true
)

// Open opens a file for reading; a pipe only where pipes is Pipes. The error is of os, or says what the file is
// in place of one.
func Open(name string, pipes bool) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return os.Open(name) // whose error says so
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return nil, errors.New("it is a directory; name a file in it")
	case mode&fs.ModeDevice != 0:
		return nil, errors.New("it is a device; name a file")
	case mode&fs.ModeNamedPipe != 0 && !pipes:
		return nil, errors.New("it is a pipe; name a file")
	case mode&fs.ModeSocket != 0:
		return nil, errors.New("it is a socket; name a file")
	}
	return os.Open(name)
}

// Read reads a regular file whole, of at most so many MiB: a longer one is an error. The other errors are those
// of Open and of reading.
func Read(name string, mebibytes int64) ([]byte, error) {
	file, err := Open(name, NoPipes)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, mebibytes<<20+1))
	if err == nil && int64(len(data)) > mebibytes<<20 {
		return nil, fmt.Errorf("it is longer than %d MiB", mebibytes)
	}
	return data, err
}
