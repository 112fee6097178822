package scenarios

import (
	"strings"
	"testing"
)

func TestRegistryFor(t *testing.T) {
	s := loadGood(t, "everything.yaml")[0]
	for ref, want := range map[string]int{
		"alpine": 0, "ghcr.io/org/web": 0, "ghcr.io/other/web": -1, "registry.example:5000/x": 2, "Not A Reference": -1,
	} {
		if got := s.RegistryFor(ref); got != want {
			t.Errorf("%s: got %d, want %d", ref, got, want)
		}
	}
	long := &Scenario{Registries: []Registry{
		{Name: "all", Prefixes: []string{"a.example/"}}, {Name: "org", Prefixes: []string{"b.example/", "a.example/org/"}}, {Name: "twin", Prefixes: []string{"a.example/org/"}},
	}}
	if got := long.RegistryFor("a.example/org/app"); got != 1 {
		t.Errorf("longest prefix: got %d, want 1", got)
	}
}

// TestServiceRegistry goes through where a service's image is pulled from.
func TestServiceRegistry(t *testing.T) {
	head := "version: 1\ndatacenters: [{name: a, nodes: 1}]\n"
	listed := "registries: [{name: own, prefixes: [own.example/]}, {name: mirror, prefixes: [docker.io/]}]\n"
	first := "registries: [{name: own, prefixes: [own.example/]}]\n"
	for _, c := range []struct{ registries, service, want string }{
		{"", "image: alpine", "hub"},
		{"", "image: ghcr.io/a/b", "ghcr.io"},
		{"", "base: ghcr.io/a/b", "hub"}, // the base is elsewhere; what is built on it goes to Docker Hub
		{"", "base: scratch, layers: [{name: l, size: 1B}]", "hub"},
		{listed, "image: alpine", "mirror"},
		{listed, "base: alpine", "mirror"},
		{listed, "base: alpine, registry: own", "own"},
		{listed, "base: ghcr.io/a/b", "own"},
		{first, "base: alpine", "own"},
		{"", "base: scratch, registry: hub, layers: [{name: l, size: 1B}]", "hub"},
		{first, "base: alpine, registry: hub", "hub"},
		{first, "image: alpine", "hub"},
		{first, "base: scratch, layers: [{name: l, size: 1B}]", "own"},
	} {
		all, err := Load("f", []byte(head+c.registries+"services: [{name: before, image: quay.io/x/y}, {name: s, "+c.service+"}]\n"))
		if err != nil {
			t.Errorf("%s%s: %v", c.registries, c.service, err)
			continue
		}
		s := all[0]
		got := s.Services[1].Registry
		if got != c.want || s.RegistryIndex(got) < 0 || s.RegistryIndex("quay.io") < 0 {
			t.Errorf("%s%s: got %q of %v, want %s", c.registries, c.service, got, s.Registries, c.want)
		}
	}
	_, err := Load("f", []byte(head+"registries: [{name: ghcr.io, prefixes: [own.example/]}]\nservices: [{name: s, image: ghcr.io/a/b}]\n"))
	if err == nil || !strings.Contains(err.Error(), "services.s.image: no registry serves ghcr.io/a/b:latest") {
		t.Errorf("taken name: got %v", err)
	}
}
