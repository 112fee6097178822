// Package flow is a fluid model of a network: flows of known size cross links of known capacity,
// and at every instant the rates are max-min fair.
//
// Flows start and stop in groups of equal members (say, nodes in the same state), so that a thousand
// equal flows cost as much as one. Each member has a private link of its own (its NIC); all other
// links are shared. The package knows nothing of what the flows carry, has no latency, no ramp-up and
// no losses, and does not remember the past: who wants a link's history reads Load between steps.
//
// Max-min fairness is Bertsekas and Gallager's, "Data Networks", 2nd edition, section 6.5.2: no flow's
// rate can grow without shrinking that of a flow which is no faster.
package flow

import (
	"fmt"
	"math"
)

// A Network is a set of links and the flows on them. Its clock starts at 0 and only moves forward.
// It is not safe for concurrent use.
type Network struct {
	now      float64
	capacity []float64 // per link, +Inf: no limit
	load     []float64 // per link, valid when !stale
	routes   []route
	groups   []group
	free     []Group // unused entries of groups
	active   []*lane // lanes with flows, in order of their first flow
	stale    bool    // rates must be solved again
	solver   solver
}

type route struct {
	links []int
	limit float64 // per flow, +Inf: none
}

type group struct {
	members int
	private float64
	lanes   []*lane // those with flows
}

// A lane is the flows of one group over one route. They all run at the same rate, so one clock of
// bytes served serves them all: a flow ends when the clock reaches its mark.
type lane struct {
	group  Group
	route  Route
	flows  []mark
	served float64 // bytes each flow got since the lane was empty
	first  float64 // lowest mark
	rate   float64 // bytes per second of each flow
	end    float64 // time at which the lowest mark is reached
	rising bool    // while solving: the rate is not fixed yet
}

type mark struct {
	at  float64
	tag int
}

// A Route is a list of shared links with a limit for each flow on it.
type Route int

// A Group is a number of equal members.
type Group int

// Done is a flow of Group that has ended, with the tag it was started with.
type Done struct {
	Group Group
	Tag   int
}

