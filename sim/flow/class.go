package flow

import (
	"encoding/binary"
	"slices"
)

// A class is the groups whose flows run alike: they use the same routes with as many flows on each, and
// their members' private links are equal.
//
// Members that use one route only are known by the rate that each flow can never pass, an equal part of
// the private link; there, flows weigh. With several routes the whole private link is the bound, and
// members weigh.
type class struct {
	node
	family *family
	groups int
	lanes  []lane // per part of the family
	one    [1]lane
}

// A family is the classes that differ in their bound only.
type family struct {
	name  string
	parts []part
	tree  *class
	bound float64 // one route: classes up to here go by their own clock, those above by the route's

	solving familyState
}

// A part is a route of a family with the flows that each member has there; 1 when it is the only route,
// since what weighs there is a flow.
type part struct {
	route *route
	flows float64
}

func (f *family) mixed() bool { return len(f.parts) > 1 }

// classify puts a group into the class it belongs to.
func (n *Network) classify(g *group) {
	g.moved = false
	if g.members == 0 {
		return
	}
	f, bound, weight := n.familyOf(g)
	if g.class != nil && g.class.family == f && g.class.bound == bound {
		return
	}
	n.leave(g)
	used := g.strands[:0]
	for _, s := range g.strands {
		if len(s.flows) > 0 {
			used = append(used, s)
		} else {
			n.strands = append(n.strands, s)
		}
	}
	g.strands = used
	if f != nil {
		n.join(g, f, bound, weight)
	}
}

// familyOf returns where a group belongs, or nil if it has no flows.
func (n *Network) familyOf(g *group) (f *family, bound, weight float64) {
	var only *strand
	for _, s := range g.strands {
		if len(s.flows) > 0 {
			if only != nil {
				return n.mixedFamily(g), g.private, float64(g.members)
			}
			only = s
		}
	}
	if only == nil {
		return nil, 0, 0
	}
	flows := float64(len(only.flows))
	return &only.route.alone, g.private / flows, flows * float64(g.members)
}

// mixedFamily finds or makes the family of a group with flows on several routes.
func (n *Network) mixedFamily(g *group) *family {
	name := n.name[:0]
	slices.SortFunc(g.strands, func(a, b *strand) int { return int(a.route.id - b.route.id) })
	for _, s := range g.strands {
		if len(s.flows) > 0 {
			name = binary.AppendUvarint(name, uint64(s.route.id))
			name = binary.AppendUvarint(name, uint64(len(s.flows)))
		}
	}
	n.name = name
	f := n.families[string(name)]
	if f == nil {
		f = &family{name: string(name)}
		for _, s := range g.strands {
			if len(s.flows) > 0 {
				f.parts = append(f.parts, part{s.route, float64(len(s.flows))})
			}
		}
		n.families[f.name] = f
	}
	return f
}

// leave takes a group out of its class.
func (n *Network) leave(g *group) {
	c := g.class
	if c == nil {
		return
	}
	for _, s := range g.strands {
		n.detach(s)
	}
	g.class = nil
	if c.groups--; c.groups > 0 {
		n.weigh(c, -g.weight)
		return
	}
	f := c.family
	n.touch(f)
	f.tree = f.tree.delete(c.bound)
	if !f.mixed() {
		n.classes = append(n.classes, c)
	}
	if f.tree == nil {
		for _, p := range f.parts {
			p.route.users = slices.DeleteFunc(p.route.users, func(u user) bool { return u.family == f })
		}
		delete(n.families, f.name)
	}
}

// join puts a group into the class of that bound.
func (n *Network) join(g *group, f *family, bound, weight float64) {
	if f.tree == nil {
		for _, p := range f.parts {
			if !p.route.listed {
				p.route.enlist()
			}
			p.route.users = append(p.route.users, user{f, p.flows})
		}
	}
	c := f.tree.find(bound)
	if c == nil {
		c = n.newClass(f, bound, weight)
	} else {
		n.weigh(c, weight)
	}
	c.groups++
	g.class, g.weight = c, weight
	lanes := c.lanes
	for _, p := range f.parts {
		for _, s := range g.strands {
			if s.route == p.route {
				n.attach(s, &lanes[0])
			}
		}
		lanes = lanes[1:]
	}
}

func (n *Network) newClass(f *family, bound, weight float64) *class {
	c := n.spareClass(len(f.parts))
	c.family = f
	c.node = node{bound: bound, weight: weight, priority: n.draw()}
	n.touch(f)
	f.tree = f.tree.insert(c)
	for i := range c.lanes {
		l := &c.lanes[i]
		l.clock, l.base = &l.own, sum{}
		l.own.served, l.own.since, l.own.rate = sum{}, n.now, 0
		switch {
		case f.mixed():
		case bound <= f.bound:
			l.own.rate = bound
		default:
			l.clock = &f.parts[0].route.clock
			l.base = l.clock.at(n.now)
		}
	}
	return c
}

// spareClass returns a class of nothing, with that many lanes.
func (n *Network) spareClass(lanes int) *class {
	if k := len(n.classes); k > 0 && lanes == 1 {
		c := n.classes[k-1]
		n.classes = n.classes[:k-1]
		return c
	}
	c := &class{}
	c.lanes = c.one[:]
	if lanes > 1 {
		c.lanes = make([]lane, lanes)
	}
	for i := range c.lanes {
		l := &c.lanes[i]
		l.strands, l.own.lanes = l.few[:0], l.own.few[:0]
	}
	return c
}

// draw returns the next of a fixed row of random numbers (SplitMix64; Steele, Lea and Flood, "Fast
// splittable pseudorandom number generators", OOPSLA 2014).
func (n *Network) draw() uint64 {
	n.draws += 0x9e3779b97f4a7c15
	z := n.draws
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// weigh changes a class's weight.
func (n *Network) weigh(c *class, more float64) {
	n.touch(c.family)
	c.family.tree.weigh(c.bound, more)
}

// touch notes that a family's routes lost or won flows.
func (n *Network) touch(f *family) {
	for _, p := range f.parts {
		if !p.route.touched {
			p.route.touched = true
			n.touched = append(n.touched, p.route)
		}
	}
}
