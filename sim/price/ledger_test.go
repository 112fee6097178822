package price

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/sim"
)

// everyWhere is a model with every kind of end and way out, and a result of transfers between them at random:
// two clouds, own hardware, caches, peers and replicas.
func everyWhere(rng *rand.Rand) (*sim.Model, *sim.Result, Options) {
	m := &sim.Model{
		Services: []sim.Service{{Name: "a"}, {Name: "b"}, {Name: "c"}},
		Registries: []sim.Registry{
			{Name: "hub", Location: sim.Location{Provider: "docker_hub"}},
			{Name: "cloud-r1", Location: sim.Location{Kind: sim.InRegion, Provider: "cloud", Region: "r1"}, Replicas: []int{0, 1}},
			{Name: "inside", Location: sim.Location{Kind: sim.InDatacenter, Datacenter: 1}, Replicas: []int{2}},
		},
		Datacenters: []sim.Datacenter{
			{Name: "r1", Provider: "cloud", Region: "r1", Zones: 3, Egress: sim.Egress(rng.IntN(3)), Pools: []sim.Pool{{Nodes: 3}}},
			{Name: "r2", Provider: "cloud", Region: "r2", Zones: 2, Egress: sim.Egress(rng.IntN(3)), Pools: []sim.Pool{{Nodes: 9}}},
			{Name: "own", Zones: 1, Pools: []sim.Pool{{Nodes: 3}}},
			{Name: "other", Provider: "other", Region: "x", Zones: 1, Egress: sim.NAT, Pools: []sim.Pool{{Nodes: 1}}},
		},
	}
	o := Options{
		BilledOverhead: 0.01, BaselineGB: map[string]float64{"internet-egress": 7, "nat": 1}, Discount: 0.1, Markup: 0.03,
		Sites:      []Site{{NATGateways: 1, CacheMonthly: 9.99}, {PeerMonthly: 0.07}, {Port: &Port{PerMbps: 1.5, Commit: 3, BaselineIn: 1}}, {}},
		Registries: []Terms{{}, {Plan: "premium"}, {}},
	}
	if rng.IntN(2) == 0 {
		o.Currency, o.PerDollar = "EUR", 0.91
	}
	r := &sim.Result{
		Duration: float64(1+rng.IntN(100)) * 86400, Storage: []sim.Storage{{}, {Stored: rng.Int64N(1e12)}, {Stored: 5}},
		Pulls: sim.Pulls{Requests: 1000, LayersFetched: 900},
		Links: []sim.Link{{Name: "own/uplink", Samples: []float64{1e6, 2e6, 3e6, 4e6}}, {Name: "own/uplink-out", Samples: []float64{5e6}}},
	}
	causes := []sim.Cause{sim.CauseDeploy, sim.CauseChurn, sim.CauseRebuild}
	classes := []sim.Class{sim.SameZone, sim.InterZone, sim.InterRegion, sim.InternetEgress, sim.InternetIngress}
	for range 1 + rng.IntN(30) {
		t := sim.Transfer{
			From: sim.End{Kind: sim.EndKind(rng.IntN(4))}, To: sim.End{Kind: sim.EndKind(1 + rng.IntN(4)), Datacenter: rng.IntN(4)},
			Class: classes[rng.IntN(5)], Service: rng.IntN(3), Layer: rng.IntN(3), Cause: causes[rng.IntN(3)], Bytes: rng.Int64N(1e13), Layers: rng.Int64N(100),
		}
		if t.From.Kind != sim.AtRegistry {
			t.From.Datacenter = rng.IntN(4)
		}
		if t.From.Kind <= sim.AtReplica {
			t.From.Registry = rng.IntN(3)
		}
		r.Transfers = append(r.Transfers, t)
	}
	return m, r, o
}

