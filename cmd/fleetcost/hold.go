//go:build !unix || aix || solaris

package main

import "os"

// hold does nothing where the system has no flock.
func hold(*os.File) (bool, error) { return true, nil }
