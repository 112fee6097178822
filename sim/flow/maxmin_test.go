package flow

import (
	"fmt"
	"math"
	"math/rand/v2"
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

// TestAgainstProgressiveFilling compares random networks with a twin that knows no groups and no
// lanes: every member's every flow alone, private links as links, all rates raised in small steps
// of exact levels. Then it checks the definition itself.
func TestAgainstProgressiveFilling(t *testing.T) {
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n, twin := randomNetwork(rng)
		want := twin.fill()
		for i, f := range twin.flows {
			got := n.Rate(f.group, f.route)
			if math.Abs(got-want[i]) > 1e-9*want[i] {
				t.Fatalf("seed %d: flow %d of group %d has rate %v, want %v", seed, i, f.group, got, want[i])
			}
		}
		if err := twin.checkFair(want); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

type twinFlow struct {
	group Group
	route Route
	links []int
	limit float64
}

type twinNet struct {
	capacity []float64
	flows    []twinFlow
}

func randomNetwork(rng *rand.Rand) (*Network, *twinNet) {
	caps := make([]float64, 1+rng.IntN(4))
	for i := range caps {
		caps[i] = float64(1 + rng.IntN(50))
	}
	n, twin := New(caps), &twinNet{capacity: caps}
	var routes []Route
	for range 1 + rng.IntN(4) {
		links := rng.Perm(len(caps))[:1+rng.IntN(len(caps))]
		limit := float64(rng.IntN(10)) // 0: none
		routes = append(routes, n.AddRoute(links, limit))
	}
	for range 1 + rng.IntN(5) {
		members, private := 1+rng.IntN(4), float64(1+rng.IntN(20))
		g := n.AddGroup(members, private)
		var used []Route
		for k := range rng.IntN(5) {
			r := routes[rng.IntN(len(routes))]
			n.Start(g, r, 1000, k)
			used = append(used, r)
		}
		for range members {
			twin.capacity = append(twin.capacity, private)
			for _, r := range used {
				links := append([]int{len(twin.capacity) - 1}, n.routes[r].links...)
				twin.flows = append(twin.flows, twinFlow{g, r, links, n.routes[r].limit})
			}
		}
	}
	return n, twin
}

// fill raises all rates together until a cap or a full link stops some, and goes on with the others.
func (w *twinNet) fill() []float64 {
	rate := make([]float64, len(w.flows))
	stopped := make([]bool, len(w.flows))
	for left := len(w.flows); left > 0; {
		rise := math.Inf(1)
		for i, f := range w.flows {
			if !stopped[i] {
				rise = min(rise, f.limit-rate[i])
				for _, l := range f.links {
					rise = min(rise, w.room(l, rate)/float64(w.rising(l, stopped)))
				}
			}
		}
		for i := range rate {
			if !stopped[i] {
				rate[i] += rise
			}
		}
		for i, f := range w.flows {
			full := f.limit-rate[i] < 1e-9
			for _, l := range f.links {
				full = full || w.room(l, rate) < 1e-9
			}
			if !stopped[i] && full {
				stopped[i] = true
				left--
			}
		}
	}
	return rate
}

func (w *twinNet) room(link int, rate []float64) float64 {
	room := w.capacity[link]
	for i, f := range w.flows {
		for _, l := range f.links {
			if l == link {
				room -= rate[i]
			}
		}
	}
	return room
}

func (w *twinNet) rising(link int, stopped []bool) int {
	count := 0
	for i, f := range w.flows {
		for _, l := range f.links {
			if l == link && !stopped[i] {
				count++
			}
		}
	}
	return count
}

// checkFair checks max-min fairness by its definition: every flow is at its cap or crosses a full
// link on which no flow is faster.
func (w *twinNet) checkFair(rate []float64) error {
	for i, f := range w.flows {
		held := rate[i] > f.limit-1e-6
		for _, l := range f.links {
			held = held || w.room(l, rate) < 1e-6 && rate[i] > w.fastest(l, rate)-1e-6
		}
		if !held {
			return fmt.Errorf("flow %d at %v is held back by nothing", i, rate[i])
		}
	}
	return nil
}

func (w *twinNet) fastest(link int, rate []float64) float64 {
	top := 0.0
	for i, f := range w.flows {
		for _, l := range f.links {
			if l == link {
				top = max(top, rate[i])
			}
		}
	}
	return top
}
