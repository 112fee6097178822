package sim

import (
	"math"
	"strings"
	"testing"
)

const (
	mb  = 1_000_000
	day = 86400.0
)

// oneSite is a datacenter of equal nodes without limits but the NIC, a registry on the internet
// without latency, and no overhead: what a test works out by hand starts here.
func oneSite(nodes int, services ...Service) *Model {
	m := &Model{
		Duration:    30 * day,
		Registries:  []Registry{{Name: "hub", KeepVersions: 1}},
		Datacenters: []Datacenter{{Name: "fra", Zones: 1, Pools: []Pool{{Name: "default", Nodes: nodes, NIC: 100 * mb, Slots: 3, KeepBlobs: true}}}},
		Services:    services,
	}
	for i := range m.Services {
		s := &m.Services[i]
		if s.Instances == nil {
			s.PerNode, s.Instances = 1, []int{nodes}
		}
	}
	return m
}

func static(name string, bytes int64) OwnLayer {
	return OwnLayer{Layer: Layer{Digest: name, Bytes: bytes}}
}

func changing(name string, bytes int64) OwnLayer {
	return OwnLayer{Layer: Layer{Digest: name, Bytes: bytes}, Change: OnDeploy}
}

// service has no base and the defaults of a Deployment.
func service(name string, deploysPerDay float64, layers ...OwnLayer) Service {
	s := Service{Name: name, Base: -1, Layers: [][]OwnLayer{layers}, MaxSurge: Amount{Default: true}, MaxUnavailable: Amount{Default: true}}
	if deploysPerDay > 0 {
		s.DeployInterval = day / deploysPerDay
	}
	return s
}

func mustRun(t *testing.T, m *Model) *Result {
	t.Helper()
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	return mustEnd(t, newEngine(m, false))
}

// mustEnd runs an engine to its end and checks what holds for every run.
func mustEnd(t *testing.T, e *engine) *Result {
	t.Helper()
	if err := e.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := e.result()
	checkSums(t, e.model, r)
	checkRest(t, e)
	return r
}

// checkSums holds for every run: paths add up, links agree, nothing beats the floor.
func checkSums(t *testing.T, m *Model, r *Result) {
	t.Helper()
	sent, toNodes, caches, peers, bandwidths, pushed := int64(0), int64(0), int64(0), int64(0), int64(0), int64(0)
	for _, p := range r.Transfers {
		registry := p.From.Kind == AtRegistry || p.From.Kind == AtReplica
		switch {
		case p.To.Kind == AtReplica:
			pushed += p.Bytes
		case registry && p.To.Kind == AtNodes:
			sent, toNodes = sent+p.Bytes, toNodes+p.Bytes
		case registry:
			sent += p.Bytes
		case p.From.Kind == AtCache:
			caches += p.Bytes
		case p.From.Kind == AtPeers:
			peers += p.Bytes
		}
	}
	for _, l := range r.Links {
		if strings.HasSuffix(l.Name, "/bandwidth") {
			bandwidths += l.Bytes
		}
	}
	if sent != r.Registry || bandwidths != r.Registry {
		t.Errorf("registries send %d by the transfers, %d by their links, %d by the result", sent, bandwidths, r.Registry)
	}
	if toNodes+caches+peers != r.Delivered || caches != r.Cache || peers != r.Peer {
		t.Errorf("registries %d, caches %d (%d) and peers %d (%d) deliver %d", toNodes, caches, r.Cache, peers, r.Peer, r.Delivered)
	}
	checkLinks(t, m, r)
	for _, s := range r.Storage {
		pushed -= s.Replicated
	}
	if pushed != 0 {
		t.Errorf("replicas got %d bytes more than they say", pushed)
	}
	if r.Bounds.FloorNode > r.Delivered || r.Bounds.FloorRegistry > r.Registry {
		t.Errorf("floors %d and %d, delivered %d, registries sent %d", r.Bounds.FloorNode, r.Bounds.FloorRegistry, r.Delivered, r.Registry)
	}
}

// checkLinks compares what went over a datacenter's links with the transfers.
func checkLinks(t *testing.T, m *Model, r *Result) {
	t.Helper()
	want := map[string]int64{}
	for _, x := range r.Transfers {
		from, _, _ := m.place(x.From)
		to := x.To.Datacenter
		switch {
		case x.Cause == CausePush:
		case x.From.Kind == AtCache:
			want[m.Datacenters[to].Name+"/cache"] += x.Bytes
		case x.From.Kind == AtPeers:
			want[m.Datacenters[to].Name+"/peers"] += x.Bytes
		case from != to:
			want[m.Datacenters[to].Name+"/uplink"] += x.Bytes
			if from >= 0 {
				want[m.Datacenters[from].Name+"/uplink-out"] += x.Bytes
			}
		}
	}
	for _, l := range r.Links {
		if !strings.HasSuffix(l.Name, "/bandwidth") && l.Bytes != want[l.Name] {
			t.Errorf("%s carried %d bytes, %d by the transfers", l.Name, l.Bytes, want[l.Name])
		}
		delete(want, l.Name)
	}
	for name, bytes := range want {
		t.Errorf("%d bytes over %s, which is no link", bytes, name)
	}
}

