package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

const gib = 1 << 30

func awsBook(t *testing.T) *price.Book {
	t.Helper()
	b, err := Book("aws")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// month is a run of a whole month, so that its bytes are billed as they are.
func month(m *sim.Model, transfers ...sim.Transfer) *sim.Result {
	return &sim.Result{Duration: 730 * 3600, Transfers: transfers, Storage: make([]sim.Storage, len(m.Registries))}
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
		{"a registry elsewhere by an interface endpoint", sim.Endpoint, ecr("us-west-2"), sim.InterRegion, 1, "0.03"},
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
		m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{c.registry}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", c.egress, 3)}}
		bill, err := price.Price(m, month(m, sim.Transfer{Class: c.class, To: sim.End{Kind: sim.AtNodes}, Bytes: c.gb * gib}), awsBook(t), price.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := bill.Usage.String(); got != c.want {
			t.Errorf("%s: %s, want %s: %+v", c.name, got, c.want, bill.Items)
		}
	}
}

// What leaves the account's registries for a datacenter of one's own. us-east-1: of 20,000 GiB 100 are free,
// 10,240 × 0.09 + 9,660 × 0.085 = 1,742.70; of 200,000, 921.60 + 40,960 × 0.085 + 102,400 × 0.07 + 46,300 × 0.05 =
// 13,886.20. sa-east-1: 10,240 × 0.15 + 9,660 × 0.138 = 2,869.08. With 100 GB moved already nothing is free:
// 10,240 × 0.09 + 9,760 × 0.085 = 1,751.20; above 150 TB all cost 0.05.
//
// From both regions: the allowance is one for the account, half of it for each where both send alike, and each
// has a ladder of its own. 100 GiB each: 50 × 0.09 + 50 × 0.15 = 12.00, with 60 GB moved already 80 × 0.24 = 19.20;
// 20,000 each: 921.60 + 9,710 × 0.085 + 1,536 + 9,710 × 0.138 = 4,622.93.
func TestInternetEgress(t *testing.T) {
	for _, c := range []struct {
		regions  []string
		gb       int64 // from each
		baseline float64
		want     string
	}{
		{[]string{"us-east-1"}, 100, 0, "0.00"},
		{[]string{"us-east-1"}, 20000, 0, "1742.70"},
		{[]string{"us-east-1"}, 200000, 0, "13886.20"},
		{[]string{"sa-east-1"}, 20000, 0, "2869.08"},
		{[]string{"us-east-1"}, 20000, 100, "1751.20"},
		{[]string{"us-east-1"}, 20000, 153700, "1000.00"},
		{[]string{"us-east-1"}, 1, 153700, "0.05"},
		{[]string{"us-east-1", "sa-east-1"}, 100, 0, "12.00"},
		{[]string{"us-east-1", "sa-east-1"}, 100, 60, "19.20"},
		{[]string{"us-east-1", "sa-east-1"}, 20000, 0, "4622.93"},
	} {
		m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Datacenters: []sim.Datacenter{{Name: "own", Zones: 1}}}
		var paths []sim.Transfer
		for i, region := range c.regions {
			m.Registries = append(m.Registries, ecr(region))
			paths = append(paths, sim.Transfer{Class: sim.InternetEgress, From: sim.End{Registry: i}, To: sim.End{Kind: sim.AtNodes}, Bytes: c.gb * gib})
		}
		bill, err := price.Price(m, month(m, paths...), awsBook(t), price.Options{BaselineGB: map[string]float64{"internet-egress": c.baseline}})
		if err != nil {
			t.Fatal(err)
		}
		if got := bill.Monthly.String(); got != c.want {
			t.Errorf("%v, %d GiB on top of %v: %s, want %s", c.regions, c.gb, c.baseline, got, c.want)
		}
	}
}

// Rates of other regions come with their own date, and a region whose rate nobody read has none: 1,000 GiB
// from eu-central-1 are 900 × 0.09 = 81.00, from a region of tomorrow at least nothing.
func TestRatesOfOtherRegions(t *testing.T) {
	for _, c := range []struct {
		region, want, asOf, confidence string
		atLeast                        bool
	}{
		{"us-east-1", "81.00", "2026-09-16", "A", false},
		{"eu-central-1", "81.00", "2024-09-25", "B", false},
		{"mars-west-1", "0.00", "", "", true},
	} {
		m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{ecr(c.region)}, Datacenters: []sim.Datacenter{{Name: "own", Zones: 1}}}
		bill, err := price.Price(m, month(m, sim.Transfer{Class: sim.InternetEgress, To: sim.End{Kind: sim.AtNodes}, Bytes: 1000 * gib}), awsBook(t), price.Options{})
		if err != nil {
			t.Fatal(err)
		}
		last := bill.Items[len(bill.Items)-1]
		if bill.Monthly.String() != c.want || bill.AtLeast != c.atLeast || last.Unknown != c.atLeast || last.Quantity != 900 ||
			last.AsOf != c.asOf || last.Confidence != c.confidence {
			t.Errorf("%s: %s, at least %v, %+v", c.region, bill.Monthly, bill.AtLeast, last)
		}
	}
}

