package sim

import "slices"

// A set of numbers: sorted, with a sum that tells sets apart but for one chance in 2^64.
type set[T ~int32] struct {
	ids []T
	sum uint64
}

func (s *set[T]) has(id T) bool {
	_, found := slices.BinarySearch(s.ids, id)
	return found
}

func (s *set[T]) add(id T) {
	if n := len(s.ids); n == 0 || s.ids[n-1] < id {
		s.ids = append(s.ids, id)
		s.sum += mix(uint64(id))
		return
	}
	if i, found := slices.BinarySearch(s.ids, id); !found {
		s.ids = slices.Insert(s.ids, i, id)
		s.sum += mix(uint64(id))
	}
}

func (s *set[T]) remove(id T) {
	if i, found := slices.BinarySearch(s.ids, id); found {
		s.ids = slices.Delete(s.ids, i, i+1)
		s.sum -= mix(uint64(id))
	}
}

func (s *set[T]) clone() set[T] { return set[T]{slices.Clone(s.ids), s.sum} }

// mix scatters numbers: the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// A store is what one node holds. Nodes whose disk has no limit never throw anything away: what nobody
// wants any more is forgotten.
type store struct {
	chains set[chainID] // unpacked
	blobs  set[blobID]  // received, and held where blobs are kept
	lost   set[blobID]  // received and thrown away for want of room

	forgotten int // of content.dead, what was looked at
}

func (s *store) clone() store {
	return store{s.chains.clone(), s.blobs.clone(), s.lost.clone(), s.forgotten}
}

// holds says whether an image is complete on the node.
func (s *store) holds(g *image) bool {
	top := g.top()
	return top < 0 || s.chains.has(top)
}

// had says whether a blob ever came to the node.
func (s *store) had(id blobID) bool { return s.blobs.has(id) || s.lost.has(id) }

// forget drops what no version wants any more.
func (s *store) forget(t *content) {
	for _, d := range t.dead[s.forgotten:] {
		if d.chain >= 0 {
			s.chains.remove(d.chain)
			continue
		}
		s.blobs.remove(d.blob)
		s.lost.remove(d.blob)
	}
	s.forgotten = len(t.dead)
}

// sum tells stores apart but for a tiny chance.
func (s *store) sum() uint64 { return s.chains.sum + mix(s.blobs.sum) + mix(mix(s.lost.sum)) }

// equals says whether two stores hold the same.
func (s *store) equals(o *store) bool {
	return slices.Equal(s.chains.ids, o.chains.ids) && slices.Equal(s.blobs.ids, o.blobs.ids) && slices.Equal(s.lost.ids, o.lost.ids)
}
