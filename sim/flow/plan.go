package flow

import (
	"errors"
	"fmt"
)

// A Plan is flows to be played on a network: what starts when, after what, and how many at once.
// The zero value is a plan of nothing.
type Plan struct {
	Links  []float64 // capacities of the shared links in bytes per second; 0: no limit
	Routes []Path
	Nodes  []Node
}

// A Path is what [Network.AddRoute] makes a route of.
type Path struct {
	Links   []int   // by index
	PerFlow float64 // bytes per second; 0: no cap
}

// A Node plays a list of flows.
type Node struct {
	Members int     // equal nodes that do the same at the same times, told once; 0 means 1
	Private float64 // each member's own link, in bytes per second; 0: no limit
	Slots   int     // flows under way at once; 0: any number
	Start   float64 // seconds
	Flows   []Flow  // may be shared by many nodes
}

// A Flow is ready at its Start, or when the last flow of After has ended, whichever is later. It then
// joins its node's queue: first in, first out by the time it got ready, and by its place in Flows
// where that is the same. The head of the queue starts as soon as the node has a slot free.
type Flow struct {
	Start float64 // seconds, from that of its node
	Bytes float64 // 0: it ends at the instant it starts, but waits for a slot all the same
	Route int     // by index
	After []Ref
}

// A Ref names a flow by its node and its place there.
type Ref struct {
	Node int // SameNode: that of the flow which refers
	Flow int
}

// SameNode in a [Ref] lets nodes share flows that wait for each other.
const SameNode = -1

// Played is what a plan came to.
type Played struct {
	Start     [][]float64 // per node and flow, seconds
	Finish    [][]float64
	LinkBytes []float64 // per shared link, what it carried: its load summed up over time
	Instants  int       // at which flows started or ended
}

// unlimited stands for a private link that holds nothing back: sums over millions of them are finite.
const unlimited = 1e290

// check returns all that is wrong with a plan, or nil.
func (p *Plan) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for i, c := range p.Links {
		if !amount(c) {
			bad("link %d has a capacity of %v; give bytes per second up to 10^150, or 0 for no limit", i, c)
		}
	}
	bounded := make([]bool, len(p.Routes))
	for i, r := range p.Routes {
		if !amount(r.PerFlow) {
			bad("route %d has a limit of %v; give bytes per second up to 10^150, or 0 for none", i, r.PerFlow)
		}
		bounded[i] = r.PerFlow > 0
		for _, l := range r.Links {
			if l < 0 || l >= len(p.Links) {
				bad("route %d crosses link %d; there are %d", i, l, len(p.Links))
				continue
			}
			bounded[i] = bounded[i] || p.Links[l] > 0
		}
	}
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if n.Members < 0 || n.Slots < 0 || !amount(n.Private) || !amount(n.Start) {
			bad("node %d has %d members, a link of %v, %d slots and starts at %v; none may be negative, nor a number beyond 10^150",
				i, n.Members, n.Private, n.Slots, n.Start)
		}
		for j := range n.Flows {
			f := &n.Flows[j]
			switch {
			case !amount(f.Bytes):
				bad("flow %d of node %d has %v bytes; give a number from 0 to 10^150", j, i, f.Bytes)
			case !amount(f.Start):
				bad("flow %d of node %d starts at %v; give seconds from 0 to 10^150", j, i, f.Start)
			}
			switch {
			case f.Route < 0 || f.Route >= len(p.Routes):
				bad("flow %d of node %d takes route %d; there are %d", j, i, f.Route, len(p.Routes))
			case !bounded[f.Route] && n.Private == 0:
				bad("flow %d of node %d is held back by nothing; give route %d a link or a limit, or the node a link", j, i, f.Route)
			}
			for _, r := range f.After {
				at := r.Node
				if at == SameNode {
					at = i
				}
				if at < 0 || at >= len(p.Nodes) || r.Flow < 0 || r.Flow >= len(p.Nodes[at].Flows) {
					bad("flow %d of node %d waits for flow %d of node %d; there is none", j, i, r.Flow, r.Node)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// amount says whether x is not negative and not so large that sums of such amounts overflow.
func amount(x float64) bool { return x >= 0 && x <= 1e150 }
