package price

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// Options adjust a bill. The zero value bills the layers' bytes of an account that moves nothing else.
type Options struct {
	BilledOverhead float64            // what per-GB meters add to payload, a fraction ≥ 0
	BaselineGB     map[string]float64 // by class, what the account moves already in a month, in the rule's GB; tiers start there
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
	Class      string // see Meter.Class
	Charged    Charged
	From, To   string  // registry and datacenter; the same name twice for what stands in one place
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

// Price makes the bill of a run. Own hardware is not priced, and the assumptions say so; a price that is
// not known makes the bill a lower bound, with a warning. Lines are ordered by meter, counter, tier, from and
// to; two of one rule and tier differ in an end, or in who is charged.
//
// Tiers and allowances run once over the month's sum of a counter, and every use gets its share of each
// band in proportion, so that neither splitting nor reordering transfers changes the bill.
//
// Errors: options out of range, a result that is not of the model, sums beyond nine trillion dollars.
func Price(m *sim.Model, r *sim.Result, book *Book, o Options) (*Bill, error) {
	if err := check(m, r, o); err != nil {
		return nil, fmt.Errorf("pricing: %w", err)
	}
	b := &biller{book: book, options: o, bill: &Bill{Currency: book.Currency}}
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
	if err := cmp.Or(b.err, b.bill.sum()); err != nil {
		return nil, fmt.Errorf("pricing: %w", err)
	}
	return b.bill, nil
}

func check(m *sim.Model, r *sim.Result, o Options) error {
	if len(r.Storage) != len(m.Registries) {
		return fmt.Errorf("the result has %d registries, the model %d", len(r.Storage), len(m.Registries))
	}
	if !(r.Duration > 0) || math.IsInf(r.Duration, 0) {
		return fmt.Errorf("the run lasts %v s", r.Duration)
	}
	if !(o.BilledOverhead >= 0) || math.IsInf(o.BilledOverhead, 0) {
		return fmt.Errorf("the billed overhead is %v, not a fraction", o.BilledOverhead)
	}
	var errs []error
	for _, class := range slices.Sorted(maps.Keys(o.BaselineGB)) {
		if !slices.ContainsFunc(meters(), func(m Meter) bool { return m.Class() == class }) {
			errs = append(errs, fmt.Errorf("a baseline is stated for %q, which is no class", class))
		}
		if gb := o.BaselineGB[class]; !(gb >= 0) || math.IsInf(gb, 0) {
			errs = append(errs, fmt.Errorf("the baseline of %s is %v GB", class, gb))
		}
	}
	return errors.Join(errs...)
}

// sum adds the lines up.
func (b *Bill) sum() error {
	for _, i := range b.Items {
		if i.USD > math.MaxInt64-b.Monthly {
			return errTooLarge
		}
		b.Monthly += i.USD
		if i.Fixed {
			b.Fixed += i.USD
		} else {
			b.Usage += i.USD
		}
	}
	return nil
}
