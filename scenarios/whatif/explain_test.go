package whatif

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/scenarios"
)

func mustExplain(t *testing.T, doc *scenarios.Document, variant, path string, sets ...scenarios.Set) *Explanation {
	t.Helper()
	x, err := Explain(context.Background(), doc, sets, variant, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// addsUp checks that the terms below a term make its value, all the way down, and that each says why.
func addsUp(t *testing.T, where string, term Term) {
	t.Helper()
	where += " > " + term.Name
	if term.Why == "" {
		t.Errorf("%s does not say why", where)
	}
	sum := 0.0
	for _, below := range term.Terms {
		addsUp(t, where, below)
		sum += below.Value
		if below.Unit != term.Unit {
			t.Errorf("%s: %s is in %q, not %q", where, below.Name, below.Unit, term.Unit)
		}
	}
	slack := 0.0
	if term.Unit.IsMoney() {
		slack = 1e-9 * float64(1+len(term.Terms)) // of adding floats: amounts have six decimals
	}
	if len(term.Terms) > 0 && math.Abs(sum-term.Value) > slack {
		t.Errorf("%s: %v, its terms make %v", where, term.Value, sum)
	}
}

// Every figure of a result is explained, and what it is explained by adds up to it, in every built-in scenario.
func TestExplanationsAddUp(t *testing.T) {
	for _, info := range scenarios.Embedded() {
		doc := builtIn(t, info.Name)
		paths := []string{""}
		if info.Name == scenarios.Default {
			paths = append(paths, "transfer.links.fra/uplink.peak_bps", "transfer.links.hub/bandwidth.bytes", "transfer.links.fra/uplink.p95_bps", "transfer.links.fra/uplink.capacity_bps")
			paths = append(paths, sharingPaths()...)
			for _, f := range Figures() {
				paths = append(paths, f.Path)
			}
		}
		for _, path := range paths {
			x := mustExplain(t, doc, "", path, scenarios.Set{Path: "simulate.duration", Value: "2d"})
			for _, f := range x.Figures {
				addsUp(t, info.Name, f)
			}
			if len(x.Figures) == 0 || path == "" && len(x.Figures) != 4 {
				t.Errorf("%s, %q: %d figures", info.Name, path, len(x.Figures))
			}
		}
	}
}

// base-choice on ubuntu, by hand: see TestBaseChoiceOnUbuntu. A calculator says 120 deploys × 60 nodes × 59,573,390 bytes. Of that the
// base is 7,200 × 41,573,390, and moved with two rebuilds to 60 nodes; the dependencies are 7,200 × 15 MB, and moved twice with deploys
// and twice with rebuilds to 60 nodes each; the application moved with each deploy. Without a deploy 60 new nodes fetched all.
func TestGapByHand(t *testing.T) {
	x := mustExplain(t, builtIn(t, "base-choice"), "ubuntu", Gap)
	gap := x.Figures[0]
	if want := float64(33_763_210_200 - 7200*59_573_390); gap.Value != want || gap.Why != "a calculator says 428.93 GB, 33.76 GB were delivered" {
		t.Errorf("%v, want %v: %s", gap.Value, want, gap.Why)
	}
	var got []string
	for _, term := range gap.Terms {
		got = append(got, fmt.Sprintf("%s %.0f", term.Name, term.Value))
	}
	want := []string{
		"bases " + fmt.Sprint(-(7200-120)*41_573_390),
		"own layers that deploys leave alone " + fmt.Sprint(-(7200-240)*15_000_000),
		"churn " + fmt.Sprint(60*59_573_390),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A row of the bill says what was multiplied, by which price, and which layers were behind it.
func TestCostExplained(t *testing.T) {
	doc := document(t, `
version: 1
sizes: {from: catalog}
simulate: {duration: 730h}
datacenters: [{name: iad, provider: aws, region: us-east-1, egress: nat, nodes: 10}]
services:
  - {name: web, base: scratch, deploysPerDay: 1, layers: [{name: app, size: 1GiB}]}
prices: {currency: {code: EUR, perUSD: 0.5}}
`)
	// 30 deploys, on day 0.5 to 29.5 of 30.4; each moves 10 GiB at 0.045 dollars, together 13.50, or 6.75 euros.
	x := mustExplain(t, doc, "", "cost.usage")
	usage := x.Figures[0]
	if usage.Value != 6.75 || usage.Unit != "EUR" {
		t.Fatalf("%+v", usage)
	}
	nat := usage.Terms[0].Terms[0]
	if nat.Name != "aws.nat_gateway.processing, hub > iad, web" || nat.Why != "322.12 GB moved: 300 GiB × 0.045 USD a month" || !strings.Contains(nat.Source, "confidence A") {
		t.Errorf("%+v", nat)
	}
	if share := nat.Terms[0]; share.Name != "web/app, deploy" || share.Why != "300 × 1.07 GB: a deploy changed it (30 deploys, 10 nodes in all)" {
		t.Errorf("%+v", share)
	}
}

func TestExplainRefuses(t *testing.T) {
	doc := builtIn(t, "base-choice")
	for _, c := range []struct{ variant, path, want string }{
		{"alpin", "", `test.yaml: no variant is named "alpin"; did you mean alpine?`},
		{"", "cost.month", "figure cost.month: no result has it; did you mean cost.monthly?"},
		{"", "transfer.links.paris/uplink.peak_bps", "figure transfer.links.paris/uplink.peak_bps: variant ubuntu has no such link"},
	} {
		_, err := Explain(context.Background(), doc, []scenarios.Set{{Path: "simulate.duration", Value: "1h"}}, c.variant, c.path, Options{})
		if err == nil || err.Error() != c.want || !errors.As(err, new(scenarios.Errors)) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// The base's share of the bill on base-choice: it was fetched by 60 nodes with each of two rebuilds, and by 60 new ones, 7,483,210,200
// bytes × 730/720 / 2^30 × 0.045 = 0.317974 dollars. What services add moved 26,280,000,000 bytes, 1.116679 dollars but for rounding in
// two datacenters; the gateways' 197.10 are nobody's alone.
func TestBaseShare(t *testing.T) {
	shares := mustExplain(t, builtIn(t, "base-choice"), "ubuntu", "shares.contents").Figures[0]
	want := map[string]float64{
		"base": 7_483_210_200.0 * 730 / 720 / (1 << 30) * 0.045, "own": 26_280_000_000.0 * 730 / 720 / (1 << 30) * 0.045, "nobody's alone": 197.10,
	}
	for _, term := range shares.Terms {
		if math.Abs(term.Value-want[term.Name]) > 5e-6 {
			t.Errorf("%s has %v, want %v", term.Name, term.Value, want[term.Name])
		}
		delete(want, term.Name)
	}
	if len(want) > 0 {
		t.Errorf("no share for %v", want)
	}
}
