package price

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// Check says everything that is wrong with the form of a book; nil: nothing. It knows nothing of prices.
func (b *Book) Check() error {
	var errs []error
	for i := range b.Rules {
		r := &b.Rules[i]
		for _, mistake := range r.mistakes() {
			errs = append(errs, fmt.Errorf("rule %q: %s", r.ID, mistake))
		}
		for j := range b.Rules[:i] {
			if b.Rules[j].ID == r.ID {
				errs = append(errs, fmt.Errorf("rule %q: there are two", r.ID))
			}
			if b.Rules[j].Provider == r.Provider && b.Rules[j].Meter == r.Meter {
				errs = append(errs, fmt.Errorf("rule %q: %q is the rule for %s of %s", r.ID, b.Rules[j].ID, r.Meter, r.Provider))
			}
		}
	}
	for _, l := range b.Limits {
		if l.ID == "" || l.Provider == "" || l.Pulls < 0 || l.Seconds <= 0 {
			errs = append(errs, fmt.Errorf("limit %q: needs id, provider, pulls and seconds", l.ID))
		}
		for _, mistake := range l.Origin.mistakes() {
			errs = append(errs, fmt.Errorf("limit %q: %s", l.ID, mistake))
		}
	}
	return errors.Join(errs...)
}

func (r *Rule) mistakes() []string {
	var list []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	check(r.ID != "" && r.Provider != "" && r.Description != "" && r.Unit != "", "needs id, provider, description and unit")
	check(slices.Contains(meters(), r.Meter), "no meter is called %q", r.Meter)
	check(slices.Contains([]Charged{Sender, Receiver, Both, Account, Nobody}, r.Charged), "nobody is called %q; write sender, receiver, both, account or none", r.Charged)
	check(slices.Contains([]Counter{PerAccount, PerRegion, PerPair}, r.Counter), "no counter is called %q; write account, region or pair", r.Counter)
	check(r.Free == nil || r.Free.Sign() >= 0, "the free quantity is negative")
	check(r.UnitBytes >= 0, "a GB has %d bytes", r.UnitBytes)
	list = append(list, r.tierMistakes()...)
	list = append(list, r.Origin.mistakes()...)
	if r.Regions != nil || r.Pairs != nil {
		list = append(list, r.RegionsOrigin.mistakes()...)
	}
	return list
}

// tierMistakes are those of edges and rates. A rule with several tiers and rates by region must count by
// region, or there would be no telling which region's rate a shared tier has.
func (r *Rule) tierMistakes() []string {
	var list []string
	if len(r.Tiers) == 0 {
		return []string{"there are no tiers"}
	}
	edge := new(big.Rat)
	for i, t := range r.Tiers {
		switch {
		case t.UpTo == nil && i < len(r.Tiers)-1:
			list = append(list, fmt.Sprintf("tier %d is open, but not the last", i+1))
		case t.UpTo != nil && t.UpTo.Cmp(edge) <= 0:
			list = append(list, fmt.Sprintf("tier %d ends at %s, not above the one before", i+1, t.UpTo.RatString()))
		}
		if t.UpTo != nil {
			edge = t.UpTo
		}
		list = append(list, rateMistakes(fmt.Sprintf("tier %d", i+1), r.Charged, t.Rate)...)
	}
	for _, region := range slices.Sorted(maps.Keys(r.Regions)) {
		if n := len(r.Regions[region]); n != len(r.Tiers) {
			list = append(list, fmt.Sprintf("%d rates for %s, %d tiers", n, region, len(r.Tiers)))
		}
		list = append(list, rateMistakes(region, r.Charged, r.Regions[region]...)...)
	}
	for _, pair := range slices.Sorted(maps.Keys(r.Pairs)) {
		list = append(list, rateMistakes(pair, r.Charged, r.Pairs[pair])...)
	}
	if len(r.Tiers) > 1 && r.Regions != nil && r.Counter == PerAccount {
		list = append(list, "rates differ by region, so tiers must be counted by region")
	}
	if len(r.Tiers) > 1 && r.Pairs != nil {
		list = append(list, "pairs have flat rates, so there must be one tier only")
	}
	return list
}

func rateMistakes(of string, by Charged, rates ...*big.Rat) []string {
	var list []string
	for _, rate := range rates {
		switch {
		case rate == nil:
		case rate.Sign() < 0:
			list = append(list, of+" has a negative rate")
		case rate.Sign() > 0 && by == Nobody:
			list = append(list, of+" costs something, but nobody is charged")
		}
	}
	return list
}

func (o *Origin) mistakes() []string {
	var list []string
	if o.AsOf == "" {
		list = append(list, "has no asOf")
	}
	if !slices.Contains([]string{"A", "B", "C", "D"}, o.Confidence) {
		list = append(list, fmt.Sprintf("confidence is %q; write A, B, C or D", o.Confidence))
	}
	if len(o.Sources) == 0 {
		list = append(list, "has no source")
	}
	return list
}
