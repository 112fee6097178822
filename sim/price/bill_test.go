package price

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fleetcost/fleetcost/sim"
)

// read is an origin of figures.
func read(asOf string) Origin {
	return Origin{AsOf: asOf, Confidence: "A", Sources: []Source{{Title: "price list", Date: asOf}}}
}

// testBook has a rule of every meter for provider "cloud"; egress has bands and an allowance, and its
// last band's price is not known.
func testBook() *Book {
	b := &Book{Name: "test", Currency: "USD", Compiled: "2026-01-01"}
	for _, m := range meters() {
		b.Rules = append(b.Rules, Rule{
			ID: "cloud." + string(m), Provider: "cloud", Meter: m, Description: "test", Unit: "GB", UnitBytes: 1e9,
			Charged: Both, Counter: PerAccount, Tiers: tiers("", "0.033"), Origin: read("2026-01-01"),
		})
	}
	for _, fee := range []Meter{RegistryFee, ReplicaFee} {
		b.rule("cloud", fee).Plan = "premium"
	}
	egress := b.rule("cloud", InternetEgress)
	egress.Counter, egress.Free, egress.RegionsOrigin = PerRegion, rat("10"), read("2020")
	egress.Tiers = append(tiers("100", "0.07", "5000", "0.031"), Tier{})
	egress.Regions = map[string][]*big.Rat{"r2": {rat("0.2"), rat("0.1"), nil}}
	return b
}

// randomRun is a model and a result with as many paths as the dice say.
func randomRun(rng *rand.Rand, most int64) (*sim.Model, *sim.Result) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}}
	for _, region := range []string{"r1", "r2"} {
		m.Registries = append(m.Registries, sim.Registry{Name: "reg-" + region, Location: sim.Location{Kind: sim.InRegion, Provider: "cloud", Region: region}})
		m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: "dc-" + region, Provider: "cloud", Region: region, Zones: 2, Egress: sim.Egress(rng.IntN(3)), Pools: []sim.Pool{{Nodes: 3}}})
	}
	m.Registries = append(m.Registries, sim.Registry{Name: "hub"})
	m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: "own", Zones: 1, Pools: []sim.Pool{{Nodes: 3}}})
	r := &sim.Result{Duration: float64(1+rng.IntN(100)) * 86400, Storage: []sim.Storage{{Stored: rng.Int64N(1e12)}, {}, {}}}
	for range 1 + rng.IntN(6) {
		p := sim.Transfer{From: sim.End{Registry: rng.IntN(3)}, To: sim.End{Kind: sim.AtNodes, Datacenter: rng.IntN(3)}, Bytes: 1 + rng.Int64N(most)}
		switch {
		case p.From.Registry == 2:
			p.Class = sim.InternetIngress
		case p.To.Datacenter == 2:
			p.Class = sim.InternetEgress
		case p.From.Registry == p.To.Datacenter:
			p.Class = sim.SameZone
		default:
			p.Class = sim.InterRegion
		}
		r.Transfers = append(r.Transfers, p)
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

// Neither cutting a transfer in two nor the order of transfers changes a word of the bill.
func TestSplittingAndOrderDoNotMatter(t *testing.T) {
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 2))
		m, r := randomRun(rng, 1e13)
		whole := mustPrice(t, m, r)
		var parts []sim.Transfer
		for _, p := range r.Transfers {
			q := p
			q.Bytes = rng.Int64N(p.Bytes + 1)
			p.Bytes -= q.Bytes
			parts = append(parts, p, q)
		}
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		r.Transfers = parts
		if diff := cmp.Diff(whole, mustPrice(t, m, r), cmpopts.IgnoreUnexported(Bill{})); diff != "" {
			t.Fatalf("seed %d: whole against parts:\n%s", seed, diff)
		}
	}
}

