package memory

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What the process in the test's control group holds, in bytes.
const (
	holdsAnonymous = 32 << 20
	holdsFiles     = 5 << 20
)

// TestMain holds memory where TestRealCgroup starts the test's program again.
func TestMain(m *testing.M) {
	if folder := os.Getenv("FLEETCOST_TEST_HOLD"); folder != "" {
		hold(folder)
		return
	}
	os.Exit(m.Run())
}

// hold waits for a line, takes memory and a file of tmpfs, which is page cache that the kernel does not give
// back by itself, says so, and waits for the end of its input.
func hold(folder string) {
	in := bufio.NewReader(os.Stdin)
	_, _ = in.ReadString('\n')
	anonymous := make([]byte, holdsAnonymous)
	for i := 0; i < len(anonymous); i += os.Getpagesize() {
		anonymous[i] = 1
	}
	err := os.WriteFile(filepath.Join(folder, "file"), make([]byte, holdsFiles), 0o600)
	fmt.Println("holding", len(anonymous), err)
	_, _ = io.Copy(io.Discard, in)
}

// TestRealCgroup makes a control group as a runtime would, puts a process into it, and finds the kernel's own
// figures. Where none can be made the recorded ones of TestRecorded have to do.
func TestRealCgroup(t *testing.T) {
	group := makeGroup(t)
	folder, err := os.MkdirTemp("/dev/shm", "fleetcost") //nolint:usetesting // it has to be tmpfs
	if err != nil {
		t.Skipf("no tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FLEETCOST_TEST_HOLD="+folder)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close(); _ = cmd.Wait() }()
	if err := os.WriteFile(filepath.Join(group, "cgroup.procs"), fmt.Append(nil, cmd.Process.Pid), 0); err != nil {
		t.Skipf("no process can be moved: %v", err)
	}
	_, _ = io.WriteString(in, "go\n")
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasSuffix(said, "<nil>\n") {
		t.Fatalf("the process said %q, %v", said, err)
	}
	for range 50 {
		before := kernelFigures(t, group)
		all, err := Cgroups(os.DirFS("/"))
		if err != nil {
			t.Fatal(err)
		}
		if kernelFigures(t, group) != before {
			time.Sleep(20 * time.Millisecond)
			continue // they moved
		}
		if before.rss < holdsAnonymous || before.cache < holdsFiles {
			t.Errorf("the kernel counts %d and %d bytes, less than were taken", before.rss, before.cache)
		}
		for _, c := range all {
			if c.ID == filepath.Base(group) {
				if c.RSS != before.rss || c.Cache != before.cache {
					t.Errorf("read %d and %d bytes; the kernel says %d and %d", c.RSS, c.Cache, before.rss, before.cache)
				}
				return
			}
		}
		t.Fatalf("the group was not found among %d", len(all))
	}
	t.Fatal("the kernel's figures did not come to rest")
}

// makeGroup makes a control group that counts memory, of version 2 if there is one, and takes it away again.
func makeGroup(t *testing.T) string {
	t.Helper()
	root := "/" + cgroupV1
	if controllers, err := os.ReadFile("/sys/fs/cgroup/cgroup.subtree_control"); err == nil && strings.Contains(string(controllers), "memory") {
		root = "/" + cgroupV2
	}
	group := filepath.Join(root, fmt.Sprintf("%064x", time.Now().UnixNano()))
	if err := os.Mkdir(group, 0o755); err != nil {
		t.Skipf("no control group can be made: %v", err)
	}
	t.Cleanup(func() {
		for range 100 { // it stays busy for a moment after its last process
			if os.Remove(group) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("%s is left", group)
	})
	return group
}

// kernelFigures reads a group's memory.stat in a way of its own.
func kernelFigures(t *testing.T, group string) held {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(group, "memory.stat"))
	if err != nil {
		t.Fatal(err)
	}
	figure := func(keys ...string) int64 {
		for _, key := range keys {
			if i := strings.Index("\n"+string(text), "\n"+key+" "); i >= 0 {
				var n int64
				_, _ = fmt.Sscan(string(text)[i+len(key)+1:], &n)
				return n
			}
		}
		t.Fatalf("none of %v in memory.stat", keys)
		return 0
	}
	return held{figure("anon", "total_rss"), figure("file", "total_cache")}
}
