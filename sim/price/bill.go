package price

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// Options adjust a bill. The zero value bills the layers' bytes of an account that moves nothing else.
type Options struct {
	BilledOverhead float64            // what per-GB meters add to payload, a fraction
	BaselineGB     map[string]float64 // by class, what the account moves already in a month, in the rule's unit; tiers start there
}

// A Bill is a month's ledger. Usage and Fixed add up to Monthly, and so do the items.
type Bill struct {
	Currency    string
	Monthly     USD
	Usage       USD  // follows bytes
	Fixed       USD  // owed without any
	AtLeast     bool // some price is unknown: the month costs no less than this
	Items       []Item
	Assumptions []string // each once
	Warnings    []string // each once
}

// An Item is a line of the bill: one use of one rule in one tier. Quantity × Rate is USD, but for
// rounding.
type Item struct {
	Rule       string
	Class      string // same-zone, inter-zone, inter-region, internet-egress, internet-ingress, nat, endpoint, address, storage
	Charged    Charged
	From, To   string
	Quantity   float64 // a month's, in Unit
	Unit       string
	Rate       float64 // dollars a unit; 0 where Unknown
	Tier       string  // "" where the rule has one band, "free" for an allowance, else e.g. "10240 to 51200"
	USD        USD
	Fixed      bool
	Unknown    bool // the rate is not known; USD is 0 and means nothing
	Source     string
	AsOf       string
	Confidence string
}

// Price makes the bill of a run. Nothing is priced where the book has no rule for a provider; the
// assumptions say so. Lines are ordered by meter, from, to and tier.
//
// Tiers and allowances run once over the month's sum of a counter, and every use gets its share of each
// band in proportion, so that neither splitting nor reordering transfers changes the bill.
func Price(m *sim.Model, r *sim.Result, book *Book, o Options) (*Bill, error) {
	b := &biller{book: book, options: o, bill: &Bill{Currency: book.Currency}}
	if len(r.Storage) != len(m.Registries) {
		return nil, fmt.Errorf("pricing: the result has %d registries, the model %d", len(r.Storage), len(m.Registries))
	}
	if len(book.Rules) == 0 {
		b.assume("no price book: nothing is priced")
		return b.bill, nil
	}
	b.assume("prices: public list prices of %s, as of %s, without discounts and tax", book.Name, book.Compiled)
	for _, c := range b.match(uses(m, r, o)) {
		b.charge(c)
	}
	for _, note := range book.Notes {
		b.assume("%s", note)
	}
	if slices.ContainsFunc(m.Registries, func(r sim.Registry) bool { return r.Location.Kind == sim.OnInternet }) {
		b.assume("what leaves a registry on the internet is charged to its owner, if to anybody")
	}
	for _, i := range b.bill.Items {
		b.bill.Monthly += i.USD
		if i.Fixed {
			b.bill.Fixed += i.USD
		} else {
			b.bill.Usage += i.USD
		}
	}
	return b.bill, nil
}

type biller struct {
	book    *Book
	options Options
	bill    *Bill
}

func (b *biller) assume(format string, args ...any) {
	addOnce(&b.bill.Assumptions, fmt.Sprintf(format, args...))
}

