package scenarios

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/fleetcost/fleetcost/sim/price"
)

// PriceBook puts together what the scenario's prices need: the user's own rules, then the books. Loading has
// found what no book has; the error is that of a book's file that changed since, an Errors.
func (s *Scenario) PriceBook() (*price.Book, error) {
	b, errs := s.priceBook()
	return b, join(s.tree.file, errs)
}

func (s *Scenario) priceBook() (*price.Book, []*Error) {
	b, err := openBooks(s.Prices.Book, s.readBeside)
	if err != nil {
		return nil, s.bookErrors(err)
	}
	var rules []price.Rule
	var errs []*Error
	for i := range s.Prices.Rules {
		r, err := s.Prices.Rules[i].rule(b)
		if err != nil {
			errs = append(errs, s.Mistake(fmt.Sprintf("prices.rules[%d]", i), "%s", err))
			continue
		}
		rules = append(rules, r)
	}
	for i := range s.Registries {
		if err := s.Registries[i].checkPlan(b); err != nil {
			errs = append(errs, s.Mistake(fmt.Sprintf("registries[%d].plan", i), "%s", err))
		}
	}
	b.Rules = slices.Concat(rules, b.Rules)
	return b, errs
}

// readBeside reads a file whose name is relative to the scenario's folder.
func (s *Scenario) readBeside(name string) ([]byte, error) {
	return readBook(s.beside(name))
}

// checkPlan finds a plan that no rule of the registry's service is for.
func (r *Registry) checkPlan(b *price.Book) error {
	if r.Plan == "" || len(b.Rules) == 0 {
		return nil
	}
	provider, service := r.terms()
	var plans []string
	for _, rule := range b.Rules {
		if rule.Plan != "" && rule.Provider == provider && rule.Service == service {
			plans = append(plans, rule.Plan)
		}
	}
	if slices.Contains(plans, r.Plan) {
		return nil
	}
	return fmt.Errorf("%s", unknownName("plan", r.Plan, plans))
}

// terms are the provider and the service of a registry as price books have them: a hosted service is a
// provider of its own.
func (r *Registry) terms() (provider, service string) {
	for _, s := range registryServices {
		if s.name == r.Service {
			if s.managed {
				return s.provider, string(s.name)
			}
			return s.provider, ""
		}
	}
	return r.Location.Provider, ""
}

// rule makes a price rule of the user's own, which takes what it does not say from the books' rule for the
// same meter.
func (r *PriceRule) rule(b *price.Book) (price.Rule, error) {
	var only []string
	if r.Region != "" {
		only = []string{r.Region}
	}
	if r.Use != "" {
		return r.used(b, only)
	}
	out := price.Rule{Meter: price.Meter(r.Meter), Unit: meterUnits(price.Meter(r.Meter))[0], Charged: price.Sender, Counter: price.PerAccount}
	if !isTransfer(out.Meter) {
		out.Charged = price.Account
	}
	provider := map[string]string{"": price.Any, ProviderNone: ""}
	out.Provider = r.Provider
	if p, ok := provider[r.Provider]; ok {
		out.Provider = p
	}
	if i := slices.IndexFunc(b.Rules, func(x price.Rule) bool {
		return x.Meter == out.Meter && !x.Alternative && (x.Provider == out.Provider || out.Provider == price.Any) && (r.Service == "" || x.Service == r.Service)
	}); i >= 0 {
		x := b.Rules[i]
		out.Unit, out.Per, out.Times, out.Most, out.Counter = x.Unit, x.Per, x.Times, x.Most, x.Counter
		if out.Charged = x.Charged; out.Charged == price.Nobody {
			out.Charged = price.Sender
		}
	}
	if r.Unit != "" {
		out.Unit = r.Unit
	}
	if r.Charged != "" {
		out.Charged = price.Charged(r.Charged)
	}
	unit, err := findUnit(out.Unit)
	if err != nil {
		return out, err
	}
	if err := checkUnit(out.Meter, unit); err != nil {
		return out, err
	}
	out.ID, out.Description, out.Service, out.Only, out.Own = "own."+r.Name, r.Name, r.Service, only, true
	out.UnitBytes, out.Pack, out.Tiers = unit.bytes, unit.pack, r.tiers()
	if r.Free > 0 {
		out.Free = exactly(r.Free)
	}
	out.Origin = r.origin()
	return out, (&price.Book{Rules: []price.Rule{out}, Providers: b.Providers}).Check()
}

