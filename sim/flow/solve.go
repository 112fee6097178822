package flow

import "math"

// A region is what a change can reach: the routes that lost or won flows, all routes that share a full
// link with one of these, all that share a group with one, and so on. Nothing else gets another rate.
//
// Within a region the links are shared out by progressive filling: the level of all flows rises; when a
// link is full, or the limit of a route is met, the flows there keep the level reached and the others
// rise on. Flows whose member's private link is full stop by themselves; they are summed up by family,
// never visited.
type region struct {
	round      int // of solving
	routes     []*route
	links      []*link
	families   []*family
	level      float64 // which all flows have reached
	rising     int     // routes not yet stopped
	candidates queue[candidate]
}

type routeState struct {
	round  int
	rising bool
}

type linkState struct {
	round  int
	whole  bool    // all its routes are in the region
	fixed  float64 // rate of the flows that have stopped and of those outside the region
	rising int     // crossings of routes that rise
	next   float64 // the level at which it is a candidate
	fresh  bool    // that is where it is full as things stand; otherwise it is full there or later
}

// A candidate is what may stop routes next: a full link, or a route's own limit.
type candidate struct {
	link  *link
	route *route
}

func (candidate) put(int) {}

// solve sets the rates of all clocks and the load of all links.
func (n *Network) solve() {
	s := &n.region
	s.round++
	s.routes, s.links, s.families = s.routes[:0], s.links[:0], s.families[:0]
	for _, r := range n.touched {
		r.touched = false
		s.reach(r)
	}
	for _, l := range n.retuned {
		if l.full || l.load > l.capacity {
			s.reachAll(l)
		}
	}
	n.touched, n.retuned = n.touched[:0], n.retuned[:0]
	for again := true; again; {
		s.fill()
		again = false
		for _, l := range s.links {
			if l.full && !l.solving.whole {
				again = again || s.reachAll(l)
			}
		}
	}
	n.apply()
}

// reach takes a route into the region, with what is tied to it.
func (s *region) reach(r *route) {
	if r.solving.round == s.round {
		return
	}
	r.solving.round = s.round
	s.routes = append(s.routes, r)
	for _, l := range r.links {
		if l.solving.round != s.round {
			l.solving = linkState{round: s.round}
			s.links = append(s.links, l)
			if l.full {
				s.reachAll(l)
			}
		}
	}
	for _, u := range r.users {
		f := u.family
		if f.solving.round != s.round {
			f.solving.round = s.round
			s.families = append(s.families, f)
			for _, p := range f.parts {
				s.reach(p.route)
			}
		}
	}
}

// reachAll takes all routes over a link into the region and says whether any of them was outside.
func (s *region) reachAll(l *link) bool {
	if l.solving.round != s.round {
		l.solving = linkState{round: s.round}
		s.links = append(s.links, l)
	}
	l.solving.whole = true
	before := len(s.routes)
	for _, c := range l.routes {
		s.reach(c.route)
	}
	return len(s.routes) > before
}

// fill finds the level of every route of the region.
func (s *region) fill() {
	s.begin()
	for s.rising > 0 && len(s.candidates) > 0 {
		level, next := s.candidates[0].at.hi, s.candidates[0].item
		s.candidates.remove(1)
		switch {
		case next.route != nil:
			if next.route.solving.rising {
				s.level = max(s.level, level)
				s.stop(next.route)
			}
		case next.link.solving.rising == 0 || next.link.solving.next != level:
		case !next.link.solving.fresh:
			next.link.solving.fresh = true
			s.proposeLink(next.link, s.fullAt(next.link))
		default:
			s.level = max(s.level, level)
			next.link.full = true
			for _, c := range next.link.routes {
				if c.route.solving.rising {
					s.stop(c.route)
				}
			}
		}
	}
	s.level = math.Inf(1)
	for _, f := range s.families {
		s.hold(f)
	}
}

