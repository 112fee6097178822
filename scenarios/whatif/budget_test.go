package whatif

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim/price"
)

func parsed(t *testing.T, texts ...string) []scenarios.Budget {
	t.Helper()
	var out []scenarios.Budget
	for _, text := range texts {
		b, err := scenarios.ParseBudget(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// costing is a variant with a cost in cents, images in MB and rollouts in seconds.
func costing(name string, cents price.USD, megabytes int64, seconds float64) Variant {
	v := Variant{Name: name, Image: ServiceImage{CompressedBytes: megabytes * 1_000_000}}
	v.Cost.Monthly = cents * 10_000
	v.Rollouts.Seconds.P95 = seconds
	v.Transfer.Links = []Link{{Name: "fra/uplink", PeakBPS: 2e9}}
	return v
}

// TestGate holds limits of every kind to figures worked out by hand: alpine costs 10.00, has 20 MB and takes
// 60 s; ubuntu, the baseline, costs 12.50, has 60 MB and takes 300 s.
func TestGate(t *testing.T) {
	r := &Result{Baseline: "ubuntu", Variants: []Variant{costing("alpine", 1000, 20, 60), costing("ubuntu", 1250, 60, 300)}}
	for _, c := range []struct {
		budget string
		want   []Budget
	}{
		{"cost.monthly <= 12", []Budget{{"alpine", "cost.monthly <= 12", 10, 12, false, true, "", false}, {"ubuntu", "cost.monthly <= 12", 12.5, 12, false, false, "", false}}},
		{"ubuntu: cost.monthly < 12.5", []Budget{{"ubuntu", "cost.monthly < 12.5", 12.5, 12.5, false, false, "", false}}},
		{"ubuntu: cost.monthly <= 12.5", []Budget{{"ubuntu", "cost.monthly <= 12.5", 12.5, 12.5, false, true, "", false}}},
		{"ubuntu: rollouts.seconds.p95 <= 5m", []Budget{{"ubuntu", "rollouts.seconds.p95 <= 5m", 300, 300, false, true, "", false}}},
		{"alpine: transfer.links.fra/uplink.peak_bps < 2Gbps", []Budget{{"alpine", "transfer.links.fra/uplink.peak_bps < 2Gbps", 2e9, 2e9, false, false, "", false}}},
		{"alpine: pulls.refused = 0", []Budget{{"alpine", "pulls.refused = 0", 0, 0, false, true, "", false}}},
		// ubuntu is the baseline itself. 12.50 × 0.8 = 10.00; 12.50 × 0.75 = 9.375; 60 MB − 40 MB = 20 MB; 300 s + 30 s.
		{"alpine: cost.monthly <= -20%", []Budget{{"alpine", "cost.monthly <= -20%", 10, 10, false, true, "", false}}},
		{"alpine: cost.monthly <= -25%", []Budget{{"alpine", "cost.monthly <= -25%", 10, 9.375, false, false, "", false}}},
		{"alpine: image.compressed_bytes <= -40MB", []Budget{{"alpine", "image.compressed_bytes <= -40MB", 20e6, 20e6, false, true, "", false}}},
		{"ubuntu: rollouts.seconds.p95 <= +30s", []Budget{{"ubuntu", "rollouts.seconds.p95 <= +30s", 300, 330, false, true, "", true}}},
	} {
		r.Budgets = nil
		if err := r.Gate(parsed(t, c.budget)); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.want, r.Budgets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.budget, diff)
		}
	}
}

// TestGateUnknownPrices checks what a lower bound of a cost can show. alpine costs at least 10.00, ubuntu 12.50.
func TestGateUnknownPrices(t *testing.T) {
	for _, c := range []struct {
		budget                 string
		alpineLeast, baseLeast bool
		passed, unknown        bool
	}{
		{"alpine: cost.monthly <= 12", true, false, false, true},
		{"alpine: cost.monthly <= 9", true, false, false, false}, // above it already
		{"alpine: cost.monthly >= 10", true, false, true, false}, // it can only be more
		{"alpine: cost.monthly <= +0", true, false, false, true},
		{"alpine: cost.monthly <= +0", false, true, true, false}, // the limit can only be higher
		{"alpine: cost.monthly >= -50%", false, true, false, true},
		{"alpine: cost.monthly <= +0", true, true, true, false}, // what is known of both
		{"alpine: image.layers <= 12", true, true, true, false},
	} {
		r := &Result{Baseline: "ubuntu", Variants: []Variant{costing("alpine", 1000, 20, 60), costing("ubuntu", 1250, 60, 300)}}
		r.Variants[0].Cost.AtLeast, r.Variants[1].Cost.AtLeast = c.alpineLeast, c.baseLeast
		if err := r.Gate(parsed(t, c.budget)); err != nil {
			t.Fatal(err)
		}
		if got := r.Budgets[0]; got.Passed != c.passed || got.Unknown != c.unknown {
			t.Errorf("%+v: got %+v", c, got)
		}
	}
}

// TestBudgetMistakes checks that figures that do not exist are told of before anything is simulated, with
// the place in the file.
func TestBudgetMistakes(t *testing.T) {
	doc := document(t, `version: 1
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 1MB}]}]
budgets:
  - cost.montly <= 50
  - image.compressed_bytes <= 5m
  - cost.monthly <= 10MB
  - transfer.links.fra/uplink.peek_bps <= 1Gbps
`)
	_, err := Run(t.Context(), doc, nil, Options{Budgets: parsed(t, "beta: cost.monthly <= 1", "cost <= 1")})
	want := `test.yaml:5:5: budgets[0]: no figure is named "cost.montly"; did you mean cost.monthly?
test.yaml:6:5: budgets[1]: image.compressed_bytes is in bytes, e.g. 10MB; write the limit so
test.yaml:7:5: budgets[2]: cost.monthly is an amount of money, without a unit; write the limit so
test.yaml:8:5: budgets[3]: no figure is named "transfer.links.fra/uplink.peek_bps"; `
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got:\n%v", err)
	}
	for _, part := range []string{
		"budget beta: cost.monthly <= 1: no variant is named \"beta\"; there is none",
		"budget cost <= 1: no figure is named \"cost\"; ",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in:\n%v", part, err)
		}
	}

	doc = document(t, `version: 1
simulate: {duration: 1d}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 1MB}]}]
`)
	_, err = Run(t.Context(), doc, nil, Options{Budgets: parsed(t, "transfer.links.ams/uplink.peak_bps <= 1Gbps")})
	if _, ok := errors.AsType[scenarios.Errors](err); !ok || !strings.Contains(err.Error(), "variant test has no transfer.links.ams/uplink.peak_bps") {
		t.Errorf("a link that is not there: %v", err)
	}
}

