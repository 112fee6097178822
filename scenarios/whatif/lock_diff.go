package whatif

import (
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// A LockChange is one image, on one platform, that a newer lock has otherwise.
type LockChange struct {
	Ref         string               `json:"ref"`
	Platform    string               `json:"platform"`
	What        string               `json:"what"` // changed, added or removed
	DigestFrom  string               `json:"digest_from"`
	DigestTo    string               `json:"digest_to"`
	BytesFrom   int64                `json:"bytes_from"` // compressed
	BytesTo     int64                `json:"bytes_to"`
	LayersGone  []registrysize.Layer `json:"layers_gone"` // bottom first
	LayersNew   []registrysize.Layer `json:"layers_new"`  // bottom first
	LayersKept  int                  `json:"layers_kept"`
	BytesToPull int64                `json:"bytes_to_pull"` // of the new layers
}

// LockChanges lists what a newer lock has otherwise, by reference and platform. Days, sources and indexes that
// changed for other platforms only do not count.
func LockChanges(old, newer *scenarios.Lock) []LockChange {
	out := []LockChange{}
	for _, img := range newer.Images {
		for i := range img.Platforms {
			to := &img.Platforms[i]
			if from := old.Find(img.Ref, to.Platform); from == nil || from.Digest != to.Digest {
				out = append(out, change(img.Ref, from, to))
			}
		}
	}
	for _, img := range old.Images {
		for i := range img.Platforms {
			from := &img.Platforms[i]
			if newer.Find(img.Ref, from.Platform) == nil {
				out = append(out, change(img.Ref, from, nil))
			}
		}
	}
	return out
}

// change compares an image with a newer one; nil: there is none.
func change(ref string, from, to *scenarios.LockedPlatform) LockChange {
	c := LockChange{Ref: ref, What: "changed", LayersGone: []registrysize.Layer{}, LayersNew: []registrysize.Layer{}}
	if from == nil {
		c.What, from = "added", &scenarios.LockedPlatform{Platform: to.Platform}
	}
	if to == nil {
		c.What, to = "removed", &scenarios.LockedPlatform{Platform: from.Platform}
	}
	c.Platform, c.DigestFrom, c.DigestTo = to.Platform, from.Digest, to.Digest
	for _, layer := range from.Layers {
		c.BytesFrom += layer.Bytes
		if slices.Contains(to.Layers, layer) {
			c.LayersKept++
		} else {
			c.LayersGone = append(c.LayersGone, layer)
		}
	}
	for _, layer := range to.Layers {
		c.BytesTo += layer.Bytes
		if !slices.Contains(from.Layers, layer) {
			c.LayersNew = append(c.LayersNew, layer)
			c.BytesToPull += layer.Bytes
		}
	}
	return c
}
