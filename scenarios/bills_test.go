package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

func openBook(t *testing.T, names ...string) *price.Book {
	t.Helper()
	b, err := Book(names...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustBill(t *testing.T, m *sim.Model, r *sim.Result, b *price.Book, o price.Options) *price.Bill {
	t.Helper()
	bill, err := price.Price(m, r, b, o)
	if err != nil {
		t.Fatal(err)
	}
	return bill
}

// cloud is a datacenter of a provider with its registry beside it, and a datacenter of one's own.
func cloud(provider, region string, egress sim.Egress) *sim.Model {
	return &sim.Model{
		Services:   []sim.Service{{Name: "web"}},
		Registries: []sim.Registry{{Name: "reg", Location: sim.Location{Kind: sim.InRegion, Provider: provider, Region: region}}},
		Datacenters: []sim.Datacenter{
			{Name: "dc", Provider: provider, Region: region, Zones: 3, Egress: egress, Pools: []sim.Pool{{Nodes: 9}}},
			{Name: "own", Zones: 1},
		},
	}
}

// What a month's egress costs, the whole ladder, worked by hand:
//
//	GCP     100: 1 × 0 + 99 × 0.12 = 11.88. 20,000: 1,023 × 0.12 + 9,216 × 0.11 + 9,760 × 0.08 = 122.76 + 1,013.76 + 780.80
//	        = 1,917.32. 200,000: 122.76 + 1,013.76 + 189,760 × 0.08 = 16,317.32
//	Azure   100: free. 20,000: 10,235 × 0.087 + 9,665 × 0.083 = 890.445 + 802.195 = 1,692.64. 200,000: 890.445 + 40,960 × 0.083
//	        + 102,400 × 0.07 + 46,305 × 0.05 = 890.445 + 3,399.68 + 7,168 + 2,315.25 = 13,773.375
//	Oracle  20,000: 9,760 × 0.0085 = 82.96. 200,000: 189,760 × 0.0085 = 1,612.96
func TestEgressLadders(t *testing.T) {
	for _, c := range []struct {
		provider, region string
		gib              int64
		want             string
	}{
		{"gcp", "us-central1", 100, "11.88"},
		{"gcp", "us-central1", 20000, "1917.32"},
		{"gcp", "us-central1", 200000, "16317.32"},
		{"azure", "eastus", 100, "0.00"},
		{"azure", "eastus", 20000, "1692.64"},
		{"azure", "eastus", 200000, "13773.375"},
		{"oracle", "us-ashburn-1", 100, "0.00"},
		{"oracle", "us-ashburn-1", 20000, "82.96"},
		{"oracle", "us-ashburn-1", 200000, "1612.96"},
	} {
		m := cloud(c.provider, c.region, sim.NAT)
		r := month(m, sim.Transfer{Class: sim.InternetEgress, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: c.gib * gib})
		if got := mustBill(t, m, r, openBook(t, c.provider), price.Options{}).Usage.String(); got != c.want {
			t.Errorf("%d GiB from %s: %s, want %s", c.gib, c.provider, got, c.want)
		}
	}
}

// Two regions of Azure's first zone share one meter, so 60 GiB from each are 120, of which 20 are paid: 20 × 0.087 =
// 1.74. Google's pairs do not pool: 1 GiB is free to each area, so of 2 and 2 one each is paid, 0.24; China costs 0.23 from the
// first on, and beyond 10,240 nobody knows.
func TestCountersOfEgress(t *testing.T) {
	m := cloud("azure", "eastus", sim.NAT)
	m.Registries = append(m.Registries, sim.Registry{Name: "eu", Location: sim.Location{Kind: sim.InRegion, Provider: "azure", Region: "westeurope"}})
	out := func(registry int, n int64, dc int) sim.Transfer {
		return sim.Transfer{Class: sim.InternetEgress, From: sim.End{Registry: registry}, To: sim.End{Kind: sim.AtNodes, Datacenter: dc}, Bytes: n * gib}
	}
	if got := mustBill(t, m, month(m, out(0, 60, 1), out(1, 60, 1)), openBook(t, "azure"), price.Options{}).Usage.String(); got != "1.74" {
		t.Errorf("Azure: %s", got)
	}
	m = cloud("gcp", "us-central1", sim.NAT)
	m.Registries = append(m.Registries, sim.Registry{Name: "eu", Location: sim.Location{Kind: sim.InRegion, Provider: "gcp", Region: "europe-west3"}})
	if got := mustBill(t, m, month(m, out(0, 2, 1), out(1, 2, 1)), openBook(t, "gcp"), price.Options{}).Usage.String(); got != "0.24" {
		t.Errorf("GCP: %s", got)
	}
	m.Datacenters[1].Region = "cn-north-1"
	b := mustBill(t, m, month(m, out(0, 10240, 1)), openBook(t, "gcp"), price.Options{})
	if got := b.Usage.String(); got != "2263.04" || b.AtLeast { // 1,024 × 0.23 + 9,216 × 0.22
		t.Errorf("GCP to China: %s", got)
	}
	if b := mustBill(t, m, month(m, out(0, 10241, 1)), openBook(t, "gcp"), price.Options{}); b.Usage.String() != "2263.04" || !b.AtLeast {
		t.Errorf("GCP to China, above the known: %s, at least %v", b.Usage, b.AtLeast)
	}
}

// 100 GiB from peer to peer in another zone: AWS bills both ends, and the account has a GiB free, 199 × 0.01; Google the
// sender, 1.00; Azure nobody, unless its dormant meters are taken, 2.00.
func TestPeersOfOtherZones(t *testing.T) {
	for _, c := range []struct{ provider, region, use, want string }{
		{"aws", "us-east-1", "", "1.99"},
		{"gcp", "us-central1", "", "1.00"},
		{"azure", "eastus", "", "0.00"},
		{"azure", "eastus", "azure.inter_az.listed", "2.00"},
		{"azure", "eastus", "azure.vnet_peering", "2.00"},
	} {
		m := cloud(c.provider, c.region, sim.NAT)
		r := month(m, sim.Transfer{Class: sim.InterZone, From: sim.End{Kind: sim.AtPeers}, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib},
			sim.Transfer{Class: sim.SameZone, From: sim.End{Kind: sim.AtPeers}, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib})
		book := openBook(t, c.provider)
		if c.use != "" {
			rule, err := (&PriceRule{Name: "own", Use: c.use}).rule(book)
			if err != nil {
				t.Fatal(err)
			}
			book.Rules = append(book.Rules, rule)
		}
		if b := mustBill(t, m, r, book, price.Options{}); b.Usage.String() != c.want || b.AtLeast {
			t.Errorf("%s %s: %s, want %s; %q", c.provider, c.use, b.Usage, c.want, b.Warnings)
		}
	}
}

// One gateway for two zones: of 100 GiB half reach nodes of its own zone at 0.045, half those of the other at
// 0.045 + 0.01 + 0.01 = 0.065, but for the account's free GiB, which counts once: 5.50 - 0.01; its hours are 730 × 0.045 = 32.85.
func TestGatewayInAnotherZone(t *testing.T) {
	m := cloud("aws", "us-east-1", sim.NAT)
	m.Datacenters[0].Zones = 2
	r := month(m, sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib})
	b := mustBill(t, m, r, openBook(t, "aws"), price.Options{Sites: []price.Site{{NATGateways: 1}, {}}})
	if b.Usage.String() != "5.49" || b.Fixed.String() != "32.85" {
		t.Errorf("%s + %s", b.Usage, b.Fixed)
	}
}

// 178,000 GiB a month into three zones, layers of the region's registry by the bucket's free gateway endpoint: two
// interfaces a zone cost 6 × 730 × 0.01 = 43.80, and 2,000,000 manifests of 1,000 bytes 2e9 / 2^30 × 0.01 = 0.018626. Where the layers come by
// interface endpoints too, 178,000 × 0.01 + 43.80 = 1,823.80; through gateways 8,108.55 (see TestNATGateways).
func TestWaysToECR(t *testing.T) {
	m := cloud("aws", "us-east-1", sim.Endpoint)
	r := month(m, sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 178000 * gib, Layers: 10})
	r.Pulls = sim.Pulls{Requests: 12_000_000, LayersFetched: 10_000_000}
	b := mustBill(t, m, r, openBook(t, "aws"), price.Options{})
	if b.Fixed.String() != "43.80" || b.Usage.String() != "0.018626" {
		t.Errorf("by the gateway endpoint: %s + %s", b.Fixed, b.Usage)
	}
	book := openBook(t, "aws")
	rule, err := (&PriceRule{Name: "own", Use: "aws.vpc_endpoint_interface.processing", Meter: "endpoint-layers"}).rule(book)
	if err != nil {
		t.Fatal(err)
	}
	book.Rules = append(book.Rules, rule)
	r.Pulls = sim.Pulls{}
	if b := mustBill(t, m, r, book, price.Options{}); b.Monthly.String() != "1823.80" {
		t.Errorf("by interface endpoints: %s", b.Monthly)
	}
}

