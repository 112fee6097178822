package scenarios

import (
	"slices"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestScenarioPaths checks that every path names what a Set can reach, and that those one looks for are there.
func TestScenarioPaths(t *testing.T) {
	doc, err := Parse("starter.yaml", Starter())
	if err != nil {
		t.Fatal(err)
	}
	s, err := doc.Scenario("")
	if err != nil {
		t.Fatal(err)
	}
	paths := s.Paths()
	for _, want := range []string{
		"simulate.start", "datacenters.fra.egress", "datacenters.*.pools.*.nodes", "datacenters.fra.pools.default.replace.every", "datacenters.fra.cache",
		"services.shop.deploysPerDay", "services.*.layers.*.size", "services.shop.layers.app.changes", "services.*.rollout.startup", "prices",
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not among %q", want, paths)
		}
	}
	if !slices.IsSorted(paths) || slices.Contains(paths, "version") || slices.Contains(paths, "baseline") {
		t.Errorf("got %q", paths)
	}
	for _, path := range paths {
		made := func() *yaml.Node { return &yaml.Node{} }
		if _, err := find(doc.tree.clone().root, path, made); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
