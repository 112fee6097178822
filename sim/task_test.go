package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ephemeral makes all nodes of a model keep nothing.
func ephemeral(m *Model) *Model {
	for i := range m.Datacenters[0].Pools {
		m.Datacenters[0].Pools[i].Ephemeral = true
	}
	return m
}

// A task whose image has 500 MB and restarts 244 times a day: each start pulls it, 122 GB a day. Nothing is deployed, so
// a calculator says nothing; and since nothing is kept, no scheme moves less to the nodes.
func TestEphemeralRestartsMoveTheWholeImage(t *testing.T) {
	s := service("runner", 0, static("image", 400*mb), static("tool", 100*mb))
	s.RestartsPerDay = 244
	m := ephemeral(oneSite(1, s))
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "a day", r.Delivered, 122_000*mb)
	wantBytes(t, "naive", r.Bounds.Naive, 0)
	wantBytes(t, "floor at nodes", r.Bounds.FloorNode, 122_000*mb)
	if diff := cmp.Diff(map[Cause]int64{CauseRestart: 122_000 * mb}, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	if r.Pulls.Cold != 244 || r.Nodes.DiskPeak != 0 {
		t.Errorf("pulls %+v, nodes %+v", r.Pulls, r.Nodes)
	}

	// The same restarts on nodes that keep the image move nothing.
	m.Datacenters[0].Pools[0].Ephemeral = false
	wantBytes(t, "on nodes that keep it", mustRun(t, m).Delivered, 0)
}

// Tasks have NICs of their own: 12 on two nodes, all at once, each get 500 MB over 100 MB/s in 5 s. A deploy starts all of
// them anew, at noon, and each pulls the whole image, the layer that changed and the one that did not: 2 × 12 × 500 MB,
// with the cold start's. A calculator that knows that each is a machine of its own says 12 × 500 MB for the deploy.
func TestEphemeralDeploy(t *testing.T) {
	s := allAtOnce(service("runner", 1, static("image", 400*mb), changing("tool", 100*mb)))
	s.PerNode, s.Instances = 6, []int{12}
	m := coldStart(ephemeral(oneSite(2, s)))
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 2*12*500*mb)
	wantSeconds(t, "pull", r.Pulls.Seconds.Max, 5)
	wantBytes(t, "naive", r.Bounds.Naive, 12*500*mb)
	want := map[Cause]int64{CauseStart: 6000 * mb, CauseDeploy: 1200 * mb, CauseRestart: 4800 * mb}
	if diff := cmp.Diff(want, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	if peak := link(t, r, "hub/bandwidth").Peak; peak != 1200*mb {
		t.Errorf("12 at once run at %v bytes a second together", peak)
	}
}

// Four instances on two ephemeral nodes and two on one that keeps its image, spread: each node has two. Those of the
// kept node restart for nothing; the other four, 10 times in a day each, move 40 × 500 MB.
func TestOnlyEphemeralInstancesPullAgain(t *testing.T) {
	s := service("runner", 0, static("image", 500*mb))
	s.RestartsPerDay, s.PerNode, s.Instances = 10, 2, []int{6}
	m := singly(oneSite(3, s))
	m.Duration = day
	m.Datacenters[0].Pools[0].Ephemeral, m.Datacenters[0].Pools[2].Ephemeral = true, true
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 40*500*mb)
}

// An ephemeral node that goes starts its instances again: 2 × 500 MB.
func TestEphemeralNodeReplaced(t *testing.T) {
	s := service("runner", 0, static("image", 500*mb))
	s.PerNode, s.Instances = 2, []int{4}
	r := runRemoving(t, singly(ephemeral(oneSite(2, s))), removal{1000, 1})
	if diff := cmp.Diff(map[Cause]int64{CauseChurn: 1000 * mb}, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
}
