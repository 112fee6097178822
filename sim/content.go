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
	live        int  // versions now wanted that contain it
	left        bool // it has left its registry before
}

type stacked struct { // what a chain is made of
	below chainID // -1: the lowest layer
	top   blobID
}

// A version is one image of one service: its layers, bottom first, as blobs and as chains.
type version struct {
	service  int
	registry int
	blobs    []blobID
	chains   []chainID
	bytes    int64
}

// top is the chain that makes the image complete, -1 for an image without layers.
func (v *version) top() chainID {
	if len(v.chains) == 0 {
		return -1
	}
	return v.chains[len(v.chains)-1]
}

// identity names a blob that can be met again: a digest as the registry has it, or what became of it
// in a build of its base. Two bases that share a layer and are rebuilt at the same pace share it ever
// after; then whoever takes up a build finds no newer one, so what was dropped never comes back.
type identity struct {
	digest string
	build  build
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
}

func newContent() *content {
	return &content{known: map[identity]blobID{}, chains: map[stacked]chainID{}}
}

func (t *content) newBlob(l Layer) blobID {
	disk := l.DiskBytes
	if disk == 0 {
		disk = int64(float64(l.Bytes) * UnpackRatio)
	}
	t.blobs = append(t.blobs, blob{bytes: l.Bytes, disk: disk})
	return blobID(len(t.blobs) - 1)
}

// blob finds the blob of a layer in a build.
func (t *content) blob(l Layer, in build) blobID {
	key := identity{l.Digest, in}
	id, ok := t.known[key]
	if !ok {
		id = t.newBlob(l)
		t.known[key] = id
	}
	return id
}

// version stacks blobs up into an image.
func (t *content) version(service, registry int, blobs []blobID) *version {
	v := &version{service: service, registry: registry, blobs: blobs}
	below := chainID(-1)
	for _, b := range blobs {
		key := stacked{below, b}
		id, ok := t.chains[key]
		if !ok {
			id = chainID(len(t.live))
			t.live = append(t.live, 0)
			t.chains[key] = id
		}
		v.chains = append(v.chains, id)
		v.bytes += t.blobs[b].bytes
		below = id
	}
	return v
}

// want and drop count the versions that a new node would be given.
func (t *content) want(v *version) { t.count(v, 1) }
func (t *content) drop(v *version) { t.count(v, -1) }

func (t *content) count(v *version, by int) {
	for i := range v.blobs {
		t.blobs[v.blobs[i]].live += by
		t.live[v.chains[i]] += by
	}
}

// A store is what one node holds: chains unpacked and blobs received, both sorted.
type store struct {
	chains []chainID
	blobs  []blobID
}

func (s *store) clone() store {
	return store{slices.Clone(s.chains), slices.Clone(s.blobs)}
}

func add[T ~int32](set []T, id T) []T {
	i, found := slices.BinarySearch(set, id)
	if found {
		return set
	}
	return slices.Insert(set, i, id)
}

func has[T ~int32](set []T, id T) bool {
	_, found := slices.BinarySearch(set, id)
	return found
}

// holds says whether an image is complete on the node.
func (s *store) holds(v *version) bool {
	top := v.top()
	return top < 0 || has(s.chains, top)
}

// forget drops what no version wants any more.
func (s *store) forget(t *content) {
	s.chains = slices.DeleteFunc(s.chains, func(id chainID) bool { return t.live[id] == 0 })
	s.blobs = slices.DeleteFunc(s.blobs, func(id blobID) bool { return t.blobs[id].live == 0 })
}

// key spells the store out, for comparing nodes by content.
func (s *store) key(pool int) string {
	out := make([]byte, 0, 4*(len(s.chains)+len(s.blobs)+2))
	put := func(v int32) { out = append(out, byte(v), byte(v>>8), byte(v>>16), byte(v>>24)) }
	put(int32(pool))
	put(int32(len(s.chains)))
	for _, id := range s.chains {
		put(int32(id))
	}
	for _, id := range s.blobs {
		put(int32(id))
	}
	return string(out)
}
