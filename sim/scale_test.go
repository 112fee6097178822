package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scaledPool lets a fleet have all its nodes from 8 to 20 h, and fewer at night, when t=0 is.
func scaledPool(m *Model, least int) *Model {
	m.Datacenters[0].Pools[0].Autoscale = &Autoscale{Min: least, Up: 8 * 3600, Down: 20 * 3600}
	return m
}

// One instance on every node there is; 4 nodes at night and 10 by day. At 8 h of each of two days six nodes come, empty,
// and pull 53 MB. At 20 h they go: nothing moves. A deploy at 3 h of the first day reaches the 4 nodes of the night, with
// the 3 MB that changed, and those who come later pull the new version.
func TestAutoscaledNodesPull(t *testing.T) {
	s := service("hello", 0, static("base", 50*mb), changing("app", 3*mb))
	s.DeployTimes = []float64{3 * 3600}
	m := scaledPool(oneSite(10, s), 4)
	m.Duration = 2 * day
	r := mustRun(t, m)
	want := map[Cause]int64{CauseChurn: 2 * 6 * 53 * mb, CauseDeploy: 4 * 3 * mb}
	if diff := cmp.Diff(want, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	if diff := cmp.Diff([]float64{3, 8, 32}, samplesWithBytes(link(t, r, "hub/bandwidth"))); diff != "" {
		t.Errorf("when:\n%s", diff)
	}
	if r.Nodes.Replaced != 0 || r.Rollouts.Count != 1 {
		t.Errorf("nodes %+v, rollouts %+v", r.Nodes, r.Rollouts)
	}

	// By the clock of a night shift: full from 20 to 8 h, so that t=0 has all, and the six come at 20 h.
	m.Datacenters[0].Pools[0].Autoscale = &Autoscale{Min: 4, Up: 20 * 3600, Down: 8 * 3600}
	want = map[Cause]int64{CauseChurn: 2 * 6 * 53 * mb, CauseDeploy: 10 * 3 * mb}
	if diff := cmp.Diff(want, causes(mustRun(t, m))); diff != "" {
		t.Errorf("night shift:\n%s", diff)
	}
}

// Two services of four instances each, spread over 8 nodes by day: a on nodes 0-3, b on 4-7. At night there are four nodes,
// and b's instances start on 0-3 too, which have not had it: 4 × 20 MB, at 20 h. At 8 h the others come back and pull b:
// 4 × 20 MB. At t=0 it is night, and warm. Two days: twice the morning, twice the evening; but nodes 0-3, which run no b
// by day, keep it, so that on the first evening they have it from the night before, and on the second too.
func TestInstancesMoveWhenNodesGo(t *testing.T) {
	a, b := service("a", 0, static("a", 10*mb)), service("b", 0, static("b", 20*mb))
	a.Instances, b.Instances = []int{4}, []int{4}
	m := scaledPool(oneSite(8, a, b), 4)
	m.Duration = 2 * day
	if diff := cmp.Diff(map[Cause]int64{CauseChurn: 2 * 4 * 20 * mb}, causes(mustRun(t, m))); diff != "" {
		t.Errorf("from the night:\n%s", diff)
	}
	// Full at t=0, until 8 h, and again from 20 h: nodes 0-3 get b at 8 h of the first day.
	m.Datacenters[0].Pools[0].Autoscale = &Autoscale{Min: 4, Up: 20 * 3600, Down: 8 * 3600}
	want := map[Cause]int64{CausePlacement: 4 * 20 * mb, CauseChurn: 2 * 4 * 20 * mb}
	if diff := cmp.Diff(want, causes(mustRun(t, m))); diff != "" {
		t.Errorf("from the day:\n%s", diff)
	}
}

// A pool that is empty at night: a deploy then finds nobody, and is over at once. In the morning the nodes pull what is current.
func TestEmptyAtNight(t *testing.T) {
	s := service("hello", 0, static("base", 50*mb), changing("app", 3*mb))
	s.DeployTimes = []float64{3 * 3600}
	m := scaledPool(oneSite(5, s), 0)
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 5*53*mb)
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 0)
	if r.Rollouts.Count != 1 {
		t.Errorf("rollouts %+v", r.Rollouts)
	}
}

// A rollout, one instance at a time, 1 s for the image and 9 s to start, is at work when six nodes come: begun 29 s
// before 8 h, it has replaced two of the night's four instances by then, and the third starts on its image. The new nodes pull
// the new version as they come. The rollout begins again over ten instances: where the image is there, 9 s each.
func TestRolloutWhileNodesCome(t *testing.T) {
	s := service("hello", 0, changing("app", 100*mb))
	s.MaxSurge, s.MaxUnavailable, s.Startup = Amount{Value: 1}, Amount{}, 9
	s.DeployTimes = []float64{8*3600 - 29}
	m := scaledPool(oneSite(10, s), 4)
	m.Duration = day
	r := mustRun(t, m)
	want := map[Cause]int64{CauseChurn: 6 * 100 * mb, CauseDeploy: 4 * 100 * mb}
	if diff := cmp.Diff(want, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	// 29 s, then three instances that have it, the fourth, which pulls, and the six that came.
	wantSeconds(t, "rollout", r.Rollouts.Seconds.Max, 29+3*9+10+6*9)
	if r.Rollouts.Count != 1 {
		t.Errorf("rollouts %+v", r.Rollouts)
	}
}
