package sim

import (
	"cmp"
	"slices"
)

// carried is what has moved from one registry to one site, in bytes.
type carried struct {
	near int64 // to nodes of the zone in which the registry stands; all where zones do not matter
	far  int64 // to nodes of the site's other zones
}

// credit books a layer that has arrived on every node of a cohort.
func (e *engine) credit(c *cohort, registry int, id blobID) {
	b := &e.content.blobs[id]
	s := c.site
	total := b.bytes * int64(c.n)
	near := int64(c.n)
	if loc := e.model.Registries[registry].Location; loc.Kind == InDatacenter && loc.Datacenter == s.index {
		near = 0
		for _, sp := range c.nodes {
			near += int64(sp.inZone0(max(1, s.dc.Zones)))
		}
	}
	s.paths[registry].near += b.bytes * near
	s.paths[registry].far += total - b.bytes*near
	for _, l := range s.routes[registry].links {
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
	for _, s := range e.sites {
		for registry := range s.paths {
			for _, p := range []Path{
				{m.class(registry, s.index, true), registry, s.index, s.paths[registry].near},
				{m.class(registry, s.index, false), registry, s.index, s.paths[registry].far},
			} {
				if p.Bytes > 0 {
					r.Paths = append(r.Paths, p)
					r.Registry += p.Bytes
				}
			}
		}
	}
	slices.SortFunc(r.Paths, func(a, b Path) int {
		return cmp.Or(cmp.Compare(a.Registry, b.Registry), cmp.Compare(a.To, b.To), cmp.Compare(a.Class, b.Class))
	})
	r.Delivered = r.Registry
	for i := range e.meters {
		t := &e.meters[i]
		r.Links = append(r.Links, Link{Name: t.name, Bytes: t.bytes, Capacity: t.capacity, Peak: t.peak, P95: t.p95(m.Duration)})
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
