package sim

import "fmt"

// populate puts the first nodes on a site, those with the same services in one cohort. A warm start
// gives them their services' first versions, a cold one lets them pull.
func (e *engine) populate(s *site) {
	var order []string
	groups := map[string]spans{}
	for _, sp := range s.uniform(e.alone) {
		key := fmt.Sprint(s.poolOf(sp.lo), s.servicesOn(sp.lo))
		if e.alone {
			key = fmt.Sprint(sp)
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], sp)
	}
	for _, key := range order {
		nodes := newSpans(groups[key]...)
		c := e.newCohort(s, s.poolOf(nodes[0].lo), nodes)
		if e.model.Cold {
			e.fill(c)
			continue
		}
		for _, service := range s.servicesOn(nodes[0].lo) {
			e.install(c, e.current[service])
		}
		e.join(c)
	}
}

// uniform cuts a site into spans whose nodes are of one pool and hold the same services.
func (s *site) uniform(alone bool) spans {
	cuts := spans{}
	lo := 0
	for i := range s.dc.Pools {
		if n := s.dc.Pools[i].Nodes; n > 0 {
			cuts = append(cuts, span{lo, lo + n})
			lo += n
		}
	}
	for i := range s.layouts {
		for _, on := range s.layouts[i].nodesOf(0, s.layouts[i].total) {
			cuts = cut(cut(cuts, on.lo), on.hi)
		}
	}
	for node := 1; alone && node < lo; node++ {
		cuts = cut(cuts, node)
	}
	return cuts
}

// cut splits the span that node lies in, if any, before it.
func cut(list spans, node int) spans {
	var out spans
	for _, s := range list {
		if s.lo < node && node < s.hi {
			out = append(out, span{s.lo, node})
			s.lo = node
		}
		if s.lo < s.hi {
			out = append(out, s)
		}
	}
	return out
}

func (s *site) poolOf(node int) int {
	for i := range s.dc.Pools {
		if node -= s.dc.Pools[i].Nodes; node < 0 {
			return i
		}
	}
	panic(fmt.Sprintf("sim: node of no pool in %s", s.dc.Name))
}

// servicesOn lists the services with instances on a node, in the model's order.
func (s *site) servicesOn(node int) []int {
	var out []int
	for i := range s.layouts {
		if s.layouts[i].on(span{node, node + 1}, 0, s.layouts[i].total) > 0 {
			out = append(out, i)
		}
	}
	return out
}

// install puts an image on every node of a cohort without moving a byte.
func (e *engine) install(c *cohort, v *version) {
	for i, id := range v.blobs {
		b := &e.content.blobs[id]
		if c.spec().KeepBlobs && !has(c.store.blobs, id) {
			c.disk += b.bytes
		}
		if !has(c.store.chains, v.chains[i]) {
			c.disk += b.disk
		}
		c.store.blobs = add(c.store.blobs, id)
		c.store.chains = add(c.store.chains, v.chains[i])
	}
}
