package sim

import (
	"testing"
)

// 30 nodes that live 30 days: node j goes at (j+1)/31 × 30 d, so each goes once. A new node pulls the
// whole image as it is then: base and application, 53 MB. Nothing is deployed, so the registry need not
// send anything: a scheme could have old nodes serve new ones.
func TestReplacedNodesPullEverything(t *testing.T) {
	m := oneSite(30, service("hello", 0, static("base", 50*mb), static("app", 3*mb)))
	m.Datacenters[0].Pools[0].Replace = 30 * day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 30*53*mb)
	wantBytes(t, "floor at the registry", r.Bounds.FloorRegistry, 0) // 29 nodes have it all
	if r.Nodes.Replaced != 30 || r.Pulls.Cold != 30 {
		t.Errorf("nodes %+v, pulls %+v", r.Nodes, r.Pulls)
	}
	// Nodes are equal again once they have pulled: at most the new one and the rest differ.
	if r.Stats.States != 2 {
		t.Errorf("%d states", r.Stats.States)
	}
}

// The same under a deploy a day, at noon, of the application layer: 30 deploys × 30 nodes × 3 MB, and 30
// new nodes that pull 53 MB: 2700 + 1590 = 4290 MB. No node goes within a minute of a noon.
func TestReplacementsBetweenDeploys(t *testing.T) {
	m := oneSite(30, service("hello", 1, static("base", 50*mb), changing("app", 3*mb)))
	m.Datacenters[0].Pools[0].Replace = 30 * day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 4290*mb)
}

// Deployment of one instance on each of 4 nodes, window 2, startup 10 s, 100 MB over a NIC of 100
// MB/s. Deploy at t=0 of the rollout: nodes 0 and 1 have it at 1 s and are up at 11 s.
// Node 0 is replaced at 5 s, before its instance is up but after the image was there: the instance counts
// as it was going to, and the new node pulls the layer again. Nodes 2 and 3 start at 11 s and are up at 22 s.
func TestReplacementDuringRollout(t *testing.T) {
	s := service("hello", 1, changing("app", 100*mb))
	s.Startup = 10
	m := oneSite(4, s)
	m.Duration = day
	e := newEngine(m, false)
	e.agenda.add(day/2+5, replace, event{site: 0, index: 0})
	r := mustEnd(t, e)
	wantBytes(t, "delivered", r.Delivered, 5*100*mb)
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 22)
	if r.Nodes.Replaced != 1 || r.Rollouts.Count != 1 {
		t.Errorf("%+v %+v", r.Nodes, r.Rollouts)
	}
}

// Node 0 is replaced 0.5 s after the deploy, half-way through its pull: what it had received does not
// count, its successor pulls from the start, and the instance that waited is up at 0.5 + 1 + 10 s. That
// lets node 3 start at 11.5 s (node 2 did at 11 s): up at 22.5 s.
func TestReplacementDuringPull(t *testing.T) {
	s := service("hello", 1, changing("app", 100*mb))
	s.Startup = 10
	m := oneSite(4, s)
	m.Duration = day
	e := newEngine(m, false)
	e.agenda.add(day/2+0.5, replace, event{site: 0, index: 0})
	r := mustEnd(t, e)
	wantBytes(t, "delivered", r.Delivered, 4*100*mb)
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 22.5)
}

// Poisson replacement of 50 nodes with a mean life of 1 d over 200 d: 10,000 expected, and the count of
// a Poisson process lies within 4 standard deviations (400) of that for any seed worth its name.
func TestPoissonReplacement(t *testing.T) {
	m := oneSite(50, service("hello", 0, static("app", mb)))
	m.Duration, m.Arrivals, m.Seed = 200*day, Poisson, 7
	m.Datacenters[0].Pools[0].Replace = day
	r := mustRun(t, m)
	if r.Nodes.Replaced < 9600 || r.Nodes.Replaced > 10400 {
		t.Errorf("%d nodes replaced", r.Nodes.Replaced)
	}
	wantBytes(t, "delivered", r.Delivered, r.Nodes.Replaced*mb)
	m.Seed = 8
	if other := mustRun(t, m); other.Nodes.Replaced == r.Nodes.Replaced && other.Pulls.Seconds == r.Pulls.Seconds {
		t.Error("another seed gives the same run")
	}
}

// A pool and a datacenter without nodes are no reason to fail: 3 nodes pull 1 MB each.
func TestEmptyPoolsAndDatacenters(t *testing.T) {
	s := service("hello", 1, changing("app", mb))
	s.PerNode, s.Instances = 1, []int{3, 0}
	m := oneSite(3, s)
	m.Duration = day
	full := m.Datacenters[0].Pools[0]
	empty := full
	empty.Nodes, empty.Replace = 0, day
	m.Datacenters[0].Pools = []Pool{empty, full, empty}
	m.Datacenters = append(m.Datacenters, Datacenter{Name: "iad", Zones: 1, Pools: []Pool{empty}})
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 3*mb)
}