func wantBytes(t *testing.T, what string, got, want int64) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d bytes, want %d", what, got, want)
	}
}

func wantSeconds(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, want) {
		t.Errorf("%s: %.12g s, want %.12g", what, got, want)
	}
}

// 10 nodes, 4 deploys a day for 30 days of a service whose application layer of 3 MB changes, on a
// base of 50 MB: 120 deploys × 10 nodes × 3 MB = 3.6 GB. The base never moves. A calculator says
// 120 × 10 × 53 MB = 63.6 GB.
func TestWarmFleetMovesOnlyWhatChanges(t *testing.T) {
	m := oneSite(10, service("hello", 4, changing("app", 3*mb)))
	m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "base", Bytes: 50 * mb}}}}}
	m.Services[0].Base = 0
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 3_600*mb)
	wantBytes(t, "naive", r.Bounds.Naive, 63_600*mb)
	wantBytes(t, "floor at nodes", r.Bounds.FloorNode, 3_600*mb)
	wantBytes(t, "floor at the registry", r.Bounds.FloorRegistry, 120*3*mb)
	wantBytes(t, "pushed", r.Storage[0].Pushed, 120*3*mb)
	wantBytes(t, "stored", r.Storage[0].Stored, 53*mb)
	if r.Pulls.Count != 1200 || r.Pulls.Cold != 0 || r.Pulls.LayersFetched != 1200 || r.Pulls.LayersReused != 1200 || r.Rollouts.Count != 120 {
		t.Errorf("pulls %+v, rollouts %+v", r.Pulls, r.Rollouts)
	}
	// One manifest and one layer each.
	if r.Pulls.Requests != 2400 {
		t.Errorf("%d requests", r.Pulls.Requests)
	}
}

// The base (50 MB) is rebuilt once, at 10 of 20 days × 1/2. There are two layers above it: one of
// 20 MB that never changes by itself, one of 3 MB that does at every deploy. 30 deploys in 30 days to
// 4 nodes: 30 × 4 × 3 MB = 360 MB, and once 4 × (50 + 20) MB = 280 MB more.
func TestRebuiltBaseMovesWithAllAboveIt(t *testing.T) {
	build := func(keep, keepBlobs bool) *Model {
		deps := static("deps", 20*mb)
		deps.RebaseKeep = keep
		m := oneSite(4, service("hello", 1, deps, changing("app", 3*mb)))
		m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "base", Bytes: 50 * mb}}}, Rebuild: 20 * day}}
		m.Services[0].Base = 0
		m.Datacenters[0].Pools[0].KeepBlobs = keepBlobs
		return m
	}
	for _, c := range []struct {
		name            string
		keep, keepBlobs bool
		want, floor     int64
	}{
		{"plain", false, true, 640 * mb, 640 * mb},
		{"blobs discarded", false, false, 640 * mb, 640 * mb},
		// The layer keeps its digest and its blob is still there: only the base moves.
		{"rebase keep", true, true, 560 * mb, 560 * mb},
		// It keeps its digest, but the node has thrown the blob away and must fetch it for the new chain.
		{"rebase keep, blobs discarded", true, false, 640 * mb, 560 * mb},
	} {
		r := mustRun(t, build(c.keep, c.keepBlobs))
		wantBytes(t, c.name, r.Delivered, c.want)
		wantBytes(t, c.name+": floor", r.Bounds.FloorNode, c.floor)
	}
}

// A layer that changes every 36 h under a deploy a day (at 12 h, 36 h, 60 h, …) moves at the deploys
// at or after 36 h, 72 h, 108 h, 144 h, …: those on day 1, 3, 4, 6 of the first 7 (180 h is past them).
func TestPeriodicLayerKeepsItsPace(t *testing.T) {
	deps := static("deps", 10*mb)
	deps.Change, deps.Every = Periodic, 36*3600
	m := oneSite(2, service("hello", 1, deps))
	m.Duration = 7 * day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 4*2*10*mb)
}

