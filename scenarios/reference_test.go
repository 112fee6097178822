package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
)

const someDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// TestNormalizeReference compares with go-containerregistry, which calls Docker Hub index.docker.io.
func TestNormalizeReference(t *testing.T) {
	for ref, want := range map[string]string{
		"alpine":                         "docker.io/library/alpine:latest",
		"alpine:3.24":                    "docker.io/library/alpine:3.24",
		"org/app":                        "docker.io/org/app:latest",
		"docker.io/alpine":               "docker.io/library/alpine:latest",
		"index.docker.io/library/alpine": "docker.io/library/alpine:latest",
		"ghcr.io/org/app:v1.2":           "ghcr.io/org/app:v1.2",
		"localhost/app":                  "localhost/app:latest",
		"localhost:5000/app:1":           "localhost:5000/app:1",
		"registry.example:5000/a/b/c":    "registry.example:5000/a/b/c:latest",
		"alpine@" + someDigest:           "docker.io/library/alpine@" + someDigest,
		"my__app/a.b-c_d--e:T_1.x":       "docker.io/my__app/a.b-c_d--e:T_1.x",
	} {
		got, err := NormalizeReference(ref)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", ref, got, err, want)
			continue
		}
		twin, err := name.ParseReference(ref)
		if err != nil {
			t.Fatal(err)
		}
		if theirs := strings.Replace(twin.Name(), "index.docker.io/", "docker.io/", 1); theirs != got {
			t.Errorf("%s: got %s, go-containerregistry says %s", ref, got, theirs)
		}
		if again, err := NormalizeReference(got); err != nil || again != got {
			t.Errorf("%s normalised twice: got %s, %v", ref, again, err)
		}
	}
	for _, ref := range []string{"", ":", "Alpine", "alpine:", "alpine@", "alpine@sha256:12", "a//b", "/a", "a/", "https://a.b/c", "a b", "ghcr.io/", "alpine:" + strings.Repeat("x", 129), "-.a/b"} {
		if got, err := NormalizeReference(ref); err == nil {
			t.Errorf("%q: got %s; want an error", ref, got)
		}
	}
}

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
