package sim

import "testing"

// The window is ceil(surge) + floor(unavailable), at least 1. For Deployments at their defaults the
// figures are Kubernetes' own: 1→1, 3→1, 4→2, 10→5 (3+2), 20→10, 100→50.
func TestWindow(t *testing.T) {
	def := Amount{Default: true}
	for _, c := range []struct {
		workload           Workload
		surge, unavailable Amount
		total, want        int
	}{
		{Deployment, def, def, 1, 1},
		{Deployment, def, def, 3, 1},
		{Deployment, def, def, 4, 2},
		{Deployment, def, def, 10, 5},
		{Deployment, def, def, 20, 10},
		{Deployment, def, def, 100, 50},
		{DaemonSet, def, def, 60, 1},
		{DaemonSet, def, Amount{Value: 0.1, Share: true}, 60, 6},
		{StatefulSet, def, def, 9, 1},
		{Deployment, Amount{Value: 0.1, Share: true}, Amount{}, 30, 3},
		{Deployment, Amount{Value: 7}, Amount{Value: 2}, 30, 9},
		{Deployment, Amount{}, Amount{}, 30, 1},
	} {
		s := &Service{Workload: c.workload, MaxSurge: c.surge, MaxUnavailable: c.unavailable}
		if got := window(s, c.total); got != c.want {
			t.Errorf("window of %+v: %d, want %d", c, got, c.want)
		}
	}
}

// 3 nodes, one layer of 100 MB at 100 MB/s, startup 5 s: one node after another takes 3 × (1 + 5) s,
// as a DaemonSet and as a StatefulSet alike. A pull takes 1 s each time.
func TestOneAtATime(t *testing.T) {
	for _, w := range []Workload{DaemonSet, StatefulSet} {
		s := service("agent", 1, changing("app", 100*mb))
		s.Workload, s.Startup = w, 5
		m := oneSite(3, s)
		m.Duration = day
		r := mustRun(t, m)
		wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 18)
		wantSeconds(t, "pull", r.Pulls.Seconds.Max, 1)
		wantBytes(t, "delivered", r.Delivered, 300*mb)
	}
}

// 900 instances on 30 nodes: 225 + 225 start at once, 15 on every node. All nodes pull for 1 s, 450
// instances are up 5 s later, and the other 450 need only their 5 s: 11 s.
func TestSecondHalfFindsTheImage(t *testing.T) {
	s := service("hello", 1, changing("app", 100*mb))
	s.PerNode, s.Instances, s.Startup = 30, []int{900}, 5
	m := oneSite(30, s)
	m.Duration = day
	r := mustRun(t, m)
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 11)
	if r.Pulls.Count != 30 || r.Stats.States != 1 {
		t.Errorf("%d pulls, %d states", r.Pulls.Count, r.Stats.States)
	}
}

// Deploys at 5, 15 and 25 s of an image that takes 4 s to pull, one instance after another, 5 s of
// startup. The first version is on node B at 9 s and up at 14; node A begins to pull it then. At 15 s
// the second version supersedes it: B pulls from 15 to 19 and is up at 24, A (done with the first at
// 18) pulls from 24 to 28. The third comes at 25: B from 25 to 29, up at 34; A from 34 to 38, up at
// 43. So two rollouts are superseded, one takes 43 - 25 = 18 s, and each node pulls all three.
func TestSupersededRollout(t *testing.T) {
	s := service("hello", 1, changing("app", 400*mb))
	s.Workload, s.Startup, s.DeployInterval = StatefulSet, 5, 10
	m := oneSite(2, s)
	m.Duration = 30
	r := mustRun(t, m)
	if r.Rollouts.Superseded != 2 || r.Rollouts.Count != 1 {
		t.Errorf("rollouts %+v", r.Rollouts)
	}
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 18)
	wantBytes(t, "delivered", r.Delivered, 6*400*mb)
}

// Two services of 160 and 80 instances on 100 nodes, one after another: the first wraps round and
// stands twice on nodes 0 to 59, the second starts at node 60 and ends on node 39. Packed, 110
// instances go on node 0 and 50 on node 1, where the second service finds room for 60.
func TestLayouts(t *testing.T) {
	a, b := service("a", 0), service("b", 0)
	a.Instances, b.Instances = []int{160}, []int{80}
	m := oneSite(100, a, b)
	l := layouts(m, 0, newRoster(spans{{0, 100}}))
	if got := l[0].on(span{0, 60}, 0, 160); got != 120 {
		t.Errorf("%d of a on nodes 0-59", got)
	}
	if got := l[1].nodesOf(0, 80); len(got) != 2 || got[0] != (span{0, 40}) || got[1] != (span{60, 100}) {
		t.Errorf("b on %v", got)
	}
	m.Services[0].Placement, m.Services[1].Placement = Pack, Pack
	l = layouts(m, 0, newRoster(spans{{0, 100}}))
	for _, c := range []struct {
		layout layout
		node   int
		want   int
	}{{l[0], 0, 110}, {l[0], 1, 50}, {l[1], 1, 60}, {l[1], 2, 20}, {l[1], 3, 0}} {
		if got := c.layout.on(span{c.node, c.node + 1}, 0, c.layout.total); got != c.want {
			t.Errorf("%d on node %d, want %d", got, c.node, c.want)
		}
	}
}

