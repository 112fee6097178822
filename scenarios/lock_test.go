package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	digestA = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	digestB = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	digestC = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
)

// locked is a lock of two images, one of them for two platforms and without layers, and a history.
func locked() *Lock {
	layer := registrysize.Layer{Digest: digestC, Bytes: 7}
	return NewLock([]registrysize.Image{
		{Ref: "docker.io/library/b:1", Platform: "linux/amd64", Digest: digestB, Source: "registry", Observed: "2026-01-02", Layers: []registrysize.Layer{layer, layer}},
		{Ref: "docker.io/library/a:1", Platform: "linux/arm64", Index: digestA, Digest: digestB, Source: "registry", Layers: []registrysize.Layer{}},
		{Ref: "docker.io/library/a:1", Platform: "linux/amd64", Index: digestA, Digest: digestC, Source: "catalog", Observed: "2026-01-02", Layers: []registrysize.Layer{layer}},
		{Ref: "docker.io/library/a:1", Platform: "linux/amd64", Index: digestA, Digest: digestC, Source: "catalog", Observed: "2026-01-02", Layers: []registrysize.Layer{layer}},
	}, []LockedHistory{{registrysize.History{Repository: "docker.io/library/b", Match: "*", Last: 2}, []string{"docker.io/library/b:1"}}})
}

// lockedText is locked as a file: sorted by reference and platform, none twice.
const lockedText = `# Image digests and sizes, as fleetcost lock read them. Commit this file beside its scenario.
version: 1
images:
  - ref: docker.io/library/a:1
    digest: ` + digestA + `
    platforms:
      - platform: linux/amd64
        digest: ` + digestC + `
        read: 2026-01-02
        source: catalog
        layers:
          - {digest: ` + digestC + `, bytes: 7}
      - platform: linux/arm64
        digest: ` + digestB + `
        source: registry
        layers: []
  - ref: docker.io/library/b:1
    digest: ` + digestB + `
    platforms:
      - platform: linux/amd64
        digest: ` + digestB + `
        read: 2026-01-02
        source: registry
        layers:
          - {digest: ` + digestC + `, bytes: 7}
          - {digest: ` + digestC + `, bytes: 7}
histories:
  - repository: docker.io/library/b
    match: "*"
    last: 2
    releases:
      - docker.io/library/b:1
`

func TestLockFile(t *testing.T) {
	if diff := cmp.Diff(lockedText, string(locked().Bytes())); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	l, err := ParseLock("fleet.lock.yaml", []byte(lockedText))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lockedText, string(l.Bytes())); diff != "" {
		t.Errorf("read and written (-want +got):\n%s", diff)
	}
	got, err := l.Image(t.Context(), "docker.io/library/a:1", "linux/amd64")
	want := registrysize.Image{
		Ref: "docker.io/library/a:1", Platform: "linux/amd64", Index: digestA, Digest: digestC, Source: "lock", Observed: "2026-01-02",
		Layers: []registrysize.Layer{{Digest: digestC, Bytes: 7}},
	}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	releases, err := l.Releases(t.Context(), registrysize.History{Repository: "docker.io/library/b", Match: "*", Last: 2}, "")
	if err != nil || !cmp.Equal(releases, []string{"docker.io/library/b:1"}) {
		t.Errorf("%v, %v", releases, err)
	}
}

