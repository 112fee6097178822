package sim

import "fmt"

// startTasks lets instances start on ephemeral nodes of a cohort. Each pulls the whole image, over a NIC
// of its own, and leaves nothing behind.
func (e *engine) startTasks(host *cohort, nodes spans, on func(span) int, rq request) {
	for round := 1; ; round++ {
		var with spans // nodes on which that many start
		for _, sp := range nodes {
			for node := sp.lo; node < sp.hi; node++ {
				if on(span{node, node + 1}) >= round {
					with = with.push(span{node, node + 1})
				}
			}
		}
		if len(with) == 0 {
			return
		}
		for _, part := range with.groups(e.alone) {
			c := &cohort{site: host.site, pool: host.pool, nodes: part, n: part.count(), task: true, queue: []request{rq}}
			e.cohorts++
			e.stats.States = max(e.stats.States, e.cohorts)
			e.nextPull(c)
		}
		nodes = with
	}
}

// groups returns the whole set, or, when every node is simulated alone, each node of it.
func (ss spans) groups(alone bool) []spans {
	if !alone {
		return []spans{ss}
	}
	var out []spans
	for _, s := range ss.cut(everyNode(ss)) {
		out = append(out, spans{s})
	}
	return out
}

// partOf takes the first n nodes of a cohort, with all they are doing, into a cohort of their own.
func (e *engine) partOf(c *cohort, n int) *cohort {
	nodes := c.nodes.lowest(n)
	if !c.task {
		return e.split(c, nodes)
	}
	d := &cohort{site: c.site, pool: c.pool, nodes: nodes, n: n, task: true}
	c.nodes = c.nodes.minus(nodes)
	c.n -= n
	for _, p := range c.pulls {
		d.pulls = append(d.pulls, p.clone())
	}
	e.cohorts++
	e.stats.States = max(e.stats.States, e.cohorts)
	return d
}

// restarting is the restarts of a service's instances on a site's ephemeral nodes.
type restarting struct {
	service int
	clock   clockwork
	turn    int
}

// newRestarts finds the services whose instances restart where nothing is kept. Restart k of n instances,
// each r times a day, comes at (k + 1/2) / (n·r) days.
func (e *engine) newRestarts(s *site) {
	for i := range e.model.Services {
		spec := &e.model.Services[i]
		instances, _ := s.ephemeral(i)
		if instances == 0 || spec.RestartsPerDay == 0 {
			continue
		}
		const day = 86400
		clock := e.newClockwork(day/(spec.RestartsPerDay*float64(instances)), 0.5, fmt.Sprintf("restarts/%s/%s", spec.Name, s.dc.Name))
		s.restarts = append(s.restarts, restarting{service: i, clock: clock})
	}
}

// ephemeral counts a service's instances on ephemeral nodes and lists the nodes.
func (s *site) ephemeral(service int) (instances int, nodes spans) {
	l := s.running[service].layout
	for _, sp := range l.nodesOf(0, l.total) {
		for i, pool := range s.pools {
			if part := sp.clip(pool); s.dc.Pools[i].Ephemeral && part.lo < part.hi {
				instances += l.on(part, 0, l.total)
				nodes = append(nodes, part)
			}
		}
	}
	return instances, nodes
}

func (e *engine) expectRestart(s *site, index int) {
	if at := s.restarts[index].clock.next(); at < e.model.Duration {
		e.agenda.add(at, restart, event{site: s.index, index: index})
	}
}

// restarted starts one instance again: those of the nodes take turns.
func (e *engine) restarted(s *site, index int) {
	r := &s.restarts[index]
	_, nodes := s.ephemeral(r.service)
	k := r.turn % max(1, nodes.count())
	r.turn++
	for _, sp := range nodes {
		if k < sp.count() {
			host := s.owners.at(sp.lo + k)
			g := host.image(s.running[r.service].current)
			one := func(span) int { return 1 }
			e.startTasks(host, spans{{sp.lo + k, sp.lo + k + 1}}, one, request{image: g, at: e.now, cause: CauseRestart})
			return
		}
		k -= sp.count()
	}
}