// A contract's own price: 20,504.592 GB × 0.048 = 984.220416, in Frankfurt only.
func TestOwnRate(t *testing.T) {
	book := openBook(t, "aws")
	rule, err := (&PriceRule{Name: "own", Meter: "nat-processing", Region: "eu-central-1", Rate: 0.048, Unit: "GB", Source: "our contract"}).rule(book)
	if err != nil {
		t.Fatal(err)
	}
	book.Rules = append(book.Rules, rule)
	for region, want := range map[string]string{"eu-central-1": "984.220416", "us-east-1": "859.337524"} { // 20,504.592e9 / 2^30 × 0.045
		m := cloud("aws", region, sim.NAT)
		r := month(m, sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 20_504_592_000_000})
		if got := mustBill(t, m, r, book, price.Options{}).Usage.String(); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

// A month behind Google's gateway: 9 machines × 730 × 0.0014 = 9.198, an address 730 × 0.005 = 3.65, 100 GiB × 0.045 = 4.50;
// of 200 machines 32 count: 32.704. The registry keeps 10.5 GiB, of which half a GiB is free: 1.00. A multi-region is free to regions
// of its continent, and 0.08 to others; from region to region 0.01 in North America, 0.02 in Europe.
func TestGoogle(t *testing.T) {
	m := cloud("gcp", "us-central1", sim.NAT)
	r := month(m, sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib})
	r.Storage[0].Stored = 10.5 * gib
	b := mustBill(t, m, r, openBook(t, "gcp"), price.Options{})
	if b.Usage.String() != "4.50" || b.Fixed.String() != "13.848" {
		t.Errorf("%s + %s: %+v", b.Usage, b.Fixed, b.Items)
	}
	m.Datacenters[0].Pools[0].Nodes = 200
	if b := mustBill(t, m, r, openBook(t, "gcp"), price.Options{}); b.Fixed.String() != "37.354" {
		t.Errorf("200 machines: %s", b.Fixed)
	}
	for _, c := range []struct{ from, to, want string }{
		{"us", "us-central1", "0.00"}, {"us", "europe-west3", "8.00"}, {"us", "australia-southeast1", "15.00"}, {"europe", "europe-west3", "0.00"},
		{"us-east1", "us-central1", "1.00"}, {"europe-west1", "europe-west3", "2.00"}, {"asia-east1", "asia-southeast2", "5.00"},
		{"europe-west1", "asia-east1", "8.00"}, {"asia-east1", "australia-southeast1", "15.00"}, {"australia-southeast1", "australia-southeast2", "8.00"},
	} {
		m := cloud("gcp", c.to, sim.Direct)
		m.Registries[0].Location.Region = c.from
		r := month(m, sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes}, Bytes: 100 * gib})
		if b := mustBill(t, m, r, openBook(t, "gcp"), price.Options{}); b.Usage.String() != c.want || !b.AtLeast { // the nodes' addresses
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, b.Usage, c.want)
		}
	}
}

