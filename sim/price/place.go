package price

import "github.com/fleetcost/fleetcost/sim"

// A place is where an end of a transfer stands, and who is charged there.
type place struct {
	name             string
	provider, region string // as the model has them
	registry         int    // index, for a registry and its replicas; else -1
	dc               int    // index of the datacenter that it stands in; else -1
	managed          bool   // a cloud's registry service, beside the datacenters of its region
	hosted           bool   // somebody's registry on the internet
}

// at finds the place of an end. A cloud's replica of its managed registry is one of the datacenter's region,
// every other stands in the datacenter itself.
func at(m *sim.Model, e sim.End) place {
	p := place{name: m.NameOf(e), registry: -1, dc: e.Datacenter}
	if e.Kind == sim.AtRegistry || e.Kind == sim.AtReplica {
		loc := m.Registries[e.Registry].Location
		p.registry, p.managed = e.Registry, loc.Kind == sim.InRegion
		if e.Kind == sim.AtRegistry {
			p.hosted, p.dc = loc.Kind == sim.OnInternet, loc.Datacenter
			if loc.Kind != sim.InDatacenter {
				p.provider, p.region, p.dc = loc.Provider, loc.Region, -1
				return p
			}
		}
	}
	p.provider, p.region = m.Datacenters[p.dc].Provider, m.Datacenters[p.dc].Region
	if p.managed = p.managed && p.provider == m.Registries[e.Registry].Location.Provider; p.managed {
		p.dc = -1
	}
	return p
}
