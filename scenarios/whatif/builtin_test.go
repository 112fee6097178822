package whatif_test

import (
	"math"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

func builtIn(t *testing.T, name string, sets ...scenarios.Set) *whatif.Result {
	t.Helper()
	data, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := scenarios.Parse(name+".yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := whatif.Run(t.Context(), doc, sets, whatif.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func variant(t *testing.T, r *whatif.Result, name string) *whatif.Variant {
	t.Helper()
	for i := range r.Variants {
		if r.Variants[i].Name == name {
			return &r.Variants[i]
		}
	}
	t.Fatalf("no variant %s", name)
	return nil
}

// The article of 2015: 4 deploys a day for 30 days to 60 nodes are 7,200 pulls.
//
//	a calculator:  7,200 × 20.14 MB = 145.008 GB and 7,200 × 225.4 MB = 1,622.88 GB: 11.2 times as much
//	what moves:    7,200 × 15.11 MB = 108.792 GB and 7,200 × 37.1 MB = 267.12 GB: the layer with PHP and code
//	memory:        1,800 × 2.36 MB = 4.248 GB and 1,800 × 3.25 MB = 5.85 GB, and 60 × 0.68 and 60 × 5.27 MB
//	               of page cache, which the instances of a node share
func TestArticleOf2015(t *testing.T) {
	r := builtIn(t, "weave-2015")
	for _, c := range []struct {
		name                                    string
		image, naive, delivered, rss, pageCache int64
	}{
		{"alpine", 20_140_000, 145_008_000_000, 108_792_000_000, 4_248_000_000, 40_800_000},
		{"ubuntu", 225_400_000, 1_622_880_000_000, 267_120_000_000, 5_850_000_000, 316_200_000},
		// Our estimates: the same 15.11 MB on other bases move alike, whatever a calculator says:
		// 7,200 × 100.09, 225.11 and 15.11 MB.
		{"debian-estimate", 100_090_000, 720_648_000_000, 108_792_000_000, 5_850_000_000, 316_200_000},
		{"centos-estimate", 225_110_000, 1_620_792_000_000, 108_792_000_000, 5_850_000_000, 316_200_000},
		{"scratch-estimate", 15_110_000, 108_792_000_000, 108_792_000_000, 4_248_000_000, 40_800_000},
	} {
		v := variant(t, r, c.name)
		if v.Image.CompressedBytes != c.image || v.Bounds.NaiveBytes != c.naive || v.Transfer.DeliveredBytes != c.delivered ||
			v.Memory.RSSBytes != c.rss || v.Memory.CacheBytes != c.pageCache {
			t.Errorf("%s: image %d, naive %d, delivered %d, rss %d, page cache %d; want %+v", c.name,
				v.Image.CompressedBytes, v.Bounds.NaiveBytes, v.Transfer.DeliveredBytes, v.Memory.RSSBytes, v.Memory.CacheBytes, c)
		}
	}
	ratio := float64(variant(t, r, "ubuntu").Image.CompressedBytes) / float64(variant(t, r, "alpine").Image.CompressedBytes)
	if math.Round(ratio*10)/10 != 11.2 {
		t.Errorf("ubuntu's image is %.3f times alpine's, the article says 11.2", ratio)
	}
}

// base-choice on ubuntu, by hand. 60 nodes, 120 deploys of 3 MB; the dependencies of 15 MB change on day 14
// and 28; the base of 41,573,390 bytes is rebuilt on day 8.5 and 25.5, which moves it and the dependencies
// again; every node is replaced once and pulls all of it, 59,573,390 bytes:
//
//	120 × 60 × 3 MB            21,600,000,000
//	2 × 60 × 15 MB              1,800,000,000
//	2 × 60 × 56,573,390 B       6,788,806,800
//	60 × 59,573,390 B           3,574,403,400
//
// Half of it goes through each datacenter's NAT gateways: 33,763,210,200 B × 730/720 / 2^30 × 0.045 = 1.434664
// dollars, in two lines that are rounded; six gateways cost 6 × 730 × 0.045 = 197.10.
func TestBaseChoiceOnUbuntu(t *testing.T) {
	r := builtIn(t, "base-choice")
	v := variant(t, r, "ubuntu")
	if want := int64(21_600_000_000 + 1_800_000_000 + 6_788_806_800 + 3_574_403_400); v.Transfer.DeliveredBytes != want {
		t.Errorf("delivered %d, want %d", v.Transfer.DeliveredBytes, want)
	}
	if v.Bounds.NaiveBytes != 120*60*59_573_390 || v.Nodes.Replaced != 60 {
		t.Errorf("naive %d, replaced %d", v.Bounds.NaiveBytes, v.Nodes.Replaced)
	}
	if got, want := v.Cost.Fixed.String(), "197.10"; got != want {
		t.Errorf("fixed %s, want %s", got, want)
	}
	usage := 33_763_210_200.0 * 730 / 720 / (1 << 30) * 0.045
	if got := float64(v.Cost.Usage) / 1e6; math.Abs(got-usage) > 2e-6 {
		t.Errorf("usage %v, want %v", got, usage)
	}
}

// Where each service stands on a base of its own, a new node fetches ten bases in place of one: spot-fleet's
// own-base moves 24,000 new nodes × 9 × 41,573,390 bytes more by churn alone.
func TestSharedBaseOnSpotFleet(t *testing.T) {
	r := builtIn(t, "spot-fleet")
	shared, own := variant(t, r, "ubuntu"), variant(t, r, "own-base")
	if shared.Nodes.Replaced != 24_000 || own.Nodes.Replaced != 24_000 {
		t.Errorf("%d and %d nodes replaced, want 60 lives of 400", shared.Nodes.Replaced, own.Nodes.Replaced)
	}
	if more, least := own.Transfer.DeliveredBytes-shared.Transfer.DeliveredBytes, int64(24_000*9*41_573_390); more < least {
		t.Errorf("own bases move %d bytes more, want at least %d", more, least)
	}
	if shared.Image != own.Image {
		t.Errorf("images differ: %+v and %+v", shared.Image, own.Image)
	}
}

// The bills that the comment of three-clouds works out by hand, to a few millionths: each line is rounded by itself.
func TestThreeClouds(t *testing.T) {
	r := builtIn(t, "three-clouds")
	for name, want := range map[string]float64{
		"aws": 204.980386, "gcp": 75.758588, "azure": 209.950446, "aws-peers": 199.270847, "gcp-peers": 69.798434, "azure-peers": 202.347284,
	} {
		v := variant(t, r, name)
		if got := float64(v.Cost.Monthly) / 1e6; math.Abs(got-want) > 5e-6 || v.Cost.AtLeast {
			t.Errorf("%s costs %v, want %v", name, got, want)
		}
		if v.Transfer.DeliveredBytes != 2*75_600_000_000 {
			t.Errorf("%s delivers %d bytes", name, v.Transfer.DeliveredBytes)
		}
	}
}

// Those of colo. Fixed is what is owed whatever flows: the commit and the cache's machine.
func TestColo(t *testing.T) {
	r := builtIn(t, "colo")
	for name, want := range map[string][2]float64{
		"daily": {0, 0}, "hourly": {33.472, 0}, "cache": {0.557867, 60}, "commit": {0, 40}, "busy": {33.472, 0}, "busy-daily": {0, 0},
	} {
		c := variant(t, r, name).Cost
		if got := [2]float64{float64(c.Usage) / 1e6, float64(c.Fixed) / 1e6}; math.Abs(got[0]-want[0]) > 1e-6 || got[1] != want[1] || c.AtLeast {
			t.Errorf("%s costs %v, want %v", name, got, want)
		}
	}
}
