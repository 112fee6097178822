package price

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/sim"
)

// A biller writes one bill.
type biller struct {
	book    *Book
	model   *sim.Model
	result  *sim.Result
	options Options
	factor  *big.Rat // on the book's rates
	bill    *Bill
	err     error
	notes   []string // on providers, each once
}

func (b *biller) assume(format string, args ...any) {
	addOnce(&b.bill.Assumptions, fmt.Sprintf(format, args...))
}

func (b *biller) warn(format string, args ...any) {
	addOnce(&b.bill.Warnings, fmt.Sprintf(format, args...))
}

// unknown warns of a price that is missing from the bill.
func (b *biller) unknown(format string, args ...any) {
	b.bill.AtLeast = true
	b.warn("%s: the bill is a lower bound", fmt.Sprintf(format, args...))
}

func addOnce(list *[]string, s string) {
	if !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// A charge is a rule with all that it charges.
type charge struct {
	rule  *Rule
	lines []*line
}

// match finds the rule of every line that somebody pays for. What has none is booked without a price.
func (b *biller) match(list []*line) []charge {
	var charges []charge
	for _, l := range list {
		rule := b.book.find(&l.use)
		if rule != nil && l.meter == InterZone && !rule.chargesEnd(l.charged) {
			continue
		}
		if b.measure(l, rule); l.units.Sign() == 0 {
			continue
		}
		if rule == nil {
			b.missing(l)
			continue
		}
		if l.meter == InterZone && l.share.all == 0 {
			l.carries = rule.Charged != Both || l.charged == Sender
		}
		i := slices.IndexFunc(charges, func(c charge) bool { return c.rule.ID == rule.ID })
		if i < 0 {
			i = len(charges)
			charges = append(charges, charge{rule: rule})
		}
		charges[i].lines = append(charges[i].lines, l)
	}
	return charges
}

// chargesEnd tells whether an end of a transfer is on the bill. Where nobody pays, the sender's stands
// there for the bytes.
func (r *Rule) chargesEnd(end Charged) bool {
	return r.Charged == Both || r.Charged == end || r.Charged != Receiver && end == Sender
}

// measure says how much of the rule's unit a line is in a month; without a rule, how many GB or pieces.
func (b *biller) measure(l *line, rule *Rule) {
	if l.kind == stated {
		return
	}
	if rule == nil {
		rule = &Rule{UnitBytes: 1e9}
	}
	if l.kind == boxes {
		l.units = b.count(&l.use, rule)
		return
	}
	l.units = new(big.Rat).SetInt(l.total())
	if l.share.all > 0 {
		l.units.Mul(l.units, big.NewRat(l.share.of, l.share.all))
	}
	if l.kind != stored {
		l.units.Mul(l.units, new(big.Rat).Quo(big.NewRat(HoursPerMonth*3600, 1), decimal(b.result.Duration)))
	}
	switch {
	case l.kind == asked:
		l.units.Quo(l.units, big.NewRat(max(1, rule.Pack), 1))
	case rule.UnitBytes > 0:
		l.units.Quo(l.units, big.NewRat(rule.UnitBytes, 1))
	}
	if l.kind == moved || l.kind == estimated {
		l.units.Mul(l.units, new(big.Rat).Add(big.NewRat(1, 1), decimal(b.options.BilledOverhead)))
	}
}

// missing books a line that has no rule, and says why it costs nothing here.
func (b *biller) missing(l *line) {
	known := l.provider != "" && b.book.covers(l.provider)
	if l.optional && (known || l.provider == "") {
		return
	}
	row := b.row(l, nil)
	if len(b.book.Rules) > 0 {
		switch {
		case known:
			b.unknown("%s from %s to %s has no price in book %s", l.meter, l.from, l.to, b.book.Name)
			row.Unknown = true
		case l.provider != "":
			b.unknown("book %s has no prices of %s", b.book.Name, l.provider)
			row.Unknown = true
		default:
			b.unpriced(l)
		}
	}
	if l.kind == moved {
		b.bill.Ledger = append(b.bill.Ledger, b.services(l, row)...)
	}
}

// unpriced says why own hardware costs nothing here.
func (b *biller) unpriced(l *line) {
	name := l.to
	if l.charged == Sender {
		name = l.from
	}
	switch i := slices.IndexFunc(b.model.Datacenters, func(d sim.Datacenter) bool { return d.Name == name }); {
	case i >= 0 && b.options.site(i).Port != nil:
		b.assume("%s is on own hardware: what it sends and receives is paid for by its port", name)
	case l.charged == Sender:
		b.assume("%s is on own hardware: what it sends is not priced", name)
	default:
		b.assume("%s is on own hardware: what it receives and runs is not priced", name)
	}
}

// charge bills all lines of a rule: the free allowance of the account first, then the tiers, once for each
// counter. What the account moves already has taken the allowance and the low tiers:
//
//	free = clip(rule.Free - baseline, 0, units)
//	paid = ladder(baseline beyond rule.Free + units - free) - ladder(baseline beyond rule.Free)
func (b *biller) charge(c charge) {
	if c.rule.Round == RoundUp {
		roundUp(c.lines)
	}
	total, already := sum(c.lines), new(big.Rat)
	if c.rule.UnitBytes > 0 {
		already = decimal(b.options.BaselineGB[c.rule.Meter.Class()])
	}
	free := new(big.Rat)
	if allowance := b.allowance(c.rule); allowance.Sign() > 0 {
		free = clip(new(big.Rat).Sub(allowance, already), new(big.Rat), total)
		already = clip(new(big.Rat).Sub(already, allowance), new(big.Rat), nil)
	}
	paid := new(big.Rat).Sub(total, free)
	b.spread(c.rule, c.lines, band{Band: Band{Quantity: free, Rate: new(big.Rat)}, tier: "free", from: c.rule.Origin, counter: c.rule.ID})
	counters := b.counters(c)
	for _, n := range counters {
		share := new(big.Rat).Mul(paid, new(big.Rat).Quo(sum(n.lines), total))
		if n.standIn {
			b.warn("%s in %s: %s", c.rule.ID, n.lines[0].region, c.rule.StandIn)
		}
		for _, part := range Ladder(n.tiers, already, share) {
			b.spread(c.rule, n.lines, band{Band: part, tier: label(n.tiers, part), from: n.from, counter: n.name})
		}
	}
	if len(counters) > 1 && len(c.rule.Tiers) > 1 && already.Sign() > 0 {
		b.assume("%s: what the account moves already is counted in the tiers of every %s", c.rule.ID, c.rule.Counter)
	}
	for _, l := range c.lines {
		b.bill.Ledger = append(b.bill.Ledger, b.services(l, b.row(l, c.rule))...)
	}
	b.remarks(c)
}

// roundUp makes the sum of lines a whole number of units, and each line larger in proportion.
func roundUp(lines []*line) {
	total := sum(lines)
	whole := new(big.Int).Add(total.Num(), new(big.Int).Sub(total.Denom(), big.NewInt(1)))
	larger := new(big.Rat).Quo(new(big.Rat).SetInt(whole.Quo(whole, total.Denom())), total)
	for _, l := range lines {
		l.units = new(big.Rat).Mul(l.units, larger)
	}
}

// allowance is what the whole account has free of a rule.
func (b *biller) allowance(r *Rule) *big.Rat {
	switch {
	case r.Free == nil:
		return new(big.Rat)
	case !r.FreePerNode:
		return r.Free
	}
	nodes := 0
	for i := range b.model.Datacenters {
		if d := &b.model.Datacenters[i]; d.Provider == r.Provider {
			nodes += d.Nodes()
		}
	}
	return new(big.Rat).Mul(r.Free, big.NewRat(int64(nodes), 1))
}

// A counter is what runs through the tiers together.
type counter struct {
	rates
	name  string
	lines []*line
}

// counters splits a charge by what the rule counts by, and where rates differ, in order of first appearance.
func (b *biller) counters(c charge) []counter {
	var out []counter
	at := map[string]int{}
	for _, l := range c.lines {
		r := b.book.rates(c.rule, l.provider, l.region, l.peer)
		place := ""
		switch c.rule.Counter {
		case PerRegion:
			place = l.region
		case PerPair:
			place = b.areaOr(l.provider, l.region) + "->" + b.areaOr(l.provider, l.peer)
		case PerRegistry:
			place = b.model.Registries[l.registry].Name
		case PerAccount:
			place = r.key
		}
		key := l.provider + " " + place + " " + r.key
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, counter{rates: r, name: strings.TrimSpace(c.rule.ID + " " + place)})
		}
		out[i].lines = append(out[i].lines, l)
	}
	return out
}

// areaOr is a region's area, or the region where it is in none.
func (b *biller) areaOr(provider, region string) string {
	if area := b.book.area(provider, region); area != "" {
		return area
	}
	return region
}

func sum(lines []*line) *big.Rat {
	total := new(big.Rat)
	for _, l := range lines {
		total.Add(total, l.units)
	}
	return total
}

// label names a band by its edges, where there are several.
func label(tiers []Tier, band Band) string {
	switch {
	case len(tiers) == 1 && tiers[0].UpTo == nil:
		return ""
	case band.UpTo == nil:
		return "above " + edge(band.From)
	}
	return edge(band.From) + " to " + edge(band.UpTo)
}

func edge(r *big.Rat) string {
	if r.IsInt() {
		return r.RatString()
	}
	return strings.TrimRight(r.FloatString(6), "0")
}
