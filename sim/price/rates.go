package price

import (
	"maps"
	"math/big"
	"slices"
	"strings"
)

// rates are what a rule charges in one region, or between two.
type rates struct {
	tiers   []Tier
	from    Origin
	standIn bool   // they were read elsewhere
	key     string // tells apart what a rule charges in different places
}

// rates returns what a rule charges from a region and, for transfers, to its peer: by the pair where that has
// a price of its own, else by the region, regions before areas.
func (b *Book) rates(r *Rule, provider, region, peer string) rates {
	from := []string{region, b.area(provider, region), Any}
	to := []string{peer, b.area(provider, peer), Any}
	for _, a := range from {
		for _, z := range to {
			if list, ok := r.Pairs[a+"->"+z]; ok {
				return rates{r.with(list), r.RegionsOrigin, false, a + "->" + z}
			}
		}
	}
	for _, a := range from[:2] {
		if list, ok := r.Regions[a]; ok {
			return rates{r.with(list), r.RegionsOrigin, false, a}
		}
	}
	switch {
	case len(r.Known) == 0 || b.within(provider, region, r.Known):
		return rates{tiers: r.Tiers, from: r.Origin}
	case r.StandIn == "":
		return rates{tiers: []Tier{{}}, key: "unknown"}
	}
	stale := Origin{AsOf: r.Origin.AsOf, Confidence: standInConfidence, Sources: r.Origin.Sources}
	return rates{r.Tiers, stale, true, "stand-in"}
}

// with is the rule's tiers at other rates.
func (r *Rule) with(list []*big.Rat) []Tier {
	tiers := slices.Clone(r.Tiers)
	for i := range tiers {
		tiers[i].Rate = list[i]
	}
	return tiers
}

// standInConfidence is how far to trust a rate of another region.
const standInConfidence = "D"

// Rates are what a rule charges in one region.
type Rates struct {
	Tiers   []Tier
	Origin  Origin
	StandIn bool // they were read elsewhere, and Rule.StandIn says why they serve
}

// RatesIn returns what a rule of the book charges in a region of its provider, whatever the other end; ""
// asks for the rates that it has by default. Pairs are not looked at.
func (b *Book) RatesIn(r *Rule, region string) Rates {
	if region == "" {
		return Rates{Tiers: r.Tiers, Origin: r.Origin}
	}
	alone := *r
	alone.Pairs = nil
	found := b.rates(&alone, r.Provider, region, "")
	return Rates{Tiers: found.tiers, Origin: found.from, StandIn: found.standIn}
}

// PairsFrom lists the pairs of a rule that begin in a region or in its area, or anywhere; all for "". Sorted.
func (b *Book) PairsFrom(r *Rule, region string) []string {
	var list []string
	for _, pair := range slices.Sorted(maps.Keys(r.Pairs)) {
		from, _, _ := strings.Cut(pair, "->")
		if region == "" || from == Any || from == region || from == b.area(r.Provider, region) {
			list = append(list, pair)
		}
	}
	return list
}
