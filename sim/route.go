package sim

import (
	"math"
	"slices"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// A route is one way for bytes to reach a site.
type route struct {
	from      End
	to        End
	through   *End // a cache that passes them on; nil: none
	outside   bool // it comes from outside the datacenter
	flow      flow.Route
	links     []int     // shared links, by index into engine.meters
	latency   float64   // one round trip
	narrowest float64   // bandwidth of the links, and of a connection
	slowStart []float64 // per pool, what a new connection's ramp-up costs
}

// initialWindow is how many segments a new connection sends at first (RFC 6928), segment how many
// payload bytes one carries at an MTU of 1500 with timestamps.
const (
	initialWindow = 10
	segment       = 1448
)

// nearLatency is a round trip inside a datacenter, in seconds: our assumption.
const nearLatency = 0.001

// slowStart returns the seconds a new connection loses while its window doubles each round trip from
// the initial one to bandwidth × delay: latency × log2(bandwidth·latency / (10 segments)).
func slowStart(bandwidth, latency float64) float64 {
	// Not math.Log2, which some machines compute with a fused multiply-add.
	rounds := math.Log(bandwidth*latency/(initialWindow*segment)) / math.Ln2
	return float64(latency * max(0, rounds))
}

// wire numbers the shared links of a run.
type wire struct {
	registry []int       // per registry, its bandwidth
	replica  map[End]int // a replica's bandwidth
	in, out  []int       // per datacenter, its uplink each way
	cache    []int       // per datacenter, its cache's bandwidth; -1: none
	peers    []int       // per datacenter, what all nodes together can upload; -1: none
}

// lay makes the meters of all shared links.
func (e *engine) lay() {
	m := e.model
	link := func(name string, capacity float64) int {
		e.meters = append(e.meters, meter{name: name, capacity: capacity, until: m.Duration})
		return len(e.meters) - 1
	}
	e.wire.replica = map[End]int{}
	for i := range m.Registries {
		r := &m.Registries[i]
		e.wire.registry = append(e.wire.registry, link(r.Name+"/bandwidth", r.Bandwidth))
		for _, d := range r.Replicas {
			at := End{Kind: AtReplica, Registry: i, Datacenter: d}
			e.wire.replica[at] = link(r.Name+"@"+m.Datacenters[d].Name+"/bandwidth", r.Bandwidth)
		}
	}
	for i := range m.Datacenters {
		d := &m.Datacenters[i]
		e.wire.in = append(e.wire.in, link(d.Name+"/uplink", d.Uplink))
		e.wire.out = append(e.wire.out, -1)
		if m.sends(i) {
			e.wire.out[i] = link(d.Name+"/uplink-out", d.Uplink)
		}
		e.wire.cache, e.wire.peers = append(e.wire.cache, -1), append(e.wire.peers, -1)
		if d.Cache != nil {
			e.wire.cache[i] = link(d.Name+"/cache", d.Cache.Bandwidth)
		}
		if d.P2P != nil {
			e.wire.peers[i] = link(d.Name+"/peers", d.P2P.Upload*float64(d.Nodes()))
		}
	}
	capacities := make([]float64, len(e.meters))
	for i := range e.meters {
		capacities[i] = e.meters[i].capacity / e.overhead
	}
	e.net = flow.New(capacities)
}

// sends says whether other datacenters may pull from this one.
func (m *Model) sends(datacenter int) bool {
	for i := range m.Registries {
		r := &m.Registries[i]
		if r.Location.Kind == InDatacenter && r.Location.Datacenter == datacenter {
			return true
		}
		if slices.Contains(r.Replicas, datacenter) {
			return true
		}
	}
	return false
}

// nearest returns the end of a registry from which a site pulls: the home, or a replica that is nearer.
func (m *Model) nearest(registry, site int) End {
	best := End{Kind: AtRegistry, Registry: registry}
	for _, d := range m.Registries[registry].Replicas {
		at := End{Kind: AtReplica, Registry: registry, Datacenter: d}
		if m.distance(at, site) < m.distance(best, site) {
			best = at
		}
	}
	return best
}

// distance ranks how far an end is from a site: in it, in its region, with its provider, or farther.
func (m *Model) distance(from End, site int) int {
	here := &m.Datacenters[site]
	dc, provider, region := m.place(from)
	switch {
	case dc == site:
		return 0
	case provider != here.Provider || provider == "":
		return 3
	case region != here.Region:
		return 2
	}
	return 1
}

// place says where an end is: its datacenter or -1, and the provider and region.
func (m *Model) place(at End) (dc int, provider, region string) {
	dc = at.Datacenter
	if at.Kind == AtRegistry {
		loc := m.Registries[at.Registry].Location
		if loc.Kind != InDatacenter {
			return -1, loc.Provider, loc.Region
		}
		dc = loc.Datacenter
	}
	return dc, m.Datacenters[dc].Provider, m.Datacenters[dc].Region
}

// newRoute lays the way from a registry to a site, up to the nodes or to the cache or seed there. Extra
// links follow on it.
func (e *engine) newRoute(registry, site int, to EndKind, extra ...int) *route {
	m := e.model
	reg := &m.Registries[registry]
	r := &route{from: m.nearest(registry, site), to: End{Kind: to, Datacenter: site}, latency: reg.Latency}
	if r.from.Kind == AtRegistry {
		r.links = append(r.links, e.wire.registry[registry])
	} else {
		r.links = append(r.links, e.wire.replica[r.from])
		r.latency = min(r.latency, e.model.replicaLatency(r.from, site, reg.Latency))
	}
	dc, _, _ := m.place(r.from)
	if r.outside = dc != site; r.outside {
		if dc >= 0 {
			r.links = append(r.links, e.wire.out[dc])
		}
		r.links = append(r.links, e.wire.in[site])
	}
	r.links = append(r.links, extra...)
	e.finish(r, site, reg.PerConnection)
	return r
}

// replicaLatency is a round trip to a replica: as inside a datacenter where it stands in the same one,
// the registry's own otherwise.
func (m *Model) replicaLatency(from End, site int, latency float64) float64 {
	if from.Datacenter == site {
		return nearLatency
	}
	return latency
}

// finish works out what a route's links say about its connections.
func (e *engine) finish(r *route, site int, perConnection float64) {
	r.narrowest = wideNIC
	for _, l := range r.links {
		if c := e.meters[l].capacity; c > 0 {
			r.narrowest = min(r.narrowest, c)
		}
	}
	if perConnection > 0 {
		r.narrowest = min(r.narrowest, perConnection)
	}
	dc := &e.model.Datacenters[site]
	for i := range dc.Pools {
		r.slowStart = append(r.slowStart, slowStart(min(r.narrowest, dc.Pools[i].NIC), r.latency))
	}
	r.flow = e.net.AddRoute(r.links, perConnection)
}
