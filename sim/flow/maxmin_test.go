package flow

import (
	"math"
	"slices"
	"testing"
)

// Three members of 1 MB/s each run two flows over a link of 2.4 MB/s, and a lone member runs one flow
// over the same link. Six flows at 0.5 (their private links' halves) would take 3.0, so the link is the
// bottleneck: seven flows get 2.4/7 each. When the group's flows are gone the lone one gets its cap.
func TestGroupsWeighByMembersAndFlows(t *testing.T) {
	n := New([]float64{2.4e6})
	r := n.AddRoute([]int{0}, 2e6)
	three, lone := n.AddGroup(3, 1e6), n.AddGroup(1, 1e9)
	n.Start(three, r, 1e6, 1)
	n.Start(three, r, 1e6, 2)
	n.Start(lone, r, 3e6, 3)
	if got, want := n.Rate(lone, r), 2.4e6/7; math.Abs(got-want) > 1e-6 {
		t.Errorf("rate %v, want %v", got, want)
	}
	end, _ := n.Next()
	if want := 7 / 2.4; math.Abs(end-want) > 1e-9 {
		t.Fatalf("first end at %v, want %v", end, want)
	}
	if done := n.Advance(end, nil); len(done) != 2 || done[0].Tag != 1 || done[1].Tag != 2 {
		t.Fatalf("done %v", done)
	}
	// 2 MB are left, at the cap of 2 MB/s: one second more.
	if end, _ = n.Next(); math.Abs(end-(7/2.4+1)) > 1e-9 {
		t.Errorf("second end at %v", end)
	}
}

// A member with a private link of 10 runs one flow over a link of 2 and one over a link of 100:
// the first gets 2, the second the 8 that are left.
func TestPrivateLinkIsSharedBetweenRoutes(t *testing.T) {
	n := New([]float64{2, 100})
	slow, fast := n.AddRoute([]int{0}, 0), n.AddRoute([]int{1}, 0)
	g := n.AddGroup(1, 10)
	n.Start(g, slow, 100, 0)
	n.Start(g, fast, 100, 1)
	if a, b := n.Rate(g, slow), n.Rate(g, fast); a != 2 || b != 8 {
		t.Errorf("rates %v and %v, want 2 and 8", a, b)
	}
}

func TestSplitCopiesFlowsAndResizeDropsThem(t *testing.T) {
	n := New([]float64{8})
	r := n.AddRoute([]int{0}, 0)
	g := n.AddGroup(4, 100)
	n.Start(g, r, 10, 7) // 2 each
	n.Advance(1, nil)
	h := n.Split(g, 1)
	n.Resize(g, 0) // the lone copy has 8 bytes to go and the link to itself
	end, _ := n.Next()
	if end != 2 {
		t.Fatalf("end at %v, want 2", end)
	}
	if done := n.Advance(end, nil); len(done) != 1 || done[0] != (Done{h, 7}) {
		t.Errorf("done %v", done)
	}
}

// Ten bytes over a link of 2. At 1 there are 8 left and the link has 4: 2 s more, but at 2 it has 1, for
// the 4 left then, and at 3 no limit, so that the private link of 6 takes the last 3 in half a second.
func TestCapacityChangesUnderWay(t *testing.T) {
	n := New(nil)
	l := n.AddLink(2)
	r := n.AddRoute([]int{l}, 0)
	g := n.AddGroup(1, 6)
	n.Start(g, r, 10, 0)
	for at, capacity := range []float64{4, 1, 0} {
		n.Advance(float64(at+1), nil)
		n.SetCapacity(l, capacity)
	}
	if end, _ := n.Next(); end != 3.5 {
		t.Errorf("end at %v, want 3.5", end)
	}
	if load := n.Load(l); load != 6 {
		t.Errorf("load %v, want 6", load)
	}
}

