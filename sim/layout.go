package sim

import (
	"math/rand/v2"
	"slices"
	"sort"
)

// A layout places a service's instances on a site's nodes. By arithmetic: instance i stands on the node
// of rank ((offset+i) / stride) mod nodes. Or by lot. Rollouts take positions in order; a StatefulSet's
// run from the highest ordinal down.
type layout struct {
	nodes, total   int // nodes there are now
	offset, stride int
	descending     bool
	roster         *roster
	drawn          *draw // by lot; nil: by arithmetic
}

// layouts places every service of the model on a site with so many nodes. Spread services follow each
// other round the nodes, packed ones fill node after node; a DaemonSet has one instance everywhere.
func layouts(m *Model, site int, r *roster) []layout {
	nodes := r.count()
	spread, packed := 0, 0
	out := make([]layout, len(m.Services))
	for i := range m.Services {
		s := &m.Services[i]
		l := layout{nodes: nodes, total: s.Instances[site], stride: 1, descending: s.Workload == StatefulSet, roster: r}
		if s.Workload == DaemonSet && l.total > 0 {
			l.total = nodes
		} else if s.PerNode > 0 && l.total > 0 {
			l.total = s.PerNode * nodes
		}
		switch {
		case nodes == 0:
			l.total = 0
		case s.Workload == DaemonSet || s.Placement == Random:
		case s.Placement == Pack && s.PerNode > 0:
			l.stride = s.PerNode
		case s.Placement == Pack:
			l.stride, l.offset = PackLimit, packed
			packed += l.total
		default:
			l.offset = spread % nodes
			spread += l.total
		}
		out[i] = l
	}
	return out
}

// slots turns positions [from, to) into places on the unrolled row of slots.
func (l *layout) slots(from, to int) (int, int) {
	if l.descending {
		return l.offset + l.total - to, l.offset + l.total - from
	}
	return l.offset + from, l.offset + to
}

// on counts the positions [from, to) whose instances stand on nodes of s.
func (l *layout) on(s span, from, to int) int {
	if from >= to {
		return 0
	}
	if l.drawn != nil {
		return l.drawn.on(s, from, to)
	}
	s = l.roster.ranks(s)
	lo, hi := l.slots(from, to)
	return l.slotsBefore(hi, s) - l.slotsBefore(lo, s)
}

// slotsBefore counts the slots below x of the unrolled row that lie on the nodes with ranks s.
func (l *layout) slotsBefore(x int, s span) int {
	round := l.nodes * l.stride
	size := s.count() * l.stride
	rest := min(max(x%round-s.lo*l.stride, 0), size)
	return x/round*size + rest
}

// nodesOf returns the nodes that positions [from, to) stand on.
func (l *layout) nodesOf(from, to int) spans {
	if from >= to {
		return nil
	}
	if l.drawn != nil {
		return l.drawn.nodesOf(from, to)
	}
	lo, hi := l.slots(from, to)
	first, last := lo/l.stride, (hi-1)/l.stride
	if last-first+1 >= l.nodes {
		return l.roster.nodes(span{0, l.nodes})
	}
	first, last = first%l.nodes, last%l.nodes
	if first <= last {
		return l.roster.nodes(span{first, last + 1})
	}
	return newSpans(append(l.roster.nodes(span{0, last + 1}), l.roster.nodes(span{first, l.nodes})...)...)
}

// A draw is a placement by lot.
type draw struct {
	node  []int32 // per position
	first []int32 // per node, where its positions begin in order; one more at the end
	order []int32 // positions by node, ascending within one
}

// redraw lays the positions of a layout by lot, each on any node there is. Those that have a node in stay
// and whose node is there keep it; stay may be nil.
func (l *layout) redraw(rng *rand.Rand, all int, stay *draw) {
	d := &draw{node: make([]int32, l.total), first: make([]int32, all+1), order: make([]int32, l.total)}
	for i := range d.node {
		if stay != nil && i < len(stay.node) && l.roster.present.contains(int(stay.node[i])) {
			d.node[i] = stay.node[i]
		} else {
			d.node[i] = int32(l.roster.node(rng.IntN(l.nodes)))
		}
		d.first[d.node[i]+1]++
	}
	for i := range all {
		d.first[i+1] += d.first[i]
	}
	next := slices.Clone(d.first)
	for i, node := range d.node {
		d.order[next[node]] = int32(i)
		next[node]++
	}
	l.drawn = d
}

func (d *draw) on(s span, from, to int) int {
	sum := 0
	for node := s.lo; node < s.hi; node++ {
		at := d.order[d.first[node]:d.first[node+1]]
		sum += sort.Search(len(at), func(i int) bool { return int(at[i]) >= to }) -
			sort.Search(len(at), func(i int) bool { return int(at[i]) >= from })
	}
	return sum
}

func (d *draw) nodesOf(from, to int) spans {
	nodes := slices.Clone(d.node[from:to])
	slices.Sort(nodes)
	var out spans
	for _, node := range slices.Compact(nodes) {
		out = out.push(span{int(node), int(node) + 1})
	}
	return out
}
