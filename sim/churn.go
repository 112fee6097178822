package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A clockwork yields the instants at which something recurs.
type clockwork struct {
	interval float64 // mean seconds between two; 0: never
	phase    float64 // share of the interval before the first, when regular
	count    int     // yielded so far
	last     float64
	rng      *rand.Rand // nil: regular
}

// next returns the next instant: (k + phase) × interval for the k-th, or an exponential gap after the
// last one.
func (w *clockwork) next() float64 {
	if w.rng != nil {
		w.last = nanos(w.last + float64(w.rng.ExpFloat64()*w.interval))
	} else {
		w.last = (float64(w.count) + w.phase) * w.interval
	}
	w.count++
	return w.last
}

func (e *engine) newClockwork(interval, phase float64, name string) clockwork {
	w := clockwork{interval: interval, phase: phase}
	if e.model.Arrivals == Poisson {
		w.rng = stream(e.model.Seed, name)
	}
	return w
}

// A turnover replaces a pool's nodes so that each lives as long as the pool says on average: one after
// another, or, under Poisson arrivals, whichever the dice pick.
type turnover struct {
	nodes  span
	life   float64    // seconds; 0: for ever
	round  int        // regular: times that every node has been replaced
	turn   int        // regular: next node of this round
	gaps   clockwork  // poisson: between any two replacements
	pick   *rand.Rand // poisson: which node; nil: regular
	victim int        // node of the event on the agenda
}

func (e *engine) newTurnovers(dc *Datacenter) []turnover {
	var out []turnover
	lo := 0
	for i := range dc.Pools {
		p := &dc.Pools[i]
		t := turnover{nodes: span{lo, lo + p.Nodes}, life: p.Replace}
		if e.model.Arrivals == Poisson {
			name := fmt.Sprintf("replace/%s/%s", dc.Name, p.Name)
			t.gaps = e.newClockwork(p.Replace/float64(p.Nodes), 0, name)
			t.pick = stream(e.model.Seed, name+"/node")
		}
		out = append(out, t)
		lo = t.nodes.hi
	}
	return out
}

// next returns when the next node goes and makes it the victim. Regular: node j of n goes at
// (round + (j+1)/(n+1)) × life.
func (t *turnover) next() float64 {
	n := t.nodes.count()
	if t.pick != nil {
		t.victim = t.nodes.lo + t.pick.IntN(n)
		return t.gaps.next()
	}
	if t.turn == n {
		t.round, t.turn = t.round+1, 0
	}
	t.victim = t.nodes.lo + t.turn
	t.turn++
	return (float64(t.round) + float64(t.turn)/float64(n+1)) * t.life
}

func (e *engine) expectReplacement(s *site, pool int) {
	t := &s.turnovers[pool]
	if t.life <= 0 || t.nodes.count() == 0 {
		return
	}
	if at := t.next(); at < e.model.Duration {
		e.agenda.add(event{at: at, kind: replace, site: s.index, index: pool})
	}
}

// replaceNode puts an empty node in a node's place. It pulls every image of its instances.
func (e *engine) replaceNode(s *site, node int) {
	for _, r := range s.rolling {
		if on := s.layouts[r.service].on(span{node, node + 1}, 0, r.started); on > 0 {
			if s.owners.at(node).present(r.version) {
				r.counted[node] = on
			}
		}
	}
	e.replaced++
	pool := e.withdraw(s, node)
	c := e.newCohort(s, pool, spans{{node, node + 1}})
	e.fill(c)
}

// fill makes an empty cohort pull the images of all services on its nodes, which must be the same.
func (e *engine) fill(c *cohort) {
	var wanted []*version
	for i, v := range e.current {
		l := &c.site.layouts[i]
		if l.on(span{c.nodes[0].lo, c.nodes[0].lo + 1}, 0, l.total) == 0 || c.store.holds(v) {
			continue
		}
		same := func(w *version) bool { return w.top() == v.top() }
		if !slices.ContainsFunc(wanted, same) {
			wanted = append(wanted, v)
		}
	}
	for _, v := range wanted {
		c.queue = append(c.queue, request{v, e.now})
	}
	e.nextPull(c)
}