// used is a rule of the books in its new place.
func (r *PriceRule) used(b *price.Book, only []string) (price.Rule, error) {
	var ids []string
	for _, x := range b.Rules {
		if x.ID != r.Use {
			ids = append(ids, x.ID)
			continue
		}
		x.Alternative, x.Chosen = false, true
		if r.Meter != "" {
			x.Meter = price.Meter(r.Meter)
		}
		if r.Service != "" {
			x.Service = r.Service
		}
		if len(only) > 0 {
			x.Only = only
		}
		return x, nil
	}
	return price.Rule{}, fmt.Errorf("%s", unknownName("rule of the books", r.Use, ids))
}

func (r *PriceRule) tiers() []price.Tier {
	if len(r.Tiers) == 0 {
		return []price.Tier{{Rate: exactly(r.Rate)}}
	}
	var out []price.Tier
	for _, t := range r.Tiers {
		tier := price.Tier{Rate: exactly(t.Rate)}
		if t.UpTo > 0 {
			tier.UpTo = exactly(t.UpTo)
		}
		out = append(out, tier)
	}
	return out
}

func (r *PriceRule) origin() price.Origin {
	source := r.Source
	if source == "" {
		source = "stated in the scenario"
	}
	return price.Origin{AsOf: string(r.AsOf), Sources: []price.Source{{Title: source}}}
}

// isTransfer tells meters of which the sender or the receiver pays from those of a box or a registry.
func isTransfer(m price.Meter) bool {
	switch m {
	case price.SameZone, price.SameRegion, price.InterZone, price.InterRegion, price.InternetEgress, price.HostedTransfer, price.InternetIngress:
		return true
	}
	return false
}

// exactly is the shortest decimal that reads as a number: a file's 0.1 is a tenth.
func exactly(f float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		panic(fmt.Sprintf("number %v was loaded", f))
	}
	return r
}

// PriceOptions are what else the scenario says of its bill.
func (s *Scenario) PriceOptions() price.Options {
	o := price.Options{
		BilledOverhead: float64(s.Simulate.BilledOverhead), BaselineGB: s.Prices.BaselineGB,
		Discount: float64(s.Prices.Discount), Markup: float64(s.Prices.Markup),
	}
	if c := s.Prices.Currency; c != nil {
		o.Currency, o.PerDollar = c.Code, c.PerUSD
	}
	for i := range s.Datacenters {
		d := &s.Datacenters[i]
		site := price.Site{NATGateways: d.NATGateways, Port: s.port(d.Name)}
		if d.Cache != nil {
			site.CacheMonthly = d.Cache.Cost
		}
		if d.P2P != nil {
			site.PeerMonthly = d.P2P.Cost
		}
		o.Sites = append(o.Sites, site)
	}
	for i := range s.Registries {
		r := &s.Registries[i]
		_, service := r.terms()
		o.Registries = append(o.Registries, price.Terms{Service: service, Plan: r.Plan, Seats: r.Seats})
	}
	return o
}

// port is how a datacenter's uplink is paid for; nil: it is not.
func (s *Scenario) port(datacenter string) *price.Port {
	const mbps = 1e6 / 8 // bytes per second
	for i := range s.Prices.Transit {
		t := &s.Prices.Transit[i]
		if t.Name != datacenter {
			continue
		}
		flows := s.Prices.BaselineMbps[datacenter]
		return &price.Port{
			PerMbps: t.PerMbps, Commit: float64(t.Commit) / mbps, Overage: t.Overage, Minimum: float64(t.Minimum),
			Percentile: t.Percentile, Method: price.Method(t.Method), BaselineIn: flows.In, BaselineOut: flows.Out,
			Source: t.Source, AsOf: string(t.AsOf),
		}
	}
	return nil
}
