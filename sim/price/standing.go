package price

import (
	"math/big"

	"github.com/fleetcost/fleetcost/sim"
)

// wayOut notes what a datacenter's way out costs by the hour. How many boxes that is, the rule says.
func (g *usage) wayOut(dc int) {
	d := &g.model.Datacenters[dc]
	u := use{
		charged: Account, provider: d.Provider, region: d.Region, from: d.Name, to: d.Name,
		registry: -1, site: dc, kind: boxes, fixed: true,
	}
	put := func(m Meter, optional bool) {
		u.meter, u.optional = m, optional
		g.put(u, sharedPart(), 1)
	}
	switch d.Egress {
	case sim.NAT:
		put(NATHour, false)
		put(NATAddressHour, true)
	case sim.Endpoint:
		put(EndpointHour, false)
	case sim.Direct:
		put(AddressHour, true)
	}
}

// registry notes what a registry and each of its replicas cost without any traffic: what they keep, and
// the plan's fees. What somebody else runs may keep images for nothing, a cloud's own does not.
func (g *usage) registry(i int, bytes int64) {
	m := g.model
	g.keeper(at(m, sim.End{Kind: sim.AtRegistry, Registry: i}), -1, RegistryFee, bytes)
	for _, dc := range m.Registries[i].Replicas {
		g.keeper(at(m, sim.End{Kind: sim.AtReplica, Registry: i, Datacenter: dc}), dc, ReplicaFee, bytes)
	}
}

func (g *usage) keeper(p place, site int, fee Meter, bytes int64) {
	u := g.base(p)
	u.site = site
	u.charged, u.from, u.to, u.fixed, u.kind = Account, p.name, p.name, true, stored
	u.meter, u.optional = RegistryStorage, !p.managed
	g.put(u, sharedPart(), bytes)
	u.meter, u.optional, u.kind = fee, u.plan == "", boxes
	g.put(u, sharedPart(), 1)
}

// count is how much of a rule's unit the boxes or fees of a use are in a month.
func (b *biller) count(u *use, r *Rule) *big.Rat {
	n := max(1, r.Times)
	switch {
	case r.Per == PerSeat:
		n *= max(1, b.options.terms(u.registry).Seats)
	case u.registry >= 0 || r.Per == PerSite:
	case r.Per == PerNode || u.meter == AddressHour:
		nodes := b.model.Datacenters[u.site].Nodes()
		if r.Most > 0 {
			nodes = min(nodes, r.Most)
		}
		n *= nodes
	default:
		zones := b.model.Datacenters[u.site].Zones
		if k := b.options.site(u.site).NATGateways; k > 0 && u.meter != EndpointHour {
			zones = k
		}
		n *= zones
	}
	times := int64(1)
	switch r.Unit {
	case "h":
		times = HoursPerMonth
	case "day":
		times = DaysPerMonth
	}
	return new(big.Rat).SetInt64(int64(n) * times)
}
