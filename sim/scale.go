package sim

import (
	"math"
	"slices"
)

// scaling is a pool whose nodes come and go by the clock.
type scaling struct {
	pool int
	full bool
}

// upAt says whether the pool has all its nodes at t.
func (a *Autoscale) upAt(t float64) bool {
	const day = 86400
	at := t - float64(math.Floor(t/day)*day)
	if a.Up <= a.Down {
		return a.Up <= at && at < a.Down
	}
	return at >= a.Up || at < a.Down
}

// nextChange is the first instant after t at which the number of nodes changes.
func (a *Autoscale) nextChange(t float64) float64 {
	const day = 86400
	midnight := float64(math.Floor(t/day) * day)
	next := math.Inf(1)
	for _, at := range [4]float64{midnight + a.Up, midnight + a.Down, midnight + day + a.Up, midnight + day + a.Down} {
		if at > t {
			next = min(next, at)
		}
	}
	return next
}

func (e *engine) expectScaling(s *site, index int) {
	at := s.dc.Pools[s.scales[index].pool].Autoscale.nextChange(e.now)
	if at < e.model.Duration {
		e.agenda.add(at, scale, event{site: s.index, index: index})
	}
}

// scaled adds a pool's nodes or takes them away, and lays the instances of all services anew: those of
// nodes that go start elsewhere, where they pull what is missing. What is rolling out there begins again.
func (e *engine) scaled(s *site, index int) {
	x := &s.scales[index]
	pool, a := s.pools[x.pool], s.dc.Pools[x.pool].Autoscale
	full := a.upAt(e.now)
	if full == x.full {
		return
	}
	x.full = full
	some := span{pool.lo + a.Min, pool.hi}
	if !full {
		for node := some.lo; node < some.hi; node++ {
			e.withdraw(s, node)
		}
		s.owners.assign(some, nil)
	}
	s.call()
	for i, l := range layouts(e.model, s.index, s.roster) {
		run := &s.running[i]
		e.draw(s, i, &l, run.layout.drawn)
		if run.before == run.layout {
			run.before = &l
		}
		run.layout = &l
	}
	for i := range s.running {
		e.resort(s, i)
	}
	if full && some.lo < some.hi {
		e.settleIn(s, spans{some}, CauseChurn)
	}
	e.rearrange(s)
}

// rearrange brings a site's services to where they are laid now.
func (e *engine) rearrange(s *site) {
	for i := range s.running {
		run := &s.running[i]
		for _, part := range e.partsOf(s, run.layout.nodesOf(0, run.layout.total)) {
			c := part.cohort
			g := c.image(run.current)
			if c.spec().Ephemeral || c.store.holds(g) || c.pending(g) || run.current != run.settled {
				continue
			}
			if part.nodes.count() < c.n {
				c = e.split(c, part.nodes)
			}
			e.request(c, request{image: g, at: e.now, cause: CausePlacement})
		}
	}
	for _, r := range slices.Clone(s.rolling) {
		r.finished = true
		s.rolling = slices.DeleteFunc(s.rolling, func(x *rollout) bool { return x == r })
		e.roll(s, r.service, r.version, r.began, r.then)
	}
}
