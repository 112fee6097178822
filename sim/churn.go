package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

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

func (e *engine) newTurnovers(s *site) []turnover {
	var out []turnover
	for i := range s.dc.Pools {
		p := &s.dc.Pools[i]
		t := turnover{nodes: s.pools[i], life: p.Replace}
		if e.model.Arrivals == Poisson {
			name := fmt.Sprintf("replace/%s/%s", s.dc.Name, p.Name)
			t.gaps = e.newClockwork(p.Replace/float64(p.Nodes), 0, name)
			t.pick = stream(e.model.Seed, name+"/node")
		}
		out = append(out, t)
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
		e.agenda.add(at, replace, event{site: s.index, index: pool})
	}
}

// replaceNode puts an empty node in a node's place, if that is there. It pulls every image of its instances.
func (e *engine) replaceNode(s *site, node int) {
	if s.owners.at(node) == nil {
		return
	}
	for _, r := range s.rolling {
		on := r.layout.on(span{node, node + 1}, 0, r.started)
		if c := s.owners.at(node); on > 0 && !c.spec().Ephemeral && c.present(c.image(r.version)) {
			r.counted[node] = on
		}
	}
	e.replaced++
	pool := e.withdraw(s, node)
	e.equip(e.newCohort(s, pool, spans{{node, node + 1}}), CauseChurn)
}

// equip makes an empty cohort pull the images of all services on its nodes, which must be the same.
func (e *engine) equip(c *cohort, cause Cause) {
	var wanted []*image
	for _, service := range c.site.servicesOn(c.nodes[0].lo) {
		run := &c.site.running[service]
		g := c.image(run.current)
		if c.spec().Ephemeral {
			l := run.layout
			e.startTasks(c, c.nodes, func(node span) int { return l.on(node, 0, l.total) }, request{image: g, at: e.now, cause: cause})
			continue
		}
		for _, sp := range c.nodes {
			e.recheck(service, run.layout.on(sp, 0, run.layout.total))
		}
		same := func(w *image) bool { return w.top() == g.top() }
		if !c.store.holds(g) && !slices.ContainsFunc(wanted, same) {
			wanted = append(wanted, g)
		}
	}
	for _, g := range wanted {
		c.queue = append(c.queue, request{image: g, at: e.now, cause: cause})
	}
	e.nextPull(c)
}