// Between machines Google's rates are others, and from the US to Europe nobody read one.
func TestGoogleMachines(t *testing.T) {
	for _, c := range []struct {
		from, to, want string
		atLeast        bool
	}{
		{"us-east1", "us-central1", "2.00", false}, {"europe-west1", "asia-east1", "8.00", false}, {"asia-east1", "asia-southeast2", "10.00", false},
		{"southamerica-east1", "southamerica-west1", "14.00", false}, {"us-east1", "europe-west1", "0.00", true},
	} {
		m := &sim.Model{
			Services:   []sim.Service{{Name: "web"}},
			Registries: []sim.Registry{{Name: "reg", Location: sim.Location{Kind: sim.InDatacenter}}},
			Datacenters: []sim.Datacenter{
				{Name: "a", Provider: "gcp", Region: c.from, Zones: 1, Egress: sim.NAT}, {Name: "b", Provider: "gcp", Region: c.to, Zones: 1, Egress: sim.Direct},
			},
		}
		r := month(m, sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 100 * gib})
		if b := mustBill(t, m, r, openBook(t, "gcp"), price.Options{}); b.Usage.String() != c.want || b.AtLeast != c.atLeast {
			t.Errorf("%s to %s: %s, at least %v; want %s", c.from, c.to, b.Usage, b.AtLeast, c.want)
		}
	}
}

