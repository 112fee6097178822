package sim

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
)

// A holding is the page cache that a service's instances keep of one layer on each of some nodes.
type holding struct {
	bytes int64
	nodes spans
}

// pageCache sums up what all nodes keep of files. A service states what its image's files take on a node; it is
// shared out over the image's layers by their sizes. What services have in common is kept once: on a node a layer
// takes as much as the service that reads most of it does. Images are the newest versions', of the first platform.
func (e *engine) pageCache() int64 {
	sum := int64(0)
	for _, s := range e.sites {
		byLayer := map[chainID][]holding{}
		for i := range e.products {
			p := &e.products[i]
			l := s.running[i].layout
			nodes := l.nodesOf(0, l.total)
			if p.spec.PageCache == 0 || nodes == nil {
				continue
			}
			image := p.kept[len(p.kept)-1].images[0]
			if image.bytes == 0 {
				sum += int64(nodes.count()) * p.spec.PageCache // no layer has files: they are the instances' own
				continue
			}
			for j, bytes := range e.shareOut(p.spec.PageCache, image) {
				byLayer[image.chains[j]] = append(byLayer[image.chains[j]], holding{bytes, nodes})
			}
		}
		for _, layer := range slices.Sorted(maps.Keys(byLayer)) {
			sum += once(byLayer[layer])
		}
	}
	return sum
}

// shareOut divides bytes by the sizes of an image's layers; the parts add up to them exactly.
func (e *engine) shareOut(total int64, g *image) []int64 {
	parts := make([]int64, len(g.blobs))
	below, before := int64(0), int64(0)
	for j, b := range g.blobs {
		below += e.content.blobs[b].bytes
		hi, lo := bits.Mul64(uint64(total), uint64(below))
		upTo, _ := bits.Div64(hi, lo, uint64(g.bytes)) // at most total, for below is at most the image's bytes
		parts[j] = int64(upTo) - before
		before = int64(upTo)
	}
	return parts
}

// once counts each node with the largest of the holdings that it is of.
func once(list []holding) int64 {
	slices.SortStableFunc(list, func(a, b holding) int { return cmp.Compare(b.bytes, a.bytes) })
	sum := int64(0)
	var seen spans
	for _, h := range list {
		more := h.nodes.minus(seen)
		sum += h.bytes * int64(more.count())
		seen = seen.union(h.nodes)
	}
	return sum
}
