package whatif

import (
	"context"
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// three has images of two layers on one: base is A, app is A and B, other is C.
type three struct{}

func (three) Image(_ context.Context, ref, platform string) (registrysize.Image, error) {
	layer := func(name string, bytes int64) registrysize.Layer {
		return registrysize.Layer{Digest: "sha256:" + name, Bytes: bytes}
	}
	layers := map[string][]registrysize.Layer{
		"docker.io/library/base:1":  {layer("a", 1000)},
		"docker.io/library/app:1":   {layer("a", 1000), layer("b", 500)},
		"docker.io/library/other:1": {layer("c", 200)},
	}[ref]
	return registrysize.Image{Ref: ref, Platform: platform, Layers: layers, Source: "registry"}, nil
}

// A node that keeps blobs runs app:1 and other:1, 1500 and 200 bytes of blobs. Unpacked:
//
//	nothing known:       2600 + 1300 and 520 bytes          1700 + 4420 = 6120
//	base and other:      A takes 3000, B 1300, C 700        1700 + 5000 = 6700 (base:1 is not in the run: A by nobody, 2600: 6300)
//	app measured too:    A takes 3100, B 900, C 700         1700 + 4700 = 6400
func TestDiskIsWhatIsKnown(t *testing.T) {
	doc := document(t, `
version: 1
simulate: {duration: 1h}
datacenters: [{name: fra, nodes: 1}]
services:
  - {name: app, image: "app:1", deploysPerDay: 0}
  - {name: other, image: "other:1", deploysPerDay: 0}
`)
	withBase := document(t, `
version: 1
simulate: {duration: 1h}
datacenters: [{name: fra, nodes: 1}]
services:
  - {name: app, image: "app:1", deploysPerDay: 0}
  - {name: other, image: "other:1", deploysPerDay: 0}
variants:
  - {name: fleet}
  - {name: base, set: {services.app.image: "base:1"}}
`)
	stated := map[string]*registrysize.Footprint{
		"docker.io/library/base:1":  {Source: "known", DiskBytes: 3000},
		"docker.io/library/other:1": {Source: "known", DiskBytes: 700},
		"docker.io/library/app:1":   {Source: "known", DiskBytes: 9999}, // of two layers: nobody says which takes what
	}
	measured := map[string]*registrysize.Footprint{
		"docker.io/library/base:1":  stated["docker.io/library/base:1"],
		"docker.io/library/other:1": stated["docker.io/library/other:1"],
		"docker.io/library/app:1":   {Source: "measured", DiskBytes: 4000, LayerDiskBytes: []int64{3100, 900}},
	}
	for _, c := range []struct {
		what string
		doc  *scenarios.Document
		from map[string]*registrysize.Footprint
		want int64
	}{
		{"nothing known", doc, nil, 6120},
		{"other known", doc, stated, 6300},
		{"base known too", withBase, stated, 6700},
		{"app measured", withBase, measured, 6400},
	} {
		r := mustRun(t, c.doc, Options{
			Sizes:     func(scenarios.SizesFrom) registrysize.Source { return three{} },
			Footprint: func(img *registrysize.Image) *registrysize.Footprint { return c.from[img.Ref] },
		})
		if got := r.Variants[0].Nodes.DiskPeakBytes; got != c.want {
			t.Errorf("%s: %d bytes on disk, want %d", c.what, got, c.want)
		}
	}
}