// New returns a network with these link capacities in bytes per second; 0 means no limit.
func New(capacities []float64) *Network {
	n := &Network{load: make([]float64, len(capacities))}
	for _, c := range capacities {
		n.capacity = append(n.capacity, limit(c))
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

// AddRoute adds a route over shared links, by index. perFlow caps each flow's rate; 0 means no cap.
func (n *Network) AddRoute(links []int, perFlow float64) Route {
	n.routes = append(n.routes, route{links: links, limit: limit(perFlow)})
	return Route(len(n.routes) - 1)
}

// AddGroup adds a group of equal members, each with a private link of that capacity, shared by the
// member's own flows. private must be positive and finite, so that every flow has a rate.
func (n *Network) AddGroup(members int, private float64) Group {
	if members < 1 || !(private > 0) || math.IsInf(private, 1) {
		panic(fmt.Sprintf("flow: group of %d members with a private link of %v", members, private))
	}
	g := group{members: members, private: private}
	if k := len(n.free); k > 0 {
		id := n.free[k-1]
		n.free = n.free[:k-1]
		n.groups[id] = g
		return id
	}
	n.groups = append(n.groups, g)
	return Group(len(n.groups) - 1)
}

// Start starts a flow of that many bytes for each member of g, at the network's present time.
// The tag comes back in Done and should be unique among the group's flows under way.
func (n *Network) Start(g Group, r Route, bytes float64, tag int) {
	l := n.lane(g, r)
	at := l.served + bytes
	if len(l.flows) == 0 || at < l.first {
		l.first = at
	}
	l.flows = append(l.flows, mark{at, tag})
	n.stale = true
}

// lane finds or makes the lane of g over r.
func (n *Network) lane(g Group, r Route) *lane {
	for _, l := range n.groups[g].lanes {
		if l.route == r {
			return l
		}
	}
	l := &lane{group: g, route: r}
	n.groups[g].lanes = append(n.groups[g].lanes, l)
	n.active = append(n.active, l)
	return l
}

// Resize sets how many members g has. A group of no members, and its flows, are gone.
func (n *Network) Resize(g Group, members int) {
	n.stale = n.stale || len(n.groups[g].lanes) > 0
	n.groups[g].members = members
	if members > 0 {
		return
	}
	n.active = remove(n.active, func(l *lane) bool { return l.group == g })
	n.groups[g] = group{}
	n.free = append(n.free, g)
}

// Split moves that many members of g, with copies of its flows, into a new group.
func (n *Network) Split(g Group, members int) Group {
	from := n.groups[g]
	if members < 1 || members >= from.members {
		panic(fmt.Sprintf("flow: split of %d from %d members", members, from.members))
	}
	to := n.AddGroup(members, from.private)
	n.groups[g].members -= members
	for _, l := range from.lanes {
		c := *l
		c.group = to
		c.flows = append([]mark(nil), l.flows...)
		n.groups[to].lanes = append(n.groups[to].lanes, &c)
		n.active = append(n.active, &c)
	}
	n.stale = n.stale || len(from.lanes) > 0
	return to
}

// Now returns the network's time in seconds.
func (n *Network) Now() float64 { return n.now }

// Next returns when the next flow ends, or false when there is none.
func (n *Network) Next() (float64, bool) {
	n.settle()
	end, ok := math.Inf(1), false
	for _, l := range n.active {
		if !ok || l.end < end {
			end, ok = l.end, true
		}
	}
	return end, ok
}

// Load returns the rate over a link in bytes per second, from now until something starts or ends.
func (n *Network) Load(link int) float64 {
	n.settle()
	return n.load[link]
}

// Rate returns the rate of each flow of g over r in bytes per second, 0 where there is none.
func (n *Network) Rate(g Group, r Route) float64 {
	n.settle()
	for _, l := range n.groups[g].lanes {
		if l.route == r {
			return l.rate
		}
	}
	return 0
}

// Advance moves the clock to t, which must lie between Now and Next, and appends to done the flows
// that end at t, those started first first. It returns the longer slice.
func (n *Network) Advance(t float64, done []Done) []Done {
	n.settle()
	if t < n.now {
		panic(fmt.Sprintf("flow: from %v back to %v", n.now, t))
	}
	step := t - n.now
	n.now = t
	empty := false
	for _, l := range n.active {
		l.served += float64(l.rate * step)
		if l.end > t {
			continue
		}
		done = l.finish(done)
		n.stale = true
		empty = empty || len(l.flows) == 0
	}
	if empty {
		n.dropEmpty()
	}
	return done
}

// finish removes the flows whose mark is reached; the lowest is, by rounding or by definition.
func (l *lane) finish(done []Done) []Done {
	l.served = max(l.served, l.first)
	kept := l.flows[:0]
	l.first = math.Inf(1)
	for _, f := range l.flows {
		if f.at <= l.served {
			done = append(done, Done{l.group, f.tag})
			continue
		}
		l.first = min(l.first, f.at)
		kept = append(kept, f)
	}
	l.flows = kept
	return done
}

func (n *Network) dropEmpty() {
	for _, l := range n.active {
		if len(l.flows) == 0 {
			g := &n.groups[l.group]
			g.lanes = remove(g.lanes, func(x *lane) bool { return x == l })
		}
	}
	n.active = remove(n.active, func(l *lane) bool { return len(l.flows) == 0 })
}

func remove(lanes []*lane, gone func(*lane) bool) []*lane {
	kept := lanes[:0]
	for _, l := range lanes {
		if !gone(l) {
			kept = append(kept, l)
		}
	}
	clear(lanes[len(kept):])
	return kept
}

// settle solves for the rates if anything has changed since the last time.
func (n *Network) settle() {
	if !n.stale {
		return
	}
	n.stale = false
	n.solver.solve(n)
	for _, l := range n.active {
		l.end = n.now + (l.first-l.served)/l.rate
	}
}