// A NAT gateway in Frankfurt goes by us-east-1's rates, which the bill doubts aloud.
func TestNATElsewhereIsDoubted(t *testing.T) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("fra", "eu-central-1", sim.NAT, 3)}}
	bill, err := price.Price(m, month(m, sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: gib}), awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"aws.nat_gateway.processing in eu-central-1: us-east-1's 0.045 is used; third parties say 0.048 to 0.052 in Europe",
		"aws.nat_gateway.hour in eu-central-1: us-east-1's rate is used; other regions are dearer",
	}
	if diff := cmp.Diff(want, bill.Warnings); diff != "" || bill.AtLeast || bill.Usage.String() != "0.045" || bill.Items[1].Confidence != "D" {
		t.Errorf("%s, %+v\n%s", bill.Usage, bill.Items, diff)
	}
}

// 178,000 GiB through NAT gateways in three zones for a month of 730 h:
// 178,000 × 0.045 + 3 × 730 × 0.045 = 8,010.00 + 98.55 = 8,108.55.
func TestNATGateways(t *testing.T) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.NAT, 9)}}
	m.Datacenters[0].Zones = 3
	bill, err := price.Price(m, month(m, sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 178000 * gib}), awsBook(t), price.Options{})
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
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{ecr("us-east-1")}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.Endpoint, 9)}}
	m.Datacenters[0].Zones = 3
	run := month(m, sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 178000 * gib})
	run.Storage[0].Stored = 20 * gib
	bill, err := price.Price(m, run, awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if bill.Monthly.String() != "45.80" || bill.Usage != 0 {
		t.Errorf("%s, usage %s", bill.Monthly, bill.Usage)
	}
}

// 2,000,000 GiB a month through interface endpoints: 1,048,576 × 0.01 + 951,424 × 0.006 = 16,194.304.
func TestInterfaceEndpoint(t *testing.T) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.Endpoint, 9)}}
	bill, err := price.Price(m, month(m, sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 2000000 * gib}), awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := bill.Usage.String(); got != "16194.304" {
		t.Errorf("usage %s", got)
	}
}