// Cold start: each of 7 nodes gets the distinct layers of two services that share a base of 50 MB:
// 7 × (50 + 3 + 5) MB, the base once a node.
func TestColdStartAndSharedBase(t *testing.T) {
	m := oneSite(7, service("a", 0, static("a", 3*mb)), service("b", 0, static("b", 5*mb)))
	m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "base", Bytes: 50 * mb}}}}}
	m.Services[0].Base, m.Services[1].Base = 0, 0
	m.Cold = true
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 7*58*mb)
	wantBytes(t, "floor at the registry", r.Bounds.FloorRegistry, 58*mb)
	if r.Pulls.Count != 14 || r.Pulls.Cold != 7 {
		t.Errorf("pulls %+v", r.Pulls)
	}
	// Unpacked 2.6 × and the blobs kept.
	wantBytes(t, "disk", r.Nodes.DiskPeak, 58*mb*36/10)
}

// One node, eight layers (60, 20, 10, 40, 30, 30, 30, 20 MB), three at a time over a NIC of 60 MB/s.
// By max-min the first layer arrives at 3.0 s, and the others at 1.0, 0.5, 2.5, 2.5, 4.0, 4.0, 4.0.
// Unpacking at 60 MB/s starts with the lowest layer at 3.0 and never waits again: layers 0 to 4 take
// until 3 + 160/60 = 5.67 s, when the rest have long arrived. 240 MB take 4 s: ready at 7.0 s.
func TestPullOfEightLayers(t *testing.T) {
	var layers []OwnLayer
	for i, size := range []int64{60, 20, 10, 40, 30, 30, 30, 20} {
		layers = append(layers, static(string(rune('a'+i)), size*mb))
	}
	m := oneSite(1, service("hello", 0, layers...))
	m.Cold = true
	m.Datacenters[0].Pools[0].NIC = 60 * mb
	m.Datacenters[0].Pools[0].Unpack = 60 * mb
	r := mustRun(t, m)
	wantSeconds(t, "ready", r.Pulls.Seconds.Max, 7)

	// With an overhead of 25 % the NIC carries 48 MB/s of payload: all arrivals at 1.25 times the time.
	// Layer 0 comes at 3.75, and the unpacking still never waits: 3.75 + 4.
	m.WireOverhead = 0.25
	r = mustRun(t, m)
	wantSeconds(t, "ready with overhead", r.Pulls.Seconds.Max, 7.75)
}

// A layer of 10 MB from a registry 50 ms away over one connection of 10 MB/s: one round trip for the
// manifest, one for the layer, and slow start to 10 MB/s × 0.05 s = 500,000 bytes in flight, that is
// log2(500000 / 14480) = 5.10979 round trips; then 1 s of transfer. A second layer on the same slot
// would not pay the ramp again.
func TestLatencyAndSlowStart(t *testing.T) {
	m := oneSite(1, service("hello", 0, static("a", 10*mb), static("b", 10*mb)))
	m.Cold = true
	m.Registries[0].Latency, m.Registries[0].PerConnection = 0.05, 10*mb
	m.Datacenters[0].Pools[0].Slots = 1
	ramp := 0.05 * math.Log(500000.0/14480) / math.Ln2
	if math.Abs(ramp-0.05*5.10979) > 1e-6 {
		t.Fatalf("ramp %v", ramp)
	}
	r := mustRun(t, m)
	wantSeconds(t, "ready", r.Pulls.Seconds.Max, 0.05+(0.05+ramp+1)+(0.05+1))
}

// Four nodes in each of two datacenters pull 30 MB. Of four instances ceil(25 %) + floor(25 %) = 2 are
// replaced at once, so two nodes pull, and when they are up, 5 s later, the other two. In fra the
// uplink of 40 MB/s is the limit: 2 × 30 / 40 = 1.5 s, and all is done after 1.5 + 5 + 1.5 + 5 = 13 s.
// In iad each NIC of 5 MB/s is: 6 + 5 + 6 + 5 = 22 s.
func TestTwoDatacentersWithDifferentLinks(t *testing.T) {
	s := service("hello", 1, changing("app", 30*mb))
	s.Instances, s.PerNode, s.Startup = []int{4, 4}, 1, 5
	m := oneSite(4, s)
	m.Duration = day
	m.Datacenters[0].Uplink = 40 * mb
	iad := m.Datacenters[0]
	iad.Name, iad.Uplink = "iad", 0
	iad.Pools = []Pool{{Name: "default", Nodes: 4, NIC: 5 * mb, Slots: 3, KeepBlobs: true}}
	m.Datacenters = append(m.Datacenters, iad)
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 8*30*mb)
	wantSeconds(t, "fast rollout", r.Rollouts.Seconds.P50, 13)
	wantSeconds(t, "slow rollout", r.Rollouts.Seconds.Max, 22)
	for _, l := range r.Links {
		if l.Name == "fra/uplink" && (l.Peak != 40*mb || l.Bytes != 120*mb) {
			t.Errorf("fra/uplink %+v", l)
		}
		if l.Name == "iad/uplink" && l.Peak != 10*mb {
			t.Errorf("iad/uplink %+v", l)
		}
	}
}
