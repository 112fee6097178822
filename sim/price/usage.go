package price

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// Months are of 730 hours, as in the large providers' calculators, and of 30 days where fees are by the day.
const (
	HoursPerMonth = 730
	DaysPerMonth  = 30
)

// manifestBytes is what a manifest and its config take: 700 to 1,350 were measured.
const manifestBytes = 1000

// A use is something that a rule may charge for: what moves between two places, or stands in one.
type use struct {
	meter    Meter
	charged  Charged
	provider string // whose account pays
	service  string // the registry's, e.g. "ecr"
	plan     string // likewise
	region   string // that sets the rate
	peer     string // the other region of a transfer
	from, to string
	registry int      // index of the registry it is of; -1: of none
	site     int      // index of the datacenter whose pulls, boxes or replica it is of; -1: of none
	kind     quantity // what its parts count
	share    share    // of its parts
	fixed    bool     // owed without any traffic
	carries  bool     // stands for the bytes themselves: each byte that moves is in one such use
	optional bool     // a book may have no rule for it: it is then free, or part of another price
}

// quantity says what the parts of a use count.
type quantity int

const (
	moved     quantity = iota // bytes within the run
	estimated                 // bytes that the run does not count
	asked                     // requests within the run
	stored                    // bytes, all month
	boxes                     // zones, sites, nodes or seats, by the hour or the month
	stated                    // what was stated or measured, in the rule's own unit
)

// A share is what fraction of its parts' bytes a use is about; the zero value is all of them.
type share struct{ of, all int64 }

// A part is what a service, a layer and a reason have in a use.
type part struct {
	service, layer int // -1: nobody's alone
	platform       int
	cause          sim.Cause // "": nobody's alone
}

// partOf is what a transfer is a part of.
func partOf(t *sim.Transfer) part { return part{t.Service, t.Layer, t.Platform, t.Cause} }

// sharedPart is what no service can be told apart in.
func sharedPart() part { return part{service: -1, layer: -1} }

// A line is a use with its parts, and in the end what it costs.
type line struct {
	use
	parts   []part
	weights []*big.Int // of the parts, in what the use counts
	index   map[part]int
	units   *big.Rat  // a month's quantity in the rule's unit, once that is known
	cost    []portion // by counter and tier
}

// add puts a weight on a part.
func (l *line) add(p part, weight *big.Int) {
	i, ok := l.index[p]
	if !ok {
		i = len(l.parts)
		l.index[p] = i
		l.parts, l.weights = append(l.parts, p), append(l.weights, new(big.Int))
	}
	l.weights[i].Add(l.weights[i], weight)
}

// total is the weight of all parts.
func (l *line) total() *big.Int {
	sum := new(big.Int)
	for _, w := range l.weights {
		sum.Add(sum, w)
	}
	return sum
}

// sort puts the parts in the order of services, layers and causes.
func (l *line) sort() {
	order := make([]int, len(l.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := l.parts[i], l.parts[j]
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.layer, b.layer), cmp.Compare(a.platform, b.platform), cmp.Compare(a.cause, b.cause))
	})
	parts, weights := make([]part, len(order)), make([]*big.Int, len(order))
	for to, from := range order {
		parts[to], weights[to] = l.parts[from], l.weights[from]
	}
	l.parts, l.weights = parts, weights
}

// A usage collects uses.
type usage struct {
	book    *Book
	model   *sim.Model
	options *Options
	lines   map[use]*line
}

// put adds a part to a use.
func (g *usage) put(u use, p part, weight int64) {
	l := g.lines[u]
	if l == nil {
		l = &line{use: u, index: map[part]int{}}
		g.lines[u] = l
	}
	l.add(p, big.NewInt(weight))
}

// uses lists everything a run is charged for, in the order of the bill.
func uses(book *Book, m *sim.Model, r *sim.Result, o *Options) []*line {
	g := &usage{book: book, model: m, options: o, lines: map[use]*line{}}
	for i := range r.Transfers {
		t := &r.Transfers[i]
		from, to := at(m, t.From), at(m, t.To)
		g.transfer(t, from, to)
		g.processing(t, from, to)
		g.requests(t, from, to)
	}
	g.manifests(r)
	for i := range m.Datacenters {
		g.wayOut(i)
	}
	for i := range m.Registries {
		g.registry(i, r.Storage[i].Stored)
	}
	order := meters()
	var list []*line
	for _, l := range g.lines {
		l.sort()
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b *line) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.meter), slices.Index(order, b.meter)),
			cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(b.charged, a.charged), a.compare(&b.use),
		)
	})
	return list
}

// compare puts an order on uses that are alike but for what the bill does not show.
func (u *use) compare(v *use) int {
	return cmp.Or(cmp.Compare(u.provider, v.provider), cmp.Compare(u.region, v.region), cmp.Compare(u.peer, v.peer),
		cmp.Compare(u.service, v.service), cmp.Compare(u.plan, v.plan), cmp.Compare(u.kind, v.kind), cmp.Compare(u.share.of, v.share.of),
		cmp.Compare(u.registry, v.registry), cmp.Compare(u.site, v.site), compareBools(u.carries, v.carries), compareBools(u.optional, v.optional))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// base is a use with what a place says of the registry there.
func (g *usage) base(p place) use {
	u := use{provider: p.provider, region: p.region, registry: p.registry, site: -1}
	if p.registry < 0 {
		return u
	}
	terms := g.options.terms(p.registry)
	u.service, u.plan = terms.Service, terms.Plan
	if u.service == "" && p.managed {
		u.service = g.book.provider(p.provider).Service
	}
	return u
}
