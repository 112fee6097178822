package whatif

import (
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
)

// unpack fills in what layers take on disk, where footprints tell: measured ones by layer, others where an
// image has but one. A layer takes the same in every image.
func (o *Options) unpack(all found) {
	stated, measured := map[string]int64{}, map[string]int64{}
	for _, images := range all {
		for _, img := range images {
			f := o.footprint(&img)
			switch {
			case f == nil:
			case len(f.LayerDiskBytes) == len(img.Layers):
				for i, l := range img.Layers {
					measured[l.Digest] = f.LayerDiskBytes[i]
				}
			case len(img.Layers) == 1:
				digest := img.Layers[0].Digest
				stated[digest] = max(stated[digest], f.DiskBytes)
			}
		}
	}
	for _, images := range all {
		for ref, img := range images {
			img.Layers = slices.Clone(img.Layers)
			for i := range img.Layers {
				img.Layers[i].DiskBytes = diskOf(img.Layers[i], measured, stated)
			}
			images[ref] = img
		}
	}
}

func diskOf(l registrysize.Layer, measured, stated map[string]int64) int64 {
	if bytes, ok := measured[l.Digest]; ok {
		return bytes
	}
	return stated[l.Digest]
}