// The ledger's rows add up to the bill and to the items in money, and to what was simulated in bytes, whatever
// moves between whatever ends; so do its tiers, its shares, and what is attributed to anything.
func TestLedgerReconciles(t *testing.T) {
	for seed := range uint64(300) {
		m, r, o := everyWhere(rand.New(rand.NewPCG(seed, 4)))
		b, err := Price(m, r, testBook(), o)
		if err != nil {
			t.Fatal(err)
		}
		moved, carried := int64(0), int64(0)
		for _, x := range r.Transfers {
			moved += x.Bytes
		}
		var rows, items, amounts, tierAmounts USD
		for i := range b.Ledger {
			row := &b.Ledger[i]
			rows += row.USD
			if row.Carries {
				carried += row.Bytes
			}
			var tiers, shares USD
			for _, x := range row.Tiers {
				tierAmounts += x.Amount
			}
			bytes, quantity := int64(0), 0.0
			for _, x := range row.Tiers {
				tiers += x.USD
				quantity += x.Quantity
				if !x.Unknown && math.Abs(x.Quantity*x.Rate-float64(x.USD)/micro) > 2e-6*float64(1+len(row.Shares)) {
					t.Errorf("seed %d: %+v is not quantity times rate", seed, x)
				}
			}
			for _, x := range row.Shares {
				shares += x.USD
				bytes += x.Bytes
			}
			if tiers != row.USD || shares != row.USD || bytes != row.Bytes || len(row.Tiers) > 0 && math.Abs(quantity-row.Quantity) > 1e-6*quantity {
				t.Errorf("seed %d: %+v does not add up", seed, row)
			}
		}
		for _, i := range b.Items {
			items += i.USD
			amounts += i.Amount
		}
		if rows != b.Dollars || items != b.Dollars || amounts != b.Monthly || tierAmounts != b.Monthly || b.Usage+b.Fixed != b.Monthly || carried != moved {
			t.Fatalf("seed %d: rows %s, items %s of %s; amounts %s of %s; %d bytes of %d", seed, rows, items, b.Dollars, amounts, b.Monthly, carried, moved)
		}
		for _, by := range []func(*Row, *Share) string{
			func(row *Row, _ *Share) string { return row.Service },
			func(row *Row, share *Share) string { return fmt.Sprint(row.Service, share.Layer, share.Cause) },
			func(row *Row, _ *Share) string { return fmt.Sprint(row.DatacenterIndex) },
		} {
			var usage, fixed USD
			bytes := int64(0)
			for _, p := range b.By(by) {
				usage, fixed, bytes = usage+p.Usage, fixed+p.Fixed, bytes+p.Bytes
			}
			if usage != b.Usage || fixed != b.Fixed || bytes != moved {
				t.Fatalf("seed %d: parts %s and %s of %s and %s, %d bytes", seed, usage, fixed, b.Usage, b.Fixed, bytes)
			}
		}
	}
}

// Cutting transfers in two and putting them in another order changes not one row of the ledger.
func TestLedgerKnowsNoOrder(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 5))
		m, r, o := everyWhere(rng)
		whole, err := Price(m, r, testBook(), o)
		if err != nil {
			t.Fatal(err)
		}
		var parts []sim.Transfer
		for _, p := range r.Transfers {
			q := p
			q.Bytes, q.Layers = rng.Int64N(p.Bytes+1), rng.Int64N(p.Layers+1)
			p.Bytes -= q.Bytes
			p.Layers -= q.Layers
			parts = append(parts, p, q)
		}
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		r.Transfers = parts
		again, err := Price(m, r, testBook(), o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.Ledger, again.Ledger); diff != "" {
			t.Fatalf("seed %d: whole against parts:\n%s", seed, diff)
		}
	}
}

