package sim

import (
	"fmt"
	"testing"
)

// BenchmarkSymmetric is a fleet of equal nodes: the cost should not follow their number.
func BenchmarkSymmetric(b *testing.B) {
	for _, nodes := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			var list []Service
			for i := range 20 {
				list = append(list, service(fmt.Sprintf("svc%d", i), 10, static("base", 50*mb), changing("app", 3*mb)))
			}
			m := oneSite(nodes, list...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSpotFleet is nodes that live half a day under 25 services: nearly all work is new nodes'.
func BenchmarkSpotFleet(b *testing.B) {
	m := spotFleet()
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
