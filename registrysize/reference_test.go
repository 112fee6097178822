package registrysize

import (
	"strings"
	"testing"
)

const someDigest = "sha256:e2de96513ba9eb53b431787ec8a65cdde380ac4772a3e4c4b714dcfde2a102b5"

// Docker Hub's rules for short names, and the grammar of the distribution project.
func TestNormalize(t *testing.T) {
	for _, c := range []struct{ ref, want, host string }{
		{"alpine", "docker.io/library/alpine:latest", "docker.io"},
		{"alpine:3.24", "docker.io/library/alpine:3.24", "docker.io"},
		{"weaveworks/scope:1", "docker.io/weaveworks/scope:1", "docker.io"},
		{"docker.io/alpine:3", "docker.io/library/alpine:3", "docker.io"},
		{"index.docker.io/library/alpine:3", "docker.io/library/alpine:3", "docker.io"},
		{"ghcr.io/org/app", "ghcr.io/org/app:latest", "ghcr.io"},
		{"localhost/app:1", "localhost/app:1", "localhost"},
		{"127.0.0.1:5000/app:1", "127.0.0.1:5000/app:1", "127.0.0.1:5000"},
		{"[::1]:5000/app:1", "[::1]:5000/app:1", "[::1]:5000"},
		{"registry.example:443/a/b/c__d-e:v1.0_x", "registry.example:443/a/b/c__d-e:v1.0_x", "registry.example:443"},
		{"alpine@" + someDigest, "docker.io/library/alpine@" + someDigest, "docker.io"},
		{"alpine:3@" + someDigest, "docker.io/library/alpine:3@" + someDigest, "docker.io"},
	} {
		got, err := Normalize(c.ref)
		if err != nil || got != c.want || Host(got) != c.host {
			t.Errorf("%s: %s on %s, %v, want %s", c.ref, got, Host(got), err, c.want)
		}
		if again, err := Normalize(got); err != nil || again != got {
			t.Errorf("%s again: %s, %v", got, again, err)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for _, c := range []struct{ ref, want string }{
		{"", "is no image reference"},
		{"Alpine", "in lower case"},
		{"alpine:", "has no valid tag"},
		{"alpine:-x", "has no valid tag"},
		{"alpine@sha256:12", "write sha256: and 64 hexadecimal digits"},
		{"a b", "is no image reference"},
		{"bad_host.:5/x", "has no valid host"},
		{"[:]/x", "has no valid host"},
		{"127.0.0.1:99999/x", "has no valid host"},
		{"127.0.0.1:0/x", "has no valid host"},
		{"ghcr.io/a//b", "is no image reference"},
		{"docker.io/" + strings.Repeat("a", 300), "has a name of over 255 characters"},
	} {
		if got, err := Normalize(c.ref); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %q, %v, want %q", c.ref, got, err, c.want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"alpine", "a/b:c", "localhost:5000/x@" + someDigest, "[::1]/x", "docker.io/docker.io/x", "\x00", "a:b:c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		full, err := Normalize(ref)
		if err != nil {
			return
		}
		if again, err := Normalize(full); err != nil || again != full {
			t.Errorf("%q: %q, then %q, %v", ref, full, again, err)
		}
		if Host(full) == "" || !strings.HasPrefix(full, Repository(full)) {
			t.Errorf("%q has host %q and repository %q", full, Host(full), Repository(full))
		}
	})
}
