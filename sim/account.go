package sim

import (
	"cmp"
	"slices"
)

// A ledger sums transfers up by all that tells them apart. No other sum of what moved is more than its total.
type ledger struct {
	sums  map[Transfer]*sum
	total tally
}

type sum struct{ bytes, layers int64 }

// book notes that a layer of that many bytes moved n times. The transfer's own amounts are zero.
func (l *ledger) book(t Transfer, bytes int64, n int) { l.bookPart(t, bytes, n, true) }

// bookPart notes that n nodes got that many bytes of a layer this way, and whether that counts as the layer.
func (l *ledger) bookPart(t Transfer, bytes int64, n int, whole bool) {
	if n == 0 || bytes == 0 && !whole {
		return
	}
	l.total.add(bytes, int64(n))
	s := l.sums[t]
	if s == nil {
		s = &sum{}
		l.sums[t] = s
	}
	s.bytes += bytes * int64(n)
	if whole {
		s.layers += int64(n)
	}
}

// transfers lists the ledger in the order of Result.Transfers.
func (l *ledger) transfers() []Transfer {
	out := make([]Transfer, 0, len(l.sums))
	for t, s := range l.sums {
		t.Bytes, t.Layers = s.bytes, s.layers
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Transfer) int {
		return cmp.Or(compareEnds(a.From, b.From), compareEnds(a.To, b.To), cmp.Compare(a.Class, b.Class),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Cause, b.Cause))
	})
	return out
}

func compareEnds(a, b End) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Registry, b.Registry), cmp.Compare(a.Datacenter, b.Datacenter))
}

// transfer names a layer that comes to a cohort, and why.
func (e *engine) transfer(c *cohort, p *pull, layer int) Transfer {
	return Transfer{Service: p.image.version.service, Platform: c.spec().Platform, Layer: layer, Cause: e.cause(c, p, layer)}
}

// cause says why the nodes need a layer. A rollout brings what releases have made since the site last ran
// one version throughout; what is older moves because the nodes keep nothing, threw it away or never had it.
func (e *engine) cause(c *cohort, p *pull, layer int) Cause {
	if p.cause != "" {
		return p.cause
	}
	id := p.blob(layer)
	b := &e.content.blobs[id]
	switch {
	case b.born > c.site.running[p.image.version.service].settled.born:
		return b.cause
	case c.task:
		return CauseRestart
	case c.store.lost.has(id):
		return CauseEviction
	case c.store.blobs.has(id):
		return CauseRebuild // blobs are not kept, and the chain below is new
	}
	return CausePlacement
}

// credit books a layer that has arrived on every node of a cohort.
func (e *engine) credit(c *cohort, p *pull, f *flight) {
	id := p.blob(f.layer)
	b := &e.content.blobs[id]
	t := e.transfer(c, p, f.layer)
	t.From, t.To = f.route.from, f.route.to
	if f.route.through != nil {
		up := t
		up.To = *f.route.through
		up.Class = e.model.class(up.From, up.To, true)
		e.ledger.book(up, b.bytes, c.n)
		t.From = up.To
	}
	e.bookByZone(c, t, f, b.bytes)
	total := b.bytes * int64(c.n)
	e.meterBytes(f.route, total)
	if c.task || !c.store.had(id) { // else no scheme needs to move it again
		e.bounds.FloorNode += total
	}
	if !b.counted {
		b.counted = true
		e.bounds.FloorRegistry += b.bytes
	}
}

// bookByZone books a layer's way to the nodes of a cohort: zones matter when it begins in their datacenter.
func (e *engine) bookByZone(c *cohort, t Transfer, f *flight, bytes int64) {
	m, s := e.model, c.site
	dc, _, _ := m.place(t.From)
	if dc != s.index {
		t.Class = m.class(t.From, t.To, true)
		e.ledger.book(t, bytes, c.n)
		return
	}
	for zone, n := range s.inZones(c.nodes) {
		near := int64(0)
		switch {
		case t.From.Kind == AtPeers:
			near = f.near.near(zone, bytes)
		case zone == 0:
			near = bytes
		}
		t.Class = SameZone
		e.ledger.bookPart(t, near, n, near*2 >= bytes)
		t.Class = InterZone
		e.ledger.bookPart(t, bytes-near, n, near*2 < bytes)
	}
}

