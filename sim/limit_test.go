package sim

import "testing"

// limited is nodes that start empty and pull 100 MB, a second each over their own NICs, from a registry that lets an
// address have 100 manifests in 6 h.
func limited(nodes int, list ...Service) *Model {
	m := coldStart(oneSite(nodes, list...))
	m.Duration = day
	m.Registries[0].PullLimit = PullLimit{Pulls: 100, Per: 6 * 3600}
	return m
}

// 120 cold nodes behind one NAT: 100 pull at once, 20 wait. Those ask again after 10, 20, 40, 80, 160 and then
// every 300 s: at 0, 10, 30, 70, 150, 310, 610 s and on. 6 h are 21600 s, and 610 + 70 × 300 = 21610 is the first
// try after that, so that they have it at 21611 s, having been refused at 7 + 69 times before.
func TestPullLimitBehindNAT(t *testing.T) {
	m := limited(120, service("hello", 0, static("app", 100*mb)))
	m.Datacenters[0].Egress = NAT
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 120*100*mb)
	wantSeconds(t, "most", r.Pulls.Seconds.P50, 1)
	wantSeconds(t, "the last", r.Pulls.Seconds.Max, 21611)
	if r.Pulls.Refused != 20*76 || r.Pulls.Count != 120 {
		t.Errorf("pulls %+v", r.Pulls)
	}
	// Each try asks for a manifest; each node fetches one layer.
	if want := int64(120 + 20*76 + 120); r.Pulls.Requests != want {
		t.Errorf("%d requests, want %d", r.Pulls.Requests, want)
	}
	// 100 of 120 are 83 %: the 95th percentile is one of those who waited.
	wantSeconds(t, "95 %", r.Pulls.Seconds.P95, 21611)
	wantBytes(t, "in the first five minutes", int64(link(t, r, "hub/bandwidth").Samples[0]*SampleSeconds), 100*100*mb)
}

// Nodes with addresses of their own have a limit each. Behind a cache only the cache asks, once.
func TestPullLimitIsAnAddresses(t *testing.T) {
	m := limited(120, service("hello", 0, static("app", 100*mb)))
	r := mustRun(t, m)
	if r.Pulls.Refused != 0 {
		t.Errorf("own addresses: pulls %+v", r.Pulls)
	}
	wantSeconds(t, "own addresses", r.Pulls.Seconds.Max, 1)

	m.Datacenters[0].Egress = NAT
	m.Datacenters[0].Cache = &Cache{Kind: Distribution}
	m.Registries[0].PullLimit.Pulls = 1
	r = mustRun(t, m)
	if r.Pulls.Refused != 0 {
		t.Errorf("behind a cache: pulls %+v", r.Pulls)
	}

	// A registry in the datacenter sees the nodes themselves, whatever the way out.
	m.Datacenters[0].Cache = nil
	m.Registries[0].Location = Location{Kind: InDatacenter}
	r = mustRun(t, m)
	if r.Pulls.Refused != 0 {
		t.Errorf("inside: pulls %+v", r.Pulls)
	}
}

// One node may have one manifest in 6 h and needs two. The first image is there at 1 s; the second is asked for then, and
// again 10, 20, 40, 80, 160, 300, 300 … s later: at 1, 11, 31, 71, 151, 311, 611, 911 s …; 611 + 70 × 300 = 21611
// is the first after 21600. It is there at 21612 s, after 7 + 69 refusals. Where windows are 20 s long, the try of 31 s is
// in the second.
func TestBackOff(t *testing.T) {
	m := limited(1, service("a", 0, static("a", 100*mb)), service("b", 0, static("b", 100*mb)))
	m.Registries[0].PullLimit.Pulls = 1
	r := mustRun(t, m)
	wantSeconds(t, "second image", r.Pulls.Seconds.Max, 21612)
	if r.Pulls.Refused != 76 {
		t.Errorf("pulls %+v", r.Pulls)
	}
	m.Registries[0].PullLimit.Per = 20
	r = mustRun(t, m)
	wantSeconds(t, "second image", r.Pulls.Seconds.Max, 32)
	if r.Pulls.Refused != 2 {
		t.Errorf("pulls %+v", r.Pulls)
	}
	// A second window that begins just after one of the tries lets the next one through: each wait shows.
	for _, c := range []struct{ per, there float64 }{{10, 12}, {12, 32}, {32, 72}, {72, 152}, {152, 312}, {312, 612}, {612, 912}, {912, 1212}} {
		m.Registries[0].PullLimit.Per = c.per
		wantSeconds(t, "second image", mustRun(t, m).Pulls.Seconds.Max, c.there)
	}
}

// A deploy that comes while a node backs off takes the place of the one it was refused: of two deploys at 1000 and 1100 s
// with one manifest allowed in 2000 s, which another service has used up, only the second is ever pulled, at 2000 s or
// after: refused at 1100 s, it asks again at 1110, 1130, 1170, 1250, 1410, 1710 and 2010 s.
func TestRefusedPullOfASupersededVersion(t *testing.T) {
	a := service("a", 0, changing("a", 100*mb))
	a.DeployTimes = []float64{10}
	b := service("b", 0, changing("b", 100*mb))
	b.DeployTimes = []float64{1000, 1100}
	m := limited(1, a, b)
	m.Cold = false
	m.Registries[0].PullLimit = PullLimit{Pulls: 1, Per: 2000}
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 200*mb)
	wantSeconds(t, "b", r.Pulls.Seconds.Max, 2011-1100)
	if r.Rollouts.Superseded != 1 || r.Rollouts.Count != 2 {
		t.Errorf("rollouts %+v", r.Rollouts)
	}
}
