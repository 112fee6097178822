package sim

import "slices"

// A site is a datacenter while it is simulated.
type site struct {
	index     int
	dc        *Datacenter
	pools     []span // nodes of each pool
	roster    *roster
	running   []running // per service
	owners    owners
	idle      map[key]*cohort
	disk      offsets      // per node, what its present cohort's disk does not say
	rolling   []*rollout   // under way, oldest first
	drawn     int          // times that a service was laid anew
	routes    []*route     // per registry, from its nearest end
	cache     *cache       // nil: none
	peers     *peers       // nil: none
	turnovers []turnover   // per pool
	scales    []scaling    // per pool with autoscaling
	restarts  []restarting // per service with instances on ephemeral nodes
}

// running is a service on a site.
type running struct {
	layout  *layout  // of the current version
	current *version // what a new node is given
	before  *layout  // of the settled version
	settled *version // the last that was rolled out whole
}

func (e *engine) newSite(index int) *site {
	m := e.model
	dc := &m.Datacenters[index]
	s := &site{index: index, dc: dc, idle: map[key]*cohort{}, running: make([]running, len(m.Services))}
	lo := 0
	for i := range dc.Pools {
		s.pools = append(s.pools, span{lo, lo + dc.Pools[i].Nodes})
		lo += dc.Pools[i].Nodes
		if a := dc.Pools[i].Autoscale; a != nil {
			s.scales = append(s.scales, scaling{pool: i, full: a.upAt(0)})
		}
	}
	s.owners.reset(lo)
	s.call()
	for i, l := range layouts(m, index, s.roster) {
		s.running[i] = running{layout: &l, before: &l}
	}
	for i := range m.Services {
		e.draw(s, i, s.running[i].layout, nil)
	}
	s.turnovers = e.newTurnovers(s)
	return s
}

// call makes the roster of the nodes that are there now.
func (s *site) call() {
	var present spans
	for i, pool := range s.pools {
		k := slices.IndexFunc(s.scales, func(x scaling) bool { return x.pool == i })
		if k >= 0 && !s.scales[k].full {
			pool.hi = pool.lo + s.dc.Pools[i].Autoscale.Min
		}
		if pool.lo < pool.hi {
			present = append(present, pool)
		}
	}
	s.roster = newRoster(newSpans(present...))
}

// draw lays a service's instances by lot where it asks for that; see layout.redraw.
func (e *engine) draw(s *site, service int, l *layout, stay *draw) {
	if e.model.Services[service].Placement != Random || l.total == 0 || e.model.Services[service].Workload == DaemonSet {
		return
	}
	key := [2]int{s.index, service}
	if e.lots[key] == nil {
		e.lots[key] = stream(e.model.Seed, "placement/"+e.model.Services[service].Name+"/"+s.dc.Name)
	}
	l.redraw(e.lots[key], s.dc.Nodes(), stay)
}

// runs says whether an image is what a service's newest version on the site is, for the nodes of a cohort.
func (s *site) runs(c *cohort, g *image) bool {
	return slices.ContainsFunc(s.running, func(r running) bool { return c.image(r.current).top() == g.top() })
}

func (s *site) poolOf(node int) int {
	return slices.IndexFunc(s.pools, func(p span) bool { return p.lo <= node && node < p.hi })
}

// servicesOn lists the services with instances on a node, in the model's order.
func (s *site) servicesOn(node int) []int {
	var out []int
	for i := range s.running {
		l := s.running[i].layout
		if l.on(span{node, node + 1}, 0, l.total) > 0 {
			out = append(out, i)
		}
	}
	return out
}

// uniform cuts nodes into spans of one pool whose nodes hold the same services.
func (s *site) uniform(nodes spans, alone bool) spans {
	var cuts []int
	for _, p := range s.pools {
		cuts = append(cuts, p.lo, p.hi)
	}
	for i := range s.running {
		l := s.running[i].layout
		for _, on := range l.nodesOf(0, l.total) {
			cuts = append(cuts, on.lo, on.hi)
		}
		if l.drawn != nil || alone {
			cuts = append(cuts, everyNode(nodes)...)
			break
		}
	}
	slices.Sort(cuts)
	return nodes.cut(slices.Compact(cuts))
}

func everyNode(nodes spans) []int {
	var out []int
	for _, s := range nodes {
		for node := s.lo; node < s.hi; node++ {
			out = append(out, node)
		}
	}
	return out
}

// inZones counts nodes by zone: node j stands in zone j mod the number of zones.
func (s *site) inZones(nodes spans) []int {
	zones := max(1, s.dc.Zones)
	out := make([]int, zones)
	for _, sp := range nodes {
		for z := range out {
			out[z] += (sp.hi+zones-1-z)/zones - (sp.lo+zones-1-z)/zones
		}
	}
	return out
}
