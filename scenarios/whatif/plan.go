package whatif

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// MaxPoints bounds the points of a sweep.
const MaxPoints = 1_000_000

// A Plan says which points a sweep goes through, and what it notes at each.
type Plan struct {
	Vary    []scenarios.Vary // at least one; the last varies fastest
	Zip     bool             // take the first values together, then the second, and so on, in place of every combination
	Samples int              // > 0: so many points of a Latin hypercube, in place of every combination
	Seed    uint64           // of the sample
	Metrics []string         // figures, of every variant or with VARIANT. before; none: DefaultMetrics
	Shard   int              // from 1 to Shards
	Shards  int              // how many parts the points are dealt out to, in turn; 0: all are this one's
}

// DefaultMetrics are noted where none are asked for.
func DefaultMetrics() []string {
	return []string{"cost.monthly", "transfer.delivered_bytes", "rollouts.seconds.p95"}
}

// check finds what is wrong with a plan by itself.
func (p *Plan) check() error {
	if len(p.Vary) == 0 {
		return errors.New("nothing varies; write --vary PATH=A,B,C")
	}
	var paths []string
	for _, v := range p.Vary {
		switch {
		case slices.Contains(paths, v.Path):
			return fmt.Errorf("--vary %s: the path varies twice; write all values in one", v.Path)
		case p.Samples == 0 && len(v.Values()) == 0:
			return fmt.Errorf("--vary %s=%s: has no step; write A..B/STEP or A..B*FACTOR, or take a sample", v.Path, v.Text)
		case p.Zip && len(v.Values()) != len(p.Vary[0].Values()):
			return fmt.Errorf("--zip pairs values one by one: %s has %d, %s has %d; write as many",
				p.Vary[0].Path, len(p.Vary[0].Values()), v.Path, len(v.Values()))
		}
		paths = append(paths, v.Path)
	}
	switch {
	case p.Zip && p.Samples > 0:
		return errors.New("--zip and --sample exclude each other; remove one")
	case p.Samples < 0 || p.Samples > MaxPoints:
		return fmt.Errorf("a sample of %d points; write 1 to %d", p.Samples, MaxPoints)
	case p.Shards < 0 || p.Shards > MaxPoints || p.Shards > 0 && (p.Shard < 1 || p.Shard > p.Shards):
		return fmt.Errorf("there is no shard %d/%d; write 1/%d to %d/%d", p.Shard, p.Shards, p.Shards, p.Shards, p.Shards)
	}
	if n := 1; p.Samples == 0 && !p.Zip {
		for _, v := range p.Vary {
			if n *= len(v.Values()); n > MaxPoints {
				return fmt.Errorf("the combinations are more than %d points; write fewer values, or take a sample", MaxPoints)
			}
		}
	}
	return nil
}

// points counts all points of a plan, of every shard.
func (p *Plan) points() int {
	switch {
	case p.Samples > 0:
		return p.Samples
	case p.Zip:
		return len(p.Vary[0].Values())
	}
	n := 1
	for _, v := range p.Vary {
		n *= len(v.Values())
	}
	return n
}

// values returns a function from a point's number to its values, one a Vary.
func (p *Plan) values() func(point int) []string {
	if p.Samples > 0 {
		strata, shares := p.sample()
		return func(point int) []string {
			out := make([]string, len(p.Vary))
			for i, v := range p.Vary {
				out[i] = v.At((float64(strata[i][point]) + shares[i][point]) / float64(p.Samples))
			}
			return out
		}
	}
	return func(point int) []string {
		out := make([]string, len(p.Vary))
		for i := len(p.Vary) - 1; i >= 0; i-- {
			list := p.Vary[i].Values()
			if p.Zip {
				out[i] = list[point]
				continue
			}
			out[i] = list[point%len(list)]
			point /= len(list)
		}
		return out
	}
}

// sample lays a Latin hypercube: each path's range is cut into as many strata as there are points, each point
// gets one of them, and a place in it (McKay, Beckman and Conover, Technometrics 21, 1979). Every path draws
// from a stream of its own.
func (p *Plan) sample() (strata [][]int, shares [][]float64) {
	for _, v := range p.Vary {
		hash := fnv.New64a()
		_, _ = hash.Write([]byte("sample " + v.Path)) // never fails
		random := rand.New(rand.NewPCG(p.Seed, hash.Sum64()))
		strata = append(strata, random.Perm(p.Samples))
		within := make([]float64, p.Samples)
		for i := range within {
			within[i] = random.Float64()
		}
		shares = append(shares, within)
	}
	return strata, shares
}

// A column is a figure of one variant.
type column struct {
	name    string
	variant string
	figure  Figure
}

// columns resolves metrics for variants: a figure's path stands for each of them. With one variant its
// name is left out.
func columns(metrics, variants []string) ([]column, error) {
	var out []column
	var errs []error
	for _, m := range metrics {
		if f, ok := FigureAt(m); ok {
			for _, v := range variants {
				name := v + "." + m
				if len(variants) == 1 {
					name = m
				}
				out = append(out, column{name, v, f})
			}
			continue
		}
		variant, f, ok := variantFigure(m, variants)
		if !ok {
			errs = append(errs, fmt.Errorf("--metric %s: no figure is named so, with or without a variant before it; %s", m, suggestFigure(m)))
			continue
		}
		out = append(out, column{m, variant, f})
	}
	for i, c := range out {
		if slices.ContainsFunc(out[:i], func(o column) bool { return o.name == c.name }) {
			errs = append(errs, fmt.Errorf("--metric %s is asked for twice; remove one", c.name))
		}
	}
	return out, errors.Join(errs...)
}

// variantFigure reads VARIANT.FIGURE; the longest name that fits is meant.
func variantFigure(text string, variants []string) (variant string, f Figure, ok bool) {
	for _, v := range variants {
		rest, fits := strings.CutPrefix(text, v+".")
		if !fits || len(v) <= len(variant) && ok {
			continue
		}
		if figure, known := FigureAt(rest); known {
			variant, f, ok = v, figure, true
		}
	}
	return variant, f, ok
}