// What a lock does not have, it does not guess, and says how it is made anew.
func TestLockMisses(t *testing.T) {
	dir := t.TempDir()
	scenario := filepath.Join(dir, "fleet.yaml")
	path := LockPath(scenario)
	if path != filepath.Join(dir, "fleet.lock.yaml") || LockPath("a.yml") != "a.lock.yaml" || LockPath("a") != "a.lock.yaml" {
		t.Error(path)
	}
	if _, err := ReadLock(path, scenario); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, locked().Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := ReadLock(path, scenario)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Image(t.Context(), "docker.io/library/b:1", "linux/arm64")
	if want := path + " has no docker.io/library/b:1 on linux/arm64: not found; run fleetcost lock " + scenario; err == nil || err.Error() != want || !errors.Is(err, registrysize.ErrNotFound) {
		t.Errorf("%v; want %s", err, want)
	}
	_, err = l.Releases(t.Context(), registrysize.History{Repository: "docker.io/library/b", Match: "v*", Last: 2}, "")
	if !errors.Is(err, registrysize.ErrNotFound) || !strings.Contains(err.Error(), `has no history of the last 2 tags of docker.io/library/b that fit "v*"`) {
		t.Error(err)
	}
	if text := l.Stale(locked()); text != "" {
		t.Error(text)
	}
	if text := l.Stale(NewLock(nil, nil)); text != path+" is stale: it has docker.io/library/a:1 on linux/amd64, which is not used; "+
		"docker.io/library/a:1 on linux/arm64, which is not used; docker.io/library/b:1 on linux/amd64, which is not used; run fleetcost lock "+scenario {
		t.Error(text)
	}
}

// Locks that somebody changed by hand, or merged badly, say where they are wrong: all mistakes at once.
func TestBadLocks(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"version: 1", "version: 2", "l.yaml:2:10: version: 2 is no version of the format; make the lock anew with fleetcost lock"},
		{"bytes: 7", "bytes: -7", `l.yaml:12:102: images[0].platforms[0].layers[0].bytes: -7 is negative; write 0 or more`},
		{"bytes: 7", "bytes: 99999999999999999", "is out of range; write at most 17592186044416"},
		{"digest: " + digestA, "digest: sha256:12", `l.yaml:5:13: images[0].digest: is "sha256:12"; write sha256: and 64 hexadecimal digits`},
		{"ref: docker.io/library/a:1", "ref: alpine", `l.yaml:4:10: images.alpine.ref: is "alpine"; write a whole reference`},
		{"platform: linux/amd64", "platform: linux/x86_64", `l.yaml:7:19: images[0].platforms[0].platform: is "linux/x86_64"; write os/architecture as registries do`},
		{"layers:\n          - {digest: " + digestC, "layers:\n          - {digest: " + digestC + ", bytes: 8}\n          - {digest: " + digestC, "images[0].platforms[0].layers[1].bytes: is 7, where the same digest has 8 before"},
		{"source: catalog", "source: a b", `images[0].platforms[0].source: is "a b"; write a word`},
		{"read: 2026-01-02", "read: yesterday", "images[0].platforms[0].read: "},
		{"    platforms:", "    platform:", `unknown key "platform"`},
		{"images:", "<<<<<<< HEAD\nimages:", "l.yaml:3:"},
		{"    match: \"*\"", "    match: \"[\"", `histories[0].match: is "[", which is no pattern`},
		{"      - docker.io/library/b:1", "      - b", `histories[0].releases[0]: is "b"; write a whole reference`},
	} {
		text := strings.Replace(lockedText, c.old, c.new, 1)
		if text == lockedText {
			t.Fatalf("%q is not in the lock", c.old)
		}
		if l, err := ParseLock("l.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %+v, %v; want %s", c.new, l, err, c.want)
		}
	}
}

// Whatever a file holds, a lock that is accepted is written as one that reads the same.
func FuzzLock(f *testing.F) {
	f.Add([]byte(lockedText))
	f.Add([]byte("version: 1\nimages: []\n"))
	f.Add([]byte("version: 1\nimages: [&a {ref: docker.io/library/a:1, digest: " + digestA + ", platforms: []}, *a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLock("l.yaml", data)
		if err != nil {
			return
		}
		again, err := ParseLock("l.yaml", l.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, l.Bytes())
		}
		if diff := cmp.Diff(string(l.Bytes()), string(again.Bytes())); diff != "" {
			t.Error(diff)
		}
	})
}