// A Premium registry of Azure with two replicas, 600 GiB in each place: 30 × 1.6666 = 49.998 for the registry and for each
// replica, and of 1,800 GiB the 500 included are taken off once: 130.00. A private endpoint costs 730 × 0.01 = 7.30 and 1,000 GiB × 0.01.
// A push to a replica of the continent costs 100 × 0.02.
func TestAzure(t *testing.T) {
	m := cloud("azure", "westeurope", sim.Endpoint)
	m.Datacenters[1] = sim.Datacenter{Name: "north", Provider: "azure", Region: "northeurope", Zones: 1, Egress: sim.NAT}
	m.Registries[0].Replicas = []int{0, 1}
	r := month(m,
		sim.Transfer{Class: sim.SameZone, To: sim.End{Kind: sim.AtNodes}, Bytes: 1000 * gib},
		sim.Transfer{Class: sim.InterRegion, To: sim.End{Kind: sim.AtReplica, Datacenter: 1}, Cause: sim.CausePush, Bytes: 100 * gib},
		sim.Transfer{Class: sim.InterZone, From: sim.End{Kind: sim.AtReplica, Datacenter: 1}, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: 10 * gib},
	)
	r.Storage[0].Stored = 600 * gib
	b := mustBill(t, m, r, openBook(t, "azure"), price.Options{Registries: []price.Terms{{Plan: "premium"}}})
	if want := "320.144"; b.Fixed.String() != want { // 3 × 49.998 + 130 + 7.30 + 32.85 for the north's gateway
		t.Errorf("fixed %s, want %s", b.Fixed, want)
	}
	if b.Usage.String() != "12.45" || b.AtLeast { // 10.00 + 2.00 + 10 × 0.045
		t.Errorf("usage %s, %q", b.Usage, b.Warnings)
	}
}

