package price

import "math/big"

// own bills one line by a rule of the user's own. What belongs to no service is shared.
func (b *biller) own(r *Rule, l *line) {
	if l.units.Sign() == 0 {
		return
	}
	if l.total().Sign() == 0 {
		l.add(sharedPart(), big.NewInt(1))
	}
	l.sort()
	b.charge(charge{rule: r, lines: []*line{l}})
}

// machines bills what a datacenter's cache costs, and its nodes' serving of each other, where that is stated.
func (b *biller) machines(dc int) {
	d, s := &b.model.Datacenters[dc], b.options.site(dc)
	bill := func(what, unit string, monthly float64, count int) {
		if monthly == 0 {
			return
		}
		rule := &Rule{
			ID: "own." + what + "." + d.Name, Meter: Machines, Unit: unit, Charged: Account, Own: true,
			Tiers: []Tier{{Rate: decimal(monthly)}}, Origin: Origin{Sources: []Source{{Title: "stated in the scenario"}}},
		}
		name := d.Name + "/" + what
		b.own(rule, &line{
			use:   use{meter: Machines, charged: Account, from: name, to: name, registry: -1, site: dc, kind: stated, fixed: true},
			units: new(big.Rat).SetInt64(int64(count)), index: map[part]int{},
		})
	}
	bill("cache", "month", s.CacheMonthly, 1)
	bill("peers", "node-month", s.PeerMonthly, d.Nodes())
}
