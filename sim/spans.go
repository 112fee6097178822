package sim

import (
	"slices"
	"sort"
)

// A span is the nodes lo ≤ node < hi of a site.
type span struct{ lo, hi int }

func (s span) count() int { return s.hi - s.lo }

func (s span) clip(t span) span { return span{max(s.lo, t.lo), min(s.hi, t.hi)} }

// inZone counts the nodes of s in zone 0 of that many zones: node j stands in zone j mod zones.
func (s span) inZone0(zones int) int {
	return (s.hi+zones-1)/zones - (s.lo+zones-1)/zones
}

// spans is a set of nodes: sorted, disjoint, and no two of them touch.
type spans []span

func (ss spans) count() int {
	n := 0
	for _, s := range ss {
		n += s.count()
	}
	return n
}

// newSpans makes a set of any spans.
func newSpans(list ...span) spans {
	slices.SortFunc(list, func(a, b span) int { return a.lo - b.lo })
	var out spans
	for _, s := range list {
		switch last := len(out) - 1; {
		case s.lo >= s.hi:
		case last >= 0 && s.lo <= out[last].hi:
			out[last].hi = max(out[last].hi, s.hi)
		default:
			out = append(out, s)
		}
	}
	return out
}

func (ss spans) union(other spans) spans {
	return newSpans(append(slices.Clone(ss), other...)...)
}

func (ss spans) minus(other spans) spans {
	var out spans
	i := 0
	for _, s := range ss {
		for ; i < len(other) && other[i].hi <= s.lo; i++ {
		}
		for j := i; j < len(other) && other[j].lo < s.hi; j++ {
			if other[j].lo > s.lo {
				out = append(out, span{s.lo, other[j].lo})
			}
			s.lo = max(s.lo, other[j].hi)
		}
		if s.lo < s.hi {
			out = append(out, s)
		}
	}
	return out
}

func (ss spans) contains(node int) bool {
	i := sort.Search(len(ss), func(i int) bool { return ss[i].hi > node })
	return i < len(ss) && ss[i].lo <= node
}

// An owned span is nodes of one cohort.
type owned struct {
	span
	cohort *cohort
}

// An owners index says which cohort each node of a site belongs to: sorted and without gaps.
type owners []owned

func (o owners) first(node int) int {
	return sort.Search(len(o), func(i int) bool { return o[i].hi > node })
}

func (o owners) at(node int) *cohort { return o[o.first(node)].cohort }

// within returns what of the index lies in s, clipped to it.
func (o owners) within(s span) []owned {
	var out []owned
	for i := o.first(s.lo); i < len(o) && o[i].lo < s.hi; i++ {
		out = append(out, owned{o[i].clip(s), o[i].cohort})
	}
	return out
}

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
