package main

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// TestSweepMemory runs ten times as many points in the same memory.
func TestSweepMemory(t *testing.T) {
	peak := func(points int) int64 {
		cmd := exec.Command("fleetcost", "sweep", "weave-2015", "--set", "simulate.duration=1d", "--metric", "alpine.pulls.count",
			"--vary", "services.hello.deploysPerDay=1.."+strconv.Itoa(points/100)+"/1", "--vary", "datacenters.*.nodes=1..100/1")
		cmd.Env = append(os.Environ(), "GOGC=50") // little garbage, so that what is kept shows
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		return maxRSS(cmd.ProcessState)
	}
	few, many := peak(200), peak(2000)
	if many > few+20<<20 {
		t.Errorf("200 points take %d MB, 2000 take %d MB", few>>20, many>>20)
	}
}

// maxRSS is the most memory that a finished process held, in bytes.
func maxRSS(p *os.ProcessState) int64 {
	const kilobyte = 1024 // getrusage(2) on Linux
	return p.SysUsage().(*syscall.Rusage).Maxrss * kilobyte
}
