package price

import "github.com/fleetcost/fleetcost/sim"

// transfer notes what the two ends of a transfer pay for its bytes. They add up; none replaces another.
func (g *usage) transfer(t *sim.Transfer, from, to place) {
	sent, received := g.base(from), g.base(to)
	sent.from, sent.to, sent.charged, sent.peer, sent.site = from.name, to.name, Sender, to.region, t.To.Datacenter
	received.from, received.to, received.charged, received.peer, received.site = from.name, to.name, Receiver, from.region, t.To.Datacenter
	p := partOf(t)
	put := func(u use, m Meter) {
		u.meter = m
		g.put(u, p, t.Bytes)
	}
	class := t.Class
	if from.managed && class == sim.InterZone {
		class = sim.SameZone // a cloud's registry has an end in every zone
	}
	switch class {
	case sim.InterZone:
		sent.carries = true
		put(sent, InterZone)
		put(received, InterZone)
	case sim.InternetEgress:
		sent.carries = true
		put(sent, InternetEgress)
		put(received, InternetIngress)
	case sim.InternetIngress:
		received.carries = true
		put(received, InternetIngress)
		if from.provider != "" {
			sent.optional = true
			put(sent, HostedTransfer)
		}
	case sim.SameZone, sim.InterRegion:
		sent.carries = true
		meter := Meter(class)
		if from.managed && class == sim.SameZone {
			meter = SameRegion
		}
		put(sent, meter)
	}
}

// processing notes the box that bytes pass on their way into a datacenter.
func (g *usage) processing(t *sim.Transfer, from, to place) {
	u, ok := g.box(t, from, to)
	if !ok {
		return
	}
	p := partOf(t)
	g.put(u, p, t.Bytes)
	if u.meter == NATProcessing {
		g.otherZone(to, p, t.Bytes)
	}
}

// box finds what processes bytes from outside a datacenter on their way to its nodes, its cache or its seed,
// if anything does. A replica that stands there is a server with an address of its own.
func (g *usage) box(t *sim.Transfer, from, to place) (use, bool) {
	if to.dc < 0 || from.dc == to.dc || t.To.Kind == sim.AtReplica {
		return use{}, false
	}
	dc := &g.model.Datacenters[to.dc]
	u := g.base(from)
	u.charged, u.provider, u.region, u.peer = Account, dc.Provider, dc.Region, from.region
	u.from, u.to, u.site = from.name, to.name, to.dc
	switch dc.Egress {
	case sim.NAT:
		u.meter = NATProcessing
	case sim.Endpoint:
		u.meter = EndpointProcessing
		if from.managed && t.Class != sim.InterRegion {
			u.meter = EndpointLayers
		}
	case sim.Direct:
		return use{}, false
	}
	return u, true
}

// otherZone notes what reaches nodes from a gateway of another zone, where not every zone has one.
func (g *usage) otherZone(to place, p part, bytes int64) {
	dc := &g.model.Datacenters[to.dc]
	gateways := g.options.site(to.dc).NATGateways
	if gateways == 0 || gateways >= dc.Zones {
		return
	}
	u := use{
		meter: InterZone, charged: Sender, provider: dc.Provider, region: dc.Region, peer: dc.Region,
		from: dc.Name + "/nat", to: to.name, registry: -1, site: to.dc, share: share{int64(dc.Zones - gateways), int64(dc.Zones)},
	}
	g.put(u, p, bytes)
	u.charged = Receiver
	g.put(u, p, bytes)
}

// requests notes the reads from the bucket that a registry's layers lie in.
func (g *usage) requests(t *sim.Transfer, from, to place) {
	if from.registry < 0 {
		return
	}
	u := g.base(from)
	u.meter, u.charged, u.kind, u.optional, u.from, u.to = ReadRequests, Account, asked, true, from.name, to.name
	u.site = t.To.Datacenter
	g.put(u, partOf(t), t.Layers)
}

// manifests notes what crosses private endpoints beside the layers of the region's registry. The result
// counts manifests over the whole fleet; each way has as large a part of them as of the layers.
func (g *usage) manifests(r *sim.Result) {
	all := int64(0)
	for i := range r.Transfers {
		if k := r.Transfers[i].From.Kind; k == sim.AtRegistry || k == sim.AtReplica {
			all += r.Transfers[i].Layers
		}
	}
	each := share{r.Pulls.Requests - r.Pulls.LayersFetched, all}
	if each.of <= 0 || all == 0 {
		return
	}
	for i := range r.Transfers {
		t := &r.Transfers[i]
		from, to := at(g.model, t.From), at(g.model, t.To)
		if u, ok := g.box(t, from, to); ok && u.meter == EndpointLayers {
			u.meter, u.kind, u.share = EndpointProcessing, estimated, each
			g.put(u, partOf(t), t.Layers*manifestBytes)
		}
	}
}