// Two services through one gateway, and the second's two layers. A ladder of 0.10 to 150 GB and 0.02 beyond, for
// 100 GB of a and 300 of b (of which its base has 60): 150 × 0.10 + 250 × 0.02 = 20.00, so a quarter, 5.00, is a's, and of b's
// 15.00 the base has a fifth, 3.00.
func TestAttribution(t *testing.T) {
	m := &sim.Model{
		Services: []sim.Service{{Name: "a"}, {Name: "b"}}, Registries: []sim.Registry{{Name: "hub"}},
		Datacenters: []sim.Datacenter{{Name: "dc", Provider: "cloud", Region: "r1", Zones: 1, Egress: sim.NAT}},
	}
	move := func(service, layer int, gb int64) sim.Transfer {
		return sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Service: service, Layer: layer, Cause: sim.CauseDeploy, Bytes: gb * 1e9}
	}
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 1), Transfers: []sim.Transfer{move(0, 0, 100), move(1, 0, 60), move(1, 1, 240)}}
	book := testBook()
	book.Rules = slices.DeleteFunc(book.Rules, func(r Rule) bool { return r.Meter != NATProcessing && r.Meter != InternetIngress })
	book.rule("cloud", NATProcessing).Tiers = tiers("150", "0.1", "", "0.02")
	ingress := book.rule("cloud", InternetIngress)
	ingress.Charged, ingress.Tiers = Nobody, tiers("", "0")
	b, err := Price(m, r, book, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range b.By(func(row *Row, share *Share) string { return fmt.Sprint(row.Service, share.Layer) }) {
		got = append(got, fmt.Sprintf("%s %d %s", p.Name, p.Bytes/1e9, p.Usage))
	}
	if want := []string{"a0 100 5.00", "b0 60 3.00", "b1 240 12.00"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	nat := b.Ledger[3]
	want := []TierShare{
		{Tier: "0 to 150", Quantity: 112.5, Rate: 0.1, ListRate: 0.1, USD: 11_250_000, Amount: 11_250_000},
		{Tier: "above 150", Quantity: 187.5, Rate: 0.02, ListRate: 0.02, USD: 3_750_000, Amount: 3_750_000},
	}
	if diff := cmp.Diff(want, nat.Tiers); diff != "" || nat.Service != "b" || nat.Counter != "cloud.nat-processing" || nat.Bytes != 300e9 || nat.Carries {
		t.Errorf("%+v\n%s", nat, diff)
	}
}

// Own rules win, and neither the discount nor the markup touches them: 1,000 GB at a list price of 0.033 less
// 20 % with 5 % on top are 27.72 dollars, at one's own 0.02 just 20.00; at 0.9 euros a dollar 24.948 and 18.00.
func TestOwnRulesAndTerms(t *testing.T) {
	m := &sim.Model{
		Services: []sim.Service{{Name: "a"}}, Registries: []sim.Registry{{Name: "hub"}},
		Datacenters: []sim.Datacenter{{Name: "dc", Provider: "cloud", Region: "r1", Zones: 1, Egress: sim.NAT}},
	}
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 1), Transfers: []sim.Transfer{{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 1e12}}}
	o := Options{Discount: 0.2, Markup: 0.05, Currency: "EUR", PerDollar: 0.9}
	own := Rule{ID: "own", Provider: Any, Meter: NATProcessing, Unit: "GB", UnitBytes: 1e9, Charged: Account, Counter: PerAccount, Tiers: tiers("", "0.02"), Own: true}
	elsewhere := own
	elsewhere.Only = []string{"r2"}
	for _, c := range []struct {
		name           string
		rules          []Rule
		dollars, euros string
		rate, list     float64
	}{
		{"book", nil, "27.72", "24.948", 0.02772, 0.033},
		{"own", []Rule{own}, "20.00", "18.00", 0.02, 0.02},
		{"own in another region", []Rule{elsewhere}, "27.72", "24.948", 0.02772, 0.033},
	} {
		book := testBook()
		book.Rules = append(book.Rules, c.rules...) // the order does not matter
		b, err := Price(m, r, book, o)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(b.Items, func(i Item) bool { return i.Class == "nat" })
		if item := b.Items[i]; item.USD.String() != c.dollars || item.Amount.String() != c.euros || item.Rate != c.rate || item.ListRate != c.list || b.Currency != "EUR" {
			t.Errorf("%s: %+v", c.name, item)
		}
	}
}
