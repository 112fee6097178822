package price

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/sim"
)

// The data that HNS, a provider, explained its bills with: a month of 1 h 40 min, so 20 samples in Mbps.
var (
	hnsIn = []float64{
		0.139, 0.653, 0.201, 0.116, 0.084, 0.032, 0.047, 0.185, 0.198, 0.203, 0.276, 0.370, 0.971, 0.233, 0.218, 0.182, 0.169, 0.126, 0.131, 0.157,
	}
	hnsOut = []float64{
		1.347, 1.435, 1.229, 0.523, 0.438, 0.231, 0.347, 0.689, 0.940, 1.248, 1.385, 1.427, 3.988, 1.265, 1.221, 1.013, 0.992, 0.874, 0.896, 1.002,
	}
)

// HNS bills 1.435, the larger of 0.653 in and 1.435 out: a twentieth of 20 samples is one, the highest. A
// library that interpolates says 1.435 + 0.05 × (3.988 - 1.435) = 1.5627. Both directions together are 2.088 in the second
// sample, after 4.959.
func TestPercentileOfWorkedData(t *testing.T) {
	if in, out := Percentile(hnsIn, 95), Percentile(hnsOut, 95); in != 0.653 || out != 1.435 {
		t.Errorf("in %v, out %v", in, out)
	}
	for _, c := range []struct {
		method Method
		want   float64
	}{{"", 1.435}, {Separate, 1.435}, {SampleMax, 1.435}, {Sum, 2.088}} {
		got, _, _ := (&Port{Method: c.method}).Billable(hnsIn, hnsOut)
		if math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.method, got, c.want)
		}
	}
}

// In, one sample of 10 and nineteen of 1; out, nineteen of 1 and one of 9, at other times: each direction's highest
// is dropped, so 1 is billed. Of each sample's larger direction one is dropped, 10, and 9 is next. At the 90th percentile
// two go, and 1 is left.
func TestMethodsDiffer(t *testing.T) {
	in, out := slices.Repeat([]float64{1}, 20), slices.Repeat([]float64{1}, 20)
	in[3], out[7] = 10, 9
	for _, c := range []struct {
		port Port
		want float64
	}{
		{Port{}, 1}, {Port{Method: SampleMax}, 9}, {Port{Method: Sum}, 10}, {Port{Method: SampleMax, Percentile: 90}, 1},
	} {
		if got, _, _ := c.port.Billable(in, out); got != c.want {
			t.Errorf("%+v: %v, want %v", c.port, got, c.want)
		}
	}
}

