package flow

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// tie is the part of its own duration by which a flow may end early to end together with another.
// Flows that are meant to end at one instant differ by rounding, a few parts in 10^16.
const tie = 1e-12

// Done is a flow of Group that has ended, with the tag it was started with.
type Done struct {
	Group Group
	Tag   int
}

type ended struct {
	Done
	order uint64
}

// Advance moves the clock to t, which must lie between Now and Next, and appends to done the flows
// that end at t: those started first first, and copies of one flow that [Network.Split] made by group.
// It returns the longer slice. Before Next nothing ends. At Next at least one flow does, however little
// time is left to it, and with it those that have less than 10^-12 of their own duration left; no two
// ends are ever taken for one because they are close by any other measure.
func (n *Network) Advance(t float64, done []Done) []Done {
	next, ok := n.Next()
	switch {
	case t < n.now.hi:
		panic(fmt.Sprintf("flow: from %v back to %v", n.now.hi, t))
	case t > next && !n.tied(t):
		panic(fmt.Sprintf("flow: from %v to %v, past the end of a flow at %v", n.now.hi, t, next))
	case t == next && ok:
		n.now = n.clocks[0].at
	case t > n.now.hi:
		n.now = sum{hi: t}
	}
	if !ok || t < next {
		return done
	}
	n.ended = n.ended[:0]
	for len(n.clocks) > 0 && n.clocks[0].at.hi <= t || n.tied(t) {
		n.end()
	}
	if len(n.ended) > 1 {
		slices.SortFunc(n.ended, func(a, b ended) int {
			return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Group, b.Group))
		})
	}
	for _, e := range n.ended {
		done = append(done, e.Done)
	}
	return done
}

// tied says whether the next flow to end does so at t but for rounding.
func (n *Network) tied(t float64) bool {
	if len(n.clocks) == 0 {
		return false
	}
	end := n.clocks[0].at.hi
	return math.Abs(end-t) < float64(tie*(end-n.first().flows[0].item.start))
}

// first returns the strand with the flow that ends next.
func (n *Network) first() *strand { return n.clocks[0].item.lanes[0].item.strands[0].item }

// end ends the flow that ends next.
func (n *Network) end() {
	s := n.first()
	f := s.flows[0].item
	s.flows.remove(1)
	n.ended = append(n.ended, ended{Done{s.group.id, f.tag}, f.order})
	n.scheduleStrand(s)
	n.move(s.group)
}