// Egress of 5,100 GB from r1 in 30.4166… days, a month: 10 free, 100 × 0.07 + 4,900 × 0.031 = 158.90, and
// 90 GB above 5,000 at a price that nobody knows.
func TestUnknownPriceIsALowerBound(t *testing.T) {
	m, _ := randomRun(rand.New(rand.NewPCG(1, 1)), 10)
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 3), Transfers: []sim.Transfer{{Class: sim.InternetEgress, To: sim.End{Kind: sim.AtNodes, Datacenter: 2}, Bytes: 5100e9}}}
	b, err := Price(m, r, testBook(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Usage.String() != "158.90" || !b.AtLeast || !strings.Contains(strings.Join(b.Warnings, "\n"), "cloud.internet-egress in r1: the price is not known") {
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
	site := func(provider string, egress sim.Egress) *sim.Model {
		return &sim.Model{
			Services:    []sim.Service{{Name: "web"}},
			Registries:  []sim.Registry{{Name: "hub"}},
			Datacenters: []sim.Datacenter{{Name: "dc", Provider: provider, Zones: 1, Egress: egress, Pools: []sim.Pool{{Nodes: 1}}}},
		}
	}
	run := &sim.Result{Duration: 86400, Storage: make([]sim.Storage, 1), Transfers: []sim.Transfer{{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 1e9}}}
	partial := testBook()
	partial.Rules = slices.DeleteFunc(partial.Rules, func(r Rule) bool { return r.Meter == NATProcessing })
	for _, c := range []struct {
		name     string
		model    *sim.Model
		book     *Book
		atLeast  bool
		assumed  string
		warnings string
		lines    int
	}{
		{"other provider", site("other", sim.Direct), testBook(), true, "", "book test has no prices of other: the bill is a lower bound", 0},
		{"no rule for a meter", site("cloud", sim.NAT), partial, true, "", "nat-processing from hub to dc has no price in book test: the bill is a lower bound", 3},
		{"own hardware", site("", sim.NAT), testBook(), false, "dc is on own hardware: what it receives and runs is not priced", "", 0},
		{"no book", site("cloud", sim.NAT), None(), false, "no price book: nothing is priced", "", 0},
	} {
		b, err := Price(c.model, run, c.book, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if b.AtLeast != c.atLeast || strings.Join(b.Warnings, "\n") != c.warnings || len(b.Items) != c.lines ||
			c.assumed != "" && !slices.Contains(b.Assumptions, c.assumed) {
			t.Errorf("%s: at least %v, %q, %q, %+v", c.name, b.AtLeast, b.Warnings, b.Assumptions, b.Items)
		}
	}
}

// A rate that was read in r1 only: r2 goes by it with a word of doubt where the rule says so, and is not
// known where it does not. 1,000 GB each at 0.033 are 33.00.
func TestRegionsNobodyRead(t *testing.T) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{{Name: "hub"}}}
	for _, region := range []string{"r1", "r2"} {
		m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: "dc-" + region, Provider: "cloud", Region: region, Zones: 1, Egress: sim.NAT})
	}
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 1), Transfers: []sim.Transfer{
		{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 1000e9},
		{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 1000e9},
	}}
	for _, c := range []struct {
		standIn, want, warning string
	}{
		{"r1's is used", "66.00", "cloud.nat-processing in r2: r1's is used"},
		{"", "33.00", "cloud.nat-processing in r2: the price is not known: the bill is a lower bound"},
	} {
		book := testBook()
		book.rule("cloud", InternetIngress).Tiers = tiers("", "0")
		nat := book.rule("cloud", NATProcessing)
		nat.Known, nat.StandIn = []string{"r1"}, c.standIn
		b, err := Price(m, r, book, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Usage.String(); got != c.want || !slices.Equal(b.Warnings, []string{c.warning}) || b.AtLeast != (c.standIn == "") {
			t.Errorf("%s, want %s; %q, at least %v", got, c.want, b.Warnings, b.AtLeast)
		}
	}
}

// A GB of unknown size is taken as the rule says, and the bill tells; doubts and notes of a rule come with
// the first use of it.
func TestRemarks(t *testing.T) {
	book := testBook()
	hosted := book.rule("cloud", HostedTransfer)
	hosted.Provider, hosted.Unstated, hosted.Doubt, hosted.Note = "hub", true, "who knows", "be fair"
	m := &sim.Model{
		Services:    []sim.Service{{Name: "web"}},
		Registries:  []sim.Registry{{Name: "hub", Location: sim.Location{Provider: "hub"}}, {Name: "quiet"}},
		Datacenters: []sim.Datacenter{{Name: "own", Zones: 1}},
	}
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, 2), Transfers: []sim.Transfer{{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 1e12}}}
	b, err := Price(m, r, book, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Monthly.String() != "33.00" || !slices.Equal(b.Warnings, []string{"cloud.hosted-transfer: who knows"}) ||
		!slices.Contains(b.Assumptions, "be fair") ||
		!slices.Contains(b.Assumptions, "cloud.hosted-transfer: a GB is taken as 1000000000 bytes; no source states it") {
		t.Errorf("%s, %q, %q", b.Monthly, b.Warnings, b.Assumptions)
	}
}

func TestPriceRefuses(t *testing.T) {
	for _, c := range []struct {
		want string
		edit func(m *sim.Model, r *sim.Result, o *Options)
	}{
		{"pricing: the result has 1 registries, the model 3", func(_ *sim.Model, r *sim.Result, _ *Options) { r.Storage = r.Storage[:1] }},
		{"pricing: the run lasts 0 s", func(_ *sim.Model, r *sim.Result, _ *Options) { r.Duration = 0 }},
		{"pricing: the run lasts NaN s", func(_ *sim.Model, r *sim.Result, _ *Options) { r.Duration = math.NaN() }},
		{"pricing: the billed overhead is -0.5, not a fraction", func(_ *sim.Model, _ *sim.Result, o *Options) { o.BilledOverhead = -0.5 }},
		{"pricing: a baseline is stated for \"egress\", which is no class\nthe baseline of nat is -1 GB", func(_ *sim.Model, _ *sim.Result, o *Options) {
			o.BaselineGB = map[string]float64{"nat": -1, "egress": 1}
		}},
		// 9.2 EB in 10^-9 s would be 2.4e25 GB a month, each 0.033 dollars.
		{"pricing: the bill is beyond nine trillion dollars", func(_ *sim.Model, r *sim.Result, _ *Options) {
			r.Duration, r.Transfers = 1e-9, []sim.Transfer{{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: math.MaxInt64}}
		}},
		// 9e9 GB in 4e-5 months are 2.25e14 GB, times 0.033 7.4 trillion; two such lines are too much.
		{"pricing: the bill is beyond nine trillion dollars", func(m *sim.Model, r *sim.Result, _ *Options) {
			m.Datacenters[0].Egress, m.Datacenters[1].Egress = sim.Direct, sim.Direct
			r.Duration, r.Transfers = 730*3600*4e-5, []sim.Transfer{
				{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 9_000_000_000_000_000_000},
				{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 9_000_000_000_000_000_000},
			}
		}},
	} {
		m, r := randomRun(rand.New(rand.NewPCG(1, 1)), 10)
		var o Options
		c.edit(m, r, &o)
		if b, err := Price(m, r, testBook(), o); err == nil || err.Error() != c.want {
			t.Errorf("%v %v, want %s", b, err, c.want)
		}
	}
}
