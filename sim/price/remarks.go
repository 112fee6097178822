package price

import "slices"

// remarks says what is to be said of a rule that was used.
func (b *biller) remarks(c charge) {
	r := c.rule
	if r.Unstated && !r.costsNothing() {
		b.assume("%s: a GB is taken as %d bytes; no source states it", r.ID, r.UnitBytes)
	}
	if r.Doubt != "" {
		b.warn("%s: %s", r.ID, r.Doubt)
	}
	if r.Note != "" {
		b.assume("%s", r.Note)
	}
	for _, l := range c.lines {
		if note := b.book.provider(l.provider).Note; note != "" && l.provider != "" {
			addOnce(&b.notes, note)
		}
		b.remark(l)
	}
}

// remark says what is to be said of a use.
func (b *biller) remark(l *line) {
	switch {
	case l.meter == NATProcessing && b.perZone(l) && !b.crossed(l.to):
		b.assume("every zone has a NAT gateway of its own, so that bytes change no zone on their way to it")
	case l.meter == EndpointLayers:
		b.assume("layers of the region's registry come by its endpoint for layers; manifests, taken as %d bytes each, cross the interfaces", manifestBytes)
	case l.meter == EndpointProcessing && l.kind == moved:
		b.assume("what is not in the region's registry is priced as if an interface endpoint led there")
	}
}

// perZone tells whether a provider's gateways stand in zones: Google's serve a whole region.
func (b *biller) perZone(l *line) bool {
	r := b.book.find(&use{meter: NATHour, provider: l.provider, region: l.region})
	return r != nil && (r.Per == "" || r.Per == PerZone)
}

// crossed tells whether some of a datacenter's zones have no gateway.
func (b *biller) crossed(datacenter string) bool {
	for i := range b.model.Datacenters {
		if d := &b.model.Datacenters[i]; d.Name == datacenter {
			n := b.options.site(i).NATGateways
			return n > 0 && n < d.Zones
		}
	}
	return false
}

// costsNothing tells whether every rate is zero, so that it does not matter how a quantity is counted.
func (r *Rule) costsNothing() bool {
	return !slices.ContainsFunc(r.Tiers, func(t Tier) bool { return t.Rate == nil || t.Rate.Sign() != 0 })
}
