package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// FuzzLoad: no file panics; mistakes are an Errors with a message each; an accepted file, written
// again from its nodes with all aliases expanded, loads to the same values.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "weave-2015.yaml", "php-demo.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse("f.yaml", data)
		if err != nil {
			checkErrors(t, err)
			return
		}
		first, err := d.Scenarios()
		if err != nil {
			checkErrors(t, err)
			return
		}
		text, err := yaml.Marshal(d.tree.root)
		if err != nil {
			t.Fatalf("writing an accepted file again: %v", err)
		}
		second, err := Load("f.yaml", text)
		if err != nil {
			t.Fatalf("an accepted file, written again, is refused: %v\n%s", err, text)
		}
		if diff := cmp.Diff(first, second, values); diff != "" {
			t.Errorf("an accepted file, written again, differs:\n%s", diff)
		}
	})
}

// values compares scenarios without positions.
var values = cmp.Options{
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".tree" }, cmp.Ignore()),
	cmp.Comparer(func(a, b Raw) bool { return (a.node == nil) == (b.node == nil) }),
}

func checkErrors(t *testing.T, err error) {
	t.Helper()
	var all Errors
	if !errors.As(err, &all) || len(all) == 0 {
		t.Fatalf("got %T %v; want an Errors", err, err)
	}
	for _, e := range all {
		if e.Msg == "" || e.File == "" || e.Line < 0 || e.Line > 0 && e.Col < 1 {
			t.Errorf("mistake without text or position: %#v", e)
		}
	}
}