// Of a month's 8,640 samples 432 are dropped and the 433rd highest is billed; of 8,928, 446 and the 447th; of
// 19 none.
func TestPercentileRank(t *testing.T) {
	for _, c := range []struct{ n, want int }{{8640, 8208}, {8928, 8482}, {20, 19}, {19, 19}, {1, 1}} {
		samples := make([]float64, c.n)
		for i := range samples {
			samples[i] = float64(i + 1) // the k-th highest is n - k + 1
		}
		rand.New(rand.NewPCG(1, 1)).Shuffle(c.n, func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		if got := Percentile(samples, 95); got != float64(c.want) {
			t.Errorf("%d samples: %v, want %d", c.n, got, c.want)
		}
	}
	if Percentile(nil, 95) != 0 {
		t.Error("nothing flows in no samples")
	}
}

// site is own hardware whose uplink carried so many Mbps in during each five minutes of a month of 30 days, and
// in which services a and b pulled 3 and 1 GB.
func site(mbps func(sample int) float64) (*sim.Model, *sim.Result) {
	m := &sim.Model{
		Services: []sim.Service{{Name: "a"}, {Name: "b"}}, Registries: []sim.Registry{{Name: "hub"}},
		Datacenters: []sim.Datacenter{{Name: "colo", Zones: 1, Pools: []sim.Pool{{Nodes: 1}}}},
	}
	l := sim.Link{Name: "colo/uplink", Capacity: 1e9 / 8}
	for i := range 8640 {
		l.Samples = append(l.Samples, mbps(i)*1e6/8)
	}
	move := sim.Transfer{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 3e9}
	other := move
	other.Service, other.Bytes = 1, 1e9
	return m, &sim.Result{Duration: 30 * 86400, Storage: make([]sim.Storage, 1), Links: []sim.Link{l}, Transfers: []sim.Transfer{move, other}}
}

// Rollouts of 400 Mbps for 36 h a month, 432 samples, on an idle port: nothing but the commit is owed, 100 × 2.00.
// One sample more sets the bill: 400 Mbps, or 300 above the commit at 3.00 on top of the 200.00. On 250 Mbps that flow already
// they bill 650, of which 150 above the commit were owed without them: 400 × 3.00. Where what flows already is 250 Mbps the other
// way, the larger direction is theirs alone: 250 flow out, 400 in, and 150 are on this bill.
func TestPortBills(t *testing.T) {
	for _, c := range []struct {
		name         string
		samples      int // that carry 400 Mbps
		port         Port
		fixed, usage string
	}{
		{"no more than 36 h", 432, Port{PerMbps: 2, Commit: 100, Overage: 3}, "200.00", "0.00"},
		{"five minutes more", 433, Port{PerMbps: 2, Commit: 100, Overage: 3}, "200.00", "900.00"},
		{"no commit", 433, Port{PerMbps: 2}, "0.00", "800.00"},
		{"overage as the commit", 433, Port{PerMbps: 2, Commit: 100}, "200.00", "600.00"},
		{"on a baseline", 433, Port{PerMbps: 2, Commit: 100, Overage: 3, BaselineIn: 250}, "200.00", "1200.00"},
		{"under a commit", 433, Port{PerMbps: 2, Commit: 1000, BaselineIn: 250}, "2000.00", "0.00"},
		{"against a baseline", 433, Port{PerMbps: 2, BaselineOut: 250}, "0.00", "300.00"},
		{"a minimum of a fifth of 1 Gbps", 433, Port{PerMbps: 2, Minimum: 0.2}, "400.00", "400.00"},
		{"90th percentile", 864, Port{PerMbps: 2, Percentile: 90}, "0.00", "0.00"},
		{"90th percentile and more", 865, Port{PerMbps: 2, Percentile: 90}, "0.00", "800.00"},
	} {
		m, r := site(func(i int) float64 {
			if i < c.samples {
				return 400
			}
			return 0
		})
		b, err := Price(m, r, None(), Options{Sites: []Site{{Port: &c.port}}, Discount: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		if b.Fixed.String() != c.fixed || b.Usage.String() != c.usage {
			t.Errorf("%s: %s + %s, want %s + %s", c.name, b.Fixed, b.Usage, c.fixed, c.usage)
		}
	}
}

// What a port's usage costs is shared out by bytes: three quarters of 800.00 are service a's. The bytes
// themselves are carried by rows of their own, which say who pays for them.
func TestPortIsSharedOut(t *testing.T) {
	m, r := site(func(int) float64 { return 400 })
	b, err := Price(m, r, None(), Options{Sites: []Site{{Port: &Port{PerMbps: 2}}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range b.By(func(row *Row, _ *Share) string { return row.Service }) {
		got = append(got, p.Name+" "+p.Usage.String())
	}
	if want := []string{"a 600.00", "b 200.00"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if !slices.Contains(b.Assumptions, "no price book: only what the scenario states is priced") ||
		!strings.Contains(strings.Join(b.Assumptions, "\n"), "colo: its port is billed at 400 Mbps, of which 0 flow already; 0 are committed to") {
		t.Errorf("%q", b.Assumptions)
	}
}

func TestPortsAreChecked(t *testing.T) {
	m, r := site(func(int) float64 { return 0 })
	for _, p := range []Port{{PerMbps: -1}, {Commit: math.NaN()}, {Percentile: 99}, {Method: "mean"}} {
		if _, err := Price(m, r, None(), Options{Sites: []Site{{Port: &p}}}); err == nil {
			t.Errorf("%+v is accepted", p)
		}
	}
}
