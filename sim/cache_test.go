package sim

import (
	"math"
	"testing"
)

// nearRamp is what the first bytes of a new connection inside a datacenter wait for a node with a NIC of
// 100 MB/s: a round trip of 1 ms, and slow start to 100,000 bytes in flight, log2(100000 / 14480) = 2.78787
// round trips.
var nearRamp = 0.001 + 0.001*math.Log(100000.0/14480)/math.Ln2

// cached is nodes that get a new layer of 100 MB at noon, all at once, behind a cache and an uplink of 100 MB/s.
func cached(nodes int, kind CacheKind) *Model {
	m := oneSite(nodes, allAtOnce(service("hello", 1, changing("app", 100*mb))))
	m.Duration = day
	m.Datacenters[0].Uplink = 100 * mb
	m.Datacenters[0].Cache = &Cache{Kind: kind}
	return m
}

// Four nodes that miss one blob at once: behind distribution 3.x each streams a copy of its own from
// upstream; 2.8 and Harbor read once more to store it; zot, nginx with a lock and an ideal cache read once.
// That is 4, 5 and 1 copies of 100 MB over an uplink of 100 MB/s: 4 s, 5 s, and 1 s to the cache, after
// which the nodes get theirs in another second, or, where it is handed on as it comes, in the same one.
// A lone node costs 1, 2 and 1. A fifth node, an hour later, costs nothing upstream.
func TestCopiesThatCachesFetch(t *testing.T) {
	if math.Abs(nearRamp-0.00378787) > 1e-8 {
		t.Fatalf("ramp %v", nearRamp)
	}
	for _, c := range []struct {
		kind       CacheKind
		four, lone int64
		seconds    float64
	}{
		{Distribution, 4, 1, 4},
		{Distribution28, 5, 2, 5},
		{Harbor, 5, 2, 5},
		{Zot, 1, 1, 2 + nearRamp},
		{Nginx, 1, 1, 2 + nearRamp},
		{Ideal, 1, 1, 1 + nearRamp},
	} {
		r := mustRun(t, cached(4, c.kind))
		wantBytes(t, "four at once: upstream", r.Registry, c.four*100*mb)
		wantBytes(t, "four at once: delivered", r.Delivered, 400*mb)
		wantBytes(t, "four at once: through the cache", r.Cache, 400*mb)
		wantSeconds(t, "four at once", r.Pulls.Seconds.Max, c.seconds)
		wantBytes(t, "four at once: uplink", link(t, r, "fra/uplink").Bytes, c.four*100*mb)
		wantBytes(t, "floor at the registry", r.Bounds.FloorRegistry, 100*mb)

		r = mustRun(t, cached(1, c.kind))
		wantBytes(t, "one: upstream", r.Registry, c.lone*100*mb)

		r = runRemoving(t, singly(cached(4, c.kind)), removal{day/2 + 3600, 2})
		wantBytes(t, "a fifth later: upstream", r.Registry, c.four*100*mb)
		wantBytes(t, "a fifth later: delivered", r.Delivered, 500*mb)
	}
}

// What counts is who asks while the cache is being filled. Three services on a node each go to versions with
// the same layer of 100 MB, at 1000, 1000.5 and 1004 s, over an uplink of 100 MB/s.
//   - distribution: the first has 50 MB at 1000.5 and then shares the uplink until 1001.5; what passed to it is
//     stored then. The second, with 50 MB left, is done at 1002. The third finds the layer. 2 copies, 1.5 s each.
//   - 2.8: the store's own copy and the first node's have 25 MB each at 1000.5, from when three share the
//     uplink at 33 MB/s each: 75 MB more take them 2.25 s, until 1002.75. The second is done at 1003. 3 copies.
//   - zot: the second waits for the copy under way, until 1001. 1 copy; the first took longest, 2 s.
func TestMissesWhileACacheIsFilled(t *testing.T) {
	for _, c := range []struct {
		kind    CacheKind
		copies  int64
		longest float64
	}{{Distribution, 2, 1.5}, {Distribution28, 3, 2.75}, {Harbor, 3, 2.75}, {Zot, 1, 2 + nearRamp}, {Nginx, 1, 2 + nearRamp}, {Ideal, 1, 1 + nearRamp}} {
		var list []Service
		for i, at := range []float64{1000, 1000.5, 1004} {
			s := history(string(rune('a'+i)), []Layer{{Digest: "old", Bytes: mb}}, []Layer{{Digest: "new", Bytes: 100 * mb}})
			s.Instances, s.DeployTimes = []int{1}, []float64{at}
			list = append(list, s)
		}
		m := oneSite(3, list...)
		m.Duration = day
		m.Datacenters[0].Uplink = 100 * mb
		m.Datacenters[0].Cache = &Cache{Kind: c.kind}
		r := mustRun(t, m)
		wantBytes(t, "upstream", r.Registry, c.copies*100*mb)
		wantBytes(t, "delivered", r.Delivered, 300*mb)
		wantSeconds(t, "longest", r.Pulls.Seconds.Max, c.longest)
	}
}

