package price

import (
	"math/big"
	"slices"
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
