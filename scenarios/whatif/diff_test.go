package whatif

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fleetcost/fleetcost/scenarios"
)

const reviewed = `
version: 1
name: reviewed
simulate: {duration: 10d}
sizes: {from: catalog}
datacenters:
  - {name: fra, provider: aws, region: us-east-1, egress: nat, nodes: 2}
services:
  - name: hello
    base: "own:1"
    baseRebuild: 10d
    layers: [{name: app, size: 3MB}]
images: [{ref: "own:1", layers: [{size: 5MB}]}, {ref: "own:2", layers: [{size: 50MB}]}]
`

// TestCompare follows a base of 5 MB becoming one of 50 MB, by hand. In 10 days 10 deploys move 3 MB to 2
// nodes; the base is rebuilt once (after 5 days) and moves once to each:
//
//	10 d: 60 MB + 2 × 5 MB = 70 MB, then 60 MB + 2 × 50 MB = 160 MB
//	a month of 730 h is 73/24 of it: 212.9167 MB and 486.6667 MB, 273.75 MB or 128.5714 % more
//	processing by NAT: that / 2^30 × 0.045 dollars, each line rounded to millionths
func TestCompare(t *testing.T) {
	base := mustRun(t, document(t, reviewed), Options{})
	head := mustRun(t, document(t, reviewed), Options{Budgets: parsed(t, "cost.monthly <= +0.1%", "transfer.delivered_bytes <= 200MB")},
		scenarios.Set{Path: "services.hello.base", Value: "own:2"})
	d, err := Compare(base, head, parsed(t, "image.compressed_bytes <= +40MB"))
	if err != nil {
		t.Fatal(err)
	}
	if !d.Changed() || len(d.Variants) != 1 || d.Variants[0].In != InBoth {
		t.Fatalf("got %+v", d)
	}
	v := d.Variants[0]
	about := cmpopts.EquateApprox(1e-9, 1e-6)
	percent := func(p float64) *float64 { return &p }
	const month = 73.0 / 24
	nat := func(bytes float64) float64 { return math.Round(bytes*month/(1<<30)*0.045*1e6) / 1e6 }
	cost := nat(160e6) - nat(70e6)
	find := func(figure string) Change {
		i := slices.IndexFunc(v.Changes, func(c Change) bool { return c.Figure == figure })
		if i < 0 {
			t.Fatalf("%s is not among %+v", figure, v.Changes)
		}
		return v.Changes[i]
	}
	for _, want := range []Change{
		{"transfer.delivered_bytes", Bytes, 70e6 * month, 160e6 * month, 90e6 * month, percent(900.0 / 7)},
		{"image.compressed_bytes", Bytes, 8e6, 53e6, 45e6, percent(562.5)},
		{"cost.usage", Money, nat(70e6), nat(160e6), cost, percent(100 * cost / nat(70e6))},
	} {
		if diff := cmp.Diff(want, find(want.Figure), about); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Figure, diff)
		}
	}
	for i := 1; i < len(v.Changes); i++ {
		if v.Changes[i].effect() > v.Changes[i-1].effect() {
			t.Errorf("%s comes after %s, which changed less", v.Changes[i].Figure, v.Changes[i-1].Figure)
		}
	}
	wantCauses := []MoveDiff{
		{"internet-ingress", "hub", "fra", "hello", "docker.io/library/own:2", "rebuild", 0, 100e6 * month, 100e6 * month},
		{"internet-ingress", "hub", "fra", "hello", "docker.io/library/own:1", "rebuild", 10e6 * month, 0, -10e6 * month},
	}
	// Whether the application's layer moves for a deploy or a rebuild is the engine's to say.
	byCause := cmpopts.IgnoreFields(MoveDiff{}, "Cause")
	if diff := cmp.Diff(wantCauses, v.Causes, about, byCause); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
	wantBill := []LineDiff{{"aws.nat_gateway.processing", "hub", "fra", "account", nat(70e6), nat(160e6), cost}}
	if diff := cmp.Diff(wantBill, v.Bill, about); diff != "" {
		t.Errorf("bill (-want +got):\n%s", diff)
	}
	// 53 MB are 45 MB more; the limits on bytes are those of the 10 days; relative ones are from base.
	var passed []bool
	for _, b := range d.Budgets {
		passed = append(passed, b.Passed)
	}
	if diff := cmp.Diff([]bool{true, true, false}, passed); diff != "" {
		t.Errorf("budgets %+v:\n%s", d.Budgets, diff)
	}
	wantImages := []ImageDiff{
		{Ref: "docker.io/library/own:1", Platform: "linux/amd64", In: InBase, BaseBytes: 5e6},
		{Ref: "docker.io/library/own:2", Platform: "linux/amd64", In: InHead, HeadBytes: 50e6},
	}
	if diff := cmp.Diff(wantImages, d.Images); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

// TestCompareEqual finds nothing where nothing changed, and nothing but rarer luck where only the simulated
// time did.
func TestCompareEqual(t *testing.T) {
	r := mustRun(t, document(t, reviewed), Options{})
	if d, err := Compare(r, r, nil); err != nil || d.Changed() {
		t.Errorf("%v, %+v", err, d)
	}
	// Twice the time is twice the deploys and rebuilds: per month all is the same but what is kept.
	longer := mustRun(t, document(t, reviewed), Options{}, scenarios.Set{Path: "simulate.duration", Value: "20d"})
	d, err := Compare(r, longer, nil)
	if err != nil || len(d.Warnings) != len(longer.Warnings)+1 {
		t.Fatalf("%v, %q", err, d.Warnings)
	}
	for _, c := range d.Variants[0].Changes {
		switch c.Figure {
		case "cost.monthly", "cost.usage": // rounded to millionths
			if math.Abs(c.Change) > 2e-6 {
				t.Errorf("%+v", c)
			}
		case "transfer.delivered_bytes", "transfer.registry_bytes", "pulls.count":
			t.Errorf("%+v", c)
		}
	}
}

// TestCompareVariants pairs variants by name and puts the largest change of cost first.
func TestCompareVariants(t *testing.T) {
	base := &Result{DurationSeconds: 1, Baseline: "a", Variants: []Variant{costing("a", 100, 1, 1), costing("b", 200, 1, 1), costing("gone", 300, 1, 1)}}
	head := &Result{DurationSeconds: 1, Baseline: "a", Variants: []Variant{costing("a", 110, 1, 1), costing("new", 50, 1, 1), costing("b", 100, 1, 1)}}
	d, err := Compare(base, head, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range d.Variants {
		got = append(got, v.Name+" "+string(v.In))
	}
	if diff := cmp.Diff([]string{"gone base", "b both", "new head", "a both"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Two results of one variant each compare whatever these are called.
	base.Variants, head.Variants = base.Variants[:1], head.Variants[1:2]
	base.Baseline, head.Baseline = "a", "new"
	if d, err = Compare(base, head, nil); err != nil || len(d.Variants) != 1 || d.Variants[0].Cost.Change != -0.5 {
		t.Errorf("%v, %+v", err, d)
	}
}
