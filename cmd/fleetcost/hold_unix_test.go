//go:build unix && !aix && !solaris

package main

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// TestSweepAlone starts a sweep whose file another one has: it is refused before any work, also where it is
// to go on, and nothing of the other's is touched.
func TestSweepAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	file, err := os.Create("sweep.csv.partial")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if alone, err := hold(file); !alone || err != nil {
		t.Fatal(alone, err)
	}
	for _, more := range [][]string{nil, {"--resume"}} {
		out, err := exec.Command("fleetcost", sweepInto("sweep.csv", more...)...).CombinedOutput()
		const want = "fleetcost: writing sweep.csv: it is being written by another sweep; wait for its end, or name another file\n"
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitInput || string(out) != want {
			t.Errorf("%v: %v, %q", more, err, out)
		}
	}
	if size("sweep.csv.partial") != 0 || size("sweep.csv") != -1 {
		t.Error("the other's files changed")
	}
	// What is left of it has no rows: there is nothing to go on from, and nothing to ask.
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, sweepInto("sweep.csv")...)
	if size("sweep.csv.partial") != -1 {
		t.Error("sweep.csv.partial is left")
	}
}
