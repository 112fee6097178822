package price

import (
	"math/big"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	if err := testBook().Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		edit func(b *Book, r *Rule) // r is the rule of inter-zone
	}{
		{"has no unit", func(_ *Book, r *Rule) { r.Unit = "" }},
		{`no meter is called "zones"`, func(_ *Book, r *Rule) { r.Meter = "zones" }},
		{`nobody is called "us"`, func(_ *Book, r *Rule) { r.Charged = "us" }},
		{`no counter is called "node"`, func(_ *Book, r *Rule) { r.Counter = "node" }},
		{"the free quantity is negative", func(_ *Book, r *Rule) { r.Free = rat("-1") }},
		{"a count is negative", func(_ *Book, r *Rule) { r.UnitBytes = -1 }},
		{"there are no tiers", func(_ *Book, r *Rule) { r.Tiers = nil }},
		{"tier 1 is open, but not the last", func(_ *Book, r *Rule) { r.Tiers = append(r.Tiers, r.Tiers...) }},
		{"tier 2 ends at 5, not above the one before", func(_ *Book, r *Rule) { r.Tiers = tiers("5", "1", "5", "1") }},
		{"tier 1 has a negative rate", func(_ *Book, r *Rule) { r.Tiers = tiers("", "-1") }},
		{"tier 1 costs something, but nobody is charged", func(_ *Book, r *Rule) { r.Charged = Nobody }},
		{"2 rates for r2, 1 tiers", func(_ *Book, r *Rule) { r.Regions = map[string][]*big.Rat{"r2": {nil, nil}} }},
		{"r1->r2 has a negative rate", func(_ *Book, r *Rule) { r.Pairs = map[string][]*big.Rat{"r1->r2": {rat("-1")}} }},
		{"rates differ by region, so tiers must be counted by region", func(b *Book, _ *Rule) { b.rule("cloud", InternetEgress).Counter = PerAccount }},
		{"rates differ by pair, so tiers must be counted by pair", func(b *Book, _ *Rule) {
			b.rule("cloud", InternetEgress).Pairs = map[string][]*big.Rat{"r1->r2": {rat("1"), nil, nil}}
		}},
		{"has no asOf", func(_ *Book, r *Rule) { r.Origin.AsOf = "" }},
		{`confidence is "E"; write A, B, C or D`, func(_ *Book, r *Rule) { r.Origin.Confidence = "E" }},
		{"has no source", func(_ *Book, r *Rule) { r.Origin.Sources = nil }},
		{"has no source", func(b *Book, _ *Rule) { b.rule("cloud", InternetEgress).RegionsOrigin.Sources = nil }},
		{`rule "cloud.inter-zone": there are two`, func(b *Book, r *Rule) { b.rule("cloud", NATHour).ID, r.Tiers = "cloud.inter-zone", tiers("", "0.5") }},
		{`"cloud.inter-zone" is the rule for inter-zone of cloud`, func(b *Book, _ *Rule) { b.rule("cloud", NATHour).Meter = InterZone }},
		{`limit "l": needs id, provider, pulls and seconds`, func(b *Book, _ *Rule) { b.Limits = []Limit{{ID: "l", Origin: read("2026")}} }},
	} {
		b := testBook()
		c.edit(b, b.rule("cloud", InterZone))
		if err := b.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// All mistakes are told at once.
func TestCheckTellsAll(t *testing.T) {
	b := &Book{Rules: []Rule{{ID: "a", Meter: "x"}, {ID: "a", Meter: "x"}}}
	want := 10 + 10 + 1 // each: provider, description, unit, meter, charged, counter, tiers, asOf, confidence, source; and two of a name
	if got := strings.Count(b.Check().Error(), "\n") + 1; got != want {
		t.Errorf("%d lines, want %d:\n%v", got, want, b.Check())
	}
}
