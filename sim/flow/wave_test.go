package flow

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// A wave is a fleet that fetches one image of eight layers, three at a time: three datacenters with
// unlike uplinks, three speeds of NIC, and shared links that grow with the fleet.
type wave struct {
	nodes   int
	batches int  // starts 1.5 s apart; 0: each node at its own time within 5 s
	unlike  bool // no two NICs are equal
}

// layers are those of an image of 497 MB, bottom first.
func layers() []Flow {
	var out []Flow
	for _, mb := range []float64{49.6, 24.1, 64.4, 211.4, 86.2, 5.3, 56.1, 0.2} {
		out = append(out, Flow{Bytes: mb * 1e6})
	}
	return out
}

// plan lays the wave out: nodes in equal state are one.
func (w wave) plan() *Plan {
	n := float64(w.nodes)
	p := &Plan{Links: []float64{32e6 * n, 4e6 * n, 9e6 * n, 25e6 * n}}
	var images [3][]Flow
	for d := range 3 {
		p.Routes = append(p.Routes, Path{Links: []int{0, d + 1}})
		images[d] = layers()
		for i := range images[d] {
			images[d][i].Route = d
		}
	}
	nics := [3]float64{12.5e6, 125e6, 1250e6}
	rng := rand.New(rand.NewPCG(1, 2))
	switch {
	case w.unlike:
		for i := range w.nodes {
			nic := 5e6 + 120e6*rng.Float64()
			p.Nodes = append(p.Nodes, Node{Private: nic, Slots: 3, Flows: images[i%3]})
		}
	case w.batches == 0:
		for i := range w.nodes {
			p.Nodes = append(p.Nodes, Node{Private: nics[i/3%3], Slots: 3, Flows: images[i%3], Start: 5 * rng.Float64()})
		}
	default:
		for b := range w.batches {
			for kind := range 9 {
				members := w.nodes / w.batches / 9
				if kind < w.nodes/w.batches%9 {
					members++
				}
				if members > 0 {
					p.Nodes = append(p.Nodes, Node{Members: members, Private: nics[kind/3], Slots: 3, Flows: images[kind%3], Start: 1.5 * float64(b)})
				}
			}
		}
	}
	return p
}

// ends writes down when each single node was done.
func (w wave) ends(p *Plan, played *Played) []float64 {
	var out []float64
	for i := range p.Nodes {
		end := 0.0
		for _, f := range played.Finish[i] {
			end = max(end, f)
		}
		for range max(1, p.Nodes[i].Members) {
			out = append(out, end)
		}
	}
	return out
}

// Nodes in equal state cost as much as one: the steps of a wave do not grow with the fleet.
func TestEqualNodesAreOne(t *testing.T) {
	for _, batches := range []int{1, 10} {
		var instants [2]int
		for i, nodes := range []int{90, 90_000} {
			played, err := wave{nodes: nodes, batches: batches}.plan().Play()
			if err != nil {
				t.Fatal(err)
			}
			instants[i] = played.Instants
		}
		if instants[0] != instants[1] {
			t.Errorf("%d batches take %d steps with 90 nodes and %d with 90,000", batches, instants[0], instants[1])
		}
	}
}

func BenchmarkWave(b *testing.B) {
	for _, shape := range []struct {
		name  string
		wave  wave
		sizes []int
	}{
		{"at-once", wave{batches: 1}, []int{60, 6_000, 60_000, 600_000}},
		{"ten-batches", wave{batches: 10}, []int{60, 6_000, 60_000, 600_000}},
		{"one-by-one", wave{}, []int{60, 6_000, 60_000, 600_000}},
		{"unlike-nics", wave{batches: 1, unlike: true}, []int{60, 6_000, 60_000}},
	} {
		for _, nodes := range shape.sizes {
			b.Run(fmt.Sprintf("%s/nodes=%d", shape.name, nodes), func(b *testing.B) {
				w := shape.wave
				w.nodes = nodes
				b.ReportAllocs()
				var events, bytes int64
				for b.Loop() {
					p := w.plan()
					played, err := p.Play()
					if err != nil {
						b.Fatal(err)
					}
					if len(w.ends(p, played)) != nodes {
						b.Fatal("nodes were lost")
					}
					events += int64(played.Instants)
					bytes = max(bytes, inUse())
				}
				b.ReportMetric(float64(events)/float64(b.N), "events/op")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
				b.ReportMetric(float64(bytes)/1e6, "peak-MB")
			})
		}
	}
}

// inUse returns the bytes that the process has had from the system: it only grows.
func inUse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
