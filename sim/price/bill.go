package price

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// A Bill is a month's costs. Usage and Fixed add up to Monthly, and so do the amounts of the items, in the
// bill's currency; the dollars of the items and of the ledger's rows both add up to Dollars.
type Bill struct {
	Currency    string
	Monthly     USD  // in millionths of the currency, as all amounts
	Usage       USD  // follows bytes and requests
	Fixed       USD  // owed without any
	Dollars     USD  // Monthly in dollars
	AtLeast     bool // some price is unknown: the month costs no less than this
	Items       []Item
	Ledger      []Row
	Assumptions []string // each once
	Warnings    []string // each once

	rate *big.Rat // units of Currency that a dollar buys
}

// An Item is a line of the bill: one use of one rule in one tier, all services together. Quantity × Rate is
// USD, but for rounding.
type Item struct {
	Rule       string
	Class      string // see Meter.Class
	Charged    Charged
	From, To   string  // registry, replica, cache, peers or datacenter; the same name twice for what stands in one place
	Quantity   float64 // a month's, in Unit
	Unit       string
	Rate       float64 // dollars a unit, less discount and with markup; 0 where Unknown
	ListRate   float64 // dollars a unit, without either
	Tier       string  // "" where the rule has one band, "free" for an allowance, else e.g. "10240 to 51200"
	USD        USD
	Amount     USD // in the bill's currency
	Fixed      bool
	Unknown    bool // the rate is not known; USD is 0 and means nothing
	Source     string
	AsOf       string
	Confidence string
}

// Price makes the bill of a run. Own hardware is not priced, and the assumptions say so; a price that is
// not known makes the bill a lower bound, with a warning. Items are ordered by meter, counter, tier, from and
// to; two of one rule and tier differ in an end, or in who is charged. The ledger has them by service.
//
// Tiers and allowances run once over the month's sum of a counter, and every use gets its share of each
// band in proportion, so that neither splitting nor reordering transfers changes the bill.
//
// Errors: options out of range, a result that is not of the model, sums beyond nine trillion dollars.
func Price(m *sim.Model, r *sim.Result, book *Book, o Options) (*Bill, error) {
	if err := check(m, r, &o); err != nil {
		return nil, fmt.Errorf("pricing: %w", err)
	}
	b := &biller{book: book, model: m, result: r, options: o, factor: o.factor(), bill: &Bill{Currency: book.Currency}}
	b.heading()
	for _, c := range b.match(uses(book, m, r, &o)) {
		b.charge(c)
	}
	for i := range m.Datacenters {
		b.port(i)
		b.machines(i)
	}
	for _, note := range b.notes {
		b.assume("%s", note)
	}
	if len(book.Rules) > 0 && slices.ContainsFunc(m.Registries, func(r sim.Registry) bool { return r.Location.Kind == sim.OnInternet }) {
		b.assume("what leaves a registry on the internet is charged to its owner, if to anybody")
	}
	if err := cmp.Or(b.err, b.sum()); err != nil {
		return nil, fmt.Errorf("pricing: %w", err)
	}
	return b.bill, nil
}

func check(m *sim.Model, r *sim.Result, o *Options) error {
	if len(r.Storage) != len(m.Registries) {
		return fmt.Errorf("the result has %d registries, the model %d", len(r.Storage), len(m.Registries))
	}
	if !(r.Duration > 0) || math.IsInf(r.Duration, 0) {
		return fmt.Errorf("the run lasts %v s", r.Duration)
	}
	for i := range r.Transfers {
		if s := r.Transfers[i].Service; s < 0 || s >= len(m.Services) {
			return fmt.Errorf("a transfer is of service %d, the model has %d", s, len(m.Services))
		}
	}
	return o.check(m)
}

// heading says which prices these are.
func (b *biller) heading() {
	if len(b.book.Rules) == 0 {
		what := "nothing is"
		if slices.ContainsFunc(b.options.Sites, Site.priced) {
			what = "only what the scenario states is"
		}
		b.assume("no price book: %s priced", what)
		return
	}
	terms := "without discounts and tax"
	if b.options.Discount > 0 || b.options.Markup > 0 {
		percent := func(f float64) string { r := decimal(f); return edge(r.Mul(r, big.NewRat(100, 1))) }
		terms = fmt.Sprintf("less a discount of %s %% and with a markup of %s %%, without tax", percent(b.options.Discount), percent(b.options.Markup))
	}
	b.assume("prices: public list prices of %s, as of %s, %s", b.book.Name, b.book.Compiled, terms)
}

// sum adds the items up, and gives amounts in the bill's currency: usage and fixed costs are converted each
// by themselves.
func (b *biller) sum() error {
	b.bill.rate = big.NewRat(1, 1)
	if b.options.Currency != "" {
		b.bill.Currency, b.bill.rate = b.options.Currency, decimal(b.options.PerDollar)
		b.assume("a dollar is taken as %s %s", edge(b.bill.rate), b.bill.Currency)
	}
	usage, fixed := converter{rate: b.bill.rate}, converter{rate: b.bill.rate}
	for i := range b.bill.Items {
		item := &b.bill.Items[i]
		if item.USD > math.MaxInt64-b.bill.Dollars {
			return errTooLarge
		}
		b.bill.Dollars += item.USD
		if item.Fixed {
			item.Amount = fixed.next(item.USD)
		} else {
			item.Amount = usage.next(item.USD)
		}
	}
	tiers := [2]converter{{rate: b.bill.rate}, {rate: b.bill.rate}}
	for i := range b.bill.Ledger {
		row := &b.bill.Ledger[i]
		k := 0
		if row.Fixed {
			k = 1
		}
		for j := range row.Tiers {
			row.Tiers[j].Amount = tiers[k].next(row.Tiers[j].USD)
		}
	}
	if usage.outOfRange || fixed.outOfRange || usage.amount > math.MaxInt64-fixed.amount {
		return errTooLarge
	}
	b.bill.Usage, b.bill.Fixed, b.bill.Monthly = usage.amount, fixed.amount, usage.amount+fixed.amount
	return nil
}
