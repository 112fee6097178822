package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyMistakes loads files with very many mistakes. Each takes about a second; were every mistake held
// against every other, it would take minutes.
func TestManyMistakes(t *testing.T) {
	const n = 60_000
	const small = "version: 1\ndatacenters: [{name: fra, nodes: 1}]\nservices: [{name: hello, image: \"alpine:3.24\"}]\n"
	repeat := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format+"\n", i)
		}
		return text.String()
	}
	lines := func(format string) string { return repeat(n, format) }
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"unknown keys", small + "variants: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]\n" + lines("k%d: 1"), n},
		{"unknown keys of an overlay", small + "variants:\n- name: a\n  overlay:\n" + lines("    k%d: 1"), n},
		{"unknown keys that an overlay removes", small + "variants:\n- name: a\n  overlay:\n" + lines("    k%d: null"), n},
		{"services in unknown places", "version: 1\ndatacenters: [{name: fra, nodes: 1}]\nservices:\n" + repeat(20_000, "- {name: s%d, image: alpine, datacenters: [far]}"), 20_000},
		{"duplicate keys", small + strings.Repeat("k: 1\n", n+1), n},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			_, err := Load("many.yaml", []byte(c.text))
			took := time.Since(began)
			if all, ok := errors.AsType[Errors](err); !ok || len(all) != c.want {
				t.Errorf("%d mistakes, want %d: %.200v", len(all), c.want, err)
			}
			if took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}
