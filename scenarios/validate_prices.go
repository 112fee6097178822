package scenarios

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// billClasses are what baselines may be stated for: all that is counted in GB.
var billClasses = []string{
	"same-zone", "inter-zone", "inter-region", "internet-egress", "internet-ingress", "hosted-transfer", "nat", "endpoint", "storage",
}

var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// prices checks what stands under prices. What it takes from books is looked up once the rest is right.
func (v *validator) prices() {
	p, before := &v.Prices, len(v.errs)
	for i, name := range p.Book {
		if isBookFile(name) || slices.Contains(BookNames(), name) {
			continue
		}
		path := "prices.book"
		if v.has("prices.book[%d]", i) {
			path = fmt.Sprintf("prices.book[%d]", i)
		} else if !v.has("prices.book") {
			path = "prices"
		}
		v.fail(path, "%s", unknownName("price book", name, BookNames()))
	}
	for _, class := range slices.Sorted(maps.Keys(p.BaselineGB)) {
		if !slices.Contains(billClasses, class) {
			v.fail("prices.baselineGB", "no class is named %q; %s", clip(class), suggest(class, billClasses, ""))
		}
	}
	if c := p.Currency; c != nil {
		if !currencyPattern.MatchString(c.Code) {
			v.fail("prices.currency.code", "%q is not a currency; write three capitals, e.g. EUR", clip(c.Code))
		}
		if c.PerUSD == 0 && v.has("prices.currency.perUSD") {
			v.fail("prices.currency.perUSD", "is 0; write how much of the currency a dollar buys, e.g. 0.9")
		}
	}
	v.priceRules()
	v.transit()
	if len(v.errs) == before && !v.failedBelow("prices") && v.needsBooks() {
		_, errs := v.priceBook()
		v.errs = append(v.errs, errs...)
	}
}

// needsBooks tells whether anything in the scenario may name what no book has.
func (v *validator) needsBooks() bool {
	return len(v.Prices.Rules) > 0 || slices.ContainsFunc(v.Prices.Book, isBookFile) ||
		slices.ContainsFunc(v.Registries, func(r Registry) bool { return r.Plan != "" })
}

func (v *validator) priceRules() {
	names := map[string]int{}
	for i := range v.Prices.Rules {
		r := &v.Prices.Rules[i]
		at := fmt.Sprintf("prices.rules[%d]", i)
		v.name("prices.rules", i, r.Name, names)
		rate, tiers := v.has("%s.rate", at), v.has("%s.tiers", at)
		switch {
		case r.Use != "" && (rate || tiers || v.has("%s.free", at) || r.Unit != "" || r.Charged != "" || r.Provider != "" || r.Source != "" || r.AsOf != ""):
			v.fail(at+".use", "takes a rule of the books as it is; remove use, or provider, rate, tiers, free, unit, charged, source and asOf")
		case r.Use != "":
		case !v.has("%s.meter", at):
			v.fail(at, "does not say what it counts; add meter, e.g. nat-processing, or use with the ID of a rule")
		case rate == tiers:
			v.fail(at, "needs either rate or tiers; write e.g. rate: 0.05")
		}
		v.ruleHolds(at, r)
		if r.Unit != "" {
			if _, err := findUnit(r.Unit); err != nil {
				v.fail(at+".unit", "%s", err)
			}
		}
		edge := 0.0
		for j, t := range r.Tiers {
			switch last := j == len(r.Tiers)-1; {
			case t.UpTo == 0 && !last:
				v.fail(fmt.Sprintf("%s.tiers[%d]", at, j), "is open and not the last; add upTo")
			case t.UpTo != 0 && t.UpTo <= edge:
				v.fail(fmt.Sprintf("%s.tiers[%d].upTo", at, j), "is not above the tier before; write more")
			}
			edge = t.UpTo
		}
		if tiers && len(r.Tiers) == 0 {
			v.fail(at+".tiers", "is empty; add a tier, e.g. {upTo: 1000, rate: 0.05}, {rate: 0.04}")
		}
	}
}

// ruleHolds checks where a rule holds: what no scenario can have it would never charge.
func (v *validator) ruleHolds(at string, r *PriceRule) {
	if slices.ContainsFunc(v.Prices.Book, isBookFile) {
		return // which may have clouds and services of its own
	}
	providers, services := append(cloudNames(), ProviderNone), []string{}
	for _, s := range registryServices {
		switch {
		case s.managed:
			services = append(services, string(s.name))
		case string(s.name) == r.Service:
			v.fail(at+".service", "%s is a provider of its own in prices; write provider: %s", s.name, s.provider)
			return
		default:
			providers = append(providers, s.provider)
		}
	}
	if r.Provider != "" {
		v.known(at+".provider", "provider", r.Provider, providers)
		v.region(at+".region", r.Provider, r.Region)
	}
	if r.Service != "" {
		v.known(at+".service", "registry service with prices", r.Service, services)
	}
}

// transit checks that every port has a price, which no book has, and nothing else does.
func (v *validator) transit() {
	ports := map[string]bool{}
	var sites []string
	for _, d := range v.Datacenters {
		if d.Provider == ProviderTransit {
			sites = append(sites, d.Name)
		}
	}
	names := map[string]int{}
	for i, p := range v.Prices.Transit {
		at := fmt.Sprintf("prices.transit[%d]", i)
		v.name("prices.transit", i, p.Name, names)
		if v.port(at+".name", p.Name, sites) {
			ports[p.Name] = true
		}
		if p.Percentile != 90 && p.Percentile != 95 {
			v.fail(at+".percentile", "is %d; write 95 or 90", p.Percentile)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Prices.BaselineMbps)) {
		v.port("prices.baselineMbps", name, sites)
	}
	for i, d := range v.Datacenters {
		if d.Provider == ProviderTransit && d.Name != "" && !ports[d.Name] {
			v.fail(fmt.Sprintf("datacenters[%d].provider", i), "transit has no list price; add prices: {transit: [{name: %s, perMbps: 1.00}]} with your own, in USD a month", d.Name)
		}
	}
}

// port checks that a name is of a datacenter with the provider transit.
func (v *validator) port(path, name string, sites []string) bool {
	if name == "" || slices.Contains(sites, name) {
		return name != ""
	}
	if len(sites) == 0 {
		v.fail(path, "no datacenter has the provider transit; write provider: transit for %s", clip(name))
		return false
	}
	v.fail(path, "%s", unknownName("datacenter with the provider transit", name, sites))
	return false
}
