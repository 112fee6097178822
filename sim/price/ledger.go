package price

import (
	"math/big"

	"github.com/fleetcost/fleetcost/sim"
)

// A Row is a line of the ledger: what one service moved between two places, on one meter of one rule.
type Row struct {
	Rule     string // "" where nothing has a price: Unpriced or Unknown
	Counter  string // what ran through the tiers together: the rule, and the place that it counts by
	Meter    Meter
	Class    string // see Meter.Class
	Charged  Charged
	Provider string // whose account pays; "": own hardware
	Region   string // that sets the rate
	Peer     string // the region at the other end of a transfer
	SKU      string // see Rule.SKU
	From, To string // registry, replica, cache, peers or datacenter; the same name twice for what stands in one place
	Service  string // "": what belongs to none alone

	ServiceIndex    int // into Model.Services; -1: none
	DatacenterIndex int // into Model.Datacenters: whose pulls, boxes or replica it is of; -1: none

	Bytes    int64   // within the run; 0 for what has no bytes
	Carries  bool    // each byte that moved is in exactly one row that carries it; other rows have it again
	Quantity float64 // a month's, in Unit
	Unit     string
	Tiers    []TierShare
	USD      USD
	Fixed    bool // owed without any traffic
	Unknown  bool // some rate is not known: USD lacks it
	Unpriced bool // own hardware, or no book

	Source     string
	AsOf       string
	Confidence string
	Shares     []Share // by layer, then cause; their bytes and money add up to the row's
}

// A TierShare is what a row has in one band of a rule's tiers.
type TierShare struct {
	Tier     string // as Item.Tier
	Quantity float64
	Rate     float64 // dollars a unit, less discount and with markup
	ListRate float64 // dollars a unit, without either
	USD      USD
	Amount   USD // in the bill's currency
	Unknown  bool
}

// A Share is what one layer and one reason have in a row.
type Share struct {
	Layer    int       // as sim.Transfer.Layer; -1: none
	Platform int       // as sim.Transfer.Platform
	Cause    sim.Cause // "": none
	Bytes    int64     // within the run
	USD      USD
}

// A band is a quantity of a counter in one tier, on its way to the lines.
type band struct {
	Band
	tier    string
	from    Origin
	counter string
}

// A portion is what a line has in a band.
type portion struct {
	tier    string
	units   *big.Rat
	rate    *big.Rat // nil: not known
	list    *big.Rat // likewise
	usd     []USD    // by part
	from    Origin
	counter string
}

// spread shares a band out to lines and their parts in proportion, with an item for each line. Amounts are
// rounded cumulatively, so that all parts add up to the band's cost.
func (b *biller) spread(r *Rule, lines []*line, n band) {
	if n.Quantity.Sign() == 0 {
		return
	}
	rate := n.Rate
	if rate != nil && !r.Own {
		rate = new(big.Rat).Mul(rate, b.factor)
	}
	total := sum(lines)
	begin, billed := new(big.Rat), USD(0)
	for _, l := range lines {
		p := portion{tier: n.tier, rate: rate, list: n.Rate, from: n.from, counter: n.counter, usd: make([]USD, len(l.parts))}
		p.units = new(big.Rat).Mul(n.Quantity, new(big.Rat).Quo(l.units, total))
		if rate == nil {
			b.unknown("%s%s: the price is not known", r.ID, where(l.region))
		} else {
			cost := new(big.Rat).Mul(p.units, rate)
			billed = b.cut(l, begin, cost, billed, p.usd)
			begin.Add(begin, cost)
		}
		l.cost = append(l.cost, p)
		b.item(l, r, n, &p)
	}
}

// cut gives each part of a line its amount of a cost that follows on begin dollars, of which billed are
// already given out, and returns what is then given out:
//
//	amount k = round(begin + cost × weight of parts 0 to k / weight of all) - what is given out before
func (b *biller) cut(l *line, begin, cost *big.Rat, billed USD, amounts []USD) USD {
	each := new(big.Rat).Quo(cost, new(big.Rat).SetInt(l.total()))
	// round(x) is floor((2·micro·x + 1) / 2), over the common denominator of begin and each.
	den := new(big.Int).Mul(begin.Denom(), each.Denom())
	start := new(big.Int).Mul(begin.Num(), each.Denom())
	step := new(big.Int).Mul(each.Num(), begin.Denom())
	start.Mul(start, big.NewInt(2*micro)).Add(start, den)
	step.Mul(step, big.NewInt(2*micro))
	den.Mul(den, big.NewInt(2))
	at, so := new(big.Int), new(big.Int)
	for i, w := range l.weights {
		so.Add(so, w)
		at.Mul(step, so).Add(at, start).Quo(at, den)
		if !at.IsInt64() {
			b.err = errTooLarge
			return billed
		}
		amounts[i] = USD(at.Int64()) - billed
		billed += amounts[i]
	}
	return billed
}

