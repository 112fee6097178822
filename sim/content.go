package sim

import "slices"

// A blobID names a layer's bytes, a chainID a layer on top of all those below it. Both count up in
// the order of first sight, so a sorted set of them is mostly appended to.
type (
	blobID  int32
	chainID int32
)

type blob struct {
	bytes, disk int64
	born        float64 // when a release made it; -1: it is older than the run
	cause       Cause   // of its making
	live        int     // versions now wanted that contain it
	counted     bool    // in the floor of what leaves registries
}

type stacked struct { // what a chain is made of
	below chainID // -1: the lowest layer
	top   blobID
}

// A version is one release of one service: an image for each platform.
type version struct {
	service  int
	registry int
	born     float64   // when it was released; -1: it is older than the run
	retired  []float64 // per datacenter, when the next version had taken its place there
	images   []*image
}

// An image is its layers, bottom first, as blobs and as chains.
type image struct {
	version  *version
	blobs    []blobID
	chains   []chainID
	bytes    int64
	distinct int // blobs, each counted once
}

// top is the chain that makes the image complete, -1 for an image without layers.
func (g *image) top() chainID {
	if len(g.chains) == 0 {
		return -1
	}
	return g.chains[len(g.chains)-1]
}

// identity names a blob that can be met again: a digest as the registry has it, or what became of it
// in a build of its base. Two bases that share a layer and are rebuilt at the same pace share it ever
// after; then whoever takes up a build finds no newer one, so what was dropped never comes back.
type identity struct {
	digest   string
	platform int // for layers that are described rather than read, else 0
	build    build
}

// A build is one rebuild of a base; the zero value is the base as it was at the start.
type build struct {
	number   int
	interval float64
}

// A content table gives identities their numbers and remembers which are still wanted. What no
// current version contains will never be asked for again, so nodes that differ in it are equal.
type content struct {
	blobs  []blob
	known  map[identity]blobID
	chains map[stacked]chainID
	live   []int // per chain, versions now wanted that contain it
	made   []stacked
	dead   []corpse             // in the order of their deaths
	whole  map[chainID][]*image // by top: images that are the same
}

func newContent() *content {
	return &content{known: map[identity]blobID{}, chains: map[stacked]chainID{}, whole: map[chainID][]*image{}}
}

// newBlob makes a blob that a release brought about, or, before the run, any.
func (t *content) newBlob(l Layer, born float64, cause Cause) blobID {
	disk := l.DiskBytes
	if disk == 0 {
		disk = int64(float64(l.Bytes) * UnpackRatio)
	}
	t.blobs = append(t.blobs, blob{bytes: l.Bytes, disk: disk, born: born, cause: cause})
	return blobID(len(t.blobs) - 1)
}

// blob finds the blob of an identity, or makes it.
func (t *content) blob(key identity, l Layer, born float64, cause Cause) blobID {
	id, ok := t.known[key]
	if !ok {
		id = t.newBlob(l, born, cause)
		t.known[key] = id
	}
	t.blobs[id].born = min(t.blobs[id].born, born)
	return id
}

// image stacks blobs up.
func (t *content) image(v *version, blobs []blobID) *image {
	g := &image{version: v, blobs: blobs}
	below := chainID(-1)
	for i, b := range blobs {
		if !slices.Contains(blobs[:i], b) {
			g.distinct++
		}
		key := stacked{below, b}
		id, ok := t.chains[key]
		if !ok {
			id = chainID(len(t.live))
			t.live = append(t.live, 0)
			t.made = append(t.made, key)
			t.chains[key] = id
		}
		g.chains = append(g.chains, id)
		g.bytes += t.blobs[b].bytes
		below = id
	}
	t.whole[below] = append(t.whole[below], g)
	return g
}

// want and drop count the datacenters whose new nodes would be given a version.
func (t *content) want(v *version) { t.count(v, 1) }
func (t *content) drop(v *version) { t.count(v, -1) }

func (t *content) count(v *version, by int) {
	for _, g := range v.images {
		for i, id := range g.blobs {
			if t.blobs[id].live += by; t.blobs[id].live == 0 {
				t.dead = append(t.dead, corpse{blob: id, chain: -1})
			}
			if t.live[g.chains[i]] += by; t.live[g.chains[i]] == 0 {
				t.dead = append(t.dead, corpse{chain: g.chains[i]})
			}
		}
	}
}

// A corpse is a blob, or a chain, that no version wants any more. It never comes back.
type corpse struct {
	blob  blobID
	chain chainID // -1: it is a blob
}

// distinct sums the bytes of the versions' blobs, each counted once.
func (t *content) distinct(versions ...*version) int64 {
	var all []blobID
	for _, v := range versions {
		for _, g := range v.images {
			all = append(all, g.blobs...)
		}
	}
	slices.Sort(all)
	sum := int64(0)
	for _, b := range slices.Compact(all) {
		sum += t.blobs[b].bytes
	}
	return sum
}
