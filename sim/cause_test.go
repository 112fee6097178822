package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One fleet in which every cause occurs once. Two nodes, an image of base 50 MB (rebuilt upstream at half of 4 d) and app 3
// MB; its registry has a replica in the datacenter. t=0: both nodes start empty: 2 × 53. 1 d: a deploy: 2 × 3. 3 d: the next
// deploy, which carries the base rebuilt at 2 d, and app: 2 × 50 and 2 × 3. 3.5 d: a node is replaced: 53. An ephemeral
// node's task restarts once, at 2.5 d of 5: 20 MB; it starts at t=0 too, 20. Pushes: 3, and then 50 + 3.
func TestCauses(t *testing.T) {
	s := service("hello", 0, changing("app", 3*mb))
	s.Base, s.Instances, s.DeployTimes = 0, []int{2}, []float64{day, 3 * day}
	job := service("job", 0, static("job", 20*mb))
	job.Instances, job.RestartsPerDay = []int{1}, 0.2
	m := singly(coldStart(oneSite(3, s, job)))
	m.Duration = 5 * day
	m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "base", Bytes: 50 * mb}}}, Rebuild: 4 * day}}
	m.Registries[0].Replicas = []int{0}
	m.Datacenters[0].Pools[2].Ephemeral = true
	r := runRemoving(t, m, removal{3.5 * day, 1})
	want := map[Cause]int64{
		CauseStart:   (2*53 + 20) * mb,
		CauseDeploy:  2 * 2 * 3 * mb,
		CauseRebuild: 2 * 50 * mb,
		CauseChurn:   53 * mb,
		CauseRestart: 20 * mb,
		CausePush:    (3 + 53) * mb,
	}
	if diff := cmp.Diff(want, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
}

// What is above a rebuilt base moves because of it: 20 MB that are built anew over it; and where the layer keeps its digest,
// but blobs are not kept, it is fetched again for the same reason.
func TestCauseAboveARebuiltBase(t *testing.T) {
	for _, rebaseKeep := range []bool{false, true} {
		deps := static("deps", 20*mb)
		deps.RebaseKeep = rebaseKeep
		s := service("hello", 0, deps, changing("app", 3*mb))
		s.Base, s.DeployTimes = 0, []float64{3 * day}
		m := oneSite(1, s)
		m.Duration = 5 * day
		m.Bases = []Base{{Ref: "debian", Layers: [][]Layer{{{Digest: "base", Bytes: 50 * mb}}}, Rebuild: 4 * day}}
		m.Datacenters[0].Pools[0].KeepBlobs = false
		want := map[Cause]int64{CauseDeploy: 3 * mb, CauseRebuild: 70 * mb}
		if diff := cmp.Diff(want, causes(mustRun(t, m))); diff != "" {
			t.Errorf("rebase keep %v:\n%s", rebaseKeep, diff)
		}
	}
}

// Each deploy draws a node for every instance. The draws are those of the stream named after the service and the site, one
// for the first version and one for each deploy, an instance after another. A node that has never had the service pulls
// the base of 50 MB for placement, and any node that is drawn the new layer of 3 MB for the deploy.
func TestRandomPlacement(t *testing.T) {
	const nodes, instances, deploys = 20, 5, 6
	s := allAtOnce(service("hello", deploys, static("base", 50*mb), changing("app", 3*mb)))
	s.Placement, s.Instances = Random, []int{instances}
	m := oneSite(nodes, s)
	m.Duration, m.Seed = day, 3
	r := mustRun(t, m)

	dice := stream(3, "placement/hello/fra")
	had := map[int]bool{}
	want := map[Cause]int64{}
	naive := int64(0)
	for deploy := range 1 + deploys {
		drawn := map[int]bool{}
		for range instances {
			drawn[dice.IntN(nodes)] = true
		}
		for node := range drawn {
			if deploy > 0 && !had[node] {
				want[CausePlacement] += 50 * mb
			}
			if deploy > 0 {
				want[CauseDeploy] += 3 * mb
				naive += 53 * mb
			}
			had[node] = true
		}
	}
	if diff := cmp.Diff(want, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}
	wantBytes(t, "naive", r.Bounds.Naive, naive)
}
