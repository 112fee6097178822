package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A generator makes small fleets that between them use every part of the model.
type generator struct {
	*rand.Rand
	plain bool // only what the plain twin knows: direct pulls of images that deploys change
}

func (g generator) pick(list ...float64) float64 { return list[g.IntN(len(list))] }

// sometimes is true once in n times, and never for plain fleets.
func (g generator) sometimes(n int) bool { return g.IntN(n) == 0 && !g.plain }

func randomModel(seed uint64) *Model { return generate(seed, false) }

func generate(seed uint64, plain bool) *Model {
	g := generator{rand.New(rand.NewPCG(seed, 99)), plain}
	m := &Model{
		Duration: 3600 * g.pick(1, 5, 24), Cold: g.IntN(3) == 0, Arrivals: Arrivals(g.IntN(2)), Seed: seed,
		WireOverhead: g.pick(0, 0.046),
	}
	platforms := 1
	if g.sometimes(4) {
		platforms = 2
	}
	for i := range 1 + g.IntN(2) {
		m.Datacenters = append(m.Datacenters, g.site(fmt.Sprintf("dc%d", i), platforms))
	}
	for i := range 1 + g.IntN(2) {
		m.Registries = append(m.Registries, g.registry(fmt.Sprintf("reg%d", i), len(m.Datacenters)))
	}
	size := map[string]int64{} // equal digests mean equal bytes
	for i := range 1 + g.IntN(2) {
		b := Base{Ref: fmt.Sprintf("base%d", i), Rebuild: g.pick(0, 4000, 20000)}
		for platform := range platforms {
			var layers []Layer
			for k := range g.IntN(3) {
				digest := fmt.Sprintf("b%d on %d", g.IntN(2)*10+k, platform)
				if size[digest] == 0 {
					size[digest] = 1e6 * int64(1+g.IntN(60))
				}
				layers = append(layers, Layer{Digest: digest, Bytes: size[digest]})
			}
			b.Layers = append(b.Layers, layers)
		}
		m.Bases = append(m.Bases, b)
	}
	for i := range 1 + g.IntN(3) {
		m.Services = append(m.Services, g.service(m, fmt.Sprintf("svc%d", i), platforms))
	}
	// Which of many nodes that ask at one instant are let through is settled by number within a cohort and by age between
	// cohorts: nodes alone may come in another order.
	if slices.ContainsFunc(m.Registries, func(r Registry) bool { return r.PullLimit.Pulls > 0 }) {
		for i := range m.Datacenters {
			m.Datacenters[i].Egress = Direct
		}
	}
	return m
}

func (g generator) registry(name string, datacenters int) Registry {
	r := Registry{
		Name:      name,
		Location:  Location{Kind: LocationKind(g.IntN(3)), Datacenter: g.IntN(datacenters), Provider: "aws", Region: "r1"},
		Bandwidth: g.pick(0, 30e6, 200e6), PerConnection: g.pick(0, 7e6), Latency: g.pick(0, 0, 0.05), KeepVersions: g.IntN(4),
	}
	if g.sometimes(4) {
		r.PullLimit = PullLimit{Pulls: 1 + g.IntN(6), Per: g.pick(600, 3600)}
	}
	if g.sometimes(3) {
		r.Replicas = g.Perm(datacenters)[:1+g.IntN(datacenters)]
	}
	return r
}

