package scenarios

import (
	"math/big"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

const gib = 1 << 30

func awsBook(t *testing.T) *price.Book {
	t.Helper()
	b, err := Book(BookAWS)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// month is a run of a whole month, so that its bytes are billed as they are.
func month(m *sim.Model, paths ...sim.Path) *sim.Result {
	return &sim.Result{Duration: 730 * 3600, Paths: paths, Storage: make([]sim.Storage, len(m.Registries))}
}

func awsSite(name, region string, egress sim.Egress, nodes int) sim.Datacenter {
	return sim.Datacenter{Name: name, Provider: "aws", Region: region, Zones: 1, Egress: egress, Pools: []sim.Pool{{Nodes: nodes}}}
}

func ecr(region string) sim.Registry {
	return sim.Registry{Name: "ecr", Location: sim.Location{Kind: sim.InRegion, Provider: "aws", Region: region}}
}

// The price of one GiB pulled in us-east-1, by the way it takes; what is owed by the hour is left out.
func TestPathPrices(t *testing.T) {
	hub := sim.Registry{Name: "hub"}
	inZone := sim.Registry{Name: "self", Location: sim.Location{Kind: sim.InDatacenter}}
	for _, c := range []struct {
		name     string
		egress   sim.Egress
		registry sim.Registry
		class    sim.Class
		gb       int64
		want     string // dollars for gb GiB
	}{
		{"ECR of the region by a gateway endpoint", sim.Endpoint, ecr("us-east-1"), sim.SameZone, 1, "0.00"},
		{"ECR of the region by NAT", sim.NAT, ecr("us-east-1"), sim.SameZone, 1, "0.045"},
		{"Docker Hub by NAT", sim.NAT, hub, sim.InternetIngress, 1, "0.045"},
		{"Docker Hub by public address", sim.Direct, hub, sim.InternetIngress, 1, "0.00"},
		{"ECR of us-west-2 by public address", sim.Direct, ecr("us-west-2"), sim.InterRegion, 1, "0.02"},
		{"ECR of us-west-2 by NAT", sim.NAT, ecr("us-west-2"), sim.InterRegion, 1, "0.065"},
		{"ECR of us-east-2, the near pair", sim.Direct, ecr("us-east-2"), sim.InterRegion, 1, "0.01"},
		{"ECR of sa-east-1, the dear source", sim.Direct, ecr("sa-east-1"), sim.InterRegion, 1, "0.138"},
		{"a registry in the zone", sim.NAT, inZone, sim.SameZone, 1, "0.00"},
		// 1 GiB out of another zone: 0.01 at each end, but the account's first GiB is free, so of the two
		// counted one is paid; of 101 GiB, 202 counted, 201 are.
		{"another zone, mostly free", sim.NAT, inZone, sim.InterZone, 1, "0.01"},
		{"another zone", sim.NAT, inZone, sim.InterZone, 101, "2.01"},
	} {
		m := &sim.Model{Registries: []sim.Registry{c.registry}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", c.egress, 3)}}
		bill, err := price.Price(m, month(m, sim.Path{Class: c.class, Bytes: c.gb * gib}), awsBook(t), price.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := bill.Usage.String(); got != c.want {
			t.Errorf("%s: %s, want %s: %+v", c.name, got, c.want, bill.Items)
		}
	}
}

// 20,000 GiB a month from a registry in us-east-1 to a datacenter of another provider: 100 are free, and
// 10,240 × 0.09 + 9,660 × 0.085 = 1,742.70. With 100 GB moved already nothing is free: 10,240 × 0.09 +
// 9,760 × 0.085 = 1,751.20. With 200,000 moved already all cost 0.05: 1,000.00.
func TestInternetEgressLadder(t *testing.T) {
	m := &sim.Model{Registries: []sim.Registry{ecr("us-east-1")}, Datacenters: []sim.Datacenter{{Name: "own", Zones: 1}}}
	run := month(m, sim.Path{Class: sim.InternetEgress, Bytes: 20000 * gib})
	for _, c := range []struct {
		baseline float64
		want     string
	}{{0, "1742.70"}, {100, "1751.20"}, {200000, "1000.00"}} {
		bill, err := price.Price(m, run, awsBook(t), price.Options{BaselineGB: map[string]float64{"internet-egress": c.baseline}})
		if err != nil {
			t.Fatal(err)
		}
		if got := bill.Monthly.String(); got != c.want {
			t.Errorf("on top of %v GB: %s, want %s", c.baseline, got, c.want)
		}
	}
}

// 178,000 GiB through NAT gateways in three zones for a month of 730 h:
// 178,000 × 0.045 + 3 × 730 × 0.045 = 8,010.00 + 98.55 = 8,108.55.
func TestNATGateways(t *testing.T) {
	m := &sim.Model{Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.NAT, 9)}}
	m.Datacenters[0].Zones = 3
	bill, err := price.Price(m, month(m, sim.Path{Class: sim.InternetIngress, Bytes: 178000 * gib}), awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if bill.Monthly.String() != "8108.55" || bill.Fixed.String() != "98.55" || bill.Usage.String() != "8010.00" {
		t.Errorf("%s = %s + %s", bill.Monthly, bill.Usage, bill.Fixed)
	}
}

// ECR stores 20 GiB: 2.00 a month. Its two interfaces in each of three zones cost 6 × 730 × 0.01 = 43.80,
// its layers come by the bucket's gateway for nothing.
func TestEndpointsAndStorage(t *testing.T) {
	m := &sim.Model{Registries: []sim.Registry{ecr("us-east-1")}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.Endpoint, 9)}}
	m.Datacenters[0].Zones = 3
	run := month(m, sim.Path{Class: sim.SameZone, Bytes: 178000 * gib})
	run.Storage[0].Stored = 20 * gib
	bill, err := price.Price(m, run, awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if bill.Monthly.String() != "45.80" || bill.Usage != 0 {
		t.Errorf("%s, usage %s", bill.Monthly, bill.Usage)
	}
}

// A run of 10 days and a billed overhead of 5 %: 100 GiB are 100 × 1.05 × 730 / 240 = 319.375 GiB a month,
// times 0.045 = 14.371875.
func TestScalingToAMonth(t *testing.T) {
	m := &sim.Model{Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.NAT, 1)}}
	run := month(m, sim.Path{Class: sim.InternetIngress, Bytes: 100 * gib})
	run.Duration = 240 * 3600
	bill, err := price.Price(m, run, awsBook(t), price.Options{BilledOverhead: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	if got := bill.Usage.String(); got != "14.371875" {
		t.Errorf("usage %s", got)
	}
}

// Every rule of the books says what, where from and when, and its bands rise to an open end.
func TestBooksAreWhole(t *testing.T) {
	b := awsBook(t)
	seen := map[string]bool{}
	for _, r := range b.Rules {
		key := r.Provider + " " + string(r.Meter)
		if r.ID == "" || r.Description == "" || r.AsOf == "" || len(r.Source) < 20 || !strings.Contains("ABCD", r.Confidence) || seen[key] {
			t.Errorf("rule %+v", r)
		}
		seen[key] = true
		if len(r.Verified) > 0 && r.Doubt == "" || r.Confidence == "D" && r.Doubt == "" {
			t.Errorf("%s: no word of doubt", r.ID)
		}
		last := new(big.Rat)
		for i, tier := range r.Tiers {
			open := i == len(r.Tiers)-1
			if (tier.UpTo == nil) != open || !open && tier.UpTo.Cmp(last) <= 0 {
				t.Errorf("%s: band %d", r.ID, i)
			}
			last = tier.UpTo
		}
	}
	if len(b.Rules) < 12 {
		t.Errorf("%d rules", len(b.Rules))
	}
	if _, err := Book("awss"); err == nil || !strings.Contains(err.Error(), "aws") {
		t.Errorf("unknown book: %v", err)
	}
}

func TestBadBooksAreRefused(t *testing.T) {
	good := "name: x\nrules:\n  - {id: x.a, meter: nat-hour, unit: h, charged: account, tiers: [[open, 0.1]], source: s}\nsources: {s: somewhere}\n"
	if _, err := parseBook([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"unit: h", "unit: day", `unit "day" is not known`},
		{"source: s}", "source: z}", `source "z" is not listed`},
		{"0.1", "cheap", `"cheap" is no number`},
		{"id:", "ID:", "field ID not found"},
		{"tiers: [[open, 0.1]]", "tiers: [[open, 0.1]], regions: {r: [1, 2]}", "2 rates for r, 1 tiers"},
		{"sources: {s: somewhere}\n", "sources: {s: somewhere}\n---\na: 1\n", "more than one document"},
	} {
		if _, err := parseBook([]byte(strings.Replace(good, c.from, c.to, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
}
