package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// versionsOf makes images of one layer each, of which unpacked 200 MB or what sizes say; the digest is the number.
func versionsOf(name string, numbers ...int) Service {
	var images [][]Layer
	for _, n := range numbers {
		digest := name + string(rune('0'+n))
		images = append(images, []Layer{{Digest: digest, Bytes: 10 * mb, DiskBytes: 200 * mb}})
	}
	s := history(name, images...)
	for i := range numbers[1:] {
		s.DeployTimes = append(s.DeployTimes, 1000*float64(i+1))
	}
	return s
}

// smallDisk is one node with room for 1000 MB, which throws images away above 85 % until 80 %.
func smallDisk(list ...Service) *Model {
	m := oneSite(1, list...)
	m.Duration = day
	p := &m.Datacenters[0].Pools[0]
	p.KeepBlobs, p.ImageDisk, p.GCHigh, p.GCLow = false, 1000*mb, 0.85, 0.8
	return m
}

// Versions of 200 MB fill a disk of 1000 MB. The fifth makes 1000, more than 850, and the least recently used image goes:
// the first; 800 are not more than 800. The sixth makes the second go. What comes back then, the third, is there still,
// and moves nothing; but the second is fetched again, as something that the node had and threw away.
func TestLeastRecentlyUsedImageGoesFirst(t *testing.T) {
	r := mustRun(t, smallDisk(versionsOf("a", 1, 2, 3, 4, 5, 6)))
	if r.Nodes.GCEvictions != 2 {
		t.Errorf("nodes %+v", r.Nodes)
	}
	wantBytes(t, "disk", r.Nodes.DiskPeak, 1000*mb)

	r = mustRun(t, smallDisk(versionsOf("a", 1, 2, 3, 4, 5, 6, 3)))
	if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 50 * mb}, causes(r)); diff != "" {
		t.Errorf("back to the third:\n%s", diff)
	}
	r = mustRun(t, smallDisk(versionsOf("a", 1, 2, 3, 4, 5, 6, 2)))
	if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 50 * mb, CauseEviction: 10 * mb}, causes(r)); diff != "" {
		t.Errorf("back to the second:\n%s", diff)
	}
	wantBytes(t, "floor at nodes", r.Bounds.FloorNode, 50*mb)

	// Use counts, not arrival: the first was used again after the third, so that the second goes first, then the third.
	r = mustRun(t, smallDisk(versionsOf("a", 1, 2, 3, 1, 4, 5, 6, 1)))
	if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 50 * mb}, causes(r)); diff != "" {
		t.Errorf("back to the first, used twice:\n%s", diff)
	}
}

// A second service's image of 700 MB is in use all the time. With the first version of the other, 200 MB, the disk holds 900,
// more than 850, but everything is in use. The second version makes 1100: the disk is full in the middle of that pull, and
// everything unused would go, but the first version still runs until the second does. When the third's layer arrives, the
// disk is full as before and the first version unused: it goes, and the third fits in its place.
func TestImagesInUseStay(t *testing.T) {
	big := service("big", 0, OwnLayer{Layer: Layer{Digest: "big", Bytes: 10 * mb, DiskBytes: 700 * mb}})
	m := smallDisk(versionsOf("a", 1, 2), big)
	r := mustRun(t, m)
	if r.Nodes.GCEvictions != 0 {
		t.Errorf("two versions: nodes %+v", r.Nodes)
	}
	wantBytes(t, "disk", r.Nodes.DiskPeak, 1100*mb)

	m = smallDisk(versionsOf("a", 1, 2, 3), big)
	r = mustRun(t, m)
	if r.Nodes.GCEvictions != 1 {
		t.Errorf("three versions: nodes %+v", r.Nodes)
	}
	wantBytes(t, "disk", r.Nodes.DiskPeak, 1100*mb)
	wantBytes(t, "delivered", r.Delivered, 20*mb)
}

// Four versions of 200 MB are 800, under the mark of 850. A fifth of 300 MB fills the disk before the pull is over, and the
// node is under disk pressure: all that is unused goes at once, not only what is needed to get under 800. That is three
// of them; the fourth still runs. So the first moves again, and so does the third, which the milder way would have kept.
func TestDiskPressureThrowsEverythingUnusedAway(t *testing.T) {
	for _, back := range []int{1, 2, 3} {
		s := versionsOf("a", 1, 2, 3, 4, 5, back)
		s.Versions[4][0][0].DiskBytes = 300 * mb
		r := mustRun(t, smallDisk(s))
		if r.Nodes.GCEvictions != 3 {
			t.Errorf("nodes %+v", r.Nodes)
		}
		if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 40 * mb, CauseEviction: 10 * mb}, causes(r)); diff != "" {
			t.Errorf("back to %d:\n%s", back, diff)
		}
	}
	s := versionsOf("a", 1, 2, 3, 4, 5, 4)
	s.Versions[4][0][0].DiskBytes = 300 * mb
	if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 40 * mb}, causes(mustRun(t, smallDisk(s)))); diff != "" {
		t.Errorf("back to 4:\n%s", diff)
	}
}

// Layers go when no image kept needs them: five versions of 150 MB over one base of 100 MB unpacked. The disk holds
// 100 + 5 × 150 = 850 MB, not more than 850; with the sixth it is 1000, and two versions go, but not their base: 700.
// Blobs that are kept take room besides, and leave with their layers.
func TestSharedLayersStay(t *testing.T) {
	s := versionsOf("a", 1, 2, 3, 4, 5, 6, 1)
	base := Layer{Digest: "base", Bytes: 10 * mb, DiskBytes: 100 * mb}
	for i := range s.Versions {
		s.Versions[i][0][0].DiskBytes = 150 * mb
		s.Versions[i][0] = []Layer{base, s.Versions[i][0][0]}
	}
	m := smallDisk(s)
	r := mustRun(t, m)
	if r.Nodes.GCEvictions != 2 {
		t.Errorf("nodes %+v", r.Nodes)
	}
	if diff := cmp.Diff(map[Cause]int64{CauseDeploy: 50 * mb, CauseEviction: 10 * mb}, causes(r)); diff != "" {
		t.Errorf("causes:\n%s", diff)
	}

	// With blobs each version takes 160 MB and the base 110: 110 + 5 × 160 = 910 are too many already with the fifth, and
	// the first goes, to 750. With the sixth, 910 again, the second; with the first that comes back, the third.
	m.Datacenters[0].Pools[0].KeepBlobs = true
	r = mustRun(t, m)
	if r.Nodes.GCEvictions != 3 {
		t.Errorf("with blobs: nodes %+v", r.Nodes)
	}
	wantBytes(t, "disk with blobs", r.Nodes.DiskPeak, 910*mb)
}