func (g generator) site(name string, platforms int) Datacenter {
	d := Datacenter{
		Name: name, Provider: "aws", Region: []string{"r1", "r2"}[g.IntN(2)], Zones: 1 + g.IntN(3),
		Uplink: g.pick(0, 25e6, 100e6), Egress: Egress(g.IntN(2)),
	}
	for i := range 1 + g.IntN(2) {
		p := Pool{
			Name: fmt.Sprintf("pool%d", i), Nodes: 1 + g.IntN(7), NIC: g.pick(5e6, 50e6), Slots: 1 + g.IntN(3),
			KeepBlobs: g.IntN(2) == 0, Unpack: g.pick(0, 20e6), Replace: g.pick(0, 3000, 30000),
		}
		if !g.plain {
			p.Platform = g.IntN(platforms)
			p.SlotsPerImage, p.ParallelPulls, p.Ephemeral = g.IntN(2) == 0, g.IntN(2) == 0, g.IntN(8) == 0
		}
		if g.sometimes(3) {
			p.ImageDisk, p.GCHigh, p.GCLow = int64(g.pick(200e6, 800e6)), 0.8, g.pick(0.2, 0.7)
		}
		if g.sometimes(4) {
			p.Autoscale = &Autoscale{Min: g.IntN(p.Nodes + 1), Up: 3600 * g.pick(1, 20), Down: 3600 * g.pick(3, 18)}
		}
		d.Pools = append(d.Pools, p)
	}
	if g.sometimes(3) {
		d.Cache = &Cache{Kind: CacheKind(g.IntN(6)), Bandwidth: g.pick(0, 20e6), Disk: int64(g.pick(0, 150e6)), TTL: g.pick(0, 5000)}
	}
	if g.sometimes(3) {
		d.P2P = &P2P{Kind: P2PKind(g.IntN(2)), Upload: g.pick(3e6, 30e6)}
	}
	return d
}

func (g generator) service(m *Model, name string, platforms int) Service {
	s := Service{
		Name: name, Registry: g.IntN(len(m.Registries)), Base: g.IntN(len(m.Bases)+1) - 1,
		Workload: Workload(g.IntN(3)), Placement: Placement(g.IntN(2)), DeployInterval: g.pick(0, 40, 700, 5000),
		MaxSurge: Amount{Value: 0.3, Share: true, Default: g.IntN(2) == 0}, MaxUnavailable: Amount{Value: 1, Default: g.IntN(2) == 0},
		Startup: g.pick(0, 5), RSS: 7, PageCache: 3,
	}
	least := 0.0
	if !g.plain {
		least = 2e6 // a layer without bytes arrives while others are still being asked for: the order of equals shows
	}
	var layers []OwnLayer
	for k := range g.IntN(4) {
		layers = append(layers, OwnLayer{
			Layer:  Layer{Digest: fmt.Sprintf("%s/%d", name, k), Bytes: int64(g.pick(least, 1e6, 30e6)), DiskBytes: int64(g.pick(0, 5e6))},
			Change: Change(g.IntN(3)), Every: 3000, RebaseKeep: g.IntN(2) == 0,
		})
	}
	for range platforms {
		s.Layers = append(s.Layers, layers)
	}
	g.vary(m, &s, platforms)
	for i := range m.Datacenters {
		nodes := m.Datacenters[i].Nodes()
		n := g.IntN(2 * nodes)
		if s.Workload == DaemonSet {
			n = nodes
		}
		if s.PerNode > 0 {
			n = s.PerNode * nodes
		}
		s.Instances = append(s.Instances, n)
	}
	return s
}

// vary switches the rarer features of a service on.
func (g generator) vary(m *Model, s *Service, platforms int) {
	if g.sometimes(4) {
		s.Placement = Random
	}
	s.Sequential, s.AlwaysPull = g.sometimes(4), g.sometimes(4)
	if g.sometimes(3) {
		s.RestartsPerDay = g.pick(2, 10)
	}
	if g.sometimes(4) && s.Workload != DaemonSet {
		s.PerNode = 1 + g.IntN(3)
	}
	if g.sometimes(5) {
		for range 1 + g.IntN(5) {
			s.DeployTimes = append(s.DeployTimes, m.Duration*g.Float64())
		}
		slices.Sort(s.DeployTimes)
	}
	if g.sometimes(5) {
		s.DeployWindows = []Window{{600, 3000}, {7000, 20000}}
	}
	if g.sometimes(5) {
		s.Base, s.Layers = -1, nil
		shared := s.Name
		if g.IntN(2) == 0 {
			shared = "all" // services with the same images
		}
		for range 2 + g.IntN(4) {
			i := g.IntN(5) // back and forth, and to the same image again
			var version [][]Layer
			for platform := range platforms {
				version = append(version, []Layer{
					{Digest: fmt.Sprintf("%s history %d on %d", shared, i/2, platform), Bytes: 20e6},
					{Digest: fmt.Sprintf("%s top %d on %d", shared, i, platform), Bytes: 3e6},
				})
			}
			s.Versions = append(s.Versions, version)
		}
	}
}