// TestFigures holds paths, units and exact texts to the JSON result.
func TestFigures(t *testing.T) {
	v := costing("a", 1250, 60, 300)
	v.Transfer.DeliveredBytes = 1<<53 + 1
	v.Cost.Monthly++
	for path, want := range map[string]struct {
		unit Unit
		text string
	}{
		"cost.monthly":                       {Money, "12.500001"},
		"image.compressed_bytes":             {Bytes, "60000000"},
		"transfer.delivered_bytes":           {Bytes, "9007199254740993"},
		"rollouts.seconds.p95":               {Seconds, "300"},
		"rollouts.count":                     {Number, "0"},
		"transfer.links.fra/uplink.peak_bps": {BitsPerSecond, "2000000000"},
		"transfer.links.fra/uplink.bytes":    {Bytes, "0"},
		"transfer.links.x.y.bytes":           {Bytes, ""},
	} {
		f, ok := FigureAt(path)
		if !ok || f.Unit != want.unit || f.Text(&v) != want.text {
			t.Errorf("%s: %v, %q, %q; want %+v", path, ok, f.Unit, f.Text(&v), want)
		}
	}
	for _, path := range []string{"", "name", "cost", "cost.at_least", "transfer.links", "transfer.links.bytes", "transfer.links..bytes", "transfer.links.a.name"} {
		if f, ok := FigureAt(path); ok {
			t.Errorf("%q is %+v", path, f)
		}
	}
}

// TestReferenceBudgets checks the budgets that docs/scenario.md shows.
func TestReferenceBudgets(t *testing.T) {
	data, err := os.ReadFile("../../docs/scenario.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "```yaml\nbudgets:\n")
	shown, _, _ := strings.Cut(rest, "```")
	doc := document(t, `version: 1
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 1MB}]}]
variants: [{name: alpine}]
budgets:
`+shown)
	if variants, err := Load(doc, nil); err != nil || len(variants[0].Budgets) != 5 {
		t.Errorf("%v", err)
	}
}
