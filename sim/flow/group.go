package flow

import (
	"fmt"
	"math"
)

// A Group is a number of equal members.
type Group int

type group struct {
	id      Group
	members int
	private float64
	strands []*strand
	class   *class  // nil: no flows
	weight  float64 // in that class
	moved   bool    // listed in the network's
}

// AddGroup adds a group of equal members, each with a private link of that capacity, shared by the
// member's own flows. private must be positive and finite, so that every flow has a rate.
func (n *Network) AddGroup(members int, private float64) Group {
	if members < 1 || !(private > 0) || math.IsInf(private, 1) {
		panic(fmt.Sprintf("flow: group of %d members with a private link of %v", members, private))
	}
	if k := len(n.vacant); k > 0 {
		id := n.vacant[k-1]
		n.vacant = n.vacant[:k-1]
		g := n.groups[id]
		g.members, g.private = members, private
		return id
	}
	id := Group(len(n.groups))
	n.groups = append(n.groups, &group{id: id, members: members, private: private})
	return id
}

// Start starts a flow of that many bytes for each member of g, at the network's present time. One of
// no bytes ends at that time too. The tag comes back in Done and should be unique among the group's
// flows under way.
func (n *Network) Start(g Group, r Route, bytes float64, tag int) {
	if !(bytes >= 0) || math.IsInf(bytes, 1) {
		panic(fmt.Sprintf("flow: a flow of %v bytes", bytes))
	}
	s := n.strand(n.groups[g], n.routes[r])
	s.flows.set(0, s.at(n.now).plus(bytes), transfer{n.now.hi, n.starts, tag})
	n.starts++
	if s.lane != nil {
		n.scheduleStrand(s)
	}
	n.move(s.group)
}

// strand finds or makes the strand of g on r.
func (n *Network) strand(g *group, r *route) *strand {
	for _, s := range g.strands {
		if s.route == r {
			return s
		}
	}
	var s *strand
	if k := len(n.strands); k > 0 {
		s = n.strands[k-1]
		n.strands = n.strands[:k-1]
		s.flows, s.base = s.flows[:0], sum{}
	} else {
		s = &strand{}
		s.flows = s.few[:0]
	}
	s.group, s.route = g, r
	g.strands = append(g.strands, s)
	return s
}

// move notes that a group may have to change its class before rates are read.
func (n *Network) move(g *group) {
	if !g.moved {
		g.moved = true
		n.moved = append(n.moved, g)
	}
}

// Resize sets how many members g has. A group of no members, and its flows, are gone.
func (n *Network) Resize(g Group, members int) {
	x := n.groups[g]
	if members < 0 || x.members == 0 {
		panic(fmt.Sprintf("flow: resize from %d to %d members", x.members, members))
	}
	if members > 0 {
		if c := x.class; c != nil {
			weight := float64(x.weight / float64(x.members) * float64(members))
			n.weigh(c, weight-x.weight)
			x.weight = weight
		}
		x.members = members
		return
	}
	n.leave(x)
	n.strands = append(n.strands, x.strands...)
	x.strands, x.members = x.strands[:0], 0
	n.vacant = append(n.vacant, g)
}

// Split moves that many members of g, with copies of its flows, into a new group.
func (n *Network) Split(g Group, members int) Group {
	from := n.groups[g]
	if members < 1 || members >= from.members {
		panic(fmt.Sprintf("flow: split of %d from %d members", members, from.members))
	}
	id := n.AddGroup(members, from.private)
	to := n.groups[id]
	for _, s := range from.strands {
		c := n.strand(to, s.route)
		c.flows = append(c.flows, s.flows...)
		c.lane, c.base = s.lane, s.base
		if c.lane != nil {
			n.scheduleStrand(c)
		}
	}
	if from.class != nil { // together they weigh what the one did
		to.class = from.class
		to.class.groups++
		to.weight = float64(from.weight / float64(from.members) * float64(members))
		from.weight -= to.weight
	}
	from.members -= members
	if from.moved {
		n.move(to)
	}
	return id
}
