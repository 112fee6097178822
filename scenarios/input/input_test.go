package input

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRead reads files at and beyond the limit, and what is no file.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	fits, long := filepath.Join(dir, "fits"), filepath.Join(dir, "long")
	for name, bytes := range map[string]int{fits: 1 << 20, long: 1<<20 + 1} {
		if err := os.WriteFile(name, make([]byte, bytes), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := Read(fits, 1); err != nil || len(data) != 1<<20 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	for name, want := range map[string]string{
		long: "it is longer than 1 MiB", dir: "it is a directory; name a file in it", os.DevNull: "it is a device; name a file",
	} {
		if _, err := Read(name, 1); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if _, err := Read(filepath.Join(dir, "none"), 1); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}
