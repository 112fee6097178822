package price

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// A RuleError is a mistake in one rule of a book.
type RuleError struct {
	ID      string // the rule's
	Mistake string
}

func (e *RuleError) Error() string { return fmt.Sprintf("rule %q: %s", e.ID, e.Mistake) }

// Check says everything that is wrong with the form of a book, a RuleError for what is wrong with a rule; nil:
// nothing. It knows nothing of prices.
func (b *Book) Check() error {
	var errs []error
	for i := range b.Rules {
		r := &b.Rules[i]
		for _, mistake := range append(r.mistakes(), b.places(r)...) {
			errs = append(errs, &RuleError{r.ID, mistake})
		}
		for j := range b.Rules[:i] {
			switch other := &b.Rules[j]; {
			case other.ID == r.ID && (other.Meter == r.Meter || !slices.EqualFunc(other.Tiers, r.Tiers, sameTier)):
				errs = append(errs, &RuleError{r.ID, "there are two"})
			case other.rivals(r):
				errs = append(errs, &RuleError{r.ID, fmt.Sprintf("%q is the rule for %s of %s", other.ID, r.Meter, r.Provider)})
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

// sameTier tells whether two tiers are alike, as those of one price on several meters are.
func sameTier(a, b Tier) bool { return sameRat(a.UpTo, b.UpTo) && sameRat(a.Rate, b.Rate) }

func sameRat(a, b *big.Rat) bool { return (a == nil) == (b == nil) && (a == nil || a.Cmp(b) == 0) }

// rivals tells whether two rules would charge for the same.
func (r *Rule) rivals(s *Rule) bool {
	return r.Meter != Reference && !r.Alternative && !s.Alternative && !r.Own && !s.Own && len(r.Only) == 0 && len(s.Only) == 0 &&
		r.Provider == s.Provider && r.Meter == s.Meter && r.Service == s.Service && r.Plan == s.Plan
}

func (r *Rule) mistakes() []string {
	var list []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	check(r.ID != "", "has no id")
	check(r.Provider != "" || r.Own, "has no provider")
	check(r.Description != "", "has no description")
	check(r.Unit != "", "has no unit")
	check(slices.Contains(meters(), r.Meter), "no meter is called %q", r.Meter)
	check(slices.Contains([]Charged{Sender, Receiver, Both, Account, Nobody}, r.Charged), "nobody is called %q; write sender, receiver, both, account or none", r.Charged)
	check(slices.Contains([]Counter{PerAccount, PerRegion, PerPair, PerRegistry}, r.Counter), "no counter is called %q; write account, region, pair or registry", r.Counter)
	check(slices.Contains([]Per{"", PerZone, PerSite, PerNode, PerSeat}, r.Per), "nothing is counted per %q; write zone, site, node or seat", r.Per)
	check(r.Round == "" || r.Round == RoundUp, "nothing is rounded %q; write up", r.Round)
	check(r.Free == nil || r.Free.Sign() >= 0, "the free quantity is negative")
	check(r.UnitBytes >= 0 && r.Pack >= 0 && r.Times >= 0 && r.Most >= 0, "a count is negative")
	list = append(list, r.tierMistakes()...)
	if !r.Own && !r.isUnknown() {
		list = append(list, r.Origin.mistakes()...)
	}
	if r.Regions != nil || r.Pairs != nil {
		list = append(list, r.RegionsOrigin.mistakes()...)
	}
	return list
}

// isUnknown tells whether none of the rule's own rates is known, so that nobody can say where they are from.
func (r *Rule) isUnknown() bool {
	return len(r.Tiers) > 0 && !slices.ContainsFunc(r.Tiers, func(t Tier) bool { return t.Rate != nil })
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
	for _, by := range []map[string][]*big.Rat{r.Regions, r.Pairs} {
		for _, place := range slices.Sorted(maps.Keys(by)) {
			if n := len(by[place]); n != len(r.Tiers) {
				list = append(list, fmt.Sprintf("%d rates for %s, %d tiers", n, place, len(r.Tiers)))
			}
			list = append(list, rateMistakes(place, r.Charged, by[place]...)...)
		}
	}
	if len(r.Tiers) > 1 && r.Regions != nil && r.Counter == PerAccount {
		list = append(list, "rates differ by region, so tiers must be counted by region")
	}
	if len(r.Tiers) > 1 && r.Pairs != nil && r.Counter != PerPair {
		list = append(list, "rates differ by pair, so tiers must be counted by pair")
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

// places finds the areas that a rule names and the book does not have: their names have capitals, regions'
// do not.
func (b *Book) places(r *Rule) []string {
	var names, list []string
	for _, pair := range slices.Sorted(maps.Keys(r.Pairs)) {
		from, to, ok := strings.Cut(pair, "->")
		if !ok {
			list = append(list, pair+" is no pair; write FROM->TO")
		}
		names = append(names, from, to)
	}
	names = slices.Concat(names, slices.Sorted(maps.Keys(r.Regions)), r.Known, r.Only)
	areas := b.provider(r.Provider).Areas
	for _, name := range names {
		if strings.ToLower(name) != name && !slices.ContainsFunc(areas, func(a Area) bool { return a.Name == name }) {
			list = append(list, fmt.Sprintf("the book has no area %q", name))
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
