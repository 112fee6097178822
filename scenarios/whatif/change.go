package whatif

import (
	"cmp"
	"math"
	"slices"

	"github.com/fleetcost/fleetcost/sim/price"
)

// compared lists the figures that a Diff looks at. Those that add up over time are scaled to a month.
func compared() []struct {
	path string
	sum  bool
} {
	return []struct {
		path string
		sum  bool
	}{
		{"cost.monthly", false}, {"cost.usage", false}, {"cost.fixed", false},
		{"transfer.delivered_bytes", true}, {"transfer.registry_bytes", true}, {"transfer.cache_bytes", true}, {"transfer.peer_bytes", true},
		{"rollouts.seconds.p95", false}, {"rollouts.seconds.max", false}, {"pulls.seconds.p95", false}, {"pulls.seconds.max", false},
		{"image.compressed_bytes", false}, {"image.layers", false},
		{"pulls.count", true}, {"pulls.refused", true}, {"rollouts.superseded", true},
		{"nodes.disk_peak_bytes", false}, {"nodes.gc_evictions", true}, {"nodes.replaced", true},
		{"memory.rss_bytes", false}, {"memory.cache_bytes", false}, {"registry.pushed_bytes", true}, {"registry.stored_bytes", false},
	}
}

// noise is the relative difference of two floats that says nothing.
const noise = 1e-9

// changes compares the figures of a variant that is on both sides, and the peaks of links that are.
func changes(base, head *Result, before, after *Variant) []Change {
	out := []Change{}
	add := func(path string, baseScale, headScale float64) {
		f, _ := FigureAt(path)
		a, hadIt := f.Of(before)
		b, hasIt := f.Of(after)
		a, b = a*baseScale, b*headScale
		if !hadIt || !hasIt || math.Abs(b-a) <= noise*math.Abs(a) {
			return
		}
		c := Change{Figure: path, Unit: f.UnitOf(after), Base: a, Head: b, Change: b - a}
		if f.Unit == Money {
			const micro = 1e6 // money is in whole millionths
			c.Change = math.Round(micro*(b-a)) / micro
		}
		if a != 0 {
			percent := 100 * (b - a) / a
			c.Percent = &percent
		}
		out = append(out, c)
	}
	for _, f := range compared() {
		if f.sum {
			add(f.path, base.perMonth(), head.perMonth())
		} else {
			add(f.path, 1, 1)
		}
	}
	for _, l := range after.Transfer.Links {
		add(linkPrefix+l.Name+".peak_bps", 1, 1)
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(b.effect(), a.effect()) })
	return out
}

// effect is how large a change is: relative to base, which may be nothing. Nothing goes before the month's
// cost.
func (c Change) effect() float64 {
	switch {
	case c.Figure == "cost.monthly":
		return math.Inf(1)
	case c.Percent == nil:
		return math.MaxFloat64
	}
	return math.Abs(*c.Percent)
}

// billDiff compares bills by rule, ends and payer; tiers are summed up.
func billDiff(before, after *Cost) []LineDiff {
	sums := map[LineDiff]*[2]price.USD{}
	for side, cost := range []*Cost{before, after} {
		for _, i := range cost.Items {
			key := LineDiff{Rule: i.Rule, From: i.From, To: i.To, Charged: i.Charged}
			if sums[key] == nil {
				sums[key] = &[2]price.USD{}
			}
			sums[key][side] += cost.Amount(&i)
		}
	}
	out := []LineDiff{}
	for line, s := range sums {
		if s[0] != s[1] {
			line.Base, line.Head, line.Change = dollars(s[0]), dollars(s[1]), dollars(s[1]-s[0])
			out = append(out, line)
		}
	}
	slices.SortFunc(out, func(a, b LineDiff) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Charged, b.Charged))
	})
	return out
}

// causeDiff compares what moved by layer, cause and path. The scales turn bytes into a month's.
func causeDiff(before, after []Move, beforeScale, afterScale float64) []MoveDiff {
	sums := map[MoveDiff]*[2]float64{}
	for side, moves := range [][]Move{before, after} {
		for _, m := range moves {
			key := MoveDiff{Class: m.Class, From: m.From, To: m.To, Service: m.Service, Layer: m.Layer, Cause: m.Cause}
			if sums[key] == nil {
				sums[key] = &[2]float64{}
			}
			sums[key][side] += float64(m.Bytes) * []float64{beforeScale, afterScale}[side]
		}
	}
	out := []MoveDiff{}
	for move, s := range sums {
		if math.Abs(s[1]-s[0]) > noise*s[0] {
			move.Base, move.Head, move.Change = s[0], s[1], s[1]-s[0]
			out = append(out, move)
		}
	}
	slices.SortFunc(out, func(a, b MoveDiff) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Layer, b.Layer),
			cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Class, b.Class))
	})
	return out
}
