package price

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// HoursPerMonth is the month of the large providers' calculators.
const HoursPerMonth = 730

// endpointInterfaces is how many interface endpoints ECR needs in a zone: ecr.api and ecr.dkr.
const endpointInterfaces = 2

// A use is a month's quantity on one meter, between two places.
type use struct {
	meter    Meter
	charged  Charged
	provider string // whose account pays
	region   string // that sets the rate
	peer     string // the other region of a transfer
	from, to string
	amount   *big.Rat // bytes, hours, or bytes stored
	fixed    bool     // owed without any traffic
}

// uses lists everything a run is charged for, scaled to a month, in the order of the bill, no two alike.
func uses(m *sim.Model, r *sim.Result, o Options) []use {
	var list []use
	scale := new(big.Rat).Quo(big.NewRat(HoursPerMonth*3600, 1), exact(r.Duration))
	scale.Mul(scale, new(big.Rat).Add(big.NewRat(1, 1), exact(o.BilledOverhead)))
	for _, p := range r.Paths() {
		bytes := new(big.Rat).Mul(big.NewRat(p.Bytes, 1), scale)
		list = append(list, transfers(m, p, bytes)...)
		list = append(list, processing(m, p, bytes)...)
	}
	for i := range m.Datacenters {
		list = append(list, standing(&m.Datacenters[i])...)
	}
	for i := range m.Registries {
		reg := &m.Registries[i]
		if reg.Location.Kind == sim.InRegion {
			list = append(list, use{
				meter: RegistryStorage, charged: Account, provider: reg.Location.Provider, region: reg.Location.Region,
				from: reg.Name, to: reg.Name, amount: big.NewRat(r.Storage[i].Stored, 1), fixed: true,
			})
		}
	}
	return merged(list)
}

// merged sorts uses for the bill and adds up those that are the same but for the amount.
func merged(list []use) []use {
	order := meters()
	slices.SortStableFunc(list, func(a, b use) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.meter), slices.Index(order, b.meter)),
			cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(b.charged, a.charged),
		)
	})
	out := list[:0]
	for _, u := range list {
		if last := len(out) - 1; last >= 0 && u.sameAs(out[last]) {
			out[last].amount = new(big.Rat).Add(out[last].amount, u.amount)
			continue
		}
		out = append(out, u)
	}
	return out
}

func (u use) sameAs(v use) bool {
	u.amount = v.amount
	return u == v
}

func exact(f float64) *big.Rat {
	r := new(big.Rat)
	if r.SetFloat64(f) == nil {
		panic("price: not a finite number")
	}
	return r
}

// place is the provider and region at the sending end of a path. On the internet there is no region, and
// a provider only where the model says who runs the registry.
func place(m *sim.Model, registry int) (provider, region string) {
	loc := m.Registries[registry].Location
	if loc.Kind == sim.InDatacenter {
		return m.Datacenters[loc.Datacenter].Provider, m.Datacenters[loc.Datacenter].Region
	}
	return loc.Provider, loc.Region
}

// transfers lists what the two ends of a path pay for its bytes. They add up; none replaces another.
func transfers(m *sim.Model, p sim.Path, bytes *big.Rat) []use {
	dc, reg := &m.Datacenters[p.To.Datacenter], &m.Registries[p.From.Registry]
	provider, region := place(m, p.From.Registry)
	sent := use{
		meter: Meter(p.Class), charged: Sender, provider: provider, region: region, peer: dc.Region,
		from: reg.Name, to: dc.Name, amount: bytes,
	}
	received := sent
	received.charged, received.provider, received.region, received.peer = Receiver, dc.Provider, dc.Region, region
	managed := reg.Location.Kind == sim.InRegion
	switch {
	case p.Class == sim.InterZone:
		return []use{sent, received}
	case p.Class == sim.InternetEgress:
		received.meter = InternetIngress
		return []use{sent, received}
	case p.Class == sim.InternetIngress && provider == "":
		return []use{received}
	case p.Class == sim.InternetIngress:
		sent.meter = HostedTransfer
		return []use{sent, received}
	case p.Class == sim.SameZone && managed:
		sent.meter = SameRegion
	case p.Class == sim.InterRegion && managed:
		sent.meter = RegistryInterRegion
	}
	return []use{sent}
}

// processing lists the boxes that bytes from outside a datacenter pass on their way in.
func processing(m *sim.Model, p sim.Path, bytes *big.Rat) []use {
	dc, reg := &m.Datacenters[p.To.Datacenter], &m.Registries[p.From.Registry]
	if reg.Location.Kind == sim.InDatacenter && reg.Location.Datacenter == p.To.Datacenter {
		return nil
	}
	u := use{charged: Account, provider: dc.Provider, region: dc.Region, from: reg.Name, to: dc.Name, amount: bytes}
	switch dc.Egress {
	case sim.NAT:
		u.meter = NATProcessing
	case sim.Endpoint:
		u.meter = EndpointProcessing
		if reg.Location.Kind == sim.InRegion && p.Class == sim.SameZone {
			u.meter = EndpointLayers // they lie in a bucket of the region
		}
	default:
		return nil
	}
	return []use{u}
}

// standing lists what a datacenter's way out costs by the hour.
func standing(dc *sim.Datacenter) []use {
	u := use{charged: Account, provider: dc.Provider, region: dc.Region, from: dc.Name, to: dc.Name, fixed: true}
	count := 0
	switch dc.Egress {
	case sim.NAT:
		u.meter, count = NATHour, dc.Zones
	case sim.Endpoint:
		u.meter, count = EndpointHour, endpointInterfaces*dc.Zones
	case sim.Direct:
		u.meter, count = AddressHour, dc.Nodes()
	}
	u.amount = big.NewRat(int64(count)*HoursPerMonth, 1)
	return []use{u}
}
