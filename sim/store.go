package sim

import "slices"

// A store is what one node holds. Its sets are sorted. Nodes whose disk has no limit never throw
// anything away: what nobody wants any more is forgotten.
type store struct {
	chains []chainID // unpacked
	blobs  []blobID  // received, and held where blobs are kept
	lost   []blobID  // received and thrown away for want of room
}

func (s *store) clone() store {
	return store{slices.Clone(s.chains), slices.Clone(s.blobs), slices.Clone(s.lost)}
}

func add[T ~int32](set []T, id T) []T {
	if n := len(set); n == 0 || set[n-1] < id {
		return append(set, id)
	}
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
func (s *store) holds(g *image) bool {
	top := g.top()
	return top < 0 || has(s.chains, top)
}

// had says whether a blob ever came to the node.
func (s *store) had(id blobID) bool { return has(s.blobs, id) || has(s.lost, id) }

// forget drops what no version wants any more.
func (s *store) forget(t *content) {
	dead := func(id blobID) bool { return t.blobs[id].live == 0 }
	s.chains = slices.DeleteFunc(s.chains, func(id chainID) bool { return t.live[id] == 0 })
	s.blobs = slices.DeleteFunc(s.blobs, dead)
	s.lost = slices.DeleteFunc(s.lost, dead)
}

// key spells the store out, for comparing nodes by content.
func (s *store) key(out []byte) []byte {
	out = put(out, int32(len(s.chains)), int32(len(s.blobs)), int32(len(s.lost)))
	for _, id := range s.chains {
		out = put(out, int32(id))
	}
	for _, id := range s.blobs {
		out = put(out, int32(id))
	}
	for _, id := range s.lost {
		out = put(out, int32(id))
	}
	return out
}

func put(out []byte, values ...int32) []byte {
	for _, v := range values {
		out = append(out, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	return out
}
