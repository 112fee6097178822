package sim

import "sort"

// A roster is the nodes of a site that are there now, in order, and gives each a rank. It is never
// changed: when nodes come or go the site gets a new one.
type roster struct {
	present spans
	before  []int // per span, nodes in the spans before it
	total   int
}

func newRoster(present spans) *roster {
	r := &roster{present: present}
	for _, s := range present {
		r.before = append(r.before, r.total)
		r.total += s.count()
	}
	return r
}

func (r *roster) count() int { return r.total }

// node returns the node of a rank.
func (r *roster) node(rank int) int {
	i := sort.Search(len(r.before), func(i int) bool { return r.before[i] > rank }) - 1
	return r.present[i].lo + rank - r.before[i]
}

// rank counts the nodes below a node.
func (r *roster) rank(node int) int {
	i := sort.Search(len(r.present), func(i int) bool { return r.present[i].hi > node })
	if i == len(r.present) {
		return r.total
	}
	return r.before[i] + max(0, node-r.present[i].lo)
}

// ranks returns the ranks of the nodes of s that are there.
func (r *roster) ranks(s span) span { return span{r.rank(s.lo), r.rank(s.hi)} }

// nodes returns the nodes with ranks s.
func (r *roster) nodes(s span) spans {
	var out spans
	for i, p := range r.present {
		part := span{p.lo + s.lo - r.before[i], p.lo + s.hi - r.before[i]}.clip(p)
		if part.lo < part.hi {
			out = append(out, part)
		}
	}
	return out
}
