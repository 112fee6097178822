package flow

import "math"

// What runs at one rate shares one clock of bytes served, so that an event touches what it concerns
// and no other flow:
//
//	network   time              clocks, by when their next flow ends
//	clock     bytes per flow    lanes, by mark
//	lane      bytes per flow    strands, by mark
//	strand    bytes per flow    flows, by mark
//
// A mark is what a clock will show when a flow ends: it never changes while the flow runs, however the
// rate does. Each reading is its parent's less a base, so that a strand moves between lanes, and a lane
// between clocks, without its flows' marks being touched.

// A clock counts the bytes served to each flow that follows it.
type clock struct {
	served sum // up to since
	since  sum // seconds
	rate   float64
	lanes  queue[*lane]
	slot   int
	few    [1]entry[*lane] // room for lanes at first
}

// A lane is the flows of one class on one route.
type lane struct {
	strands queue[*strand]
	clock   *clock // the route's, or own
	own     clock
	base    sum
	slot    int
	few     [1]entry[*strand] // room for strands at first
}

// A strand is the flows of one group on one route.
type strand struct {
	group *group
	route *route
	lane  *lane // nil: follows none; base is then minus its reading
	flows queue[transfer]
	base  sum
	slot  int
	few   [4]entry[transfer] // room for flows at first
}

// A transfer is a flow under way, one for each member of its group.
type transfer struct {
	start float64
	order uint64 // of starting
	tag   int
}

func (c *clock) put(slot int)  { c.slot = slot }
func (l *lane) put(slot int)   { l.slot = slot }
func (s *strand) put(slot int) { s.slot = slot }
func (transfer) put(int)       {}

// at brings a clock up to date and reads it. Each step's rounding is relative to the step, and so a
// flow's to the flow, for how long the clock may have run before.
func (c *clock) at(now sum) sum {
	if c.since != now {
		c.served = c.served.plus(float64(c.rate * now.minus(c.since)))
		c.since = now
	}
	return c.served
}

func (l *lane) at(now sum) sum { return l.clock.at(now).sub(l.base) }

func (s *strand) at(now sum) sum {
	if s.lane == nil {
		return sum{}.sub(s.base)
	}
	return s.lane.at(now).sub(s.base)
}

// turn sets a clock's rate from now on.
func (n *Network) turn(c *clock, rate float64) {
	if c.rate == rate {
		return
	}
	c.at(n.now)
	c.rate = rate
	n.scheduleClock(c)
}

// follow makes a lane go by another clock.
func (n *Network) follow(l *lane, c *clock) {
	if l.clock == c {
		return
	}
	old, reading := l.clock, l.at(n.now)
	l.clock, l.base = c, c.at(n.now).sub(reading)
	if l.slot > 0 {
		old.lanes.remove(l.slot)
		n.scheduleClock(old)
	}
	n.scheduleLane(l)
}

// attach makes a strand go by a lane, detach by none.
func (n *Network) attach(s *strand, l *lane) {
	s.base = s.base.add(l.at(n.now))
	s.lane = l
	n.scheduleStrand(s)
}

func (n *Network) detach(s *strand) {
	l := s.lane
	if l == nil {
		return
	}
	s.base = s.base.sub(l.at(n.now))
	s.lane = nil
	if s.slot > 0 {
		l.strands.remove(s.slot)
		n.scheduleLane(l)
	}
}

// scheduleStrand puts a strand where its next end belongs, and what it goes by where theirs does.
func (n *Network) scheduleStrand(s *strand) {
	l := s.lane
	switch {
	case len(s.flows) > 0:
		l.strands.set(s.slot, s.flows[0].at.add(s.base), s)
	case s.slot > 0:
		l.strands.remove(s.slot)
	}
	n.scheduleLane(l)
}

func (n *Network) scheduleLane(l *lane) {
	c := l.clock
	switch {
	case len(l.strands) > 0:
		at := l.strands[0].at.add(l.base)
		if l.slot > 0 && c.lanes[l.slot-1].at == at {
			return
		}
		c.lanes.set(l.slot, at, l)
	case l.slot > 0:
		c.lanes.remove(l.slot)
	}
	n.scheduleClock(c)
}

func (n *Network) scheduleClock(c *clock) {
	switch {
	case len(c.lanes) > 0:
		n.clocks.set(c.slot, c.end(n.now), c)
	case c.slot > 0:
		n.clocks.remove(c.slot)
	}
}

// end returns when the first mark is reached.
func (c *clock) end(now sum) sum {
	left := max(0, c.lanes[0].at.minus(c.at(now)))
	seconds := left / c.rate
	if !(seconds <= math.MaxFloat64) { // no rate yet, or one too small for any float64
		return sum{hi: math.Inf(1)}
	}
	return now.plus(seconds)
}
