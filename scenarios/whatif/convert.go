package whatif

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim"
)

// newResult puts the finished runs together.
func newResult(doc *scenarios.Document, sets []scenarios.Set, runs []run, o Options) *Result {
	first := runs[0].scenario
	r := &Result{
		Schema:          Schema,
		Scenario:        Source{Name: first.Name, Digest: digest(doc, sets), Date: string(first.Simulate.Date)},
		DurationSeconds: float64(first.Simulate.Duration),
		Seed:            first.Simulate.Seed,
		Replications:    first.Simulate.Replications,
		Baseline:        first.Baseline,
		Images:          []Image{},
		Variants:        []Variant{},
		Budgets:         []Budget{},
	}
	for i := range runs {
		v := newVariant(&runs[i])
		v.Image.Packages = o.packages(runs[i].images)
		r.Variants = append(r.Variants, v)
		r.addImages(runs[i].images, o)
	}
	slices.SortStableFunc(r.Images, func(a, b Image) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Platform, b.Platform))
	})
	r.Assumptions, r.Warnings = notes(runs)
	return r
}

func (r *Result) addImages(images []registrysize.Image, o Options) {
	for _, img := range images {
		same := func(x Image) bool {
			return x.Ref == img.Ref && x.Platform == img.Platform && x.Source == img.Source && x.Digest == img.Digest
		}
		if !slices.ContainsFunc(r.Images, same) {
			r.Images = append(r.Images, newImage(&img, o.footprint(&img)))
		}
	}
}

func newImage(img *registrysize.Image, f *registrysize.Footprint) Image {
	out := Image{
		Ref: img.Ref, Platform: img.Platform, Digest: img.Digest, Source: img.Source, Observed: img.Observed,
		Layers: []Layer{},
	}
	for _, l := range img.Layers {
		out.CompressedBytes += l.Bytes
		out.Layers = append(out.Layers, Layer{Digest: l.Digest, Bytes: l.Bytes})
	}
	if f != nil {
		disk := f.DiskBytes
		out.UncompressedBytes, out.Packages = &disk, f.Packages
	}
	return out
}

func newVariant(r *run) Variant {
	s := r.result
	v := Variant{
		Name:     r.scenario.Variant,
		Transfer: newTransfer(r.model, s),
		Bounds:   Bounds{NaiveBytes: s.Bounds.Naive, FloorNodeBytes: s.Bounds.FloorNode, FloorRegistryBytes: s.Bounds.FloorRegistry},
		Cost:     newCost(r),
		Pulls: Pulls{
			Count: s.Pulls.Count, Cold: s.Pulls.Cold, Refused: s.Pulls.Refused, Requests: s.Pulls.Requests,
			LayersFetched: s.Pulls.LayersFetched, LayersReused: s.Pulls.LayersReused, Seconds: percentiles(s.Pulls.Seconds),
		},
		Rollouts:   Rollouts{Count: s.Rollouts.Count, Superseded: s.Rollouts.Superseded, Seconds: percentiles(s.Rollouts.Seconds)},
		Nodes:      Nodes{DiskPeakBytes: s.Nodes.DiskPeak, GCEvictions: s.Nodes.GCEvictions, Replaced: s.Nodes.Replaced},
		Memory:     Memory{RSSBytes: s.Memory.RSS, CacheBytes: s.Memory.PageCache},
		Statistics: statistics(r.samples),
		Engine:     Engine{Events: s.Stats.Events, States: s.Stats.States, Flows: s.Stats.Flows},
	}
	for _, img := range s.Images {
		if img.Bytes >= v.Image.CompressedBytes {
			v.Image = ServiceImage{CompressedBytes: img.Bytes, Layers: img.Layers}
		}
	}
	for _, st := range s.Storage {
		v.Registry.PushedBytes += st.Pushed
		v.Registry.StoredBytes += st.Stored
		v.Registry.ReplicatedBytes += st.Replicated
	}
	return v
}

func percentiles(d sim.Dist) Percentiles {
	return Percentiles{P50: d.P50, P95: d.P95, P99: d.P99, Max: d.Max}
}

func newTransfer(m *sim.Model, s *sim.Result) Transfer {
	t := Transfer{
		DeliveredBytes: s.Delivered, RegistryBytes: s.Registry, CacheBytes: s.Cache, PeerBytes: s.Peer,
		Paths: []Path{}, Links: []Link{}, Causes: newCauses(m, s),
	}
	for _, p := range s.Paths() {
		t.Paths = append(t.Paths, Path{Class: string(p.Class), From: m.NameOf(p.From), To: m.NameOf(p.To), Bytes: p.Bytes})
	}
	slices.SortStableFunc(t.Paths, func(a, b Path) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Class, b.Class))
	})
	const bits = 8
	for _, l := range s.Links {
		t.Links = append(t.Links, Link{
			Name: l.Name, Bytes: l.Bytes, CapacityBPS: l.Capacity * bits, PeakBPS: l.Peak * bits, P95BPS: l.P95 * bits,
		})
	}
	return t
}

// newCauses sums the transfers up by names: the layers of a base are one.
func newCauses(m *sim.Model, s *sim.Result) []Move {
	moves := []Move{}
	for _, t := range s.Transfers {
		moves = append(moves, Move{
			Class: string(t.Class), From: m.NameOf(t.From), To: m.NameOf(t.To),
			Service: m.Services[t.Service].Name, Layer: layerName(m, t), Cause: string(t.Cause),
			Bytes: t.Bytes, Layers: t.Layers,
		})
	}
	slices.SortStableFunc(moves, compareMoves)
	out := moves[:0]
	for _, v := range moves {
		if last := len(out) - 1; last >= 0 && compareMoves(out[last], v) == 0 {
			out[last].Bytes += v.Bytes
			out[last].Layers += v.Layers
			continue
		}
		out = append(out, v)
	}
	return out
}

// compareMoves orders moves by all that tells them apart.
func compareMoves(a, b Move) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Class, b.Class),
		cmp.Compare(a.Service, b.Service), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Cause, b.Cause))
}

// layerPath is layerName with what it takes to tell all layers apart: the service before its own layers, and
// the place behind the others.
func layerPath(m *sim.Model, t sim.Transfer) string {
	if _, ofBase := m.Layer(t); ofBase {
		return fmt.Sprintf("%s#%d", layerName(m, t), t.Layer+1)
	}
	return m.Services[t.Service].Name + "/" + layerName(m, t)
}

// layerName is what a result calls a service's layer: its own name, or the reference it came with.
func layerName(m *sim.Model, t sim.Transfer) string {
	v := &m.Services[t.Service]
	layer, ofBase := m.Layer(t)
	switch {
	case ofBase:
		return m.Bases[v.Base].Ref
	case v.Versions != nil:
		return fmt.Sprintf("layer %d", t.Layer+1)
	}
	return strings.TrimPrefix(layer.Digest, v.Name+"/")
}
