package remote

import (
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/fleetcost/fleetcost/registrysize"
)

const someDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// TestNormalizeAsTheClientDoes compares with go-containerregistry, which calls Docker Hub index.docker.io.
func TestNormalizeAsTheClientDoes(t *testing.T) {
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
		got, err := registrysize.Normalize(ref)
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
		if again, err := registrysize.Normalize(got); err != nil || again != got {
			t.Errorf("%s normalised twice: got %s, %v", ref, again, err)
		}
	}
	for _, ref := range []string{"", ":", "Alpine", "alpine:", "alpine@", "alpine@sha256:12", "a//b", "/a", "a/", "https://a.b/c", "a b", "ghcr.io/", "alpine:" + strings.Repeat("x", 129), "-.a/b"} {
		if got, err := registrysize.Normalize(ref); err == nil {
			t.Errorf("%q: got %s; want an error", ref, got)
		}
	}
}
