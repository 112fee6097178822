package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// place adds a copy of the first datacenter under another name, somewhere else.
func place(m *Model, name, provider, region string) {
	d := m.Datacenters[0]
	d.Name, d.Provider, d.Region = name, provider, region
	m.Datacenters = append(m.Datacenters, d)
	for i := range m.Services {
		m.Services[i].Instances = append(m.Services[i].Instances, d.Nodes())
	}
}

// A registry in fra with replicas in iad and, of another provider, in lin. Each of three deploys pushes a layer of 10 MB to
// fra and copies it to both, paid as from region to region and as egress. Four nodes in each datacenter:
//   - fra pulls from the registry in its own zone, iad and lin from the replicas in theirs;
//   - fra2, in fra's region, pulls from fra, as inter-zone; iad2, in iad's, from the replica in iad, likewise;
//   - sin is in a third region of the same provider: none is nearer than the registry itself, which is inter-region;
//   - own belongs to nobody: egress from the registry.
func TestNodesPullFromTheNearestReplica(t *testing.T) {
	m := oneSite(4, allAtOnce(service("hello", 0, static("base", 50*mb), changing("app", 10*mb))))
	m.Services[0].DeployTimes = []float64{1000, 2000, 3000}
	m.Duration = day
	m.Datacenters[0].Provider, m.Datacenters[0].Region = "aws", "eu"
	place(m, "iad", "aws", "us")
	place(m, "fra2", "aws", "eu")
	place(m, "iad2", "aws", "us")
	place(m, "sin", "aws", "ap")
	place(m, "lin", "linode", "eu")
	place(m, "own", "", "")
	m.Registries[0].Location = Location{Kind: InDatacenter, Datacenter: 0}
	m.Registries[0].Replicas = []int{1, 5}
	r := mustRun(t, m)

	home := End{}
	replica := func(dc int) End { return End{Kind: AtReplica, Datacenter: dc} }
	nodes := func(dc int) End { return End{Kind: AtNodes, Datacenter: dc} }
	const each = 3 * 4 * 10 * mb
	want := []Path{
		{InternetEgress, home, replica(5), 30 * mb},
		{InterRegion, home, replica(1), 30 * mb},
		{SameZone, home, nodes(0), each},
		{InterZone, home, nodes(2), each},
		{InterRegion, home, nodes(4), each},
		{InternetEgress, home, nodes(6), each},
		{SameZone, replica(1), nodes(1), each},
		{InterZone, replica(1), nodes(3), each},
		{SameZone, replica(5), nodes(5), each},
	}
	got := map[Path]bool{}
	for _, p := range r.Paths() {
		got[p] = true
	}
	for _, p := range want {
		if !got[p] {
			t.Errorf("missing %+v", p)
		}
	}
	if len(got) != len(want) {
		t.Errorf("paths:\n%s", cmp.Diff(want, r.Paths()))
	}
	wantBytes(t, "pushed", r.Storage[0].Pushed, 30*mb)
	wantBytes(t, "replicated", r.Storage[0].Replicated, 60*mb)
	wantBytes(t, "what leaves registries", r.Registry, 7*each)
	wantBytes(t, "out of fra", link(t, r, "fra/uplink-out").Bytes, 3*each)
	wantBytes(t, "out of iad", link(t, r, "iad/uplink-out").Bytes, each)
	wantBytes(t, "into iad2", link(t, r, "iad2/uplink").Bytes, each)
	wantBytes(t, "replica in lin", link(t, r, "hub@lin/bandwidth").Bytes, each)
	// Neither pushes nor what stays in the house crosses the uplinks.
	wantBytes(t, "into iad", link(t, r, "iad/uplink").Bytes, 0)
}

// A registry on the internet, 50 ms away, with a replica in the house, 1 ms away: one round trip for the manifest and one for
// the layer, and the ramp to 100 MB/s. Without the replica it is 0.1 s and a longer ramp.
func TestReplicaIsNearer(t *testing.T) {
	m := coldStart(oneSite(1, service("hello", 0, static("app", 100*mb))))
	m.Registries[0].Latency, m.Registries[0].Replicas = 0.05, []int{0}
	wantSeconds(t, "from the replica", mustRun(t, m).Pulls.Seconds.Max, 0.001+nearRamp+1)
	m.Registries[0].Replicas = nil
	// log2(100e6 × 0.05 / 14480) = log2(345.30) = 8.43173 round trips.
	if got, want := mustRun(t, m).Pulls.Seconds.Max, 0.05+0.05+0.05*8.43173+1; got < want-1e-5 || got > want+1e-5 {
		t.Errorf("from the internet: %v, want %v", got, want)
	}
}

// Two platforms: 3 nodes of one and 2 of the other start empty, and pull the base of their own, 50 and 70 MB, and the
// service's layer, of which each platform has its own of 3 MB. Nothing is shared between them: 3 × 53 + 2 × 73 MB, and a
// deploy pushes a layer for each.
func TestPlatforms(t *testing.T) {
	s := service("hello", 1, changing("app", 3*mb))
	s.Base = 0
	s.Layers = append(s.Layers, s.Layers[0])
	m := coldStart(oneSite(3, s))
	m.Duration = day
	m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "amd", Bytes: 50 * mb}}, {{Digest: "arm", Bytes: 70 * mb}}}}}
	arm := m.Datacenters[0].Pools[0]
	arm.Name, arm.Nodes, arm.Platform = "arm", 2, 1
	m.Datacenters[0].Pools = append(m.Datacenters[0].Pools, arm)
	m.Services[0].Instances = []int{5}
	r := mustRun(t, m)
	if diff := cmp.Diff(map[Cause]int64{CauseStart: (3*53 + 2*73) * mb, CauseDeploy: 5 * 3 * mb}, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	wantBytes(t, "pushed", r.Storage[0].Pushed, 6*mb)
	wantBytes(t, "floor at the registry", r.Bounds.FloorRegistry, (53+73+6)*mb)
	wantBytes(t, "naive", r.Bounds.Naive, (3*53+2*73)*mb)
	perPlatform := [2]int64{}
	for _, tr := range r.Transfers {
		perPlatform[tr.Platform] += tr.Bytes
	}
	if perPlatform != [2]int64{3 * 56 * mb, 2 * 76 * mb} {
		t.Errorf("by platform %v", perPlatform)
	}
}
