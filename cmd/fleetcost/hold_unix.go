//go:build unix && !aix && !solaris

package main

import (
	"errors"
	"os"
	"syscall"
)

// hold takes a file for this process alone, until it is closed or the process ends; false: another has it. On
// file systems without such locks nobody else ever has.
func hold(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil, errors.Is(err, errors.ErrUnsupported):
		return true, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil
	}
	return false, err
}