// Every count and every set of nodes that a layout works out agrees with laying each instance by hand.
func TestLayoutAgainstCounting(t *testing.T) {
	for _, l := range []layout{
		{nodes: 7, total: 20, stride: 1, offset: 3},
		{nodes: 7, total: 5, stride: 1, offset: 5, descending: true},
		{nodes: 5, total: 33, stride: 4, offset: 6},
		{nodes: 1, total: 3, stride: 1, descending: true},
	} {
		l.roster = newRoster(spans{{0, l.nodes}})
		for from := 0; from <= l.total; from++ {
			for to := from; to <= l.total; to++ {
				on := make([]int, l.nodes)
				for p := from; p < to; p++ {
					i := p
					if l.descending {
						i = l.total - 1 - p
					}
					on[(l.offset+i)/l.stride%l.nodes]++
				}
				where := l.nodesOf(from, to)
				for lo := range l.nodes {
					if where.contains(lo) != (on[lo] > 0) {
						t.Fatalf("%+v [%d,%d): node %d in %v, %d instances", l, from, to, lo, where, on[lo])
					}
					sum := 0
					for hi := lo; hi < l.nodes; hi++ {
						sum += on[hi]
						if got := l.on(span{lo, hi + 1}, from, to); got != sum {
							t.Fatalf("%+v [%d,%d): %d on nodes %d-%d, want %d", l, from, to, got, lo, hi, sum)
						}
					}
				}
			}
		}
	}
}

// How many instances are in flight shows on the registry's link: each node pulls at 100 MB/s. A Deployment of 10 at the
// defaults has 5, ceil(25 % of 10) + floor(25 % of 10): two waves of a second. A DaemonSet on 60 nodes has 1, for a minute.
func TestInFlight(t *testing.T) {
	s := service("hello", 1, changing("app", 100*mb))
	m := oneSite(10, s)
	m.Duration = day
	r := mustRun(t, m)
	if peak := link(t, r, "hub/bandwidth").Peak; peak != 5*100*mb {
		t.Errorf("the Deployment pulls %v bytes a second", peak)
	}
	wantSeconds(t, "the Deployment", r.Rollouts.Seconds.Max, 2)

	s.Workload = DaemonSet
	m = oneSite(60, s)
	m.Duration = day
	r = mustRun(t, m)
	if peak := link(t, r, "hub/bandwidth").Peak; peak != 100*mb {
		t.Errorf("the DaemonSet pulls %v bytes a second", peak)
	}
	wantSeconds(t, "the DaemonSet", r.Rollouts.Seconds.Max, 60)
}

// sequence is a service on two nodes in each of three datacenters, one after another: an image of 100 MB at 100 MB/s
// and 5 s to start make 6 s for each.
func sequence(deploys ...float64) *Model {
	s := allAtOnce(service("hello", 0, changing("app", 100*mb)))
	s.Sequential, s.Startup, s.DeployTimes = true, 5, deploys
	s.PerNode, s.Instances = 1, []int{2, 2, 2}
	m := oneSite(2, s)
	m.Duration = day
	for _, name := range []string{"iad", "sin"} {
		d := m.Datacenters[0]
		d.Name = name
		m.Datacenters = append(m.Datacenters, d)
	}
	return m
}

// Datacenters one after another: they are done 6, 12 and 18 s after the deploy. In parallel all take 6 s.
func TestSequentialDatacenters(t *testing.T) {
	m := sequence(1000)
	r := mustRun(t, m)
	if got := r.Rollouts; got.Count != 3 || got.Superseded != 0 {
		t.Errorf("rollouts %+v", got)
	}
	wantSeconds(t, "the second", r.Rollouts.Seconds.P50, 12)
	wantSeconds(t, "the third", r.Rollouts.Seconds.Max, 18)
	if peak := link(t, r, "hub/bandwidth").Peak; peak != 2*100*mb {
		t.Errorf("%v bytes a second: more than one datacenter at a time", peak)
	}
	m.Services[0].Sequential = false
	wantSeconds(t, "in parallel", mustRun(t, m).Rollouts.Seconds.Max, 6)
}

// A second deploy 8 s after the first finds the first datacenter done and the second with its image but not up. It supersedes
// that rollout and the one that was to come in the third, which never sees the first version: 2 + 2 + 1 versions × 2
// nodes × 100 MB. Four rollouts end: one of the first deploy after 6 s, three of the second after 6, 12 and 18 s. The
// figure of a calculator counts each deploy in full.
func TestSequentialDeployIsSuperseded(t *testing.T) {
	r := mustRun(t, sequence(1000, 1008))
	if got := r.Rollouts; got.Count != 4 || got.Superseded != 2 {
		t.Errorf("rollouts %+v", got)
	}
	wantBytes(t, "delivered", r.Delivered, 5*2*100*mb)
	wantBytes(t, "naive", r.Bounds.Naive, 2*6*100*mb)
	wantSeconds(t, "half of them", r.Rollouts.Seconds.P50, 6)
	wantSeconds(t, "the last", r.Rollouts.Seconds.Max, 18)
}

// While a deploy is on its way through the datacenters, a new node in the third still gets the old version there: node 0 of
// sin goes 3 s after the deploy and pulls 100 MB of the old, and after its turn has come 100 MB of the new.
func TestNewNodeBeforeItsTurn(t *testing.T) {
	m := sequence(1000)
	e := newEngine(m, false)
	e.agenda.add(1003, replace, event{site: 2, index: 0})
	r := mustEnd(t, e)
	wantBytes(t, "churn", causes(r)[CauseChurn], 100*mb)
	wantBytes(t, "deploy", causes(r)[CauseDeploy], 6*100*mb)
	wantSeconds(t, "the third", r.Rollouts.Seconds.Max, 18)
}
