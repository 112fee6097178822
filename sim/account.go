package sim

import (
	"cmp"
	"slices"
)

// A ledger sums transfers up by all that tells them apart.
type ledger map[Transfer]*sum

type sum struct{ bytes, layers int64 }

// book notes that a layer of that many bytes moved n times. The transfer's own amounts are zero.
func (l ledger) book(t Transfer, bytes int64, n int) {
	if n == 0 {
		return
	}
	s := l[t]
	if s == nil {
		s = &sum{}
		l[t] = s
	}
	s.bytes += bytes * int64(n)
	s.layers += int64(n)
}

// transfers lists the ledger in the order of Result.Transfers.
func (l ledger) transfers() []Transfer {
	out := make([]Transfer, 0, len(l))
	for t, s := range l {
		t.Bytes, t.Layers = s.bytes, s.layers
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Transfer) int {
		return cmp.Or(compareEnds(a.From, b.From), compareEnds(a.To, b.To), cmp.Compare(a.Class, b.Class),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Cause, b.Cause))
	})
	return out
}

func compareEnds(a, b End) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Registry, b.Registry), cmp.Compare(a.Datacenter, b.Datacenter))
}

// credit books a layer that has arrived on every node of a cohort.
func (e *engine) credit(c *cohort, v *version, layer int) {
	id := v.blobs[layer]
	b := &e.content.blobs[id]
	s := c.site
	near := c.n
	if loc := e.model.Registries[v.registry].Location; loc.Kind == InDatacenter && loc.Datacenter == s.index {
		near = 0
		for _, sp := range c.nodes {
			near += sp.inZone0(max(1, s.dc.Zones))
		}
	}
	t := Transfer{
		Class: e.model.class(v.registry, s.index, true), From: End{Registry: v.registry},
		To: End{Kind: AtNodes, Datacenter: s.index}, Service: v.service, Layer: layer, Cause: CauseDeploy,
	}
	e.ledger.book(t, b.bytes, near)
	t.Class = e.model.class(v.registry, s.index, false)
	e.ledger.book(t, b.bytes, c.n-near)
	total := b.bytes * int64(c.n)
	for _, l := range s.routes[v.registry].links {
		e.meters[l].bytes += total
	}
	if has(c.store.blobs, id) {
		return // it was there before and thrown away: no scheme needs to move it again
	}
	e.bounds.FloorNode += total
	if !b.left {
		b.left = true
		e.bounds.FloorRegistry += b.bytes
	}
}

// class names the path from a registry to a datacenter by where its ends are.
func (m *Model) class(registry, datacenter int, near bool) Class {
	loc, dc := m.Registries[registry].Location, &m.Datacenters[datacenter]
	provider, region := loc.Provider, loc.Region
	switch {
	case loc.Kind == OnInternet:
		return InternetIngress
	case loc.Kind == InDatacenter && loc.Datacenter == datacenter && near:
		return SameZone
	case loc.Kind == InDatacenter && loc.Datacenter == datacenter:
		return InterZone
	case loc.Kind == InDatacenter:
		provider, region = m.Datacenters[loc.Datacenter].Provider, m.Datacenters[loc.Datacenter].Region
	}
	switch {
	case provider == "" || provider != dc.Provider:
		return InternetEgress
	case region != dc.Region:
		return InterRegion
	case loc.Kind == InRegion:
		return SameZone
	}
	return InterZone
}

// result sums the run up.
func (e *engine) result() *Result {
	m := e.model
	r := &Result{Duration: m.Duration, Bounds: e.bounds, Rollouts: e.rollouts, Storage: e.storage, Images: e.services, Stats: e.stats}
	r.Transfers = e.ledger.transfers()
	for _, t := range r.Transfers {
		r.Registry += t.Bytes
	}
	r.Delivered = r.Registry
	for i := range e.meters {
		t := &e.meters[i]
		r.Links = append(r.Links, Link{Name: t.name, Bytes: t.bytes, Capacity: t.capacity, Peak: t.peak, P95: t.p95(m.Duration), Samples: t.averages(m.Duration)})
	}
	slices.SortStableFunc(r.Links, func(a, b Link) int { return cmp.Compare(a.Name, b.Name) })
	r.Pulls = e.pulls.Pulls
	r.Pulls.Seconds = e.pulls.seconds.dist()
	r.Rollouts.Seconds = e.rolloutSeconds.dist()
	r.Nodes = Nodes{DiskPeak: e.fullest(), Replaced: e.replaced}
	e.sumServices(r)
	return r
}

// fullest returns the disk that the fullest node had taken. A node's disk only ever fills up, so it is
// enough to look at nodes when they go and at the end.
func (e *engine) fullest() int64 {
	peak := e.diskPeak
	for _, s := range e.sites {
		for _, o := range s.owners {
			for node := o.lo; node < o.hi; node++ {
				peak = max(peak, s.disk[node]+o.cohort.disk)
			}
		}
	}
	return peak
}

// sumServices adds what is told per service: memory, nodes and storage.
func (e *engine) sumServices(r *Result) {
	for i := range e.products {
		p := &e.products[i]
		r.Storage[p.spec.Registry].Stored += e.content.distinct(p.kept)
		for _, s := range e.sites {
			if len(s.layouts) > 0 {
				l := &s.layouts[i]
				r.Memory.RSS += int64(l.total) * p.spec.RSS
				r.Images[i].Nodes += l.nodesOf(0, l.total).count()
			}
		}
		r.Memory.PageCache += int64(r.Images[i].Nodes) * p.spec.PageCache
	}
}
