package price

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// A biller writes one bill.
type biller struct {
	book    *Book
	options Options
	bill    *Bill
	err     error
}

func (b *biller) assume(format string, args ...any) {
	addOnce(&b.bill.Assumptions, fmt.Sprintf(format, args...))
}

func (b *biller) warn(format string, args ...any) {
	addOnce(&b.bill.Warnings, fmt.Sprintf(format, args...))
}

// unknown warns of a price that is missing from the bill.
func (b *biller) unknown(format string, args ...any) {
	b.bill.AtLeast = true
	b.warn("%s: the bill is a lower bound", fmt.Sprintf(format, args...))
}

func addOnce(list *[]string, s string) {
	if !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// A charge is a rule with all its uses.
type charge struct {
	rule *Rule
	uses []use
}

// match finds the rule of every use that somebody pays for.
func (b *biller) match(list []use) []charge {
	var charges []charge
	for _, u := range list {
		if u.amount.Sign() == 0 {
			continue
		}
		if !b.book.covers(u.provider) {
			b.unpriced(u)
			continue
		}
		rule := b.book.rule(u.provider, u.meter)
		if rule == nil {
			b.unknown("%s from %s to %s has no price in book %s", u.meter, u.from, u.to, b.book.Name)
			continue
		}
		if u.meter == InterZone && !rule.chargesEnd(u.charged) {
			continue
		}
		i := slices.IndexFunc(charges, func(c charge) bool { return c.rule == rule })
		if i < 0 {
			i = len(charges)
			charges = append(charges, charge{rule: rule})
		}
		charges[i].uses = append(charges[i].uses, u)
	}
	return charges
}

// chargesEnd tells whether an end of a transfer is on the bill. Where nobody pays, the sender's stands
// there for the bytes.
func (r *Rule) chargesEnd(end Charged) bool {
	return r.Charged == Both || r.Charged == end || r.Charged == Nobody && end == Sender
}

// unpriced says why a use costs nothing here.
func (b *biller) unpriced(u use) {
	switch {
	case u.provider != "":
		b.unknown("book %s has no prices of %s", b.book.Name, u.provider)
	case u.charged == Sender:
		b.assume("%s is on own hardware: what it sends is not priced", u.from)
	default:
		b.assume("%s is on own hardware: what it receives and runs is not priced", u.to)
	}
}

// charge bills all uses of a rule: the free allowance of the account first, then the tiers, once for each
// counter. What the account moves already has taken the allowance and the low tiers:
//
//	free = clip(rule.Free - baseline, 0, units)
//	paid = ladder(baseline beyond rule.Free + units - free) - ladder(baseline beyond rule.Free)
func (b *biller) charge(c charge) {
	total := sum(c.uses)
	units, already := total, new(big.Rat)
	if c.rule.UnitBytes > 0 {
		units = new(big.Rat).Quo(total, big.NewRat(c.rule.UnitBytes, 1))
		already = exact(b.options.BaselineGB[c.rule.Meter.Class()])
	}
	free := new(big.Rat)
	if c.rule.Free != nil {
		free = clip(new(big.Rat).Sub(c.rule.Free, already), new(big.Rat), units)
		already = clip(new(big.Rat).Sub(already, c.rule.Free), new(big.Rat), nil)
	}
	paid := new(big.Rat).Sub(units, free)
	b.lines(c, Band{Quantity: free, Rate: new(big.Rat)}, "free", c.rule.Origin, c.uses)
	counters := c.counters()
	for _, uses := range counters {
		share := new(big.Rat).Mul(paid, new(big.Rat).Quo(sum(uses), total))
		tiers, from, standIn := c.rule.in(uses[0].region, uses[0].peer)
		if standIn {
			b.warn("%s in %s: %s", c.rule.ID, uses[0].region, c.rule.StandIn)
		}
		for _, band := range Ladder(tiers, already, share) {
			b.lines(c, band, label(tiers, band), from, uses)
		}
	}
	if len(counters) > 1 && len(c.rule.Tiers) > 1 && already.Sign() > 0 {
		b.assume("%s: what the account moves already is counted in the tiers of every region", c.rule.ID)
	}
	b.remarks(c.rule)
}

// counters splits the uses where the rule counts, or charges, by region, in order of first appearance.
func (c charge) counters() [][]use {
	key := func(u use) string {
		switch {
		case c.rule.Counter == PerPair || c.rule.Pairs != nil:
			return u.region + "->" + u.peer
		case c.rule.Counter == PerRegion || c.rule.Regions != nil || c.rule.Known != nil:
			return u.region
		}
		return ""
	}
	var out [][]use
	at := map[string]int{}
	for _, u := range c.uses {
		i, ok := at[key(u)]
		if !ok {
			i = len(out)
			at[key(u)] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], u)
	}
	return out
}

