package sim

import (
	"math"
	"slices"
	"testing"
)

// A registry in fra (aws, eu-central-1), one in the region and one on the internet, seen from a
// datacenter in the same place, one in another region, and one of no provider.
func TestClassOfPath(t *testing.T) {
	m := &Model{
		Datacenters: []Datacenter{
			{Name: "fra", Provider: "aws", Region: "eu-central-1"},
			{Name: "iad", Provider: "aws", Region: "us-east-1"},
			{Name: "own"},
			{Name: "fra2", Provider: "aws", Region: "eu-central-1"},
		},
		Registries: []Registry{
			{Name: "hub"},
			{Name: "ecr", Location: Location{Kind: InRegion, Provider: "aws", Region: "eu-central-1"}},
			{Name: "self", Location: Location{Kind: InDatacenter, Datacenter: 0}},
			{Name: "cellar", Location: Location{Kind: InDatacenter, Datacenter: 2}},
		},
	}
	want := [][]Class{
		{InternetIngress, InternetIngress, InternetIngress, InternetIngress},
		{SameZone, InterRegion, InternetEgress, SameZone},
		{SameZone, InterRegion, InternetEgress, InterZone},
		{InternetEgress, InternetEgress, SameZone, InternetEgress},
	}
	for registry := range want {
		for dc, class := range want[registry] {
			if got := m.class(End{Registry: registry}, End{Kind: AtNodes, Datacenter: dc}, true); got != class {
				t.Errorf("from %s to %s: %s, want %s", m.Registries[registry].Name, m.Datacenters[dc].Name, got, class)
			}
		}
	}
	if got := m.class(End{Registry: 2}, End{Kind: AtNodes}, false); got != InterZone {
		t.Errorf("from self to another zone of fra: %s", got)
	}
}

// A registry in the datacenter stands in zone 0. Of 8 nodes in 3 zones, nodes 0, 3 and 6 are there too:
// a cold start of 10 MB moves 30 MB inside the zone and 50 MB between zones, none over the uplink.
func TestRegistryInTheDatacenterCrossesZones(t *testing.T) {
	m := oneSite(8, service("hello", 0, static("app", 10*mb)))
	m.Cold = true
	m.Datacenters[0].Zones, m.Datacenters[0].Uplink = 3, mb
	m.Registries[0].Location = Location{Kind: InDatacenter}
	r := mustRun(t, m)
	nodes := End{Kind: AtNodes}
	if paths := r.Paths(); len(paths) != 2 || paths[0] != (Path{InterZone, End{}, nodes, 50 * mb}) || paths[1] != (Path{SameZone, End{}, nodes, 30 * mb}) {
		t.Errorf("paths %+v", paths)
	}
	for _, l := range r.Links {
		if l.Name == "fra/uplink" && l.Bytes != 0 {
			t.Errorf("uplink carries %d", l.Bytes)
		}
	}
	wantSeconds(t, "pull", r.Pulls.Seconds.Max, 0.1)
}

// Memory: 3 nodes × 4 instances × 2.36 MB, and the page cache of 0.68 MB once a node.
func TestMemory(t *testing.T) {
	s := service("hello", 0, static("app", mb))
	s.PerNode, s.Instances, s.RSS, s.PageCache = 4, []int{12}, 2_360_000, 680_000
	r := mustRun(t, oneSite(3, s))
	wantBytes(t, "rss", r.Memory.RSS, 28_320_000)
	wantBytes(t, "page cache", r.Memory.PageCache, 2_040_000)
}

