package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// sweepInto is a sweep of 150 short points into a file.
func sweepInto(path string, more ...string) []string {
	return append([]string{
		"sweep", "weave-2015", "--set", "simulate.duration=1d", "--vary", "services.hello.deploysPerDay=1..5/1", "--vary", "datacenters.*.nodes=1..30/1",
		"--metric", "alpine.transfer.delivered_bytes", "--metric", "alpine.rollouts.seconds.p95", "--out", path,
	}, more...)
}

// TestSweepKilled ends a sweep at 50 random moments, without warning, and goes on each time. What comes out
// in the end is what comes out at once, to the byte.
func TestSweepKilled(t *testing.T) {
	t.Chdir(t.TempDir())
	run(t, sweepInto("at-once.csv")...)
	want, err := os.ReadFile("at-once.csv")
	if err != nil || bytes.Count(want, []byte("\n")) != 151 {
		t.Fatalf("%d bytes, %v", len(want), err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	killed, finished, most := 0, 0, int64(0)
	for tries := 0; killed < 50 && tries < 500; tries++ {
		cmd := exec.Command("fleetcost", sweepInto("sweep.csv", "--resume")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		if err := killAfter(cmd, done, "sweep.csv.partial", random.Int64N(6000), time.Duration(random.Int64N(int64(time.Millisecond)))); err != nil {
			killed++
			most = max(most, size("sweep.csv.partial"))
			continue
		}
		finished++
		checkSame(t, "sweep.csv", want)
		if err := os.Remove("sweep.csv"); err != nil {
			t.Fatal(err)
		}
	}
	run(t, sweepInto("sweep.csv", "--resume")...)
	checkSame(t, "sweep.csv", want)
	left, err := filepath.Glob("*.partial")
	if err != nil || len(left) > 0 {
		t.Errorf("left %q, %v", left, err)
	}
	if killed < 50 || most == 0 {
		t.Errorf("killed %d times, finished %d times in between, at most %d bytes to go on from", killed, finished, most)
	}
}

// killAfter kills a command a moment after a file has grown by so many bytes, and returns how it ended.
func killAfter(cmd *exec.Cmd, done chan error, file string, bytes int64, moment time.Duration) error {
	from := size(file)
	for size(file) <= from+bytes {
		select {
		case err := <-done:
			return err
		case <-time.After(100 * time.Microsecond):
		}
	}
	time.Sleep(moment)
	_ = cmd.Process.Kill()
	return <-done
}

// size is a file's length, -1 where there is none.
func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return -1
	}
	return info.Size()
}

func checkSame(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s differs from the sweep done at once: %d and %d bytes, %v", path, len(got), len(want), err)
	}
}
