package report

import (
	"math"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// spread shows the means of the main figures over all replications, each with what the 95 % confidence
// interval reaches to either side; nil where there was only one.
func spread(r *whatif.Result) []field {
	if r.Replications < 2 {
		return nil
	}
	month := secondsPerMonth / r.DurationSeconds
	var fields []field
	for _, c := range []struct {
		head, figure string
		scales       []scale
		factor       float64
	}{
		{"delivered", "transfer.delivered_bytes", byteScales, month},
		{"registry", "transfer.registry_bytes", byteScales, month},
		{"cost", "cost.monthly", nil, 1},
		{"pull p95", "pulls.seconds.p95", secondScales, 1},
		{"rollout p95", "rollouts.seconds.p95", secondScales, 1},
	} {
		mean := func(v *whatif.Variant) float64 { return statistic(v, c.figure).Mean * c.factor }
		half := func(v *whatif.Variant) float64 {
			s := statistic(v, c.figure)
			return (s.High - s.Mean) * c.factor
		}
		if c.scales == nil {
			inCents := func(value func(*whatif.Variant) float64) func(*whatif.Variant) int64 {
				return func(v *whatif.Variant) int64 { return int64(math.Round(value(v) * 100)) }
			}
			if priced(r) {
				fields = append(fields, money(r, c.head, inCents(mean)), money(r, "±", inCents(half)))
			}
			continue
		}
		fields = append(fields, scaled(r, c.head, "", c.scales, mean), scaled(r, "±", "", c.scales, half))
	}
	return fields
}

func statistic(v *whatif.Variant, figure string) whatif.Statistic {
	for _, s := range v.Statistics {
		if s.Figure == figure {
			return s
		}
	}
	return whatif.Statistic{}
}
