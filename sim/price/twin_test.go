package price

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
)

// unitByUnit prices a month the slow way: each whole unit by itself, at the rate of the tier it falls into.
func unitByUnit(edges []int64, rates []int64, already, quantity int64) int64 {
	cost := int64(0)
	for unit := already; unit < already+quantity; unit++ {
		tier := 0
		for tier < len(edges) && unit >= edges[tier] {
			tier++
		}
		cost += rates[tier]
	}
	return cost
}

// The ladder agrees with counting units, whatever the edges, and so does the bill of egress that comes from
// several registries of a region, with the account's allowance and what it has moved already in front.
func TestLadderAgainstCountingUnits(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var edges, rates []int64
		var list []Tier
		for edge := int64(0); len(edges) < 1+rng.IntN(4); {
			edge += 1 + rng.Int64N(50)
			edges, rates = append(edges, edge), append(rates, rng.Int64N(90))
			list = append(list, Tier{UpTo: big.NewRat(edge, 1), Rate: big.NewRat(rates[len(rates)-1], 1000)})
		}
		rates = append(rates, rng.Int64N(90))
		list = append(list, Tier{Rate: big.NewRat(rates[len(rates)-1], 1000)})

		already, free := rng.Int64N(150), rng.Int64N(100)
		parts := []int64{1 + rng.Int64N(80), 1 + rng.Int64N(80), 1 + rng.Int64N(80)}
		quantity := parts[0] + parts[1] + parts[2]
		want := big.NewRat(unitByUnit(edges, rates, already, quantity), 1000)
		if got, known := Cost(Ladder(list, big.NewRat(already, 1), big.NewRat(quantity, 1))); !known || got.Cmp(want) != 0 {
			t.Fatalf("seed %d: %s, want %s", seed, got.FloatString(3), want.FloatString(3))
		}

		rule := flat(InternetEgress, Sender, "0")
		rule.Counter, rule.Free, rule.Tiers = PerRegion, big.NewRat(free, 1), list
		got := egressBill(t, rule, float64(already), parts)
		// Of all units the account moves, the first ones are free; the rest enter the tiers.
		paidBefore := max(0, already-free)
		paid := max(0, already+quantity-free) - paidBefore
		bill, err := round(big.NewRat(unitByUnit(edges, rates, paidBefore, paid), 1000))
		if err != nil {
			t.Fatal(err)
		}
		if got != bill {
			t.Fatalf("seed %d: %d free, %d moved already, %v more: %s, want %s", seed, free, already, parts, got, bill)
		}
	}
}

// egressBill is what egress of so many GB from registries of one region costs.
func egressBill(t *testing.T, rule Rule, already float64, parts []int64) USD {
	t.Helper()
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Datacenters: []sim.Datacenter{{Name: "own", Zones: 1}}}
	r := &sim.Result{Duration: HoursPerMonth * 3600, Storage: make([]sim.Storage, len(parts))}
	for i, gb := range parts {
		m.Registries = append(m.Registries, sim.Registry{
			Name: string(rune('a' + i)), Location: sim.Location{Kind: sim.InRegion, Provider: "cloud", Region: "r1"},
		})
		r.Transfers = append(r.Transfers, sim.Transfer{Class: sim.InternetEgress, From: sim.End{Registry: i}, To: sim.End{Kind: sim.AtNodes}, Bytes: gb * 1e9})
	}
	book := testBook()
	*book.rule("cloud", InternetEgress) = rule
	b, err := Price(m, r, book, Options{BaselineGB: map[string]float64{"internet-egress": already}})
	if err != nil {
		t.Fatal(err)
	}
	return b.Monthly
}