// The one node of a site is replaced at half past every day: at 0.5, 1.5, 2.5 d … of 30. Its cache forgets a
// blob 7 d after it was stored, however often it was asked for. It holds the base of 50 MB from t=0, so that
// the node of 7.5 d fetches it again, and stores it half a second later: too late for that of 14.5 d to
// find it expired. So it is fetched at 7.5, 15.5 and 23.5 d.
func TestCacheForgetsAfterItsTTL(t *testing.T) {
	m := oneSite(1, service("hello", 0, static("base", 50*mb)))
	m.Datacenters[0].Pools[0].Replace = day
	m.Datacenters[0].Cache = &Cache{Kind: Distribution, TTL: 7 * day}
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 30*50*mb)
	wantBytes(t, "upstream", r.Registry, 3*50*mb)

	m.Duration = 14 * day
	r = mustRun(t, m)
	wantBytes(t, "upstream in 14 d", r.Registry, 50*mb)

	m.Datacenters[0].Cache.TTL = 0
	r = mustRun(t, m)
	wantBytes(t, "upstream where nothing expires", r.Registry, 0)
}

// A cache of 100 MB in front of services of 60, 30 and 30 MB, each on a node of its own. It begins with what fits
// of them in order, b and c. Each new node asks for its own service:
//
//	hour  asks  finds  throws away   holds, least recently used first
//	1     b     yes    -             c b
//	2     a     no     c             b a    (120 MB are too many)
//	3     b     yes    -             a b
//	4     c     no     a             b c
//	5     a     no     b             c a
//
// So 60 + 30 + 60 MB come from upstream, of 30 + 60 + 30 + 30 + 60 delivered.
func TestCacheThrowsLeastRecentlyUsedAway(t *testing.T) {
	a, b, c := service("a", 0, static("a", 60*mb)), service("b", 0, static("b", 30*mb)), service("c", 0, static("c", 30*mb))
	a.Instances, b.Instances, c.Instances = []int{1}, []int{1}, []int{1}
	m := oneSite(3, a, b, c)
	m.Datacenters[0].Cache = &Cache{Kind: Zot, Disk: 100 * mb}
	r := runRemoving(t, singly(m), removal{3600, 1}, removal{7200, 0}, removal{10800, 1}, removal{14400, 2}, removal{18000, 0})
	wantBytes(t, "delivered", r.Delivered, 210*mb)
	wantBytes(t, "upstream", r.Registry, 150*mb)
}

// A blob that is larger than the disk passes through and is not kept: each of three new nodes fetches 120 MB.
func TestCacheTooSmallForABlob(t *testing.T) {
	m := oneSite(3, service("hello", 0, static("a", 120*mb)))
	m.Datacenters[0].Cache = &Cache{Kind: Ideal, Disk: 100 * mb}
	r := runRemoving(t, singly(m), removal{3600, 0}, removal{7200, 1}, removal{10800, 2})
	wantBytes(t, "upstream", r.Registry, 360*mb)
	wantBytes(t, "delivered", r.Delivered, 360*mb)
}

// A cache's own bandwidth is shared by what it holds and what passes it: 4 nodes × 100 MB over 40 MB/s are 10 s,
// for hits after the ramp to 40 MB/s × 1 ms = 40,000 bytes, log2(40000 / 14480) ms.
func TestCacheBandwidth(t *testing.T) {
	m := cached(4, Distribution)
	m.Datacenters[0].Cache.Bandwidth = 40 * mb
	r := mustRun(t, m)
	wantSeconds(t, "misses", r.Pulls.Seconds.Max, 10)

	m = cached(4, Ideal)
	m.Datacenters[0].Cache.Bandwidth = 40 * mb
	r = mustRun(t, m)
	wantSeconds(t, "hits", r.Pulls.Seconds.Max, 10.001+0.001*math.Log(40000.0/14480)/math.Ln2)
}

// The filler of a distribution cache goes half-way through: what passed to it is not stored, and its successor
// starts over. Of 2 nodes one at a time, node 0 goes at 0.5 s: 100 MB to its successor and 0 to node 1.
func TestFillerThatGoes(t *testing.T) {
	m := cached(2, Distribution)
	m.Services[0].MaxSurge, m.Services[0].MaxUnavailable = Amount{Value: 1}, Amount{}
	r := runRemoving(t, singly(m), removal{day/2 + 0.5, 0})
	wantBytes(t, "upstream", r.Registry, 100*mb)
	wantBytes(t, "delivered", r.Delivered, 200*mb)
}

// A cache stands between nodes and what is outside: a registry in the datacenter serves its nodes itself.
func TestCacheLeavesTheRegistryInTheHouseAlone(t *testing.T) {
	m := cached(4, Harbor)
	m.Registries[0].Location = Location{Kind: InDatacenter}
	r := mustRun(t, m)
	wantBytes(t, "registry", r.Registry, 400*mb)
	wantBytes(t, "cache", r.Cache, 0)
}
