package sim

import "testing"

// twoImages is one node that starts empty and needs two images of two layers each, over a NIC of 60 MB/s.
func twoImages(a, b []OwnLayer) *Model {
	m := coldStart(oneSite(1, service("a", 0, a...), service("b", 0, b...)))
	m.Datacenters[0].Pools[0].NIC = 60 * mb
	return m
}

// Two images of 60 + 60 MB, both wanted at t=0. Alone on the NIC a layer takes 1 s. What the times are depends on who
// may have a slot:
//   - one image after the other, one slot: 2 and 4 s.
//   - one after the other, three slots: the two layers of each at 30 MB/s, 2 and 4 s.
//   - both at once, the node has one slot, and the older image goes first: 1, 2, 3 and 4 s; 2 and 4 s again.
//   - both at once, each image has one slot: one layer of each at 30 MB/s until 2 s, then the others; 4 and 4 s.
//   - both at once, the node has three slots: both of a and one of b at 20 MB/s until 3 s, then the other; 3 and 4 s.
//   - both at once, each image has three slots: all four at 15 MB/s; 4 and 4 s.
func TestSlots(t *testing.T) {
	for _, c := range []struct {
		parallel, perImage bool
		slots              int
		first, second      float64
	}{
		{false, false, 1, 2, 4},
		{false, false, 3, 2, 4},
		{true, false, 1, 2, 4},
		{true, true, 1, 4, 4},
		{true, false, 3, 3, 4},
		{true, true, 3, 4, 4},
	} {
		m := twoImages([]OwnLayer{static("a1", 60*mb), static("a2", 60*mb)}, []OwnLayer{static("b1", 60*mb), static("b2", 60*mb)})
		p := &m.Datacenters[0].Pools[0]
		p.ParallelPulls, p.SlotsPerImage, p.Slots = c.parallel, c.perImage, c.slots
		r := mustRun(t, m)
		wantSeconds(t, "first", r.Pulls.Seconds.P50, c.first)
		wantSeconds(t, "second", r.Pulls.Seconds.Max, c.second)
		wantBytes(t, "delivered", r.Delivered, 240*mb)
	}
}

// Two images share their lower layer of 60 MB and have one of 30 MB each, and are pulled at once. The second waits for
// the shared layer, which the first is fetching. So three flows share 60 MB/s: at 1.5 s the small layers are there, the
// shared one has 30 MB to go, and both images are ready at 2 s. Three layers move, not four, and with two manifests
// that makes five requests.
func TestBlobInFlightIsWaitedFor(t *testing.T) {
	for _, keep := range []bool{true, false} {
		base := static("base", 60*mb)
		m := twoImages([]OwnLayer{base, static("a", 30*mb)}, []OwnLayer{base, static("b", 30*mb)})
		p := &m.Datacenters[0].Pools[0]
		p.ParallelPulls, p.Slots, p.KeepBlobs = true, 4, keep
		r := mustRun(t, m)
		wantBytes(t, "delivered", r.Delivered, 120*mb)
		wantSeconds(t, "first", r.Pulls.Seconds.P50, 2)
		wantSeconds(t, "second", r.Pulls.Seconds.Max, 2)
		if g := r.Pulls; g.Count != 2 || g.Cold != 1 || g.LayersFetched != 3 || g.LayersReused != 1 || g.Requests != 5 {
			t.Errorf("pulls %+v", g)
		}
	}
}

// The same where unpacking takes time, 60 MB/s, and blobs are not kept: the shared layer is there at 2 s and unpacked once,
// by 3 s; then each image unpacks its own, both at once, by 3.5 s.
func TestLayerIsUnpackedOnce(t *testing.T) {
	base := static("base", 60*mb)
	m := twoImages([]OwnLayer{base, static("a", 30*mb)}, []OwnLayer{base, static("b", 30*mb)})
	p := &m.Datacenters[0].Pools[0]
	p.ParallelPulls, p.Slots, p.KeepBlobs, p.Unpack = true, 4, false, 60*mb
	r := mustRun(t, m)
	wantSeconds(t, "first", r.Pulls.Seconds.P50, 3.5)
	wantSeconds(t, "second", r.Pulls.Seconds.Max, 3.5)
	// Disk: 120 MB, unpacked 2.6 times that.
	wantBytes(t, "disk", r.Nodes.DiskPeak, 312*mb)
}

