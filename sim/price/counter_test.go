package price

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
)

// billed prices a month's paths between datacenters with a registry each, named after their regions, and
// returns the lines of one meter: "from>to charged quantity dollars".
func billed(t *testing.T, rule Rule, o Options, regions []string, paths ...sim.Transfer) ([]string, *Bill) {
	t.Helper()
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}}
	for i, region := range regions {
		m.Registries = append(m.Registries, sim.Registry{Name: region, Location: sim.Location{Kind: sim.InDatacenter, Datacenter: i}})
		m.Datacenters = append(m.Datacenters, sim.Datacenter{Name: region, Provider: "cloud", Region: region, Zones: 2})
	}
	book := testBook()
	*book.rule("cloud", rule.Meter) = rule
	if err := book.Check(); err != nil {
		t.Fatal(err)
	}
	r := &sim.Result{Duration: 730 * 3600, Storage: make([]sim.Storage, len(regions)), Transfers: paths}
	b, err := Price(m, r, book, o)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, i := range b.Items {
		if i.Rule == rule.ID {
			lines = append(lines, fmt.Sprintf("%s>%s %s %g %s", i.From, i.To, i.Charged, i.Quantity, i.USD))
		}
	}
	return lines, b
}

// flat is a rule of one open band.
func flat(m Meter, charged Charged, rate string) Rule {
	return Rule{
		ID: "cloud.rule", Provider: "cloud", Meter: m, Description: "test", Unit: "GB", UnitBytes: 1e9,
		Charged: charged, Counter: PerAccount, Tiers: tiers("", rate), Origin: read("2026"),
	}
}

// 100 GB one way between zones: AWS bills both ends 0.01, Google the sender, Azure nobody, which is told in
// a line all the same.
func TestInterZonePayers(t *testing.T) {
	for _, c := range []struct {
		charged Charged
		rate    string
		want    []string
	}{
		{Both, "0.01", []string{"a>a sender 100 1.00", "a>a receiver 100 1.00"}},
		{Sender, "0.01", []string{"a>a sender 100 1.00"}},
		{Receiver, "0.01", []string{"a>a receiver 100 1.00"}},
		{Nobody, "0", []string{"a>a none 100 0.00"}},
	} {
		lines, _ := billed(t, flat(InterZone, c.charged, c.rate), Options{}, []string{"a"}, sim.Transfer{Class: sim.InterZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 100e9})
		if !slices.Equal(lines, c.want) {
			t.Errorf("%s: %q, want %q", c.charged, lines, c.want)
		}
	}
}

// 100 GB from a to b and as much to c. A pair's own rate holds for the pair only. A ladder of 0.10 to 150 GB and
// 0.02 beyond: by account or source region 15.00 + 1.00 for 200 GB, half for each; by pair 10.00 for each.
func TestCounters(t *testing.T) {
	ladder := func(c Counter) Rule {
		r := flat(InterRegion, Sender, "0.1")
		r.Counter, r.Tiers = c, tiers("150", "0.1", "", "0.02")
		return r
	}
	near := flat(InterRegion, Sender, "0.02")
	near.Pairs, near.RegionsOrigin = map[string][]*big.Rat{"a->b": {rat("0.01")}}, read("2026")
	for _, c := range []struct {
		name string
		rule Rule
		want []string
	}{
		{"pairs", near, []string{"a>b sender 100 1.00", "a>c sender 100 2.00"}},
		{"account", ladder(PerAccount), []string{"a>b sender 75 7.50", "a>c sender 75 7.50", "a>b sender 25 0.50", "a>c sender 25 0.50"}},
		{"region", ladder(PerRegion), []string{"a>b sender 75 7.50", "a>c sender 75 7.50", "a>b sender 25 0.50", "a>c sender 25 0.50"}},
		{"pair", ladder(PerPair), []string{"a>b sender 100 10.00", "a>c sender 100 10.00"}},
	} {
		lines, _ := billed(t, c.rule, Options{}, []string{"a", "b", "c"},
			sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 100e9}, sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: 2}, Bytes: 100e9})
		if !slices.Equal(lines, c.want) {
			t.Errorf("%s: %q, want %q", c.name, lines, c.want)
		}
	}
}

// A baseline cannot say from which region it is: where regions count apart, each is taken to have moved all
// of it, and the bill says so. 100 GB from a and from b on top of 150 GB: 2 × 2.00.
func TestBaselineOfSeveralCounters(t *testing.T) {
	rule := flat(InterRegion, Sender, "0.1")
	rule.Counter, rule.Tiers = PerRegion, tiers("150", "0.1", "", "0.02")
	lines, b := billed(t, rule, Options{BaselineGB: map[string]float64{"inter-region": 150}}, []string{"a", "b"},
		sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 100e9}, sim.Transfer{Class: sim.InterRegion, From: sim.End{Registry: 1}, To: sim.End{Kind: sim.AtNodes}, Bytes: 100e9})
	if want := []string{"a>b sender 100 2.00", "b>a sender 100 2.00"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
	if !strings.Contains(strings.Join(b.Assumptions, "\n"), "cloud.rule: what the account moves already is counted in the tiers of every region") {
		t.Errorf("%q", b.Assumptions)
	}
}

// Three shares of half a millionth of a dollar cost one and a half, rounded to two: the lines have one,
// nothing and one, not one each.
func TestLinesAddUpToTheBand(t *testing.T) {
	path := func(to int) sim.Transfer {
		return sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: to}, Bytes: 500e6}
	}
	lines, _ := billed(t, flat(InterRegion, Sender, "0.000001"), Options{}, []string{"a", "b", "c", "d"}, path(1), path(2), path(3))
	if want := []string{"a>b sender 0.5 0.000001", "a>c sender 0.5 0.00", "a>d sender 0.5 0.000001"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
}
