package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestCohortsAgainstEveryNodeAlone simulates generated fleets twice: with equal nodes taken together,
// and with every node by itself. Bytes and counts must be equal, times agree to 1e-9.
func TestCohortsAgainstEveryNodeAlone(t *testing.T) {
	for seed := range uint64(1000) {
		m := randomModel(seed)
		if err := m.Validate(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		together, err := simulate(t.Context(), m, false)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		alone, err := simulate(t.Context(), m, true)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		checkSums(t, m, together)
		if together.Stats.States > alone.Stats.States {
			t.Errorf("seed %d: %d states, %d nodes", seed, together.Stats.States, alone.Stats.States)
		}
		if diff := cmp.Diff(alone, together, cmpopts.IgnoreFields(Result{}, "Stats"), cmp.Comparer(close9)); diff != "" {
			t.Fatalf("seed %d: alone (-) and together (+) differ:\n%s", seed, diff)
		}
	}
}

func close9(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

// randomModel makes a small fleet that uses every part of the model.
func randomModel(seed uint64) *Model {
	rng := rand.New(rand.NewPCG(seed, 99))
	pick := func(list ...float64) float64 { return list[rng.IntN(len(list))] }
	m := &Model{
		Duration: 3600 * pick(1, 5, 24), Cold: rng.IntN(3) == 0, Arrivals: Arrivals(rng.IntN(2)), Seed: seed,
		WireOverhead: pick(0, 0.046),
	}
	for i := range 1 + rng.IntN(2) {
		m.Datacenters = append(m.Datacenters, randomSite(rng, fmt.Sprintf("dc%d", i), pick))
	}
	for i := range 1 + rng.IntN(2) {
		loc := Location{Kind: LocationKind(rng.IntN(3)), Datacenter: rng.IntN(len(m.Datacenters)), Provider: "aws", Region: "r1"}
		m.Registries = append(m.Registries, Registry{
			Name: fmt.Sprintf("reg%d", i), Location: loc, Bandwidth: pick(0, 30e6, 200e6), PerConnection: pick(0, 7e6),
			Latency: pick(0, 0, 0.05), KeepVersions: rng.IntN(4),
		})
	}
	for i := range 1 + rng.IntN(2) {
		b := Base{Ref: fmt.Sprintf("base%d", i), Rebuild: pick(0, 4000, 20000)}
		for k := range rng.IntN(3) {
			b.Layers = append(b.Layers, Layer{Digest: fmt.Sprintf("b%d", rng.IntN(2)*10+k), Bytes: 1e6 * int64(1+rng.IntN(60))})
		}
		m.Bases = append(m.Bases, b)
	}
	// Equal digests mean equal bytes.
	size := map[string]int64{}
	for _, b := range m.Bases {
		for i := range b.Layers {
			if size[b.Layers[i].Digest] == 0 {
				size[b.Layers[i].Digest] = b.Layers[i].Bytes
			}
			b.Layers[i].Bytes = size[b.Layers[i].Digest]
		}
	}
	for i := range 1 + rng.IntN(3) {
		m.Services = append(m.Services, randomService(rng, m, fmt.Sprintf("svc%d", i), pick))
	}
	return m
}

func randomSite(rng *rand.Rand, name string, pick func(...float64) float64) Datacenter {
	d := Datacenter{Name: name, Provider: "aws", Region: []string{"r1", "r2"}[rng.IntN(2)], Zones: 1 + rng.IntN(3), Uplink: pick(0, 25e6, 100e6)}
	for i := range 1 + rng.IntN(2) {
		d.Pools = append(d.Pools, Pool{
			Name: fmt.Sprintf("pool%d", i), Nodes: 1 + rng.IntN(7), NIC: pick(5e6, 50e6), Slots: 1 + rng.IntN(3),
			KeepBlobs: rng.IntN(2) == 0, Unpack: pick(0, 20e6), Replace: pick(0, 3000, 30000),
		})
	}
	return d
}

func randomService(rng *rand.Rand, m *Model, name string, pick func(...float64) float64) Service {
	s := Service{
		Name: name, Registry: rng.IntN(len(m.Registries)), Base: rng.IntN(len(m.Bases)+1) - 1,
		Workload: Workload(rng.IntN(3)), Placement: Placement(rng.IntN(2)), DeployInterval: pick(0, 40, 700, 5000),
		MaxSurge: Amount{Value: 0.3, Share: true, Default: rng.IntN(2) == 0}, MaxUnavailable: Amount{Value: 1, Default: rng.IntN(2) == 0},
		Startup: pick(0, 5), RSS: 7, PageCache: 3,
	}
	for k := range rng.IntN(4) {
		s.Layers = append(s.Layers, OwnLayer{
			Layer:  Layer{Digest: fmt.Sprintf("%s/%d", name, k), Bytes: int64(pick(0, 1e6, 30e6)), DiskBytes: int64(pick(0, 5e6))},
			Change: Change(rng.IntN(3)), Every: 3000, RebaseKeep: rng.IntN(2) == 0,
		})
	}
	for i := range m.Datacenters {
		nodes := m.Datacenters[i].Nodes()
		n := rng.IntN(2 * nodes)
		if s.Workload == DaemonSet {
			n = nodes
		}
		s.Instances = append(s.Instances, n)
	}
	return s
}
