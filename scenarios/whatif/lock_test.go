package whatif

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// byPlatform has one image, whose layers differ from platform to platform.
type byPlatform map[string][]registrysize.Layer

func (b byPlatform) Image(_ context.Context, ref, platform string) (registrysize.Image, error) {
	return registrysize.Image{Ref: ref, Platform: platform, Index: digestOf("i"), Digest: digestOf(platform[len(platform)-1:]), Source: "registry", Layers: b[platform]}, nil
}

func digestOf(c string) string { return "sha256:" + strings.Repeat(c, 64) }

const twoPlatforms = `
version: 1
datacenters:
  - name: fra
    pools: [{name: a, nodes: 1}, {name: b, nodes: 1, platform: linux/arm64}]
services: [{name: web, image: "app:1"}]
`

// A lock has all platforms of the pools. Where a registry states two sizes for one digest, on whatever platforms,
// it is not believed.
func TestLock(t *testing.T) {
	shared := registrysize.Layer{Digest: digestOf("e"), Bytes: 5}
	honest := byPlatform{"linux/amd64": {shared}, "linux/arm64": {shared, {Digest: digestOf("f"), Bytes: 7}}}
	source := func(b byPlatform) Options {
		return Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return b }}
	}
	lock, err := Lock(t.Context(), document(t, twoPlatforms), source(honest))
	if err != nil {
		t.Fatal(err)
	}
	if len(lock.Images) != 1 || len(lock.Images[0].Platforms) != 2 || lock.Images[0].Ref != "docker.io/library/app:1" {
		t.Errorf("%+v", lock.Images)
	}
	if err := CheckLocked(t.Context(), document(t, twoPlatforms), nil, lock); err != nil {
		t.Error(err)
	}
	lying := byPlatform{"linux/amd64": {shared}, "linux/arm64": {{Digest: shared.Digest, Bytes: 6}}}
	_, err = Lock(t.Context(), document(t, twoPlatforms), source(lying))
	if _, ok := errors.AsType[*registrysize.RegistryError](err); !ok || !strings.Contains(err.Error(), "it has layer "+shared.Digest+" of 6 bytes, which is of 5 in docker.io/library/app:1") {
		t.Error(err)
	}
}

// From layers e, f to e, g of 5, 7 and 9 bytes: e is kept, f goes, g comes.
func TestLockChanges(t *testing.T) {
	e, f, g := registrysize.Layer{Digest: digestOf("e"), Bytes: 5}, registrysize.Layer{Digest: digestOf("f"), Bytes: 7}, registrysize.Layer{Digest: digestOf("9"), Bytes: 9}
	image := func(ref, digest string, layers ...registrysize.Layer) registrysize.Image {
		return registrysize.Image{Ref: ref, Platform: "linux/amd64", Digest: digestOf(digest), Layers: layers}
	}
	old := scenarios.NewLock([]registrysize.Image{image("a:1", "1", e, f), image("b:1", "2", e), image("c:1", "3", f)}, nil)
	newer := scenarios.NewLock([]registrysize.Image{image("a:1", "4", e, g), image("b:1", "2", e), image("d:1", "5", g)}, nil)
	none := []registrysize.Layer{}
	want := []LockChange{
		{Ref: "a:1", Platform: "linux/amd64", What: "changed", DigestFrom: digestOf("1"), DigestTo: digestOf("4"), BytesFrom: 12, BytesTo: 14,
			LayersGone: []registrysize.Layer{f}, LayersNew: []registrysize.Layer{g}, LayersKept: 1, BytesToPull: 9},
		{Ref: "d:1", Platform: "linux/amd64", What: "added", DigestTo: digestOf("5"), BytesTo: 9, LayersGone: none, LayersNew: []registrysize.Layer{g}, BytesToPull: 9},
		{Ref: "c:1", Platform: "linux/amd64", What: "removed", DigestFrom: digestOf("3"), BytesFrom: 7, LayersGone: []registrysize.Layer{f}, LayersNew: none},
	}
	if diff := cmp.Diff(want, LockChanges(old, newer)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := LockChanges(old, old); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
