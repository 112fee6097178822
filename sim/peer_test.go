package sim

import "testing"

const gib = 1 << 30

// peered is nodes with one layer of the given size that a deploy at noon replaces, two nodes at a time.
func peered(nodes int, bytes int64, kind P2PKind) *Model {
	s := service("hello", 1, changing("app", bytes))
	s.MaxSurge, s.MaxUnavailable = Amount{Value: 2}, Amount{}
	m := oneSite(nodes, s)
	m.Duration = day
	m.Datacenters[0].P2P = &P2P{Kind: kind}
	return m
}

// 10 nodes × 1 GiB under Spegel, 20 % at a time (20 % of 10 rounded up, and nothing unavailable): the first two
// find no peer that has it and go outside, the other eight get it from nodes that do. That takes 10.737 s at 100
// MB/s, and on the way to a peer the ramp besides: 5 waves, 4 of them from peers.
func TestSpegelServesAllButTheFirstWave(t *testing.T) {
	m := peered(10, gib, Spegel)
	m.Services[0].MaxSurge, m.Services[0].MaxUnavailable = Amount{Value: 0.2, Share: true}, Amount{Value: 0, Share: true}
	r := mustRun(t, m)
	wantBytes(t, "from outside", r.Registry, 2*gib)
	wantBytes(t, "between peers", r.Peer, 8*gib)
	wantBytes(t, "delivered", r.Delivered, 10*gib)
	wantBytes(t, "over the uplink", link(t, r, "fra/uplink").Bytes, 2*gib)
	wantSeconds(t, "first wave", r.Pulls.Seconds.P50-nearRamp, 10.73741824)
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 5*10.73741824+4*nearRamp)
}

// A simultaneous cold start saves nothing: nobody has the layer until everybody has.
func TestSpegelSavesNothingWhenAllStartAtOnce(t *testing.T) {
	m := coldStart(oneSite(10, service("hello", 0, static("app", gib))))
	m.Datacenters[0].P2P = &P2P{Kind: Spegel}
	r := mustRun(t, m)
	wantBytes(t, "from outside", r.Registry, 10*gib)
	wantBytes(t, "between peers", r.Peer, 0)
}

// Spegel serves what the nodes' content stores hold: nothing, where unpacked blobs are thrown away.
func TestSpegelNeedsKeptBlobs(t *testing.T) {
	m := peered(10, gib, Spegel)
	m.Datacenters[0].Pools[0].KeepBlobs = false
	r := mustRun(t, m)
	wantBytes(t, "from outside", r.Registry, 10*gib)
}

// A node sends 10 MB/s. Of four nodes two at a time, the last two get their 100 MB from the first two, which can send
// 20 MB/s together: 10 s. Where one node holds the layer and two ask for it, they share its 10 MB/s: 20 s. The ramp
// is that of the nodes' NICs.
func TestPeersUploadLimit(t *testing.T) {
	m := peered(4, 100*mb, Spegel)
	m.Datacenters[0].P2P.Upload = 10 * mb
	r := mustRun(t, m)
	wantSeconds(t, "from a peer", r.Pulls.Seconds.Max, 10+nearRamp)

	m = peered(3, 100*mb, Spegel)
	m.Datacenters[0].P2P.Upload = 10 * mb
	a := history("a", []Layer{{Digest: "old", Bytes: mb}}, []Layer{{Digest: "new", Bytes: 100 * mb}})
	b := a
	a.Instances, a.DeployTimes = []int{1}, []float64{1000}
	b.Name, b.Instances, b.DeployTimes = "b", []int{2}, []float64{2000}
	m.Services = []Service{a, b}
	r = mustRun(t, m)
	wantBytes(t, "from outside", r.Registry, 100*mb)
	wantSeconds(t, "two share a sender", r.Pulls.Seconds.Max, 20+nearRamp)
}

// Dragonfly hands pieces on as they arrive: the seed fetches one copy and all ten nodes get theirs from it and
// from each other, whether they start at once or two at a time. The seed's copy takes 1 s over its uplink of
// 100 MB/s, and the nodes, which begin a ramp later, end a ramp later.
func TestDragonflyFetchesOneCopy(t *testing.T) {
	m := peered(10, 100*mb, Dragonfly)
	m.Datacenters[0].Uplink = 100 * mb
	r := mustRun(t, m)
	wantBytes(t, "from outside, two at a time", r.Registry, 100*mb)
	wantBytes(t, "between peers", r.Peer, 1000*mb)

	m = coldStart(oneSite(10, service("hello", 0, static("app", 100*mb))))
	m.Datacenters[0].P2P = &P2P{Kind: Dragonfly}
	m.Datacenters[0].Uplink = 100 * mb
	r = mustRun(t, m)
	wantBytes(t, "from outside, all at once", r.Registry, 100*mb)
	wantBytes(t, "between peers", r.Peer, 1000*mb)
	wantSeconds(t, "all at once", r.Pulls.Seconds.Max, 1+nearRamp)

	// Over an uplink of 10 MB/s the seed has it after 10 s, and nobody before.
	m.Datacenters[0].Uplink = 10 * mb
	r = mustRun(t, m)
	wantSeconds(t, "no faster than the seed", r.Pulls.Seconds.Max, 10)
}