// Hosted registries and buckets. R2 sends for nothing and keeps 11.2 GB, billed as 12, of which 10 are free: 2 × 0.015;
// 11,000,001 reads are 12 million, of which 10 are free: 2 × 0.36. S3 in the region: 12,345 reads × 0.0000004 = 0.004938, 100 GiB kept × 0.023.
// ECR Public sends to AWS without end, elsewhere 5 TB, then at a price nobody stated. A team of 12 pays Docker 15 each.
func TestOtherRegistries(t *testing.T) {
	move := func(bytes, layers int64, class sim.Class, dc int) sim.Transfer {
		return sim.Transfer{Class: class, To: sim.End{Kind: sim.AtNodes, Datacenter: dc}, Bytes: bytes, Layers: layers}
	}
	for _, c := range []struct {
		name         string
		location     sim.Location
		terms        price.Terms
		move         sim.Transfer
		stored       int64
		usage, fixed string
		atLeast      bool
	}{
		{"r2", sim.Location{Provider: "cloudflare_r2"}, price.Terms{}, move(1e15, 11_000_001, sim.InternetIngress, 1), 11_200_000_000, "0.72", "0.03", false},
		{"s3", sim.Location{Kind: sim.InRegion, Provider: "aws", Region: "us-east-1"}, price.Terms{Service: "s3"}, move(1e12, 12345, sim.SameZone, 0), 100 * gib, "0.004938", "2.30", false},
		{"ecr public to AWS", sim.Location{Provider: "ecr_public"}, price.Terms{}, move(1e15, 1, sim.InternetIngress, 0), 0, "0.00", "0.00", false},
		{"ecr public", sim.Location{Provider: "ecr_public"}, price.Terms{}, move(6000*gib, 1, sim.InternetIngress, 1), 0, "0.00", "0.00", true},
		{"docker team", sim.Location{Provider: "docker_hub"}, price.Terms{Plan: "team", Seats: 12}, move(1, 1, sim.InternetIngress, 1), 0, "0.00", "180.00", false},
		{"docker business", sim.Location{Provider: "docker_hub"}, price.Terms{Plan: "business", Seats: 12}, move(1, 1, sim.InternetIngress, 1), 0, "0.00", "0.00", true},
		{"gitlab", sim.Location{Provider: "gitlab_com"}, price.Terms{}, move(1, 1, sim.InternetIngress, 1), 0, "0.00", "0.00", true},
	} {
		m := cloud("aws", "us-east-1", sim.Direct)
		m.Datacenters[0].Pools = nil
		m.Registries[0].Location = c.location
		r := month(m, c.move)
		r.Storage[0].Stored = c.stored
		b := mustBill(t, m, r, openBook(t, "aws"), price.Options{Registries: []price.Terms{c.terms}})
		if b.Usage.String() != c.usage || b.Fixed.String() != c.fixed || b.AtLeast != c.atLeast {
			t.Errorf("%s: %s + %s, at least %v, want %s + %s; %q", c.name, b.Usage, b.Fixed, b.AtLeast, c.usage, c.fixed, b.Warnings)
		}
	}
}

// Flat rates: each node of DigitalOcean brings 1,000 GiB, nine 9,000; of Hetzner 20,480 GB, of Linode 1,000.
func TestFlatRates(t *testing.T) {
	for _, c := range []struct {
		provider, region string
		bytes            int64
		want             float64
	}{
		{"digitalocean", "fra1", 9100 * gib, 1},
		{"hetzner", "fsn1", (9*20480 + 1000) * 1e9, 1.1},
		{"linode", "eu-central", 9100e9, 0.5},
		{"ovhcloud", "GRA11", 100e9, 1},
		{"fly_io", "africa-india", 100e9, 12},
	} {
		m := cloud(c.provider, c.region, sim.Direct)
		m.Registries[0].Location = sim.Location{Kind: sim.InDatacenter}
		r := month(m, sim.Transfer{Class: sim.InternetEgress, To: sim.End{Kind: sim.AtNodes, Datacenter: 1}, Bytes: c.bytes})
		b := mustBill(t, m, r, openBook(t, c.provider), price.Options{})
		if got := float64(b.Monthly) / 1e6; math.Abs(got-c.want) > 1e-9 || b.AtLeast {
			t.Errorf("%s: %v, want %v; %q", c.provider, got, c.want, b.Warnings)
		}
	}
}

// Own rules that do not fit a book are refused with what would.
func TestRulesThatFitNoBook(t *testing.T) {
	book := openBook(t, "azure")
	for _, c := range []struct {
		rule PriceRule
		want string
	}{
		{PriceRule{Name: "a", Use: "azure.inter_az.list"}, `no rule of the books is named "azure.inter_az.list"; did you mean azure.inter_az.listed?`},
		{PriceRule{Name: "a", Meter: "nat-hour", Rate: 1, Charged: "none"}, "costs something, but nobody is charged"},
	} {
		if _, err := c.rule.rule(book); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.rule, err, c.want)
		}
	}
}
