package flow

import (
	"math"
	"slices"
)

// A twinPlayer plays a plan the plain way, on a twin: one member at a time, one flow at a time.
type twinPlayer struct {
	plan  *Plan
	net   *twin
	flows []*twinPlaying
}

type twinPlaying struct {
	node, member, place  int
	spec                 Flow
	ready, start, finish float64 // NaN: not yet
}

func newTwinPlayer(p *Plan) *twinPlayer {
	w := &twinPlayer{plan: p, net: newTwin()}
	for _, c := range p.Links {
		w.net.capacity = append(w.net.capacity, limit(c))
	}
	for _, r := range p.Routes {
		w.net.paths = append(w.net.paths, r.Links)
		w.net.limits = append(w.net.limits, limit(r.PerFlow))
	}
	for i, n := range p.Nodes {
		for m := range max(1, n.Members) {
			w.net.addGroup(1, limit(n.Private))
			for j, f := range n.Flows {
				w.flows = append(w.flows, &twinPlaying{i, m, j, f, math.NaN(), math.NaN(), math.NaN()})
			}
		}
	}
	return w
}

// group counts members through.
func (w *twinPlayer) group(f *twinPlaying) int {
	g := f.member
	for _, n := range w.plan.Nodes[:f.node] {
		g += max(1, n.Members)
	}
	return g
}

func (w *twinPlayer) play() []*twinPlaying {
	for {
		for w.startOne() {
		}
		next := math.Inf(1)
		for _, f := range w.flows {
			if at := w.readyAt(f); math.IsNaN(f.start) && at > w.net.now {
				next = min(next, at)
			}
		}
		w.net.fill()
		for _, f := range w.net.flows {
			next = min(next, w.net.now+f.left/f.rate)
		}
		if math.IsInf(next, 1) {
			return w.flows
		}
		w.net.run(next)
		for i, f := range w.flows {
			if end, ok := w.net.ends[twinName{w.group(f), i}]; ok {
				f.finish = end
			}
		}
	}
}

// readyAt is NaN while others have to end first. Members wait for the same members or, where the other
// node has fewer, for all: they are alike.
func (w *twinPlayer) readyAt(f *twinPlaying) float64 {
	at := w.plan.Nodes[f.node].Start + f.spec.Start
	for _, r := range f.spec.After {
		node := r.Node
		if node == SameNode {
			node = f.node
		}
		for _, other := range w.flows {
			if other.node == node && other.place == r.Flow && (node != f.node || other.member == f.member) {
				at = max(at, other.finish) // max with NaN is NaN
			}
		}
	}
	return at
}

// startOne starts the flow that has waited longest on some node with a free slot.
func (w *twinPlayer) startOne() bool {
	var waiting []*twinPlaying
	for _, f := range w.flows {
		f.ready = w.readyAt(f)
		if math.IsNaN(f.start) && f.ready <= w.net.now && w.active(f) < w.slots(f) {
			waiting = append(waiting, f)
		}
	}
	if len(waiting) == 0 {
		return false
	}
	slices.SortStableFunc(waiting, func(a, b *twinPlaying) int {
		switch {
		case a.ready < b.ready:
			return -1
		case a.ready > b.ready:
			return 1
		}
		return a.place - b.place
	})
	f := waiting[0]
	f.start = w.net.now
	if f.spec.Bytes == 0 {
		f.finish = f.start
		return true
	}
	w.net.start(w.group(f), f.spec.Route, f.spec.Bytes, slices.Index(w.flows, f))
	return true
}

func (w *twinPlayer) active(f *twinPlaying) int {
	count := 0
	for _, other := range w.flows {
		if other.node == f.node && other.member == f.member && !math.IsNaN(other.start) && math.IsNaN(other.finish) {
			count++
		}
	}
	return count
}

func (w *twinPlayer) slots(f *twinPlaying) int {
	if n := w.plan.Nodes[f.node].Slots; n > 0 {
		return n
	}
	return math.MaxInt
}
