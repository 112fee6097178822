// Package flow is a fluid model of a network: flows of known size cross links of known capacity,
// and at every instant the rates are max-min fair.
//
// Flows start and stop in groups of equal members (say, nodes in the same state), so that a thousand
// equal flows cost as much as one. Each member has a private link of its own (its NIC); all other
// links are shared. The package knows nothing of what the flows carry, has no latency, no ramp-up and
// no losses, and does not remember the past: who wants a link's history reads Load between steps.
// A [Plan] plays a list of flows with start times, dependencies and slots.
//
// Max-min fairness is Bertsekas and Gallager's, "Data Networks", 2nd edition, section 6.5.2: no flow's
// rate can grow without shrinking that of a flow which is no faster.
//
// # Cost
//
// The rate of a flow is the lesser of what its member's private link leaves it and of its route's
// level, which is the same for all. So groups are kept in classes by the routes they use and their
// private links; whoever is held back by its own link runs at a constant rate and is not touched by
// what happens elsewhere; all others on a route share one clock. An event costs O(log n) for its own
// group, and, when it changes how many flows of a class are under way, a solve over the routes that
// full links tie to it, O(log classes) each, and O(log n) for each class that changes sides between its
// own link and the level. Groups on several routes at once are solved class by class.
package flow

import (
	"fmt"
	"math"
)

// A Network is a set of links and the flows on them. Its clock starts at 0 and only moves forward.
// It is not safe for concurrent use.
type Network struct {
	now      sum
	links    []*link
	routes   []*route
	groups   []*group
	vacant   []Group            // groups without members
	families map[string]*family // of several routes, by name
	clocks   queue[*clock]

	moved   []*group // may be in the wrong class
	touched []*route // lost or won flows
	retuned []*link  // have another capacity
	region  region
	ended   []ended
	starts  uint64
	draws   uint64
	strands []*strand // to be used again
	classes []*class  // to be used again, of one lane
	name    []byte
}

type link struct {
	capacity float64    // +Inf: no limit
	routes   []crossing // those with flows
	load     float64
	full     bool    // holds flows back
	level    float64 // at which it does; +Inf: it does not
	solving  linkState
}

// A crossing is a route with the place of a link in its list.
type crossing struct {
	route *route
	index int
}

type route struct {
	id      Route
	links   []*link
	listed  bool
	slots   []int   // per link, the route's place in its list
	limit   float64 // per flow, +Inf: none
	users   []user  // families with flows
	alone   family  // groups that use this route only
	level   float64 // rate of the flows that no private link holds back, +Inf: there are none
	load    float64
	clock   clock // of those flows
	touched bool  // listed in the network's
	solving routeState
}

// A user is a family with the flows that each of its members has on a route.
type user struct {
	*family
	flows float64
}

// A Route is a list of shared links with a limit for each flow on it.
type Route int

// New returns a network with these link capacities in bytes per second; 0 means no limit.
func New(capacities []float64) *Network {
	n := &Network{families: map[string]*family{}}
	for _, c := range capacities {
		n.AddLink(c)
	}
	return n
}

func limit(c float64) float64 {
	if c < 0 || math.IsNaN(c) {
		panic(fmt.Sprintf("flow: capacity %v", c))
	}
	if c == 0 {
		return math.Inf(1)
	}
	return c
}

// AddLink adds a shared link, at any time, and returns its index. A capacity of 0 means no limit.
func (n *Network) AddLink(capacity float64) int {
	n.links = append(n.links, &link{capacity: limit(capacity), level: math.Inf(1)})
	return len(n.links) - 1
}

// SetCapacity gives a shared link another capacity from now on; 0 means no limit.
func (n *Network) SetCapacity(link int, capacity float64) {
	l := n.links[link]
	if c := limit(capacity); c != l.capacity {
		l.capacity = c
		n.retuned = append(n.retuned, l)
	}
}

// AddRoute adds a route over shared links, by index; a link that is listed twice is crossed twice.
// perFlow caps each flow's rate; 0 means no cap.
func (n *Network) AddRoute(links []int, perFlow float64) Route {
	r := &route{id: Route(len(n.routes)), limit: limit(perFlow), level: math.Inf(1)}
	for _, l := range links {
		r.links = append(r.links, n.links[l])
	}
	r.alone = family{parts: []part{{r, 1}}, bound: math.Inf(1)}
	n.routes = append(n.routes, r)
	return r.id
}

// enlist lists a route with its links, delist strikes it off.
func (r *route) enlist() {
	r.listed = true
	r.slots = r.slots[:0]
	for i, l := range r.links {
		r.slots = append(r.slots, len(l.routes))
		l.routes = append(l.routes, crossing{r, i})
	}
}

func (r *route) delist() {
	r.listed = false
	for i, l := range r.links {
		last := len(l.routes) - 1
		c := l.routes[last]
		l.routes[r.slots[i]] = c
		c.route.slots[c.index] = r.slots[i]
		l.routes = l.routes[:last]
	}
}

// Now returns the network's time in seconds.
func (n *Network) Now() float64 { return n.now.hi }

// Next returns when the next flow ends, or false when there is none. It is +Inf if that is beyond all
// numbers.
func (n *Network) Next() (float64, bool) {
	n.settle()
	if len(n.clocks) == 0 {
		return math.Inf(1), false
	}
	return n.clocks[0].at.hi, true
}

// Load returns the rate over a link in bytes per second, from now until something starts or ends.
func (n *Network) Load(link int) float64 {
	n.settle()
	return n.links[link].load
}

// Rate returns the rate of each flow of g over r in bytes per second, 0 where there is none.
func (n *Network) Rate(g Group, r Route) float64 {
	n.settle()
	for _, s := range n.groups[g].strands {
		if s.route == n.routes[r] && len(s.flows) > 0 {
			return s.lane.clock.rate
		}
	}
	return 0
}

// settle solves for the rates if anything has changed since the last time.
func (n *Network) settle() {
	for _, g := range n.moved {
		n.classify(g)
	}
	n.moved = n.moved[:0]
	if len(n.touched)+len(n.retuned) > 0 {
		n.solve()
	}
}