// lines writes one line for each use's share of a band. Shares are rounded cumulatively, so that the
// lines add up to the band's cost.
func (b *biller) lines(c charge, band Band, tier string, from Origin, uses []use) {
	if band.Quantity.Sign() == 0 {
		return
	}
	total := sum(uses)
	so, billed := new(big.Rat), USD(0)
	for _, u := range uses {
		share := new(big.Rat).Mul(band.Quantity, new(big.Rat).Quo(u.amount, total))
		item := Item{
			Rule: c.rule.ID, Class: c.rule.Meter.Class(), Charged: u.charged, From: u.from, To: u.to,
			Quantity: float(share), Unit: c.rule.Unit, Tier: tier, Fixed: u.fixed, Unknown: band.Rate == nil,
			AsOf: from.AsOf, Confidence: from.Confidence,
		}
		if c.rule.Charged == Nobody {
			item.Charged = Nobody
		}
		if len(from.Sources) > 0 {
			item.Source = from.Sources[0].String()
		}
		if item.Unknown {
			b.unknown("%s%s: the price is not known", c.rule.ID, where(u.region))
		} else {
			so.Add(so, new(big.Rat).Mul(share, band.Rate))
			all, err := round(so)
			if err != nil {
				b.err = err
			}
			item.Rate, item.USD = float(band.Rate), all-billed
			billed = all
		}
		b.bill.Items = append(b.bill.Items, item)
	}
}

func where(region string) string {
	if region == "" {
		return ""
	}
	return " in " + region
}

func sum(uses []use) *big.Rat {
	total := new(big.Rat)
	for _, u := range uses {
		total.Add(total, u.amount)
	}
	return total
}

// label names a band by its edges, where there are several.
func label(tiers []Tier, band Band) string {
	switch {
	case len(tiers) == 1 && tiers[0].UpTo == nil:
		return ""
	case band.UpTo == nil:
		return "above " + edge(band.From)
	}
	return edge(band.From) + " to " + edge(band.UpTo)
}

func edge(r *big.Rat) string {
	if r.IsInt() {
		return r.RatString()
	}
	return strings.TrimRight(r.FloatString(6), "0")
}

// costsNothing tells whether every rate is zero, so that it does not matter how a quantity is counted.
func (r *Rule) costsNothing() bool {
	return !slices.ContainsFunc(r.Tiers, func(t Tier) bool { return t.Rate == nil || t.Rate.Sign() != 0 })
}

// remarks prints what is to be said of a rule that was used.
func (b *biller) remarks(r *Rule) {
	if r.Unstated && !r.costsNothing() {
		b.assume("%s: a GB is taken as %d bytes; no source states it", r.ID, r.UnitBytes)
	}
	if r.Doubt != "" {
		b.warn("%s: %s", r.ID, r.Doubt)
	}
	if r.Note != "" {
		b.assume("%s", r.Note)
	}
	switch r.Meter {
	case NATProcessing:
		b.assume("every zone has a NAT gateway of its own, so that bytes change no zone on their way to it")
	case EndpointLayers:
		b.assume("layers come by the bucket of the region's registry and its free gateway endpoint; manifests on the interfaces are not counted")
	case EndpointProcessing:
		b.assume("what is not in the region's registry is priced as if an interface endpoint led there")
	}
}
