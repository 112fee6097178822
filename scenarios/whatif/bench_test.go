package whatif

import (
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// BenchmarkWeave2015 runs and prices the five variants of the article's scenario once it is parsed, as a
// sweep does for each of its points.
func BenchmarkWeave2015(b *testing.B) {
	text, err := scenarios.Open("weave-2015")
	if err != nil {
		b.Fatal(err)
	}
	doc, err := scenarios.Parse("weave-2015", text)
	if err != nil {
		b.Fatal(err)
	}
	variants, err := doc.Scenarios()
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return registrysize.Catalog() }}
	images, err := resolve(b.Context(), variants, o)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		runs, err := prepare(variants, images)
		if err != nil {
			b.Fatal(err)
		}
		if err := simulate(b.Context(), runs, o); err != nil {
			b.Fatal(err)
		}
		newResult(doc, nil, runs, Options{})
	}
	b.ReportMetric(float64(len(variants)), "variants")
}
