package scenarios

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected messages under testdata/bad")

// TestBad loads every file under testdata/bad and compares all of its messages.
func TestBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d bad files, %v; want at least 40", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Load(filepath.Base(file), data)
			if err == nil {
				t.Fatal("loaded without a mistake")
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

// TestErrorsAreTyped checks that each mistake of a file can be had with its position.
func TestErrorsAreTyped(t *testing.T) {
	_, err := LoadFile("testdata/bad/many-at-once.yaml")
	var all Errors
	if !errors.As(err, &all) || len(all) < 5 {
		t.Fatalf("got %v; want an Errors of at least 5", err)
	}
	for i, e := range all {
		if e.File != "testdata/bad/many-at-once.yaml" || e.Line == 0 || e.Col == 0 || e.Msg == "" {
			t.Errorf("mistake without a position: %#v", e)
		}
		if i > 0 && e.Line < all[i-1].Line {
			t.Errorf("mistakes out of order: %v after %v", e, all[i-1])
		}
	}
	var one *Error
	if !errors.As(err, &one) || one != all[0] {
		t.Errorf("errors.As gave %v; want the first, %v", one, all[0])
	}
}

// TestUnreadable covers what is wrong before there is a text.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadFile(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("missing file: got %v", err)
	}
	if _, err := LoadFile(dir); err == nil || !strings.Contains(err.Error(), "it is a directory; name a file in it") {
		t.Errorf("directory: got %v", err)
	}
	locked := filepath.Join(dir, "locked.yaml")
	if err := os.WriteFile(locked, []byte("version: 1\n"), 0o000); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 { // root reads everything
		if _, err := LoadFile(locked); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("unreadable file: got %v", err)
		}
	}
	broken := errors.New("broken pipe")
	if _, err := Read("-", iotest.ErrReader(broken)); !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading scenario -") {
		t.Errorf("broken input: got %v", err)
	}
}

// TestTooMuch covers files that would take much time or memory. The last has 1 root, 3 × 2 keys and
// values, 50,001 items and 500 variants of 3 nodes each: 51,508.
func TestTooMuch(t *testing.T) {
	variants := "version: 1\ndescription: &d [" + strings.Repeat("x, ", 50_000) + "x]\nvariants:\n"
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("# comment\n", MaxFileBytes/10+1), "is longer than 16 MiB; write several scenarios"},
		{"a: [" + strings.Repeat("1,", 1_000_001) + "]", "has more than 1000000 lines and commas; write several scenarios"},
		{strings.Repeat("[", MaxFileBytes), ":1:1: is not YAML: exceeded max depth of 10000; check quotes, brackets and indentation"},
		{variants + strings.Repeat("- {name: v}\n", 500), "has 500 variants of 51508 values each, more than 10000000 together; write several scenarios"},
	} {
		_, err := Load("f", []byte(c.text))
		if got := fmt.Sprint(err); got != "f"+c.want && got != "f: "+c.want {
			t.Errorf("got %.200s, want %s", got, c.want)
		}
	}
}

// TestReadsStreams makes sure that a device or pipe is read like a file: no size is assumed.
func TestReadsStreams(t *testing.T) {
	data, err := os.ReadFile("testdata/good/ten-lines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read("-", iotest.OneByteReader(bytes.NewReader(data)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Scenarios()
	if err != nil || len(all) != 1 || all[0].Name != "scenario" || all[0].Variant != "scenario" {
		t.Errorf("got %v, %v; want one variant named scenario", all, err)
	}
}
