package price

import (
	"math/big"
	"slices"
)

// A Book is a set of price rules. It is read only and may be used by several goroutines.
type Book struct {
	Name     string
	Currency string   // of all rates, "USD"
	Compiled string   // the day it was put together, YYYY-MM-DD
	Notes    []string // what to tell whoever uses its prices
	Rules    []Rule   // at most one for each provider and meter
	Limits   []Limit
}

// None is the book without prices: it makes bills without lines.
func None() *Book { return &Book{Name: "none", Currency: "USD"} }

// A Meter is what a rule counts.
type Meter string

// The meters. Transfers are counted in the provider's GB, hours in hours, storage in GB-months.
const (
	SameZone            Meter = "same-zone"             // between nodes of one zone
	SameRegion          Meter = "same-region"           // from the region's managed registry to its nodes
	InterZone           Meter = "inter-zone"            // at each end that the rule charges
	InterRegion         Meter = "inter-region"          // by the sender's region
	RegistryInterRegion Meter = "registry-inter-region" // from a managed registry to another region
	InternetEgress      Meter = "internet-egress"       // by the sender's region
	HostedTransfer      Meter = "hosted-transfer"       // out of a registry that somebody runs on the internet
	InternetIngress     Meter = "internet-ingress"      // at the receiver
	NATProcessing       Meter = "nat-processing"        // both directions
	NATHour             Meter = "nat-hour"              // of a gateway
	EndpointLayers      Meter = "endpoint-layers"       // from the region's managed registry, by the bucket of its layers
	EndpointProcessing  Meter = "endpoint-processing"   // from any other registry, through an interface
	EndpointHour        Meter = "endpoint-hour"         // of an interface in a zone
	AddressHour         Meter = "address-hour"          // of a public address
	RegistryStorage     Meter = "registry-storage"      // of a managed registry
)

// meters lists the meters in the order in which they follow each other on a bill.
func meters() []Meter {
	return []Meter{
		SameZone, SameRegion, InterZone, InterRegion, RegistryInterRegion, InternetEgress, HostedTransfer, InternetIngress,
		NATProcessing, EndpointLayers, EndpointProcessing, NATHour, EndpointHour, AddressHour, RegistryStorage,
	}
}

// Class names the meter as bills and baselines do: a path's class, or nat, endpoint, address, storage or
// hosted-transfer.
func (m Meter) Class() string {
	switch m {
	case SameRegion:
		return string(SameZone)
	case RegistryInterRegion:
		return string(InterRegion)
	case NATProcessing, NATHour:
		return "nat"
	case EndpointLayers, EndpointProcessing, EndpointHour:
		return "endpoint"
	case AddressHour:
		return "address"
	case RegistryStorage:
		return "storage"
	}
	return string(m)
}

// Charged says which end of a transfer pays.
type Charged string

// The ends. Where nobody pays, the rate is zero.
const (
	Sender   Charged = "sender"
	Receiver Charged = "receiver"
	Both     Charged = "both"
	Account  Charged = "account" // whoever owns the box that processes
	Nobody   Charged = "none"
)

// A Counter is what a month's quantity is summed over before it enters the tiers. Every provider's
// accounts count apart.
type Counter string

// The counters.
const (
	PerAccount Counter = "account"
	PerRegion  Counter = "region" // the sender's, or the box's
	PerPair    Counter = "pair"   // sender's and receiver's regions
)

// A Rule is one price with its source.
type Rule struct {
	ID          string // unique
	Provider    string // whose account is charged, as in sim.Datacenter.Provider
	Meter       Meter
	Description string
	Unit        string // one unit of quantity, e.g. "GiB", "h", "GiB-month"
	UnitBytes   int64  // bytes in the unit's GB; 0 for units without bytes
	Unstated    bool   // no source says how many bytes a GB has: UnitBytes is a guess, and the bill says so
	Charged     Charged
	Counter     Counter
	Free        *big.Rat // units a month that are free before the tiers begin, over the whole account; nil: none, or in Tiers
	Tiers       []Tier   // ascending; what lies beyond the last edge has no known price
	Origin      Origin   // of Free and Tiers

	Regions       map[string][]*big.Rat // rates of other regions, one a tier; a nil rate is not known
	Pairs         map[string]*big.Rat   // "us-east-1->us-east-2": a flat rate, which wins over Regions
	RegionsOrigin Origin                // of Regions and Pairs

	Known   []string // regions for which Tiers were read; empty: they hold everywhere
	StandIn string   // says why Tiers are used in regions that nobody read; "": the price there is not known
	Doubt   string   // a warning for whoever is charged by the rule; "": none
	Note    string   // an assumption for whoever is charged by the rule; "": none
}

// A Tier is a band of the month's quantity. Rates are marginal: a band's holds inside it only.
type Tier struct {
	UpTo *big.Rat // upper end of the band, counted from zero; nil: open
	Rate *big.Rat // dollars a unit; nil: not known
}

// An Origin is where figures come from.
type Origin struct {
	AsOf       string // day, month or year of the newest source, or Undated
	Confidence string // A official and recent, B official but older or at second hand, C a third party's, D contested or stale
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
	if s.Date != Undated {
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

// rule finds the rule for a provider's meter, nil where the book has none.
func (b *Book) rule(provider string, meter Meter) *Rule {
	i := slices.IndexFunc(b.Rules, func(r Rule) bool { return r.Provider == provider && r.Meter == meter })
	if i < 0 {
		return nil
	}
	return &b.Rules[i]
}

// covers tells whether the book has any rule of a provider.
func (b *Book) covers(provider string) bool {
	return slices.ContainsFunc(b.Rules, func(r Rule) bool { return r.Provider == provider })
}

// in returns the rule's tiers for a region and, for transfers, its peer; where they come from, and whether
// they only stand in for rates that nobody read.
func (r *Rule) in(region, peer string) (tiers []Tier, from Origin, standIn bool) {
	if rate, ok := r.Pairs[region+"->"+peer]; ok {
		return []Tier{{Rate: rate}}, r.RegionsOrigin, false
	}
	if rates, ok := r.Regions[region]; ok {
		tiers = slices.Clone(r.Tiers)
		for i := range tiers {
			tiers[i].Rate = rates[i]
		}
		return tiers, r.RegionsOrigin, false
	}
	switch {
	case len(r.Known) == 0 || slices.Contains(r.Known, region):
		return r.Tiers, r.Origin, false
	case r.StandIn == "":
		return []Tier{{}}, Origin{}, false
	}
	return r.Tiers, Origin{AsOf: r.Origin.AsOf, Confidence: standInConfidence, Sources: r.Origin.Sources}, true
}

// standInConfidence is how far to trust a rate of another region.
const standInConfidence = "D"