// 9 nodes in 3 zones, three at a time: nodes 0, 1 and 2, one in each zone, go outside. From then on the holders are
// spread evenly, and peers are chosen blindly: of 100,000,001 bytes a node gets a third, rounded down to 33,333,333,
// from its own zone, and 66,666,668 from the others. Six nodes do.
func TestPeersCrossZones(t *testing.T) {
	for _, kind := range []P2PKind{Spegel, Dragonfly} {
		const bytes = 100_000_001
		m := peered(9, bytes, kind)
		m.Services[0].MaxSurge = Amount{Value: 3}
		m.Datacenters[0].Zones = 3
		r := mustRun(t, m)
		n := int64(6)
		if kind == Dragonfly {
			n = 9
		}
		got := classes(r)
		wantBytes(t, "within a zone", got[SameZone], n*33_333_333)
		wantBytes(t, "between zones", got[InterZone], n*66_666_668)
		wantBytes(t, "from outside", got[InternetIngress], (9-n)*bytes)
	}
}

// The first of 4 nodes in 2 zones goes outside, one after another: node 1, in the other zone, gets all of it from node
// 0; node 2, in zone 0, half from node 0 and half from node 1; node 3 a third from node 1, and two from 0 and 2.
func TestPeersNearAndFarByWhoHoldsIt(t *testing.T) {
	m := peered(4, 90*mb, Spegel)
	m.Services[0].MaxSurge = Amount{Value: 1}
	m.Datacenters[0].Zones = 2
	got := classes(mustRun(t, m))
	wantBytes(t, "within a zone", got[SameZone], 0+45*mb+30*mb)
	wantBytes(t, "between zones", got[InterZone], 90*mb+45*mb+60*mb)
}

// Peers are asked before the cache: of ten nodes two at a time, the first two go through a distribution cache, each
// with a copy of its own, and the others to them.
func TestPeersBeforeTheCache(t *testing.T) {
	m := peered(10, 100*mb, Spegel)
	m.Datacenters[0].Cache = &Cache{Kind: Distribution}
	r := mustRun(t, m)
	wantBytes(t, "upstream", r.Registry, 200*mb)
	wantBytes(t, "from the cache", r.Cache, 200*mb)
	wantBytes(t, "between peers", r.Peer, 800*mb)
}

// A holder that goes takes its blobs with it: node 0 alone has the layer, and is replaced before anyone else asks.
// Its successor goes outside, and then serves the other.
func TestHolderThatGoes(t *testing.T) {
	s := history("a", []Layer{{Digest: "old", Bytes: mb}}, []Layer{{Digest: "new", Bytes: 100 * mb}})
	other := s
	s.Instances, s.DeployTimes = []int{1}, []float64{1000}
	other.Name, other.Instances, other.DeployTimes = "b", []int{1}, []float64{3000}
	m := oneSite(2, s, other)
	m.Duration = day
	m.Datacenters[0].P2P = &P2P{Kind: Spegel}
	r := runRemoving(t, singly(m), removal{2000, 0})
	wantBytes(t, "outside", r.Registry, 200*mb)
	wantBytes(t, "between peers", r.Peer, 100*mb)
	if r.Nodes.Replaced != 1 {
		t.Errorf("%+v", r.Nodes)
	}
}

// A seed keeps a blob for 30 days. The only node keeps none, and is replaced at half past every day of 62. The seed
// fetches the layer at 0.5 d, has it half a second later, and so still at 30.5 d; it fetches it again at 31.5 d, and
// has it until after 61.5 d: twice.
func TestSeedForgets(t *testing.T) {
	m := oneSite(1, service("hello", 0, static("base", 50*mb)))
	m.Duration = 62 * day
	p := &m.Datacenters[0].Pools[0]
	p.Replace, p.KeepBlobs = day, false
	m.Datacenters[0].P2P = &P2P{Kind: Dragonfly}
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 62*50*mb)
	wantBytes(t, "to the seed", r.Registry, 2*50*mb)
}