// begin lets all routes of the region rise from 0. A link's first level to propose is the one at which
// it would be full if no flow stopped before.
func (s *region) begin() {
	s.level, s.rising = 0, 0
	s.candidates = s.candidates[:0]
	for _, f := range s.families {
		f.begin()
	}
	for _, r := range s.routes {
		r.load, r.level = 0, math.Inf(1)
		r.solving.rising = len(r.users) > 0
		if r.solving.rising {
			s.rising++
			s.propose(r.limit, candidate{route: r})
		}
	}
	for _, l := range s.links {
		x := &l.solving
		x.fixed, x.rising, x.fresh = 0, 0, false
		weight, most := 0.0, 0.0
		for _, c := range l.routes {
			if c.route.solving.round != s.round {
				x.fixed += c.route.load
			} else if c.route.solving.rising {
				x.rising++
				w, m := c.route.most()
				weight += w
				most += m
			}
		}
		l.full = false
		if x.fixed+most > l.capacity {
			s.proposeLink(l, (l.capacity-x.fixed)/weight)
		}
	}
}

// most returns how many flows a route has and what their private links and their limit let through.
func (r *route) most() (flows, rate float64) {
	for _, u := range r.users {
		flows += float64(u.flows * u.tree.weightBelow)
		rate += u.tree.rateBelow
	}
	return flows, min(rate, flows*r.limit)
}

func (s *region) propose(level float64, c candidate) {
	if !math.IsInf(level, 1) {
		s.candidates.set(0, sum{hi: level}, c)
	}
}

func (s *region) proposeLink(l *link, level float64) {
	l.solving.next = level
	s.propose(level, candidate{link: l})
}

// stop ends the rise of a route at the present level.
func (s *region) stop(r *route) {
	s.rising--
	for _, u := range r.users {
		s.hold(u.family)
		x := &u.solving
		s.carry(r, float64(float64(u.flows*s.level)*(u.tree.weightBelow-x.weight)))
		x.taken += float64(u.flows * s.level)
		x.rising -= u.flows
	}
	r.level = s.level
	r.solving.rising = false
	for _, l := range r.links {
		l.solving.rising--
		l.solving.fresh = false
	}
	for _, u := range r.users {
		s.reconsider(u.family)
	}
}

// reconsider looks again at the links of a family's other routes. What flows that stopped leave of a
// private link is theirs, so that they may fill up earlier than it seemed; all others fill up later.
func (s *region) reconsider(f *family) {
	if !f.mixed() {
		return
	}
	for _, p := range f.parts {
		if !p.route.solving.rising {
			continue
		}
		for _, l := range p.route.links {
			l.solving.fresh = false
			if l.solving.next != s.level {
				s.proposeLink(l, s.level)
			}
		}
	}
}

// hold accounts for the classes of a family whose private links have filled up below the present level.
func (s *region) hold(f *family) {
	x := &f.solving
	if x.rising == 0 {
		return
	}
	weight, rate, held := f.heldAt(s.level)
	for _, p := range f.parts {
		if p.route.solving.rising {
			s.carry(p.route, float64(p.flows*held))
		}
	}
	x.weight, x.rate = weight, rate
}

// carry adds to the load of a route and its links.
func (s *region) carry(r *route, rate float64) {
	r.load += rate
	for _, l := range r.links {
		l.solving.fixed += rate
	}
}

// apply makes the levels found those of the network.
func (n *Network) apply() {
	s := &n.region
	for _, l := range s.links {
		l.load = l.solving.fixed
		if !l.full {
			l.level = math.Inf(1)
		}
	}
	for _, r := range s.routes {
		rate := r.level
		if math.IsInf(rate, 1) {
			rate = 0 // nobody follows
		}
		n.turn(&r.clock, rate)
		if len(r.users) == 0 && r.listed {
			r.delist()
		}
	}
	for _, f := range s.families {
		n.balance(f)
	}
}
