package sim

import (
	"fmt"
	"testing"
)

func bench(b *testing.B, m *Model) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := Run(b.Context(), m)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(r.Stats.Events), "events/op")
		b.ReportMetric(float64(r.Stats.States), "states")
	}
}

// BenchmarkSymmetric is two datacenters of equal nodes under 20 services, each deployed ten times a day for
// 30 days: the cost should not follow the number of nodes.
func BenchmarkSymmetric(b *testing.B) {
	for _, nodes := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) { bench(b, symmetric(nodes)) })
	}
}

func symmetric(nodes int) *Model {
	var list []Service
	for i := range 20 {
		name := fmt.Sprintf("svc%d", i)
		s := service(name, 10, static(name+"/base", 50*mb), changing(name+"/app", 3*mb))
		s.PerNode, s.Instances, s.Startup = 1, []int{nodes / 2, nodes / 2}, 5
		list = append(list, s)
	}
	m := oneSite(nodes/2, list...)
	m.Registries[0].Latency = 0.05
	m.Datacenters[0].Pools[0].Unpack = 100 << 20
	iad := m.Datacenters[0]
	iad.Name = "iad"
	m.Datacenters = append(m.Datacenters, iad)
	return m
}

// BenchmarkChurn is nodes that live a week, replaced at random times, under 20 services of which each
// deploy, one a day, draws nodes for its instances anew, one instance to ten nodes: nearly every node is a state
// of its own.
func BenchmarkChurn(b *testing.B) {
	for _, nodes := range []int{1_000, 3_000, 10_000} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) { bench(b, churning(nodes)) })
	}
}

func churning(nodes int) *Model {
	var list []Service
	for i := range 20 {
		name := fmt.Sprintf("svc%d", i)
		s := service(name, 1, static(name+"/deps", 15*mb), changing(name+"/app", 3*mb))
		s.Base, s.Instances, s.Startup, s.Placement = 0, []int{nodes / 10}, 5, Random
		list = append(list, s)
	}
	m := oneSite(nodes, list...)
	m.Arrivals, m.Seed = Poisson, 1
	m.Bases = []Base{{Ref: "ubuntu", Layers: [][]Layer{{{Digest: "base", Bytes: 41 * mb}}}, Rebuild: 17 * day}}
	m.Registries[0].Latency = 0.005
	p := &m.Datacenters[0].Pools[0]
	p.NIC, p.Unpack, p.Replace = 1250*mb, 100<<20, 7*day
	return m
}

// BenchmarkSpotFleet is nodes that live half a day under 25 services: nearly all work is new nodes'.
func BenchmarkSpotFleet(b *testing.B) { bench(b, spotFleet()) }

func spotFleet() *Model {
	var list []Service
	for i := range 25 {
		name := fmt.Sprintf("svc%02d", i)
		deps := static(name+"/deps", 15*mb)
		deps.Change, deps.Every = Periodic, 14*day
		s := service(name, 6, deps, changing(name+"/app", 3*mb))
		s.Base, s.Instances, s.Startup = 0, []int{160}, 5
		list = append(list, s)
	}
	m := oneSite(400, list...)
	m.Duration = 7 * day
	m.Bases = []Base{{Ref: "ubuntu", Layers: [][]Layer{{{Digest: "base", Bytes: 41 * mb}}}, Rebuild: 17 * day}}
	m.Datacenters[0].Zones, m.Datacenters[0].Uplink = 3, 1250*mb
	m.Registries[0].Latency, m.Registries[0].PerConnection = 0.005, 0
	p := &m.Datacenters[0].Pools[0]
	p.NIC, p.Unpack, p.Replace = 1250*mb, 100<<20, day/2
	return m
}

// BenchmarkServices is a few nodes under many services, each deployed once a day.
func BenchmarkServices(b *testing.B) {
	for _, services := range []int{100, 1_000} {
		b.Run(fmt.Sprintf("services=%d", services), func(b *testing.B) {
			var list []Service
			for i := range services {
				name := fmt.Sprintf("svc%d", i)
				list = append(list, service(name, 1, static(name+"/base", 50*mb), changing(name+"/app", 3*mb)))
			}
			bench(b, oneSite(3, list...))
		})
	}
}