// item writes the bill's line for what a line has in a band.
func (b *biller) item(l *line, r *Rule, n band, p *portion) {
	item := Item{
		Rule: r.ID, Class: l.meter.Class(), Charged: l.charged, From: l.from, To: l.to,
		Quantity: float(p.units), Unit: r.Unit, Tier: n.tier, Fixed: l.fixed, Unknown: n.Rate == nil,
		AsOf: n.from.AsOf, Confidence: n.from.Confidence, Source: n.from.first(),
	}
	if r.Charged == Nobody {
		item.Charged = Nobody
	}
	if !item.Unknown {
		item.Rate, item.ListRate = float(p.rate), float(n.Rate)
	}
	for _, usd := range p.usd {
		item.USD += usd
	}
	b.bill.Items = append(b.bill.Items, item)
}

// first is the source that bears most.
func (o *Origin) first() string {
	if len(o.Sources) == 0 {
		return ""
	}
	return o.Sources[0].String()
}

func where(region string) string {
	if region == "" {
		return ""
	}
	return " in " + region
}

// row is a line's row of the ledger, without what differs by service.
func (b *biller) row(l *line, r *Rule) Row {
	row := Row{
		Meter: l.meter, Class: l.meter.Class(), Charged: l.charged, Provider: l.provider, Region: l.region, Peer: l.peer,
		From: l.from, To: l.to, Carries: l.carries, Fixed: l.fixed, Unit: "GB", Unpriced: r == nil,
		ServiceIndex: -1, DatacenterIndex: l.site,
	}
	if r == nil {
		return row
	}
	row.Rule, row.SKU, row.Unit = r.ID, r.SKU, r.Unit
	if r.Charged == Nobody {
		row.Charged = Nobody
	}
	last := l.cost[len(l.cost)-1]
	row.Counter, row.AsOf, row.Confidence, row.Source = last.counter, last.from.AsOf, last.from.Confidence, last.from.first()
	return row
}

// services splits a line's row by service.
func (b *biller) services(l *line, row Row) []Row {
	var rows []Row
	total := new(big.Rat).SetInt(l.total())
	for i := 0; i < len(l.parts); {
		end := i
		for end < len(l.parts) && l.parts[end].service == l.parts[i].service {
			end++
		}
		rows = append(rows, b.service(l, row, i, end, total))
		i = end
	}
	return rows
}

// service is the row of a line's parts from begin to end, which are one service's.
func (b *biller) service(l *line, row Row, begin, end int, total *big.Rat) Row {
	if s := l.parts[begin].service; s >= 0 {
		row.Service, row.ServiceIndex = b.model.Services[s].Name, s
	}
	weight := new(big.Int)
	for i := begin; i < end; i++ {
		share := Share{Layer: l.parts[i].layer, Platform: l.parts[i].platform, Cause: l.parts[i].cause}
		if l.kind == moved && l.share.all == 0 {
			share.Bytes = l.weights[i].Int64()
		}
		for _, p := range l.cost {
			share.USD += p.usd[i]
		}
		row.Bytes += share.Bytes
		row.USD += share.USD
		row.Shares = append(row.Shares, share)
		weight.Add(weight, l.weights[i])
	}
	part := new(big.Rat).Quo(new(big.Rat).SetInt(weight), total)
	row.Quantity = float(new(big.Rat).Mul(l.units, part))
	for _, p := range l.cost {
		t := TierShare{Tier: p.tier, Quantity: float(new(big.Rat).Mul(p.units, part)), Unknown: p.rate == nil}
		if p.rate != nil {
			t.Rate, t.ListRate = float(p.rate), float(p.list)
		}
		for i := begin; i < end; i++ {
			t.USD += p.usd[i]
		}
		row.Unknown = row.Unknown || t.Unknown
		row.Tiers = append(row.Tiers, t)
	}
	return row
}
