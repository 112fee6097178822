package sim

import (
	"slices"
	"sort"
)

// A span is the nodes lo ≤ node < hi of a site.
type span struct{ lo, hi int }

func (s span) count() int { return s.hi - s.lo }

func (s span) clip(t span) span { return span{max(s.lo, t.lo), min(s.hi, t.hi)} }

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
		out = out.push(s)
	}
	return out
}

// push adds a span that does not begin before the last one.
func (ss spans) push(s span) spans {
	switch last := len(ss) - 1; {
	case s.lo >= s.hi:
	case last >= 0 && s.lo <= ss[last].hi:
		ss[last].hi = max(ss[last].hi, s.hi)
	default:
		return append(ss, s)
	}
	return ss
}

func (ss spans) union(other spans) spans {
	out := make(spans, 0, len(ss)+len(other))
	for len(ss) > 0 || len(other) > 0 {
		if len(other) == 0 || len(ss) > 0 && ss[0].lo < other[0].lo {
			out, ss = out.push(ss[0]), ss[1:]
		} else {
			out, other = out.push(other[0]), other[1:]
		}
	}
	return out
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

// lowest returns the n nodes with the lowest numbers.
func (ss spans) lowest(n int) spans {
	var out spans
	for _, s := range ss {
		if n <= 0 {
			break
		}
		s.hi = min(s.hi, s.lo+n)
		n -= s.count()
		out = append(out, s)
	}
	return out
}

// cut splits the set before each of the nodes, which ascend. The pieces may touch.
func (ss spans) cut(at []int) spans {
	var out spans
	for _, s := range ss {
		i, _ := slices.BinarySearch(at, s.lo+1)
		for ; i < len(at) && at[i] < s.hi; i++ {
			out = append(out, span{s.lo, at[i]})
			s.lo = at[i]
		}
		out = append(out, s)
	}
	return out
}
