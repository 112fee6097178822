package whatif

import (
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
)

func TestPackages(t *testing.T) {
	image := func(ref, platform string) registrysize.Image { return registrysize.Image{Ref: ref, Platform: platform} }
	alpine, slim := image("docker.io/library/alpine:3.24", "linux/amd64"), image("docker.io/library/debian:13-slim", "linux/amd64")
	arm, debian := image(alpine.Ref, "linux/arm64"), image("docker.io/library/debian:13", "linux/amd64")
	for name, c := range map[string]struct {
		images []registrysize.Image
		want   int64 // -1: not known
	}{
		"none": {nil, -1}, "one": {[]registrysize.Image{alpine}, 16}, "the most": {[]registrysize.Image{slim, alpine}, 78},
		"not counted": {[]registrysize.Image{alpine, debian}, -1}, "not known": {[]registrysize.Image{arm}, -1},
		"known on one platform": {[]registrysize.Image{arm, alpine}, 16}, "the other way": {[]registrysize.Image{alpine, arm}, 16},
	} {
		got := int64(-1)
		if n := (&Options{}).packages(c.images); n != nil {
			got = *n
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	seven := int64(7)
	o := Options{Footprint: func(*registrysize.Image) *registrysize.Footprint { return &registrysize.Footprint{Packages: &seven} }}
	if n := o.packages([]registrysize.Image{debian}); n == nil || *n != 7 {
		t.Error(n)
	}
}
