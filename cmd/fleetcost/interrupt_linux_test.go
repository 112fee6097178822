package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestInterruptWhileWaiting stops every command that reads files while it waits for whoever writes to a
// named pipe.
func TestInterruptWhileWaiting(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // what was left behind reads an end
		if w, err := os.OpenFile(pipe, os.O_RDWR, 0); err == nil {
			_ = w.Close()
		}
	})
	for _, line := range []string{
		"run PIPE", "validate PIPE", "diff PIPE base-choice", "report PIPE", "sweep PIPE --vary services.hello.deploysPerDay=1",
		"merge PIPE", "solve PIPE --vary services.hello.deploysPerDay=1..9 --until cost.monthly<=5", "sensitivity PIPE", "import kubernetes PIPE", "import deploys PIPE", "memory --metrics PIPE",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			interrupted(t, strings.Fields(strings.ReplaceAll(line, "PIPE", pipe)), nil)
		})
	}
}
