package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// long is a run that takes much longer than the tests wait.
var long = []string{
	"run", "spot-fleet", "--out", "result.json",
	"--set", "simulate.duration=3650d", "--set", "simulate.arrivals=poisson",
}

// TestInterrupt stops a run in the middle: within a second, with status 130 and no file left.
func TestInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	interrupted(t, long, nil)
	files, err := os.ReadDir(".")
	if err != nil || len(files) > 0 {
		t.Errorf("left %v, %v", files, err)
	}
}

// TestInterruptWhileReading stops commands that wait for standard input.
func TestInterruptWhileReading(t *testing.T) {
	for _, args := range [][]string{
		{"run", "-"}, {"import", "kubernetes", "-"}, {"import", "deploys", "-"}, {"memory", "--metrics", "-"},
	} {
		in, w := io.Pipe()
		defer w.Close()
		interrupted(t, args, in)
	}
}

// interrupted runs a command, ends its context after a moment and waits for it.
func interrupted(t *testing.T, args []string, in io.Reader) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	status := make(chan int)
	go func() { status <- execute(ctx, args, streams{in, &out, &errs}) }()
	select {
	case got := <-status:
		t.Fatalf("ended by itself with status %d: %s", got, errs.String())
	case <-time.After(100 * time.Millisecond):
	}
	cancel()
	select {
	case got := <-status:
		if got != exitInterrupted || out.Len() > 0 || errs.String() != "fleetcost: interrupted\n" {
			t.Errorf("status %d, printed %q and %q; want %d, nothing and that it was interrupted", got, out.String(), errs.String(), exitInterrupted)
		}
	case <-time.After(time.Second):
		t.Fatal("still running a second after the interrupt")
	}
}

// TestInterruptedPipe ends the pipe that a command reads before the interrupt comes, as when both ends of a
// pipeline are stopped at once. Without an interrupt the empty input is what is wrong.
func TestInterruptedPipe(t *testing.T) {
	for _, command := range []string{"run -", "validate -", "report -", "import kubernetes -", "import deploys -", "memory --metrics=-"} {
		for _, c := range []struct {
			stopped bool
			want    int
		}{{true, exitInterrupted}, {false, exitInput}} {
			ctx, cancel := context.WithCancel(context.Background())
			in, w := io.Pipe()
			time.AfterFunc(time.Millisecond, func() { _ = w.Close() })
			if c.stopped {
				time.AfterFunc(20*time.Millisecond, cancel)
			}
			var out, errs bytes.Buffer
			if got := execute(ctx, strings.Fields(command), streams{in, &out, &errs}); got != c.want {
				t.Errorf("%s, stopped %v: status %d, want %d: %s", command, c.stopped, got, c.want, errs.String())
			}
			cancel()
		}
	}
}