// Two nodes with private links of 1 and 9 share a link of 8: 1 and 7. A third one of 9 comes: 1, 3.5 and
// 3.5. Twelve more of 1 come: the 15 share at 8/15, below even the slowest private link; then the link
// widens to 13 + 2·5 and all those of 1 have it, the others 5.
func TestLevelPassesPrivateLinks(t *testing.T) {
	n := New([]float64{8})
	r := n.AddRoute([]int{0}, 0)
	slow, fast, third := n.AddGroup(1, 1), n.AddGroup(1, 9), n.AddGroup(1, 9)
	rates := func(want ...float64) {
		t.Helper()
		for i, g := range []Group{slow, fast, third} {
			if got := n.Rate(g, r); got != want[i] {
				t.Errorf("group %d has %v, want %v", i, got, want[i])
			}
		}
	}
	n.Start(slow, r, 1e3, 0)
	n.Start(fast, r, 1e3, 0)
	rates(1, 7, 0)
	n.Start(third, r, 1e3, 0)
	rates(1, 3.5, 3.5)
	n.Start(n.AddGroup(12, 1), r, 1e3, 0)
	rates(8.0/15, 8.0/15, 8.0/15)
	n.SetCapacity(0, 23)
	rates(1, 5, 5)
}

// Flows of one byte at 10^9 bytes/s, one after the other, a thousand of them from the 115th day on: each
// takes less than the clock can tell, yet together they take their microsecond.
func TestLateTinyFlows(t *testing.T) {
	n := New([]float64{1e9})
	r := n.AddRoute([]int{0}, 0)
	g, old := n.AddGroup(1, 1e12), n.AddGroup(1, 1)
	n.Start(old, r, 1e8, 0)
	n.Advance(1e7, nil)
	for i := range 1000 {
		n.Start(g, r, 1, i)
		end, _ := n.Next()
		if done := n.Advance(end, nil); len(done) != 1 || done[0] != (Done{g, i}) {
			t.Fatalf("flow %d: %v", i, done)
		}
	}
	// The old flow leaves 10^9 - 1 bytes/s.
	if took, want := n.now.minus(sum{hi: 1e7}), 1000/(1e9-1); math.Abs(took-want) > 1e-12*want {
		t.Errorf("took %v, want %v", took, want)
	}
}

// Copies of one flow come back by group, flows by when they started, whatever clock they go by.
func TestDoneIsInOrderOfStarting(t *testing.T) {
	n := New([]float64{4})
	shared, own := n.AddRoute([]int{0}, 0), n.AddRoute(nil, 1)
	a, b := n.AddGroup(3, 100), n.AddGroup(1, 100)
	n.Start(b, own, 2, 1)
	n.Start(a, shared, 2, 2)
	n.Start(b, shared, 2, 3)
	c := n.Split(a, 1)
	end, _ := n.Next()
	done := n.Advance(end, nil)
	want := []Done{{b, 1}, {a, 2}, {c, 2}, {b, 3}}
	if !slices.Equal(done, want) || end != 2 {
		t.Errorf("at %v: %v, want %v at 2", end, done, want)
	}
}

func TestStrandedCallsPanic(t *testing.T) {
	n := New([]float64{1})
	r := n.AddRoute([]int{0}, 0)
	g := n.AddGroup(1, 1)
	n.Start(g, r, 1, 0)
	for name, call := range map[string]func(){
		"back in time":         func() { n.Advance(-1, nil) },
		"past an end":          func() { n.Advance(2, nil) },
		"negative capacity":    func() { n.SetCapacity(0, -1) },
		"infinite flow":        func() { n.Start(g, r, math.Inf(1), 1) },
		"no members":           func() { n.AddGroup(0, 1) },
		"unlimited group":      func() { n.AddGroup(1, math.Inf(1)) },
		"split of all":         func() { n.Split(g, 1) },
		"resize below nothing": func() { n.Resize(g, -1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

// Two flows of 1 s and one that has a part in 10^15 more: at one instant short of the end nothing has ended,
// at the end all have.
func TestNothingEndsBeforeNext(t *testing.T) {
	n := New(nil)
	r := n.AddRoute(nil, 0)
	for i, bytes := range []float64{1, 1, 1 + 1e-15} {
		n.Start(n.AddGroup(1, 1), r, bytes, i)
	}
	if done := n.Advance(math.Nextafter(1, 0), nil); len(done) != 0 {
		t.Errorf("ended early: %v", done)
	}
	if done := n.Advance(1, nil); len(done) != 3 {
		t.Errorf("ended at 1: %v", done)
	}
}
