package sim

import "fmt"

// populate puts the first nodes on a site. A warm start gives them their services' first versions, a cold
// one lets them pull.
func (e *engine) populate(s *site) {
	if e.model.Cold {
		e.settleIn(s, s.roster.present, CauseStart)
		return
	}
	for _, nodes := range e.alike(s, s.roster.present) {
		c := e.newCohort(s, s.poolOf(nodes[0].lo), nodes)
		if !c.spec().Ephemeral {
			for _, service := range s.servicesOn(nodes[0].lo) {
				e.install(c, c.image(s.running[service].current))
			}
		}
		e.join(c)
	}
	if k := s.cache; k != nil {
		e.stock(s, k)
	}
}

// settleIn puts empty nodes on a site and lets them pull what they need.
func (e *engine) settleIn(s *site, nodes spans, cause Cause) {
	for _, some := range e.alike(s, nodes) {
		e.equip(e.newCohort(s, s.poolOf(some[0].lo), some), cause)
	}
}

// alike groups nodes of one pool that hold the same services, in the order of their lowest nodes.
func (e *engine) alike(s *site, nodes spans) []spans {
	var order []string
	groups := map[string]spans{}
	for _, sp := range s.uniform(nodes, e.alone) {
		key := fmt.Sprint(s.poolOf(sp.lo), s.servicesOn(sp.lo))
		if e.alone {
			key = fmt.Sprint(sp)
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = groups[key].push(sp)
	}
	var out []spans
	for _, key := range order {
		out = append(out, groups[key])
	}
	return out
}

// install puts an image on every node of a cohort without moving a byte.
func (e *engine) install(c *cohort, g *image) {
	for i, id := range g.blobs {
		e.content.blobs[id].counted = true
		if !c.store.blobs.has(id) {
			e.receive(c, id)
		}
		if !c.store.chains.has(g.chains[i]) {
			c.disk += e.content.blobs[id].disk
			c.store.chains.add(g.chains[i])
		}
	}
}

// stock gives a cache, or a seed, what its nodes hold when the run begins.
func (e *engine) stock(s *site, k *cache) {
	for i := range s.running {
		run := &s.running[i]
		if run.layout.total == 0 || !s.routes[e.model.Services[i].Registry].outside {
			continue
		}
		for p := range s.dc.Pools {
			g := run.current.images[s.dc.Pools[p].Platform]
			k.manifests[g] = true
			for _, id := range g.blobs {
				e.content.blobs[id].counted = true
				if k.find(id, 0) == nil {
					x := &entry{id: id, bytes: e.content.blobs[id].bytes}
					k.entries[id] = x
					k.store(x, 0)
				}
			}
		}
	}
}