func (b *biller) warn(format string, args ...any) {
	addOnce(&b.bill.Warnings, fmt.Sprintf(format, args...))
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
		switch {
		case rule == nil:
			b.bill.AtLeast = true
			b.warn("%s from %s to %s has no price in book %s: the bill is a lower bound", u.meter, u.from, u.to, b.book.Name)
			continue
		case u.meter == InterZone && rule.Charged != Both && rule.Charged != u.charged:
			continue // the other end pays
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

// unpriced says why a use costs nothing here.
func (b *biller) unpriced(u use) {
	switch {
	case u.provider != "":
		b.bill.AtLeast = true
		b.warn("book %s has no prices of %s: the bill is a lower bound", b.book.Name, u.provider)
	case u.charged == Sender:
		b.assume("%s is on own hardware: what it sends is not priced", u.from)
	default:
		b.assume("%s is on own hardware: what it receives and runs is not priced", u.to)
	}
}

// charge bills all uses of a rule: the free allowance of the account first, then the tiers, once for each
// region that has a counter of its own.
func (b *biller) charge(c charge) {
	total := sum(c.uses)
	units := b.inUnits(c.rule, total)
	already := exact(b.options.BaselineGB[class(c.rule.Meter)])
	free := new(big.Rat)
	if c.rule.Free != nil {
		free = clip(new(big.Rat).Sub(c.rule.Free, already), new(big.Rat), units)
		already = clip(new(big.Rat).Sub(already, c.rule.Free), new(big.Rat), nil)
	}
	paid := new(big.Rat).Sub(units, free)
	b.lines(c.rule, Band{Quantity: free, Rate: new(big.Rat)}, "free", c.uses, total)
	for _, group := range counters(c) {
		share := new(big.Rat).Mul(paid, new(big.Rat).Quo(sum(group.uses), total))
		tiers := c.rule.in(group.uses[0].region, group.uses[0].peer)
		for _, band := range Ladder(tiers, already, share) {
			b.lines(c.rule, band, label(tiers, band), group.uses, sum(group.uses))
		}
	}
	b.doubts(c)
}

// inUnits turns bytes into the rule's GB; hours stay hours.
func (b *biller) inUnits(rule *Rule, amount *big.Rat) *big.Rat {
	if rule.UnitBytes == 0 {
		return amount
	}
	if !rule.UnitStated {
		b.assume("%s: a GB is taken as %d bytes; no source states it", rule.ID, rule.UnitBytes)
	}
	return new(big.Rat).Quo(amount, big.NewRat(rule.UnitBytes, 1))
}

// counters splits a charge where its rule counts, or charges, by region.
func counters(c charge) []charge {
	var out []charge
	for _, u := range c.uses {
		same := func(x charge) bool {
			first := x.uses[0]
			if first.region == u.region && first.peer == u.peer {
				return true
			}
			return c.rule.Pairs == nil && (first.region == u.region || !c.rule.PerRegion && c.rule.Regions == nil)
		}
		i := slices.IndexFunc(out, same)
		if i < 0 {
			i = len(out)
			out = append(out, charge{rule: c.rule})
		}
		out[i].uses = append(out[i].uses, u)
	}
	return out
}

// lines writes one line for each use's share of a band. Shares are rounded cumulatively, so that the
// lines add up to the band's cost.
func (b *biller) lines(rule *Rule, band Band, tier string, list []use, total *big.Rat) {
	if band.Quantity.Sign() == 0 {
		return
	}
	so, billed := new(big.Rat), USD(0)
	for _, u := range list {
		share := new(big.Rat).Mul(band.Quantity, new(big.Rat).Quo(u.amount, total))
		item := Item{
			Rule: rule.ID, Class: class(rule.Meter), Charged: u.charged, From: u.from, To: u.to,
			Quantity: float(share), Unit: rule.Unit, Tier: tier, Fixed: u.fixed, Unknown: band.Rate == nil,
			Source: rule.Source, AsOf: rule.AsOf, Confidence: rule.Confidence,
		}
		if item.Unknown {
			b.bill.AtLeast = true
			b.warn("%s: the price is not known: the bill is a lower bound", rule.ID)
		} else {
			so.Add(so, new(big.Rat).Mul(share, band.Rate))
			item.Rate, item.USD = float(band.Rate), round(so)-billed
			billed += item.USD
		}
		b.bill.Items = append(b.bill.Items, item)
	}
}

func sum(list []use) *big.Rat {
	total := new(big.Rat)
	for _, u := range list {
		total.Add(total, u.amount)
	}
	return total
}

// label names a band by its edges, where there are several.
func label(tiers []Tier, band Band) string {
	switch {
	case len(tiers) == 1:
		return ""
	case band.UpTo == nil:
		return "above " + band.From.FloatString(0)
	}
	return band.From.FloatString(0) + " to " + band.UpTo.FloatString(0)
}

// class names a meter as results and baselines do.
func class(m Meter) string {
	switch m {
	case SameRegion:
		return string(SameZone)
	case RegistryInterRegion:
		return string(InterRegion)
	case NATProcessing, NATHour:
		return "nat"
	case EndpointLayers, EndpointHour:
		return "endpoint"
	case AddressHour:
		return "address"
	case RegistryStorage:
		return "storage"
	}
	return string(m)
}

// doubts prints what is not certain about a rule that was used.
func (b *biller) doubts(c charge) {
	for _, u := range c.uses {
		if !c.rule.verified(u.region) {
			b.warn("%s in %s: %s", c.rule.ID, u.region, c.rule.Doubt)
		}
	}
	if c.rule.Confidence == "D" {
		b.warn("%s: %s", c.rule.ID, c.rule.Doubt)
	}
	switch c.rule.Meter {
	case NATProcessing:
		b.assume("every zone has a NAT gateway of its own, so that bytes change no zone on their way to it")
	case EndpointLayers:
		b.assume("layers reach endpoints' datacenters by the registry's bucket and its free gateway endpoint; manifests on the interfaces are not counted")
	}
}