// A layer that an image has twice is fetched once, and lies on the disk twice.
func TestLayerTwiceInAnImage(t *testing.T) {
	m := coldStart(oneSite(1, service("a", 0, static("x", 10*mb), static("y", 20*mb), static("x", 10*mb))))
	m.Datacenters[0].Pools[0].KeepBlobs = false
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 30*mb)
	wantBytes(t, "disk", r.Nodes.DiskPeak, 104*mb)
	if r.Pulls.LayersFetched != 2 || r.Pulls.LayersReused != 0 || r.Pulls.Cold != 1 {
		t.Errorf("pulls %+v", r.Pulls)
	}
}

// Two instances on each of 3 nodes, a deploy at noon and 4 restarts a day each. IfNotPresent asks for a manifest and
// fetches a layer once a node: 6 requests. Always asks besides whenever an instance starts, 6 times at the deploy
// and 24 times a day, and moves not a byte more.
func TestAlwaysAsksAtEveryStart(t *testing.T) {
	s := service("hello", 1, changing("app", 100*mb))
	s.PerNode, s.Instances, s.RestartsPerDay, s.Startup = 2, []int{6}, 4, 5
	m := oneSite(3, s)
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "IfNotPresent", r.Delivered, 300*mb)
	if r.Pulls.Requests != 6 {
		t.Errorf("IfNotPresent: %d requests", r.Pulls.Requests)
	}
	// Three instances start at once, one on each node, and pull for 1 s; the other three find the image: 1 + 5 + 5 s.
	wantSeconds(t, "IfNotPresent", r.Rollouts.Seconds.Max, 11)

	m.Services[0].AlwaysPull = true
	r = mustRun(t, m)
	wantBytes(t, "Always", r.Delivered, 300*mb)
	if r.Pulls.Requests != 6+6+24 {
		t.Errorf("Always: %d requests", r.Pulls.Requests)
	}
	wantSeconds(t, "Always", r.Rollouts.Seconds.Max, 11)

	// 50 ms away, every start costs a round trip, and the first ones another for the layer and slow start.
	m.Registries[0].Latency, m.Registries[0].Bandwidth, m.Datacenters[0].Pools[0].NIC = 0.05, 3*289_600, 289_600
	m.Services[0].Layers[0][0].Bytes = 2_896_000
	// 289,600 bytes a second × 50 ms = 14,480 bytes: the initial window holds them, and there is no ramp. 10 s at that rate.
	r = mustRun(t, m)
	wantSeconds(t, "Always, far away", r.Rollouts.Seconds.Max, 0.05+0.05+10+5+0.05+5)
	m.Services[0].AlwaysPull = false
	wantSeconds(t, "IfNotPresent, far away", mustRun(t, m).Rollouts.Seconds.Max, 0.05+0.05+10+5+5)
}

// A node is busy for 10 s with 1000 MB when a and b go to the same image, at 1001 s. It is queued once. At 1002 s a goes on to
// another: the image is still wanted, by b, and it is pulled from 1010 s for 1 s, and a's newest after it.
func TestQueuedImageThatAnotherServiceWants(t *testing.T) {
	busy := history("busy", []Layer{{Digest: "idle", Bytes: mb}}, []Layer{{Digest: "busy", Bytes: 1000 * mb}})
	busy.DeployTimes = []float64{1000}
	old, shared, newest := []Layer{{Digest: "old", Bytes: mb}}, []Layer{{Digest: "shared", Bytes: 100 * mb}}, []Layer{{Digest: "newest", Bytes: 200 * mb}}
	a, b := history("a", old, shared, newest), history("b", old, shared)
	a.DeployTimes, b.DeployTimes = []float64{1001, 1002}, []float64{1001}
	m := oneSite(1, busy, a, b)
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 1300*mb)
	if r.Rollouts.Count != 3 || r.Rollouts.Superseded != 1 {
		t.Errorf("rollouts %+v", r.Rollouts)
	}
	// busy 10 s, b from 1001 to 1011, a from 1002 to 1013.
	wantSeconds(t, "a", r.Rollouts.Seconds.Max, 11)

	// A tag that is the same image as the one before: what was queued for that is what it waits for.
	m.Services[1].Versions[2] = m.Services[1].Versions[1]
	m.Services = m.Services[:2]
	r = mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 1100*mb)
	wantSeconds(t, "busy", r.Rollouts.Seconds.Max, 10)
	wantSeconds(t, "a", r.Rollouts.Seconds.P50, 9)
}
