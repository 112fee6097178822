package price

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/fleetcost/fleetcost/sim"
)

// Options adjust a bill. The zero value bills the layers' bytes of an account that moves nothing else, at
// list prices. Fractions and amounts are taken as the shortest decimal that they are written as.
type Options struct {
	BilledOverhead float64            // what per-GB meters add to payload, a fraction ≥ 0
	BaselineGB     map[string]float64 // by class, what the account moves already in a month, in the rule's GB; tiers start there
	Discount       float64            // off the book's rates, a fraction of at most 1
	Markup         float64            // on what the discount leaves of them, a fraction ≥ 0
	Currency       string             // of Bill.Monthly, Usage, Fixed and of amounts; "": the book's
	PerDollar      float64            // units of Currency that a dollar buys, > 0; with Currency only
	Sites          []Site             // one for each of the model's datacenters; nil: zero values
	Registries     []Terms            // one for each of its registries; nil: zero values
}

// A Site is what the bill has to know of a datacenter and the engine does not.
type Site struct {
	NATGateways  int     // with sim.NAT: how many there are; 0: one in every zone
	CacheMonthly float64 // dollars that the cache's machine costs a month
	PeerMonthly  float64 // dollars that serving its peers costs each node a month
	Port         *Port   // how the uplink is paid for by its rate; nil: it is not
}

// priced tells whether anything of the site has a price of its own.
func (s Site) priced() bool { return s.Port != nil || s.CacheMonthly > 0 || s.PeerMonthly > 0 }

// Terms are on what terms a registry is used.
type Terms struct {
	Service string // e.g. "ecr" or "s3"; "": what the provider's book says
	Plan    string // e.g. "premium"; "": none
	Seats   int    // users of the plan, where those are paid for; 0 counts as 1
}

// site returns the options of a datacenter.
func (o *Options) site(dc int) Site {
	if o.Sites == nil {
		return Site{}
	}
	return o.Sites[dc]
}

// terms returns the options of a registry.
func (o *Options) terms(registry int) Terms {
	if o.Registries == nil {
		return Terms{}
	}
	return o.Registries[registry]
}

// factor is what the book's rates are multiplied by.
func (o *Options) factor() *big.Rat {
	one := big.NewRat(1, 1)
	f := new(big.Rat).Sub(one, decimal(o.Discount))
	return f.Mul(f, new(big.Rat).Add(one, decimal(o.Markup)))
}

// check finds what Price refuses.
func (o *Options) check(m *sim.Model) error {
	var errs []error
	refuse := func(is bool, format string, args ...any) {
		if is {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(!amount(o.BilledOverhead), "the billed overhead is %v, not a fraction", o.BilledOverhead)
	refuse(!amount(o.Discount) || o.Discount > 1, "the discount is %v, not a fraction of at most 1", o.Discount)
	refuse(!amount(o.Markup), "the markup is %v, not a fraction", o.Markup)
	refuse(o.Currency != "" && (!amount(o.PerDollar) || o.PerDollar == 0), "a dollar buys %v %s", o.PerDollar, o.Currency)
	for _, class := range slices.Sorted(maps.Keys(o.BaselineGB)) {
		known := slices.ContainsFunc(meters(), func(m Meter) bool { return m.Class() == class })
		refuse(!known, "a baseline is stated for %q, which is no class", class)
		refuse(!amount(o.BaselineGB[class]), "the baseline of %s is %v GB", class, o.BaselineGB[class])
	}
	refuse(o.Sites != nil && len(o.Sites) != len(m.Datacenters), "there are options for %d datacenters, the model has %d", len(o.Sites), len(m.Datacenters))
	refuse(o.Registries != nil && len(o.Registries) != len(m.Registries), "there are terms for %d registries, the model has %d", len(o.Registries), len(m.Registries))
	for i := range o.Sites {
		s := &o.Sites[i]
		refuse(s.NATGateways < 0 || !amount(s.CacheMonthly) || !amount(s.PeerMonthly), "the options of datacenter %d are negative or no numbers", i)
		if s.Port != nil {
			errs = append(errs, s.Port.check(i))
		}
	}
	return errors.Join(errs...)
}

// amount tells whether a number is finite and not negative.
func amount(f float64) bool { return f >= 0 && !math.IsInf(f, 1) }

// decimal is the shortest decimal that reads as a number: 0.1 is a tenth.
func decimal(f float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		panic("price: not a finite number")
	}
	return r
}
