package whatif

import (
	"slices"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

// A Cost is the bill of a month. Usage and Fixed add up to Monthly, and so do the amounts of the items.
type Cost struct {
	Currency    string       `json:"currency"`
	Monthly     price.USD    `json:"monthly"`
	Usage       price.USD    `json:"usage"`              // follows bytes and requests
	Fixed       price.USD    `json:"fixed"`              // owed without any
	AtLeast     bool         `json:"at_least"`           // some price is unknown: the bill is no lower than this
	Exchange    *Exchange    `json:"exchange,omitempty"` // nil: the bill is in dollars
	Items       []Item       `json:"items"`
	Ledger      []LedgerRow  `json:"ledger,omitempty"`      // the items by service, and what has no price; in dollars they add up to the items
	Attribution *Attribution `json:"attribution,omitempty"` // the bill shared out
}

// An Exchange is how dollars were turned into a bill's currency.
type Exchange struct {
	PerUSD float64 `json:"per_usd"` // what a dollar buys
}

// An Item is one line of the bill. Quantity times Rate is USD, but for rounding to millionths.
type Item struct {
	Rule       string    `json:"rule"`
	Class      string    `json:"class"`
	From       string    `json:"from"`    // registry or datacenter
	To         string    `json:"to"`      // the same for what stands in one place
	Charged    string    `json:"charged"` // sender, receiver, account or none
	Quantity   float64   `json:"quantity"`
	Unit       string    `json:"unit"`
	Rate       float64   `json:"rate"`      // dollars a unit, less discount and with markup; 0 where Unknown
	ListRate   float64   `json:"list_rate"` // dollars a unit, without either
	Tier       string    `json:"tier"`      // "": the rule has one; free: an allowance; else e.g. "10240 to 51200"
	USD        price.USD `json:"usd"`
	Amount     price.USD `json:"amount"` // USD in the bill's currency
	Fixed      bool      `json:"fixed"`
	Unknown    bool      `json:"unknown"` // the price is not known; Rate and USD are 0 and mean nothing
	Source     string    `json:"source"`
	AsOf       string    `json:"as_of"`
	Confidence string    `json:"confidence"`
}

// Amount is an item's in the bill's currency. Results saved before there were others have dollars alone.
func (c *Cost) Amount(i *Item) price.USD {
	if c.Currency == string(Money) {
		return i.USD
	}
	return i.Amount
}

// A LedgerRow is what one service moved between two places, on one meter of one rule.
type LedgerRow struct {
	Rule       string       `json:"rule"`    // "": it has no price
	Counter    string       `json:"counter"` // what ran through the tiers together
	SKU        string       `json:"sku"`     // what the provider's own bill calls it; "": not known
	Meter      string       `json:"meter"`   // what is counted
	Class      string       `json:"class"`
	Charged    string       `json:"charged"`
	Provider   string       `json:"provider"` // whose account pays; "": own hardware
	Region     string       `json:"region"`   // that sets the rate
	Peer       string       `json:"peer"`     // the region at the other end of a transfer
	From       string       `json:"from"`
	To         string       `json:"to"`
	Datacenter string       `json:"datacenter"` // whose pulls, boxes or replica it is of; "": none
	Service    string       `json:"service"`    // "": no one's alone
	Bytes      int64        `json:"bytes"`      // within the run
	Carries    bool         `json:"carries"`    // each byte that moved is in exactly one row that carries it
	Quantity   float64      `json:"quantity"`   // a month's
	Unit       string       `json:"unit"`
	Tiers      []LedgerTier `json:"tiers"`
	USD        price.USD    `json:"usd"`
	Fixed      bool         `json:"fixed"`
	Unknown    bool         `json:"unknown"`  // some rate is not known: USD lacks it
	Unpriced   bool         `json:"unpriced"` // own hardware, or no book
	Source     string       `json:"source"`
	AsOf       string       `json:"as_of"`
	Confidence string       `json:"confidence"`
}

// A LedgerTier is what a row has in one band of its rule.
type LedgerTier struct {
	Tier     string    `json:"tier"` // as Item.Tier
	Quantity float64   `json:"quantity"`
	Rate     float64   `json:"rate"`
	ListRate float64   `json:"list_rate"`
	USD      price.USD `json:"usd"`
	Amount   price.USD `json:"amount"` // in the bill's currency
	Unknown  bool      `json:"unknown"`
}

// An Attribution shares the bill out. Each list adds up to it, and its bytes to all that moved; a part
// without a name is nobody's alone.
type Attribution struct {
	Services    []Part `json:"services"`
	Datacenters []Part `json:"datacenters"`
	Images      []Part `json:"images"`   // by what services stand on; layers of their own are of the service's image
	Layers      []Part `json:"layers"`   // own layers as SERVICE/LAYER, others by the reference they come with and their place
	Contents    []Part `json:"contents"` // base and own
	Causes      []Part `json:"causes"`
}

// A Part is what something has in a bill.
type Part struct {
	Name  string    `json:"name"`
	Bytes int64     `json:"bytes"` // moved within the run
	Usage price.USD `json:"usage"`
	Fixed price.USD `json:"fixed"`
}

func newCost(r *run) Cost {
	m, b := r.model, r.bill
	c := Cost{
		Currency: b.Currency, Monthly: b.Monthly, Usage: b.Usage, Fixed: b.Fixed, AtLeast: b.AtLeast,
		Items: []Item{}, Attribution: attribution(m, b),
	}
	if o := r.scenario.Prices.Currency; o != nil {
		c.Exchange = &Exchange{PerUSD: o.PerUSD}
	}
	for _, i := range b.Items {
		c.Items = append(c.Items, Item{
			Rule: i.Rule, Class: i.Class, From: i.From, To: i.To, Charged: string(i.Charged),
			Quantity: i.Quantity, Unit: i.Unit, Rate: i.Rate, ListRate: i.ListRate, Tier: i.Tier, USD: i.USD, Amount: i.Amount,
			Fixed: i.Fixed, Unknown: i.Unknown, Source: i.Source, AsOf: i.AsOf, Confidence: i.Confidence,
		})
	}
	for i := range b.Ledger {
		c.Ledger = append(c.Ledger, newLedgerRow(m, &b.Ledger[i]))
	}
	return c
}

func newLedgerRow(m *sim.Model, r *price.Row) LedgerRow {
	row := LedgerRow{
		Rule: r.Rule, Counter: r.Counter, SKU: r.SKU, Meter: string(r.Meter), Class: r.Class, Charged: string(r.Charged), Provider: r.Provider, Region: r.Region, Peer: r.Peer,
		From: r.From, To: r.To, Datacenter: datacenterOf(m, r), Service: r.Service, Bytes: r.Bytes, Carries: r.Carries,
		Quantity: r.Quantity, Unit: r.Unit, Tiers: []LedgerTier{}, USD: r.USD, Fixed: r.Fixed, Unknown: r.Unknown, Unpriced: r.Unpriced,
		Source: r.Source, AsOf: r.AsOf, Confidence: r.Confidence,
	}
	for _, t := range r.Tiers {
		row.Tiers = append(row.Tiers, LedgerTier(t))
	}
	return row
}

func datacenterOf(m *sim.Model, r *price.Row) string {
	if r.DatacenterIndex < 0 {
		return ""
	}
	return m.Datacenters[r.DatacenterIndex].Name
}

// attribution shares a bill out by everything that may want to know its share.
func attribution(m *sim.Model, b *price.Bill) *Attribution {
	layered := func(name func(t sim.Transfer) string) func(*price.Row, *price.Share) string {
		return func(r *price.Row, s *price.Share) string {
			if r.ServiceIndex < 0 || s.Layer < 0 {
				return ""
			}
			return name(sim.Transfer{Service: r.ServiceIndex, Platform: s.Platform, Layer: s.Layer})
		}
	}
	return &Attribution{
		Services:    parts(b, func(r *price.Row, _ *price.Share) string { return r.Service }),
		Datacenters: parts(b, func(r *price.Row, _ *price.Share) string { return datacenterOf(m, r) }),
		Images: parts(b, layered(func(t sim.Transfer) string {
			if _, ofBase := m.Layer(t); ofBase {
				return m.Bases[m.Services[t.Service].Base].Ref
			}
			return m.Services[t.Service].Name
		})),
		Layers: parts(b, layered(func(t sim.Transfer) string { return layerPath(m, t) })),
		Contents: parts(b, layered(func(t sim.Transfer) string {
			if _, ofBase := m.Layer(t); ofBase {
				return "base"
			}
			return "own"
		})),
		Causes: parts(b, func(_ *price.Row, s *price.Share) string { return string(s.Cause) }),
	}
}

// parts are the bill's parts by name, the nameless last.
func parts(b *price.Bill, name func(*price.Row, *price.Share) string) []Part {
	out := []Part{}
	for _, p := range b.By(name) {
		out = append(out, Part(p))
	}
	slices.SortFunc(out, func(a, b Part) int {
		switch {
		case a.Name == "" && b.Name != "":
			return 1
		case b.Name == "" && a.Name != "":
			return -1
		case a.Name < b.Name:
			return -1
		}
		return 1
	})
	return out
}
