package scenarios

import (
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

func (s *Scenario) simRegistry(i int) sim.Registry {
	r := &s.Registries[i]
	out := sim.Registry{
		Name: r.Name, Bandwidth: float64(r.Bandwidth), PerConnection: float64(r.PerConnection),
		Latency: float64(r.Latency), KeepVersions: r.KeepVersions,
	}
	if r.PullLimit != nil {
		out.PullLimit = sim.PullLimit{Pulls: r.PullLimit.Pulls, Per: float64(r.PullLimit.Per)}
	}
	for _, name := range r.Replicas {
		at := slices.IndexFunc(s.Datacenters, func(d Datacenter) bool { return d.Name == name })
		out.Replicas = append(out.Replicas, at)
	}
	switch {
	case r.Location.Datacenter != "":
		at := slices.IndexFunc(s.Datacenters, func(d Datacenter) bool { return d.Name == r.Location.Datacenter })
		out.Location = sim.Location{Kind: sim.InDatacenter, Datacenter: at}
	case !r.Location.Internet():
		out.Location = sim.Location{Kind: sim.InRegion, Provider: r.Location.Provider, Region: r.Location.Region}
	default:
		out.Location.Provider, _ = r.terms()
	}
	return out
}

func (b *bridge) datacenter(d *Datacenter) sim.Datacenter {
	out := sim.Datacenter{Name: d.Name, Region: d.Region, Zones: d.Zones, Uplink: float64(d.Uplink)}
	if isCloud(d.Provider) {
		out.Provider = d.Provider
	}
	switch d.Egress {
	case EgressNAT:
		out.Egress = sim.NAT
	case EgressEndpoint:
		out.Egress = sim.Endpoint
	case EgressDirect:
		out.Egress = sim.Direct
	}
	for i := range d.Pools {
		out.Pools = append(out.Pools, b.pool(&d.Pools[i]))
	}
	if d.Cache != nil {
		out.Cache = simCache(d.Cache)
	}
	if d.P2P != nil {
		out.P2P = &sim.P2P{Upload: float64(d.P2P.Upload)}
		if d.P2P.Kind == P2PDragonfly {
			out.P2P.Kind = sim.Dragonfly
		}
	}
	return out
}

// unlimitedNIC stands for a NIC without a limit, in bytes per second: the engine wants a number, and
// this is the highest that a file can write.
const unlimitedNIC = 1e15

func (b *bridge) pool(p *Pool) sim.Pool {
	out := sim.Pool{
		Name: p.Name, Nodes: p.Nodes, NIC: float64(p.NIC), Slots: p.ConcurrentDownloads,
		KeepBlobs: p.KeepBlobs, Unpack: float64(p.Unpack), Platform: slices.Index(b.platforms, p.Platform),
		SlotsPerImage: p.DownloadScope == ScopeImage, ParallelPulls: !p.SerializePulls, Ephemeral: p.Ephemeral,
	}
	if p.ImageDisk > 0 {
		gc := GC{}
		gc.setDefaults()
		if p.GC != nil {
			gc = *p.GC
		}
		out.ImageDisk, out.GCHigh, out.GCLow = int64(p.ImageDisk), float64(gc.High), float64(gc.Low)
	}
	if a := p.Autoscale; a != nil {
		out.Nodes = a.Max
		out.Autoscale = &sim.Autoscale{Min: a.Min, Up: a.Up.Seconds(), Down: a.Down.Seconds()}
	}
	if out.NIC == 0 {
		out.NIC = unlimitedNIC
	}
	if p.Replace != nil {
		out.Replace = float64(p.Replace.Every)
	}
	return out
}

func simCache(c *Cache) *sim.Cache {
	kinds := map[CacheKind]sim.CacheKind{
		CacheDistribution: sim.Distribution, CacheDistribution28: sim.Distribution28, CacheHarbor: sim.Harbor,
		CacheZot: sim.Zot, CacheNginx: sim.Nginx, CacheIdeal: sim.Ideal,
	}
	return &sim.Cache{Kind: kinds[c.Kind], Bandwidth: float64(c.Bandwidth), Disk: int64(c.Disk), TTL: float64(c.TTL)}
}
