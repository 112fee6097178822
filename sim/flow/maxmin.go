package flow

import (
	"math"
	"slices"
)

// A solver shares the links out by progressive filling: all rates rise together; a lane stops rising
// when it meets its own bound or when one of its links is full. Its slices are kept between solves.
type solver struct {
	rest   []float64 // per link, capacity not yet taken by lanes that stopped
	weight []float64 // per link, flows of lanes still rising
	users  [][]*lane // per link, lanes that cross it
	order  []bounded // all lanes by bound, then by age
}

// bounded is a lane with the rate it can never pass: its route's limit and, when it has its members'
// private links to itself, an equal part of those.
type bounded struct {
	lane  *lane
	bound float64
}

// solve sets the rate of every active lane and the load of every link.
//
// A lane of m members with k flows each weighs m·k on a shared link. A group with lanes on several
// routes shares its members' private link between them: that is one more link, on which a lane
// weighs k, since the members' private links all look alike.
func (s *solver) solve(n *Network) {
	s.prepare(n)
	for _, next := range s.order {
		for next.lane.rising {
			link, level := s.bottleneck()
			if next.bound <= level {
				s.stop(n, next.lane, next.bound)
				break
			}
			for _, l := range s.users[link] {
				if l.rising {
					s.stop(n, l, level)
				}
			}
		}
	}
	clear(n.load)
	for _, l := range n.active {
		for _, link := range n.routes[l.route].links {
			n.load[link] += float64(l.rate * float64(n.groups[l.group].members*len(l.flows)))
		}
	}
}

func (s *solver) prepare(n *Network) {
	s.rest = append(s.rest[:0], n.capacity...)
	s.weight = append(s.weight[:0], make([]float64, len(s.rest))...)
	for len(s.users) < len(s.rest) {
		s.users = append(s.users, nil)
	}
	for i := range s.users {
		s.users[i] = s.users[i][:0]
	}
	s.order = s.order[:0]
	for _, l := range n.active {
		l.rising = true
		g := &n.groups[l.group]
		bound := n.routes[l.route].limit
		if len(g.lanes) == 1 {
			bound = min(bound, g.private/float64(len(l.flows)))
		} else if l == g.lanes[0] {
			s.addPrivate(g)
		}
		s.order = append(s.order, bounded{l, bound})
		for _, link := range n.routes[l.route].links {
			s.users[link] = append(s.users[link], l)
			s.weight[link] += float64(g.members * len(l.flows))
		}
	}
	slices.SortStableFunc(s.order, func(a, b bounded) int {
		if a.bound < b.bound {
			return -1
		}
		if a.bound > b.bound {
			return 1
		}
		return 0
	})
}

// addPrivate makes a link of one member's private link, shared by the group's lanes.
func (s *solver) addPrivate(g *group) {
	flows := 0
	for _, l := range g.lanes {
		flows += len(l.flows)
	}
	s.rest = append(s.rest, g.private)
	s.weight = append(s.weight, float64(flows))
	if len(s.users) < len(s.rest) {
		s.users = append(s.users, nil)
	}
	link := len(s.rest) - 1
	s.users[link] = append(s.users[link][:0], g.lanes...)
}

// bottleneck finds the link that fills up first and the level at which it does.
func (s *solver) bottleneck() (link int, level float64) {
	link, level = -1, math.Inf(1)
	for i, w := range s.weight {
		if w > 0 && s.rest[i]/w < level {
			link, level = i, s.rest[i]/w
		}
	}
	return link, level
}

// stop fixes a lane's rate and takes it off its links.
func (s *solver) stop(n *Network, l *lane, rate float64) {
	l.rising, l.rate = false, rate
	g := &n.groups[l.group]
	w := float64(g.members * len(l.flows))
	for _, link := range n.routes[l.route].links {
		s.take(link, w, rate)
	}
	for i := len(n.capacity); i < len(s.rest); i++ {
		if slices.Contains(s.users[i], l) {
			s.take(i, float64(len(l.flows)), rate)
		}
	}
}

func (s *solver) take(link int, weight, rate float64) {
	s.weight[link] -= weight
	s.rest[link] = max(0, s.rest[link]-float64(weight*rate))
}
