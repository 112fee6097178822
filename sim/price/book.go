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
	InternetEgress      Meter = "internet-egress"       // by the sender's region
	InternetIngress     Meter = "internet-ingress"      //
	NATProcessing       Meter = "nat-processing"        // both directions
	NATHour             Meter = "nat-hour"              // of a gateway
	EndpointLayers      Meter = "endpoint-layers"       // layers through a private way to the registry's bucket
	EndpointHour        Meter = "endpoint-hour"         // of an interface in a zone
	AddressHour         Meter = "address-hour"          // of a public address
	RegistryStorage     Meter = "registry-storage"      //
	RegistryInterRegion Meter = "registry-inter-region" // from a managed registry to another region
)

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

// A Rule is one price with its source.
type Rule struct {
	ID          string
	Provider    string // whose account is charged, as in sim.Datacenter.Provider
	Meter       Meter
	Description string
	Unit        string // one unit of quantity, e.g. "GiB", "h", "GiB-month"
	UnitBytes   int64  // bytes in the unit's GB; 0 for units without bytes
	UnitStated  bool   // false: no source says how many bytes a GB has
	Charged     Charged
	PerRegion   bool                  // the tiers run once for each region; false: once for the account
	Free        *big.Rat              // units a month that are free before the tiers begin, over the whole account; nil: none
	Tiers       []Tier                // ascending; the last is open
	Regions     map[string][]*big.Rat // rates of other regions, one a tier
	Pairs       map[string]*big.Rat   // "us-east-1->us-east-2": a flat rate
	Verified    []string              // regions for which the rate was read; empty: all
	Doubt       string                // what to say of other regions
	AsOf        string                // day, month or year of the newest source, or "undated"
	Confidence  string                // A official and recent … D contested
	Source      string                // title and address
}

// A Tier is a band of the month's quantity. Rates are marginal: a band's holds inside it only.
type Tier struct {
	UpTo *big.Rat // upper end of the band, counted from zero; nil: open
	Rate *big.Rat // dollars a unit; nil: not known
}

// rule finds the rule for a provider's meter, nil where the book has none.
func (b *Book) rule(provider string, meter Meter) *Rule {
	for i := range b.Rules {
		if b.Rules[i].Provider == provider && b.Rules[i].Meter == meter {
			return &b.Rules[i]
		}
	}
	return nil
}

// covers tells whether the book has any rule of a provider.
func (b *Book) covers(provider string) bool {
	for i := range b.Rules {
		if b.Rules[i].Provider == provider {
			return true
		}
	}
	return false
}

// in returns the rule's tiers for a region and, for transfers, its peer.
func (r *Rule) in(region, peer string) []Tier {
	if rate, ok := r.Pairs[region+"->"+peer]; ok {
		return []Tier{{Rate: rate}}
	}
	rates, ok := r.Regions[region]
	if !ok {
		return r.Tiers
	}
	out := make([]Tier, len(r.Tiers))
	for i := range out {
		out[i] = Tier{UpTo: r.Tiers[i].UpTo, Rate: rates[i]}
	}
	return out
}

// verified tells whether the rate was read for a region.
func (r *Rule) verified(region string) bool {
	if len(r.Verified) == 0 {
		return true
	}
	if slices.Contains(r.Verified, region) {
		return true
	}
	_, ok := r.Regions[region]
	return ok
}
