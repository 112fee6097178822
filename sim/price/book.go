package price

import (
	"math/big"
	"slices"
	"strings"
)

// A Book is a set of price rules. It is read only and may be used by several goroutines.
type Book struct {
	Name      string
	Currency  string // of all rates, "USD"
	Compiled  string // the day it was put together, YYYY-MM-DD
	Providers []Provider
	Rules     []Rule // of those that fit a use, the first holds: own rules stand before the others
	Limits    []Limit
}

// None is the book without prices: it makes bills without lines.
func None() *Book { return &Book{Name: "none", Currency: "USD"} }

// A Provider is somebody who charges.
type Provider struct {
	ID      string // as in sim.Datacenter.Provider and sim.Location.Provider, e.g. "aws"
	Name    string // e.g. "Amazon Web Services"
	Note    string // an assumption for whoever is charged by any of its rules; "": none
	Service string // the registry service that its managed registries are, where nothing else is said, e.g. "ecr"
	Areas   []Area // what regions are put together in; the first that has a region counts
}

// An Area is a set of regions, by names or by beginnings of names that end in *.
type Area struct {
	Name    string
	Regions []string
}

// A Rule is one price with its source.
type Rule struct {
	ID          string // rules of one ID share a counter
	Provider    string // whose account is charged; Any: everybody's, "": own hardware's
	Service     string // the registry service that it is of, e.g. "ecr"; "": all
	Plan        string // of that service, e.g. "premium"; "": any
	Meter       Meter
	Description string
	SKU         string // what the provider's own bill calls it, e.g. "NatGateway-Bytes"; "": not known
	Unit        string // one unit of quantity, e.g. "GiB", "h", "GiB-month"
	UnitBytes   int64  // bytes in the unit's GB; 0 for units without bytes
	Pack        int64  // of what has no bytes, how much makes a unit: 1000000 requests; 0 counts as 1
	Unstated    bool   // no source says how many bytes a GB has: UnitBytes is a guess, and the bill says so
	Round       Round  // of a counter's month, before its tiers
	Charged     Charged
	Counter     Counter
	Free        *big.Rat // units a month that are free before the tiers begin, over the whole account; nil: none, or in Tiers
	FreePerNode bool     // each of the provider's nodes brings Free
	Tiers       []Tier   // ascending; what lies beyond the last edge has no known price
	Origin      Origin   // of Free and Tiers

	Per   Per // for boxes and fees; "" counts as PerZone, and as PerSite for fees
	Times int // boxes for each; 0 counts as 1
	Most  int // of nodes, where Per is PerNode; 0: no limit

	Regions       map[string][]*big.Rat // rates of other regions or areas, one a tier; a nil rate is not known
	Pairs         map[string][]*big.Rat // likewise, of what goes from a region or area to another: "us-east-1->us-east-2"; they win over Regions
	RegionsOrigin Origin                // of Regions and Pairs

	Only        []string // regions and areas in which the rule holds; empty: everywhere
	Known       []string // regions and areas for which Tiers were read; empty: they hold wherever Only lets them
	StandIn     string   // says why Tiers are used in regions that nobody read; "": the price there is not known
	Doubt       string   // a warning for whoever is charged by the rule; "": none
	Note        string   // an assumption for whoever is charged by the rule; "": none
	Alternative bool     // is listed, but charges nobody until it is chosen
	Own         bool     // stated by the user: discounts and markups pass it by
	Chosen      bool     // from the books, but by the user's choice: with Own, it wins over all others
}

// Any is the provider of a rule that holds for all of them.
const Any = "*"

// A Tier is a band of the month's quantity. Rates are marginal: a band's holds inside it only.
type Tier struct {
	UpTo *big.Rat // upper end of the band, counted from zero; nil: open
	Rate *big.Rat // dollars a unit; nil: not known
}

// An Origin is where figures come from.
type Origin struct {
	AsOf       string // day, month or year of the newest source, or Undated
	Confidence string // A official and recent, B official but older or at second hand, C a third party's, D contested or stale; "" for own rules
	Sources    []Source
}

// A Source is something to read.
type Source struct {
	Title string
	URL   string // "" where none is known
	Date  string // of the text, or Undated
}

// String writes title, address and date in a line, as far as they are known.
func (s Source) String() string {
	line := s.Title
	if s.URL != "" {
		line += ", " + s.URL
	}
	if s.Date != Undated && s.Date != "" {
		line += ", " + s.Date
	}
	return line
}

// Undated is the date of what carries none.
const Undated = "undated"

// A Limit bounds how often a client may pull from a hosted registry. It costs nothing and is on no bill.
type Limit struct {
	ID       string
	Provider string // who runs the registry
	Client   string // whom it holds for
	Pulls    int64  // manifests fetched in Seconds; 0: no limit
	Seconds  int64
	Scope    string // what counts as one client
	Origin   Origin
}

// find returns the rule for a use: the user's own before that of the registry's service, and that before the
// provider's. It is nil where the book has none.
func (b *Book) find(u *use) *Rule {
	var best *Rule
	for i := range b.Rules {
		r := &b.Rules[i]
		if b.fits(r, u) && (best == nil || r.rank() > best.rank()) {
			best = r
		}
	}
	return best
}

// rank is the higher, the more a rule wins over others for the same.
func (r *Rule) rank() int {
	switch {
	case r.Own || r.Chosen:
		return 2
	case r.Service != "":
		return 1
	}
	return 0
}

func (b *Book) fits(r *Rule, u *use) bool {
	return r.Meter == u.meter && !r.Alternative && (r.Service == "" || r.Service == u.service) &&
		(r.Provider == u.provider || r.Provider == Any && u.provider != "") &&
		(r.Plan == "" || r.Plan == u.plan) && (len(r.Only) == 0 || b.within(u.provider, u.region, r.Only))
}

// covers tells whether the book has any rule of a provider.
func (b *Book) covers(provider string) bool {
	return slices.ContainsFunc(b.Rules, func(r Rule) bool { return r.Provider == provider })
}

// provider finds what the book says of a provider; the zero value where that is nothing.
func (b *Book) provider(id string) Provider {
	for _, p := range b.Providers {
		if p.ID == id {
			return p
		}
	}
	return Provider{ID: id}
}

// area names the area of a provider's region, "" where it is in none.
func (b *Book) area(provider, region string) string {
	for _, a := range b.provider(provider).Areas {
		if a.has(region) {
			return a.Name
		}
	}
	return ""
}

func (a *Area) has(region string) bool {
	return slices.ContainsFunc(a.Regions, func(name string) bool {
		prefix, open := strings.CutSuffix(name, "*")
		return name == region || open && strings.HasPrefix(region, prefix)
	})
}

// within tells whether a list of regions and areas has a region.
func (b *Book) within(provider, region string, list []string) bool {
	return slices.Contains(list, region) || slices.Contains(list, b.area(provider, region))
}
