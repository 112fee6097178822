package scenarios

import (
	"reflect"

	"gopkg.in/yaml.v3"
)

// Prices says what bytes cost. A file may write the books alone: prices: aws.
type Prices struct {
	Book         Books               `yaml:"book"`                         // names and files, the first of them wins; default: those of the providers of datacenters and registries, else none
	BaselineGB   map[string]float64  `yaml:"baselineGB"`                   // by class: what the account already moves in a month, in the book's GB; tiers start there
	BaselineMbps map[string]PortRate `yaml:"baselineMbps"`                 // by datacenter with the provider transit: what its port already carries, 10^6 bits per second
	Discount     Fraction            `yaml:"discount" min:"0%" max:"100%"` // off the books' rates; default 0%
	Markup       Fraction            `yaml:"markup" min:"0%" max:"1000%"`  // on what the discount leaves; default 0%
	Currency     *Currency           `yaml:"currency"`                     // nil: USD
	Rules        []PriceRule         `yaml:"rules" max:"1000"`             // own rules, which win over the books'
	Transit      []TransitPrice      `yaml:"transit" max:"1000"`           // one for each datacenter with the provider transit
}

// Books are price books: built-in ones by their names, and files by paths relative to the scenario's. A file
// may write one alone.
type Books []string

func (b *Books) decode(d *decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.SequenceNode {
		var names []string
		d.list(n, reflect.ValueOf(&names).Elem(), path, "100")
		*b = names
		return
	}
	var name string
	if d.kind(n, yaml.ScalarNode, path) {
		d.scalar(n, reflect.ValueOf(&name).Elem(), path, "")
		*b = Books{name}
	}
}

// A Currency is what costs are shown in.
type Currency struct {
	Code   string  `yaml:"code,required"`           // required; three capitals, e.g. EUR
	PerUSD float64 `yaml:"perUSD,required" min:"0"` // what a dollar buys; required; above 0
}

// A PortRate is what a port carries, in Mbps. A file may write one number for both directions.
type PortRate struct {
	In  float64 `yaml:"in" min:"0"`  // default 0
	Out float64 `yaml:"out" min:"0"` // default 0
}

func (r *PortRate) decode(d *decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode {
		d.structure(n, reflect.ValueOf(r).Elem(), path)
		return
	}
	if d.kind(n, yaml.ScalarNode, path) {
		d.scalar(n, reflect.ValueOf(&r.In).Elem(), path, `min:"0"`)
		r.Out = r.In
	}
}

// A PriceRule is a price of the user's own, or one of the books' that is to hold instead of another.
type PriceRule struct {
	Name     string      `yaml:"name,required"`   // required; unique
	Use      string      `yaml:"use"`             // the ID of a rule of the books; this or meter with rate or tiers
	Meter    PriceMeter  `yaml:"meter"`           // what is counted; with use, default that rule's
	Provider string      `yaml:"provider"`        // whose account is charged; none: own hardware; default all others
	Service  string      `yaml:"service"`         // of which registry service only, e.g. ecr; default all
	Region   string      `yaml:"region"`          // where only; default everywhere
	Rate     float64     `yaml:"rate" min:"0"`    // USD a unit
	Tiers    []PriceTier `yaml:"tiers" max:"100"` // instead of rate: bands of the month's quantity, ascending
	Free     float64     `yaml:"free" min:"0"`    // units a month that are free before the rate or the tiers; default 0
	Unit     string      `yaml:"unit"`            // GB, GiB, h …; default that of the books' rule, else GB, h, GB-month or request
	Charged  PriceEnd    `yaml:"charged"`         // who pays; default as in the books' rule, else sender or account
	Source   string      `yaml:"source"`          // where the price was read
	AsOf     Date        `yaml:"asOf"`            // when
}

// A PriceTier is a band of a PriceRule.
type PriceTier struct {
	UpTo float64 `yaml:"upTo" min:"0"`          // its upper end, in units from zero; 0: open
	Rate float64 `yaml:"rate,required" min:"0"` // USD a unit; required
}

// PriceMeter is what a PriceRule counts; see price.Meter.
type PriceMeter string

func (PriceMeter) choices() []string {
	return []string{
		"same-zone", "same-region", "inter-zone", "inter-region", "internet-egress", "hosted-transfer", "internet-ingress",
		"nat-processing", "endpoint-layers", "endpoint-processing", "read-requests",
		"nat-hour", "nat-address-hour", "endpoint-hour", "address-hour", "registry-storage", "registry-fee", "replica-fee",
	}
}

// PriceEnd is who pays by a PriceRule.
type PriceEnd string

func (PriceEnd) choices() []string { return []string{"sender", "receiver", "both", "account", "none"} }

// A TransitPrice is what the uplink of a datacenter with the provider transit costs: by its rate, averaged
// over five minutes, at a percentile of the month.
type TransitPrice struct {
	Name       string        `yaml:"name,required"`                // the datacenter's; required; unique
	PerMbps    float64       `yaml:"perMbps,required" min:"0"`     // USD a month for each Mbps (10^6 bits per second); required
	Commit     Rate          `yaml:"commit"`                       // paid for whatever flows; default 0
	Overage    float64       `yaml:"overage" min:"0"`              // USD for each Mbps above the commit; default perMbps
	Minimum    Fraction      `yaml:"minimum" min:"0%" max:"100%"`  // of the uplink, billed at least; default 0%
	Percentile int           `yaml:"percentile" min:"90" max:"95"` // 90 or 95; default 95
	Method     TransitMethod `yaml:"method"`                       // how the two directions make one figure; default separate
	Source     string        `yaml:"source"`                       // where the price is from
	AsOf       Date          `yaml:"asOf"`                         // when
}

// TransitMethod makes one figure of a port's two directions.
type TransitMethod string

// The methods.
const (
	TransitSeparate  TransitMethod = "separate"   // the larger of the two percentiles
	TransitSampleMax TransitMethod = "sample-max" // the percentile of each sample's larger direction
	TransitSum       TransitMethod = "sum"        // the percentile of both together
)

func (TransitMethod) choices() []string {
	return []string{string(TransitSeparate), string(TransitSampleMax), string(TransitSum)}
}

func (p *TransitPrice) setDefaults() { *p = TransitPrice{Percentile: 95, Method: TransitSeparate} }
