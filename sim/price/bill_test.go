package price

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
)

// testBook has a rule of every meter for provider "cloud"; egress has bands and an allowance, and its
// last band's price is not known.
func testBook() *Book {
	b := &Book{Name: "test", Currency: "USD", Compiled: "2026-01-01"}
	for _, m := range meters() {
		b.Rules = append(b.Rules, Rule{
			ID: "cloud." + string(m), Provider: "cloud", Meter: m, Unit: "GB", UnitBytes: 1e9, UnitStated: true, Charged: Both,
			Tiers: tiers("", "0.033"),
		})
	}
	egress := b.rule("cloud", InternetEgress)
	egress.PerRegion, egress.Free = true, rat("10")
	egress.Tiers = append(tiers("100", "0.07", "5000", "0.031"), Tier{})
	egress.Regions = map[string][]*big.Rat{"r2": {rat("0.2"), rat("0.1"), nil}}
	return b
}

// randomRun is a model and a result with as many paths as the dice say.
func randomRun(rng *rand.Rand, most int64) (*sim.Model, *sim.Result) {
	m := &sim.Model{}
	for _, region := range []string{"r1", "r2"} {
		m.Registries = append(m.Registries, sim.Registry{Name: "reg-" + region, Location: sim.Location{Kind: sim.InRegion, Provider: "cloud", Region: region}})
		m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: "dc-" + region, Provider: "cloud", Region: region, Zones: 2, Egress: sim.Egress(rng.IntN(3)), Pools: []sim.Pool{{Nodes: 3}}})
	}
	m.Registries = append(m.Registries, sim.Registry{Name: "hub"})
	m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: "own", Zones: 1, Pools: []sim.Pool{{Nodes: 3}}})
	r := &sim.Result{Duration: float64(1+rng.IntN(100)) * 86400, Storage: []sim.Storage{{Stored: rng.Int64N(1e12)}, {}, {}}}
	for range 1 + rng.IntN(6) {
		p := sim.Path{Registry: rng.IntN(3), To: rng.IntN(3), Bytes: 1 + rng.Int64N(most)}
		switch {
		case p.Registry == 2:
			p.Class = sim.InternetIngress
		case p.To == 2:
			p.Class = sim.InternetEgress
		case p.Registry == p.To:
			p.Class = sim.SameZone
		default:
			p.Class = sim.InterRegion
		}
		r.Paths = append(r.Paths, p)
	}
	return m, r
}

func mustPrice(t *testing.T, m *sim.Model, r *sim.Result) *Bill {
	t.Helper()
	b, err := Price(m, r, testBook(), Options{BilledOverhead: 0.01, BaselineGB: map[string]float64{"internet-egress": 7}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBillsAddUp(t *testing.T) {
	for seed := range uint64(500) {
		m, r := randomRun(rand.New(rand.NewPCG(seed, 1)), 1e13)
		b := mustPrice(t, m, r)
		var sum, fixed USD
		for _, i := range b.Items {
			sum += i.USD
			if i.Fixed {
				fixed += i.USD
			}
			if exact := i.Quantity * i.Rate; !i.Unknown && (exact-float64(i.USD)/micro > 2e-6 || float64(i.USD)/micro-exact > 2e-6) {
				t.Fatalf("seed %d: %+v is not quantity times rate", seed, i)
			}
		}
		if sum != b.Monthly || b.Usage+b.Fixed != b.Monthly || fixed != b.Fixed {
			t.Fatalf("seed %d: lines %s, monthly %s = %s + %s", seed, sum, b.Monthly, b.Usage, b.Fixed)
		}
	}
}

// Neither cutting a transfer in two nor the order of transfers changes what a month costs.
func TestSplittingAndOrderDoNotMatter(t *testing.T) {
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 2))
		m, r := randomRun(rng, 1e13)
		whole := mustPrice(t, m, r)
		var parts []sim.Path
		for _, p := range r.Paths {
			q := p
			q.Bytes = rng.Int64N(p.Bytes + 1)
			p.Bytes -= q.Bytes
			parts = append(parts, p, q)
		}
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		r.Paths = parts
		if split := mustPrice(t, m, r); split.Monthly != whole.Monthly || split.Fixed != whole.Fixed {
			t.Fatalf("seed %d: %s whole, %s in parts", seed, whole.Monthly, split.Monthly)
		}
		slices.Reverse(r.Paths)
		if turned := mustPrice(t, m, r); turned.Monthly != whole.Monthly {
			t.Fatalf("seed %d: %s, in another order %s", seed, whole.Monthly, turned.Monthly)
		}
	}
}

// Egress of 5,100 GB from r1 in 30.4166… days, a month: 10 free, 100 × 0.07 + 4,900 × 0.031 = 158.90, and
// 90 GB above 5,000 at a price that nobody knows.
func TestUnknownPriceIsALowerBound(t *testing.T) {
	m, _ := randomRun(rand.New(rand.NewPCG(1, 1)), 10)
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 3), Paths: []sim.Path{{Class: sim.InternetEgress, Registry: 0, To: 2, Bytes: 5100e9}}}
	b, err := Price(m, r, testBook(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Usage.String() != "158.90" || !b.AtLeast || !strings.Contains(strings.Join(b.Warnings, "\n"), "cloud.internet-egress: the price is not known") {
		t.Errorf("usage %s, at least %v, warnings %q", b.Usage, b.AtLeast, b.Warnings)
	}
	unknown := 0.0
	for _, i := range b.Items {
		if i.Unknown {
			unknown += i.Quantity
		}
	}
	if unknown != 90 {
		t.Errorf("%v GB of unknown price", unknown)
	}
}

// A provider that the book does not know, and a meter it lacks, make the bill a lower bound; own hardware
// is simply not priced.
func TestWhatTheBookDoesNotCover(t *testing.T) {
	m, r := randomRun(rand.New(rand.NewPCG(3, 1)), 1e12)
	m.Datacenters[0].Provider = "other"
	b := mustPrice(t, m, r)
	if !b.AtLeast || !strings.Contains(strings.Join(b.Warnings, "\n"), "no prices of other") {
		t.Errorf("at least %v, %q", b.AtLeast, b.Warnings)
	}
	b, err := Price(m, r, None(), Options{})
	if err != nil || b.Monthly != 0 || len(b.Items) != 0 || b.AtLeast || len(b.Assumptions) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}