// meterBytes counts bytes on the links of a route.
func (e *engine) meterBytes(r *route, bytes int64) {
	for _, l := range r.links {
		e.meters[l].bytes += bytes
	}
}

// class names the path between two ends by where they are; near says whether they share a zone, which
// matters only within a datacenter.
func (m *Model) class(from, to End, near bool) Class {
	dc, provider, region := m.place(from)
	here := &m.Datacenters[to.Datacenter]
	inRegion := false
	if from.Kind == AtRegistry {
		loc := m.Registries[from.Registry].Location
		if loc.Kind == OnInternet {
			return InternetIngress
		}
		inRegion = loc.Kind == InRegion
	}
	switch {
	case dc == to.Datacenter && near:
		return SameZone
	case dc == to.Datacenter:
		return InterZone
	case provider == "" || provider != here.Provider:
		return InternetEgress
	case region != here.Region:
		return InterRegion
	case inRegion:
		return SameZone
	}
	return InterZone
}

// result sums the run up.
func (e *engine) result() *Result {
	m := e.model
	r := &Result{Duration: m.Duration, End: e.now, Bounds: e.bounds, Rollouts: e.rollouts, Storage: e.storage, Images: e.services, Stats: e.stats}
	r.Bounds.Naive = e.naive.sum
	r.Transfers = e.ledger.transfers()
	for _, t := range r.Transfers {
		switch {
		case t.Cause == CausePush:
		case t.From.Kind == AtCache:
			r.Cache += t.Bytes
		case t.From.Kind == AtPeers:
			r.Peer += t.Bytes
		default:
			r.Registry += t.Bytes
		}
		if t.To.Kind == AtNodes {
			r.Delivered += t.Bytes
		}
	}
	for i := range e.meters {
		t := &e.meters[i]
		r.Links = append(r.Links, Link{Name: t.name, Bytes: t.bytes, Capacity: t.capacity, Peak: t.peak, P95: t.p95(), Samples: t.averages()})
	}
	slices.SortStableFunc(r.Links, func(a, b Link) int { return cmp.Compare(a.Name, b.Name) })
	r.Pulls = e.pulls.Pulls
	r.Pulls.Seconds = e.pulls.seconds.dist()
	r.Rollouts.Seconds = e.rolloutSeconds.dist()
	r.Nodes = Nodes{DiskPeak: e.fullest(), GCEvictions: e.gcEvictions, Replaced: e.replaced}
	e.sumServices(r)
	return r
}

// fullest returns the disk that the fullest node had taken. Without garbage collection a node's disk only
// ever fills up, so it is enough to look at nodes when they go, when they throw away, and at the end.
func (e *engine) fullest() int64 {
	peak := e.diskPeak
	for _, s := range e.sites {
		for _, o := range s.owners {
			if o.cohort != nil {
				peak = max(peak, s.disk.max(o.span)+o.cohort.disk)
			}
		}
	}
	return peak
}

// sumServices adds what is told per service: memory, nodes, storage, and the restarts that ask a registry.
func (e *engine) sumServices(r *Result) {
	const day = 86400
	r.Memory.PageCache = e.pageCache()
	for i := range e.products {
		p := &e.products[i]
		r.Storage[p.spec.Registry].Stored += e.content.distinct(p.kept...)
		for _, s := range e.sites {
			l := s.running[i].layout
			r.Memory.RSS += int64(l.total) * p.spec.RSS
			r.Images[i].Nodes += l.nodesOf(0, l.total).count()
			if tasks, _ := s.ephemeral(i); p.spec.AlwaysPull {
				r.Pulls.Requests += int64(float64(l.total-tasks) * p.spec.RestartsPerDay * e.model.Duration / day)
			}
		}
	}
}