// Two services on one base of 30 MB. a, on both nodes, adds 10 MB and keeps 4 MB of files: 3 of the base and 1 of
// its own. b, on one node, adds 30 MB and keeps 3 MB: 1.5 and 1.5. The base is kept once: 2 × 3 + 2 × 1 + 1.5 MB.
// c runs a's image and keeps 5 MB of it, on one node: 3.75 of the base and 1.25, which is 0.75 and 0.25 more there.
func TestSharedPageCache(t *testing.T) {
	a := service("a", 0, static("base", 30*mb), static("a", 10*mb))
	a.PerNode, a.Instances, a.PageCache = 3, []int{6}, 4*mb
	b := service("b", 0, static("base", 30*mb), static("b", 30*mb))
	b.Instances, b.PageCache = []int{1}, 3*mb
	wantBytes(t, "page cache", mustRun(t, oneSite(2, a, b)).Memory.PageCache, 9_500_000)
	c := service("c", 0, static("base", 30*mb), static("a", 10*mb))
	c.Instances, c.PageCache = []int{1}, 5*mb
	wantBytes(t, "page cache with c", mustRun(t, oneSite(2, a, b, c)).Memory.PageCache, 10_500_000)
	// The same layer over another one is another file system's: nothing is shared. 2 × 4 + 3 MB.
	b.Layers = [][]OwnLayer{{static("other", 10*mb), static("base", 30*mb), static("b", 20*mb)}}
	wantBytes(t, "page cache over another layer", mustRun(t, oneSite(2, a, b)).Memory.PageCache, 11_000_000)
	empty := service("empty", 0)
	empty.Instances, empty.PageCache = []int{2}, 7
	wantBytes(t, "page cache without layers", mustRun(t, oneSite(2, empty)).Memory.PageCache, 14)
}

// 40 samples of 300 s. Rates rise from 1 to 40 bytes a second, so all but the highest 5 % (2 samples) are
// at most 38. A rate that spans samples is shared out by time.
func TestMeter(t *testing.T) {
	m := meter{until: 12000}
	for i := range 40 {
		m.run(float64(40-i), float64(300*i), float64(300*(i+1)))
	}
	if got := m.p95(); got != 38 {
		t.Errorf("p95 %v, want 38", got)
	}
	// 39 samples: 5 % is 1.95, one is discarded.
	m.until = 11700
	m.samples = m.samples[:39]
	if got := m.p95(); got != 39 {
		t.Errorf("p95 of 39 samples %v, want 39", got)
	}
	m = meter{until: 1000}
	m.run(30, 250, 650)
	if want := []sample{{0, 1500}, {1, 9000}, {2, 1500}}; m.peak != 30 || !slices.Equal(m.samples, want) {
		t.Errorf("%+v", m)
	}
	// 2 busy samples of 60: 5 % are 3, and the next is idle. Of 20, one is discarded.
	m = meter{until: 18000}
	m.run(30, 300, 600)
	m.run(20, 900, 1200)
	if got := m.p95(); got != 0 {
		t.Errorf("p95 of 60 samples, 2 of them busy: %v", got)
	}
	m.until = 6000
	if got := m.p95(); got != 20 {
		t.Errorf("p95 of 20 samples, 2 of them busy: %v, want 20", got)
	}
	if got := m.averages(); !slices.Equal(got, []float64{0, 30, 0, 20}) {
		t.Errorf("averages %v", got)
	}
	// What adding up rounds above the capacity is not carried.
	m = meter{capacity: 30, until: 300}
	m.run(math.Nextafter(30, 31), 0, 300)
	if m.peak != 30 || m.p95() != 30 {
		t.Errorf("peak %v, p95 %v; want the capacity, 30", m.peak, m.p95())
	}
}

// Nearest rank over weights 1, 8 and 11 of 20: half of them is 10, which 12 s is the first to reach;
// 95 % is 19, 99 % is 19.8 and so 20.
func TestDist(t *testing.T) {
	var d durations
	d.add(12, 11)
	d.add(3, 1)
	d.add(5, 8)
	if got := d.dist(); got != (Dist{P50: 12, P95: 12, P99: 12, Max: 12}) {
		t.Errorf("%+v", got)
	}
	d.add(40, 2)
	// 22 in all: 11 at most 12 s; 20.9 → 21 is past the 20 first.
	if got := d.dist(); got != (Dist{P50: 12, P95: 40, P99: 40, Max: 40}) {
		t.Errorf("%+v", got)
	}
	d.add(1, 30)
	if got := d.dist(); got != (Dist{P50: 1, P95: 12, P99: 40, Max: 40}) {
		t.Errorf("%+v", got)
	}
}
