package sim

import (
	"slices"
	"sort"
)

// An owned span is nodes of one cohort; nil where there are no nodes now.
type owned struct {
	span
	cohort *cohort
}

// An owners index says which cohort each node of a site belongs to: sorted and without gaps.
type owners []owned

func (o *owners) reset(nodes int) {
	*o = nil
	if nodes > 0 {
		*o = owners{{span{0, nodes}, nil}}
	}
}

func (o owners) first(node int) int {
	return sort.Search(len(o), func(i int) bool { return o[i].hi > node })
}

func (o owners) at(node int) *cohort { return o[o.first(node)].cohort }

// assign gives the nodes of s to c.
func (o *owners) assign(s span, c *cohort) {
	i := max(o.first(s.lo)-1, 0)
	j := i
	var put []owned
	for ; j < len(*o) && (*o)[j].lo <= s.hi; j++ {
		put = joinOwned(put, owned{span{(*o)[j].lo, min((*o)[j].hi, s.lo)}, (*o)[j].cohort})
	}
	put = joinOwned(put, owned{s, c})
	for _, old := range (*o)[i:j] {
		put = joinOwned(put, owned{span{max(old.lo, s.hi), old.hi}, old.cohort})
	}
	*o = slices.Replace(*o, i, j, put...)
}

// joinOwned appends s, as part of the last one where that is the same cohort's.
func joinOwned(list []owned, s owned) []owned {
	last := len(list) - 1
	switch {
	case s.lo >= s.hi:
		return list
	case last >= 0 && list[last].cohort == s.cohort:
		list[last].hi = s.hi
		return list
	}
	return append(list, s)
}

// offsets is a number for each node, the same over long stretches: piece i holds from its node up to the
// next piece's. No pieces: 0 everywhere.
type offsets []offset

type offset struct {
	from  int
	value int64
}

// at returns a node's number.
func (o offsets) at(node int) int64 {
	i := sort.Search(len(o), func(i int) bool { return o[i].from > node })
	if i == 0 {
		return 0
	}
	return o[i-1].value
}

// change replaces the numbers of the nodes of s.
func (o *offsets) change(s span, to func(int64) int64) {
	if s.lo >= s.hi {
		return
	}
	end := o.at(s.hi)
	i := sort.Search(len(*o), func(i int) bool { return (*o)[i].from >= s.lo })
	j := sort.Search(len(*o), func(i int) bool { return (*o)[i].from > s.hi })
	put := []offset{{s.lo, to(o.at(s.lo))}}
	for _, piece := range (*o)[i:j] {
		if piece.from > s.lo && piece.from < s.hi {
			put = append(put, offset{piece.from, to(piece.value)})
		}
	}
	put = append(put, offset{s.hi, end})
	*o = slices.Replace(*o, i, j, put...)
	o.merge(i, i+len(put))
}

// merge drops pieces among [i, j] that say what the one before says.
func (o *offsets) merge(i, j int) {
	kept := (*o)[:i]
	for k := i; k < len(*o); k++ {
		piece := (*o)[k]
		before := int64(0)
		if len(kept) > 0 {
			before = kept[len(kept)-1].value
		}
		if k <= j && piece.value == before {
			continue
		}
		kept = append(kept, piece)
	}
	*o = kept
}

// max returns the greatest number in s.
func (o offsets) max(s span) int64 {
	most := o.at(s.lo)
	for i := sort.Search(len(o), func(i int) bool { return o[i].from > s.lo }); i < len(o) && o[i].from < s.hi; i++ {
		most = max(most, o[i].value)
	}
	return most
}
