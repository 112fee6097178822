package cache

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func tag(ref, text string) Tag {
	return Tag{Ref: ref, Digest: Digest([]byte(text)), MediaType: "application/json", Read: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

func TestRoundTrip(t *testing.T) {
	s := Open(t.TempDir(), time.Now)
	blob := []byte(`{"a": 1}`)
	if _, ok := s.Blob(Digest(blob)); ok {
		t.Error("a blob is there before it was put")
	}
	s.PutBlob(blob)
	if got, ok := s.Blob(Digest(blob)); !ok || !bytes.Equal(got, blob) {
		t.Errorf("%q, %v", got, ok)
	}
	want := tag("docker.io/library/a:1", "a")
	s.PutTag(want)
	if got, ok := s.Tag(want.Ref); !ok || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, ok, want)
	}
	if got, ok := s.Tag("docker.io/library/a:2"); ok {
		t.Errorf("%+v", got)
	}
}

// The store of nobody, and one that cannot be written, are done without.
func TestNoPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Store{nil, Open(filepath.Join(file, "below"), time.Now)} {
		s.PutBlob([]byte("x"))
		s.PutTag(tag("r", "x"))
		if _, ok := s.Blob(Digest([]byte("x"))); ok {
			t.Error("a blob is there")
		}
		if _, ok := s.Tag("r"); ok {
			t.Error("a tag is there")
		}
	}
}

// What somebody or a disk changed is as if it were not there.
func TestPoison(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, time.Now)
	blob, kept := []byte("some bytes"), tag("docker.io/library/a:1", "a")
	s.PutBlob(blob)
	s.PutTag(kept)
	for _, file := range files(t, dir) {
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bad := [][]byte{nil, good[:len(good)/2], append(bytes.Clone(good), ' '), bytes.Replace(good, []byte("a"), []byte("b"), 1), []byte("{}"), []byte("\n")}
		for _, data := range bad {
			if bytes.Equal(data, good) {
				continue
			}
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, isBlob := s.Blob(Digest(blob))
			_, isTag := s.Tag(kept.Ref)
			if isBlob && isTag {
				t.Errorf("%s of %q is believed", file, data)
			}
		}
		if err := os.WriteFile(file, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := s.Blob(Digest(blob)); !ok {
		t.Error("the blob is lost")
	}
	if _, ok := s.Tag(kept.Ref); !ok {
		t.Error("the tag is lost")
	}
	for _, name := range []string{"", "sha256:", "../../etc/passwd", "sha256:../../etc/passwd"} {
		if data, ok := s.Blob(name); ok {
			t.Errorf("%s: %q", name, data)
		}
	}
}

// Private images are private.
func TestOnlyTheUserReads(t *testing.T) {
	dir := t.TempDir()
	Open(dir, time.Now).PutBlob([]byte("x"))
	for _, file := range files(t, dir) {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "v1")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatal(out, err)
	}
	return out
}

// writerEnv names the folder that the test's own program is to write to until it is killed.
const writerEnv = "FLEETCOST_TEST_CACHE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		writeForEver(dir)
	}
	os.Exit(m.Run())
}

// content is what round n writes: a tag and the blob that it names, long enough to be killed in the middle.
func content(n int) []byte {
	return bytes.Repeat([]byte(fmt.Sprintf("round %d ", n)), 20_000)
}

const rounds = 8

func writeForEver(dir string) {
	s := Open(dir, time.Now)
	for n := range 1_000_000 {
		data := content(n % rounds)
		s.PutBlob(data)
		s.PutTag(tag("ref", string(data)))
		if n == 0 {
			fmt.Println("ready")
		}
	}
	os.Exit(1)
}

// Two programs at a time write the same files and are killed at any moment, 200 times: what is then read is
// whole, and what the killed left is cleared away.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills 200 programs")
	}
	dir := t.TempDir()
	known := map[string]bool{}
	for n := range rounds {
		known[Digest(content(n))] = true
	}
	read := 0
	for range 100 {
		first, second := startWriter(t, dir), startWriter(t, dir)
		time.Sleep(time.Duration(rand.IntN(5_000)) * time.Microsecond)
		kill(t, first)
		time.Sleep(time.Duration(rand.IntN(1_000)) * time.Microsecond)
		kill(t, second)
		s := Open(dir, time.Now)
		got, ok := s.Tag("ref")
		if !ok {
			continue // killed before the first
		}
		read++
		blob, ok := s.Blob(got.Digest)
		if !known[got.Digest] || !ok || Digest(blob) != got.Digest {
			t.Fatalf("tag %+v, blob of %d bytes, %v", got, len(blob), ok)
		}
	}
	if read < 90 {
		t.Errorf("only %d of 100 were read", read)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "v1", "*.tmp"))
	later := Open(dir, func() time.Time { return time.Now().Add(2 * time.Hour) })
	later.PutBlob([]byte("x"))
	after, _ := filepath.Glob(filepath.Join(dir, "v1", "*.tmp"))
	if len(after) > 0 {
		t.Errorf("%d leftovers, then still %d", len(left), len(after))
	}
}

func startWriter(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
}