// A run of 10 days and a billed overhead of 5 %: 100 GiB are 100 × 1.05 × 730 / 240 = 319.375 GiB a month,
// times 0.045 = 14.371875.
func TestScalingToAMonth(t *testing.T) {
	m := &sim.Model{Services: []sim.Service{{Name: "web"}}, Registries: []sim.Registry{{Name: "hub"}}, Datacenters: []sim.Datacenter{awsSite("iad", "us-east-1", sim.NAT, 1)}}
	run := month(m, sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib})
	run.Duration = 240 * 3600
	bill, err := price.Price(m, run, awsBook(t), price.Options{BilledOverhead: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	if got := bill.Usage.String(); got != "14.371875" {
		t.Errorf("usage %s", got)
	}
}

// The bill of ten days, of which a month has 730/240 = 73/24. Registries: Docker Hub, and ECR in us-east-1 that keeps
// 50 GiB. Datacenters: iad in us-east-1 behind NAT in three zones, fra in eu-central-1 with 4 nodes of public
// address, and one of one's own.
//
//	ECR -> iad   2,400 GiB = 7,300 a month   free at ECR; NAT 7,300 × 0.045 = 328.50
//	ECR -> fra     480 GiB = 1,460           1,460 × 0.02 = 29.20
//	ECR -> own   4,800 GiB = 14,600          100 free, 10,240 × 0.09 = 921.60, 4,260 × 0.085 = 362.10
//	hub -> iad     240 GiB = 730             free at both ends; NAT 730 × 0.045 = 32.85; 730 × 1.073741824 = 783.83153 GB
//	gateways     3 × 730 h × 0.045 = 98.55   addresses 4 × 730 h × 0.005 = 14.60   storage 50 × 0.10 = 5.00
//
// Usage 328.50 + 29.20 + 921.60 + 362.10 + 32.85 = 1,674.25, fixed 98.55 + 14.60 + 5.00 = 118.15.
func TestBillByHand(t *testing.T) {
	m := &sim.Model{
		Services:   []sim.Service{{Name: "web"}},
		Registries: []sim.Registry{{Name: "hub", Location: sim.Location{Provider: "docker_hub"}}, ecr("us-east-1")},
		Datacenters: []sim.Datacenter{
			awsSite("iad", "us-east-1", sim.NAT, 6), awsSite("fra", "eu-central-1", sim.Direct, 4), {Name: "own", Zones: 1, Egress: sim.NAT},
		},
	}
	m.Datacenters[0].Zones = 3
	run := &sim.Result{Duration: 240 * 3600, Storage: []sim.Storage{{}, {Stored: 50 * gib}}, Transfers: []sim.Transfer{
		{Class: sim.InternetIngress, From: sim.End{Registry: 0}, To: sim.End{Kind: sim.AtNodes, Datacenter: 0}, Bytes: 240 * gib},
		{Class: sim.SameZone, From: sim.End{Registry: 1}, To: sim.End{Kind: sim.AtNodes, Datacenter: 0}, Bytes: 2400 * gib},
		{Class: sim.InterRegion, From: sim.End{Registry: 1}, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 480 * gib},
		{Class: sim.InternetEgress, From: sim.End{Registry: 1}, To: sim.End{Kind: sim.AtNodes, Datacenter: 2}, Bytes: 4800 * gib},
	}}
	bill, err := price.Price(m, run, awsBook(t), price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, i := range bill.Items {
		fmt.Fprintf(&lines, "%s %s | %s>%s %s | %.8g %s %s| %s %v\n", i.Class, i.Rule, i.From, i.To, i.Charged, i.Quantity, i.Unit, i.Tier, i.USD, i.Fixed)
	}
	const want = `same-zone aws.ecr.pull_same_region | ecr>iad none | 7300 GiB | 0.00 false
inter-region aws.ecr.pull_cross_region | ecr>fra sender | 1460 GiB | 29.20 false
internet-egress aws.internet_egress | ecr>own sender | 100 GiB free| 0.00 false
internet-egress aws.internet_egress | ecr>own sender | 10240 GiB 0 to 10240| 921.60 false
internet-egress aws.internet_egress | ecr>own sender | 4260 GiB 10240 to 51200| 362.10 false
hosted-transfer docker_hub.transfer | hub>iad none | 783.83153 GB | 0.00 false
internet-ingress aws.internet_ingress | hub>iad none | 730 GiB | 0.00 false
nat aws.nat_gateway.processing | ecr>iad account | 7300 GiB | 328.50 false
nat aws.nat_gateway.processing | hub>iad account | 730 GiB | 32.85 false
nat aws.nat_gateway.hour | iad>iad account | 2190 h | 98.55 true
address aws.public_ipv4.hour | fra>fra account | 2920 h | 14.60 true
storage aws.ecr.storage | ecr>ecr account | 50 GiB-month | 5.00 true
`
	if diff := cmp.Diff(want, lines.String()); diff != "" {
		t.Errorf("lines, want against got:\n%s", diff)
	}
	if bill.Monthly.String() != "1792.40" || bill.Usage.String() != "1674.25" || bill.Fixed.String() != "118.15" || bill.AtLeast {
		t.Errorf("%s = %s + %s, at least %v", bill.Monthly, bill.Usage, bill.Fixed, bill.AtLeast)
	}
	assumptions := []string{
		"prices: public list prices of aws, as of 2026-11-23, without discounts and tax",
		"what ECR sends to the internet is taken to share the tiers and the 100 GB allowance of other services; AWS does not say",
		"Docker Hub's transfer is free under fair use; the pull fees announced for 2025 were cancelled, and Docker reserves charges for excess",
		"every zone has a NAT gateway of its own, so that bytes change no zone on their way to it",
		"own is on own hardware: what it receives and runs is not priced",
		"a GB of AWS is taken as 2^30 bytes, inferred from the edges of its tiers",
		"what leaves a registry on the internet is charged to its owner, if to anybody",
	}
	byText := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(assumptions, bill.Assumptions, byText); diff != "" {
		t.Errorf("assumptions:\n%s", diff)
	}
	warnings := []string{"aws.ecr.pull_cross_region: contested: 0.01 to 0.02 by most sources, 0.09 by one; the rate between regions is used"}
	if diff := cmp.Diff(warnings, bill.Warnings); diff != "" {
		t.Errorf("warnings:\n%s", diff)
	}
}

// Every rule is named after its provider and says where its figures were read, unless it says that they are
// not known.
func TestBooksAreWhole(t *testing.T) {
	all, err := Book(BookNames()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Rules {
		if !strings.HasPrefix(r.ID, r.Provider+".") || strings.ToLower(r.ID) != r.ID {
			t.Errorf("%s is a rule of %s", r.ID, r.Provider)
		}
		if !slices.ContainsFunc(all.Providers, func(p price.Provider) bool { return p.ID == r.Provider }) {
			t.Errorf("%s: there is no provider %s", r.ID, r.Provider)
		}
		for _, s := range append(r.Origin.Sources, r.RegionsOrigin.Sources...) {
			if len(s.Title) < 15 || s.Date == "" {
				t.Errorf("%s: source %+v", r.ID, s)
			}
		}
	}
	if l := all.Limits[0]; len(all.Limits) != 5 || l.Pulls != 100 || l.Seconds != 6*3600 || l.Provider != "docker_hub" {
		t.Errorf("%d limits, %+v", len(all.Limits), l)
	}
	for _, name := range BookNames() {
		b, err := Book(name)
		if err != nil {
			t.Fatal(err)
		}
		if name != BookNone && (b.Name != name || b.Compiled != "2026-11-23" || len(b.Rules) == 0) {
			t.Errorf("book %s: %q of %s with %d rules", name, b.Name, b.Compiled, len(b.Rules))
		}
	}
	const want = `opening price book: no book is named "awss"; did you mean aws?`
	if _, err := Book("awss"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if none, err := Book(BookNone); err != nil || len(none.Rules) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}

func TestBadBooksAreRefused(t *testing.T) {
	const good = "name: x\nrules:\n  - {id: x.a, meter: nat-hour, unit: h, charged: account, tiers: [[open, 0.1]], origin: {sources: [s]}}\n" +
		"sources: {s: {title: somewhere, date: 2026}}\n"
	if p, err := parseBook([]byte(good), false); err != nil || p.book.Rules[0].Provider != "x" || p.book.Rules[0].Counter != price.PerAccount {
		t.Fatalf("%+v, %v", p.book, err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"unit: h", "unit: week", `unit "week" is not known`},
		{"unit: h", "unit: GB", `rule "x.a": unit GB does not count nat-hour; write h, day or month`},
		{"sources: [s]", "sources: [z]", `rule "x.a": source "z" is not listed`},
		{"title: somewhere, ", "", `source "s" is not listed with title and date`},
		{"0.1", "cheap", `line 3: "cheap" is not a number`},
		{"0.1", "open", `line 3: "open" is not a number`},
		{"open", "unknown", "line 3: a tier ends at a number, or is open"},
		{"[open, 0.1]", "[0.1]", "line 3: a tier is written [upper edge, rate]"},
		{"id:", "ID:", "field ID not found"},
		{"sources: {s:", "---\nsources: {s:", "more than one document"},
	} {
		if _, err := parseBook([]byte(strings.Replace(good, c.from, c.to, 1)), false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
}

// A rate may be unknown, and then it is no zero.
func TestUnknownRatesInBooks(t *testing.T) {
	p, err := parseBook([]byte("name: x\nrules:\n  - {id: x.a, unit: h, tiers: [[5, 0], [open, unknown]]}\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.book.Rules[0].Tiers; got[0].Rate == nil || got[0].Rate.Sign() != 0 || got[1].Rate != nil || got[1].UpTo != nil {
		t.Errorf("%+v", got)
	}
}

// A book of one's own tells all of its mistakes at once, where they stand in it, when the scenario that names
// it is loaded.
func TestMistakesOfABookFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"ours.yaml": "name: ours\nrulez: []\nlimitz: []\n",
		"fleet.yaml": "version: 1\ndatacenters: [{name: fra, nodes: 1}]\n" +
			"services: [{name: a, image: \"alpine:3.24\"}]\nprices: ./ours.yaml\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, err := LoadFile(filepath.Join(dir, "fleet.yaml"))
	want := `./ours.yaml:2:1: price book: unknown key "rulez"; docs/prices.md shows every key
./ours.yaml:3:1: price book: unknown key "limitz"; docs/prices.md shows every key`
	if err == nil || strings.ReplaceAll(err.Error(), dir+"/", "") != want {
		t.Errorf("got %v", err)
	}
}
