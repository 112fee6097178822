package sim

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samplesWithBytes lists the five minutes in which a link carried anything, by the hour of their begin.
func samplesWithBytes(l Link) []float64 {
	var out []float64
	for i, rate := range l.Samples {
		if rate > 0 {
			out = append(out, float64(i)*SampleSeconds/3600)
		}
	}
	return out
}

// Three tags of a history, of which the layers are base+x, base+y and other+y: the first deploy moves y, the second moves
// other and not y, whose blob is there; and there are no more, however many deploys follow. A day has 4, at 3, 9, 15
// and 21 h. Where blobs are not kept, y over another base is fetched again.
func TestHistoryEnds(t *testing.T) {
	base, other := Layer{Digest: "base", Bytes: 50 * mb}, Layer{Digest: "other", Bytes: 60 * mb}
	x, y := Layer{Digest: "x", Bytes: 3 * mb}, Layer{Digest: "y", Bytes: 5 * mb}
	s := history("a", []Layer{base, x}, []Layer{base, y}, []Layer{other, y})
	s.DeployInterval = day / 4
	m := oneSite(2, s)
	m.Duration = day
	r := mustRun(t, m)
	wantBytes(t, "delivered", r.Delivered, 2*65*mb)
	wantBytes(t, "pushed", r.Storage[0].Pushed, 65*mb)
	if r.Images[0].Deploys != 2 || r.Rollouts.Count != 2 {
		t.Errorf("%+v, rollouts %+v", r.Images[0], r.Rollouts)
	}
	if diff := cmp.Diff([]float64{3, 9}, samplesWithBytes(link(t, r, "hub/bandwidth"))); diff != "" {
		t.Errorf("when:\n%s", diff)
	}
	m.Datacenters[0].Pools[0].KeepBlobs = false
	wantBytes(t, "blobs not kept", mustRun(t, m).Delivered, 2*70*mb)
}

// A history that goes back to what ran before: the nodes, whose disks have no limit, still have it, and nothing moves. A
// node that came in between has never had it, and pulls the layer.
func TestRollbackMovesNothing(t *testing.T) {
	one, two := []Layer{{Digest: "one", Bytes: 100 * mb}}, []Layer{{Digest: "two", Bytes: 10 * mb}}
	for _, keep := range []bool{true, false} {
		s := history("a", one, two, one)
		s.DeployTimes = []float64{1000, 3000}
		m := oneSite(4, s)
		m.Duration = day
		m.Datacenters[0].Pools[0].KeepBlobs = keep
		r := mustRun(t, m)
		wantBytes(t, "delivered", r.Delivered, 4*10*mb)
		wantBytes(t, "floor at nodes", r.Bounds.FloorNode, 4*10*mb)
		if r.Rollouts.Count != 2 {
			t.Errorf("rollouts %+v", r.Rollouts)
		}

		r = runRemoving(t, singly(m), removal{2000, 3})
		wantBytes(t, "with a new node", r.Delivered, 4*10*mb+10*mb+100*mb)
	}
}

// The registry still has what the history goes back to, if it keeps three versions: 10 MB are pushed to it, and to its
// replica. If it keeps one, the 100 MB are pushed again.
func TestRollbackIsPushedIfForgotten(t *testing.T) {
	one, two := []Layer{{Digest: "one", Bytes: 100 * mb}}, []Layer{{Digest: "two", Bytes: 10 * mb}}
	s := history("a", one, two, one)
	s.DeployTimes = []float64{1000, 3000}
	m := oneSite(4, s)
	m.Registries[0].Replicas = []int{0}
	for keep, want := range map[int]int64{1: 110 * mb, 3: 10 * mb} {
		m.Registries[0].KeepVersions = keep
		r := mustRun(t, m)
		wantBytes(t, "pushed", r.Storage[0].Pushed, want)
		wantBytes(t, "replicated", r.Storage[0].Replicated, want)
		wantBytes(t, "pushes", causes(r)[CausePush], want)
	}
}

// Deploys at listed times, and no others.
func TestDeployTimes(t *testing.T) {
	s := service("a", 24, changing("app", mb))
	s.DeployTimes = []float64{3600, 3600 * 5, 3600 * 5.5, 3600 * 30}
	m := oneSite(1, s)
	m.Duration = day
	r := mustRun(t, m)
	if diff := cmp.Diff([]float64{1, 5, 5.5}, samplesWithBytes(link(t, r, "hub/bandwidth"))); diff != "" {
		t.Errorf("when:\n%s", diff)
	}
	m.Services[0].DeployTimes = []float64{}
	if r = mustRun(t, m); r.Images[0].Deploys != 0 {
		t.Errorf("%+v", r.Images[0])
	}
}

// Two deploys a day of the only service fall at 6 and 18 h, at a quarter and three quarters of the day. Windows from 9 to
// 17 h make that 11 and 15 h, of every day that has one; when summer time begins, the window of 6 June is an hour earlier
// as the clock of t=0 has it. Here there are windows on days 0, 1 and 4, which take the deploys of three days.
func TestDeployWindows(t *testing.T) {
	s := service("a", 2, changing("app", mb))
	for _, d := range []float64{0, 1, 4} {
		s.DeployWindows = append(s.DeployWindows, Window{d*day + 9*3600, d*day + 17*3600})
	}
	s.DeployWindows[2] = Window{4*day + 8*3600, 4*day + 16*3600}
	m := oneSite(1, s)
	m.Duration = 6 * day
	r := mustRun(t, m)
	want := []float64{11, 15, 24 + 11, 24 + 15, 96 + 10, 96 + 14}
	if diff := cmp.Diff(want, samplesWithBytes(link(t, r, "hub/bandwidth"))); diff != "" {
		t.Errorf("when:\n%s", diff)
	}
	if r.Images[0].Deploys != 6 {
		t.Errorf("%+v", r.Images[0])
	}
}

// A window that is open when the run begins had its first deploy before. Of two a day in 20 h to 4 h, at 22 and 2 h, the
// run from midnight to midnight sees that of 2 h and the next day's of 22 h: two, as many as a day has.
func TestWindowOpenAtTheStart(t *testing.T) {
	s := service("a", 2, changing("app", mb))
	s.DeployWindows = []Window{{-4 * 3600, 4 * 3600}, {20 * 3600, 28 * 3600}}
	m := oneSite(1, s)
	m.Duration = day
	if diff := cmp.Diff([]float64{2, 22}, samplesWithBytes(link(t, mustRun(t, m), "hub/bandwidth"))); diff != "" {
		t.Errorf("when:\n%s", diff)
	}
}

// Poisson deploys in windows fall in windows.
func TestPoissonDeploysInWindows(t *testing.T) {
	s := service("a", 20, changing("app", mb))
	for d := range 10 {
		s.DeployWindows = append(s.DeployWindows, Window{float64(d)*day + 9*3600, float64(d)*day + 17*3600})
	}
	m := oneSite(1, s)
	m.Duration, m.Arrivals = 10*day, Poisson
	r := mustRun(t, m)
	hours := samplesWithBytes(link(t, r, "hub/bandwidth"))
	outside := func(h float64) bool { return h-24*float64(int(h/24)) < 9 || h-24*float64(int(h/24)) > 17 }
	if slices.ContainsFunc(hours, outside) || len(hours) < 50 {
		t.Errorf("%d times, some of them outside: %v", len(hours), hours)
	}
}
