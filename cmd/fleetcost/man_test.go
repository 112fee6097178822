package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestManPages compares docs/man with what the commands say of themselves; -update writes it anew.
func TestManPages(t *testing.T) {
	const folder = "../../docs/man"
	made := t.TempDir()
	if *update {
		made = folder
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeMan(newRoot(streams{}), made); err != nil {
		t.Fatal(err)
	}
	want, got := pages(t, made), pages(t, folder)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 15 {
		t.Errorf("%d man pages (-commands +docs/man); go test ./cmd/fleetcost -run Man -update writes them anew:\n%s", len(want), diff)
	}
}

// pages reads the files of a folder.
func pages(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range slices.Sorted(slices.Values(files)) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = string(data)
	}
	return out
}
