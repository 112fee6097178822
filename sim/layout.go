package sim

// A layout places a service's instances on a site's nodes by arithmetic: instance i stands on node
// ((offset+i) / stride) mod nodes. Rollouts take positions in order; a StatefulSet's run from the
// highest ordinal down.
type layout struct {
	nodes, total   int
	offset, stride int
	descending     bool
}

// layouts places every service of the model on one site. Spread services follow each other round the
// nodes, packed ones fill node after node; a DaemonSet has one instance everywhere.
func layouts(m *Model, site int) []layout {
	nodes := m.Datacenters[site].Nodes()
	spread, packed := 0, 0
	out := make([]layout, len(m.Services))
	for i := range m.Services {
		s := &m.Services[i]
		l := layout{nodes: nodes, total: s.Instances[site], stride: 1, descending: s.Workload == StatefulSet}
		switch {
		case s.Workload == DaemonSet:
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
	lo, hi := l.slots(from, to)
	return l.slotsBefore(hi, s) - l.slotsBefore(lo, s)
}

// slotsBefore counts the slots below x of the unrolled row that lie on nodes of s.
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
	lo, hi := l.slots(from, to)
	first, last := lo/l.stride, (hi-1)/l.stride
	if last-first+1 >= l.nodes {
		return spans{{0, l.nodes}}
	}
	first, last = first%l.nodes, last%l.nodes
	if first <= last {
		return spans{{first, last + 1}}
	}
	return newSpans(span{0, last + 1}, span{first, l.nodes})
}
