package flow

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// One slot and a link of 1 byte/s. a runs from 0 to 2. d got ready at 1 and goes next, 2 to 3. c and b
// both wait for a and got ready at 2; c stands before b, so it has 3 to 6 and b 6 to 7. e waits for d
// too, until 3, and comes last: it has no bytes, but needs the slot, and ends when it starts, at 7.
func TestQueueIsByReadinessThenPlace(t *testing.T) {
	p := &Plan{Links: []float64{1}, Routes: []Path{{Links: []int{0}}}, Nodes: []Node{{Slots: 1, Flows: []Flow{
		{Bytes: 3, After: []Ref{{SameNode, 2}}}, // c
		{Bytes: 1, After: []Ref{{0, 2}}},        // b
		{Bytes: 2},                              // a
		{Start: 1, Bytes: 1},                    // d
		{After: []Ref{{0, 2}, {0, 3}}},          // e
	}}}}
	played, err := p.Play()
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{3, 6, 0, 2, 7}; !slices.Equal(played.Start[0], want) {
		t.Errorf("starts %v, want %v", played.Start[0], want)
	}
	if want := []float64{6, 7, 2, 3, 7}; !slices.Equal(played.Finish[0], want) {
		t.Errorf("ends %v, want %v", played.Finish[0], want)
	}
	if played.LinkBytes[0] != 7 {
		t.Errorf("the link carried %v, want 7", played.LinkBytes[0])
	}
}

// A flow of 0.3 s and three of 0.1 s one after the other end at one instant, though in floats
// 0.1 + 0.1 + 0.1 is not 0.3. What waits for them, and what the clock starts at 0.3, got ready together:
// on one slot it goes by place, in whatever order they stand.
func TestInstantsThatDifferByRoundingAreOne(t *testing.T) {
	waiting := []Flow{
		{Bytes: 1, Route: 2, After: []Ref{{0, 0}}},
		{Bytes: 1, Route: 2, After: []Ref{{0, 3}}},
		{Bytes: 1, Route: 2, Start: 0.3},
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		p := &Plan{
			Links:  []float64{1, 1, 1},
			Routes: []Path{{Links: []int{0}}, {Links: []int{1}}, {Links: []int{2}}},
			Nodes: []Node{
				{Flows: []Flow{{Bytes: 0.3}, {Bytes: 0.1, Route: 1}, {Bytes: 0.1, Route: 1, After: []Ref{{0, 1}}}, {Bytes: 0.1, Route: 1, After: []Ref{{0, 2}}}}},
				{Slots: 1, Flows: []Flow{waiting[order[0]], waiting[order[1]], waiting[order[2]]}},
			},
		}
		played, err := p.Play()
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{0.3, 1.3, 2.3} {
			if got := played.Start[1][i]; math.Abs(got-want) > 1e-12 {
				t.Errorf("order %v: flow %d starts at %v, want %v", order, i, got, want)
			}
		}
	}
}

func TestPlanNamesAllItsMistakes(t *testing.T) {
	p := &Plan{
		Links:  []float64{-1, math.NaN()},
		Routes: []Path{{Links: []int{2}}, {PerFlow: math.Inf(1)}, {}},
		Nodes: []Node{
			{Slots: -1},
			{Start: math.Inf(1)},
			{Flows: []Flow{{Bytes: -1}, {Start: -1}, {Route: 3}, {Route: 2}, {After: []Ref{{3, 0}}}, {After: []Ref{{SameNode, 9}}}}},
		},
	}
	_, err := p.Play()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"link 0 has", "link 1 has", "route 0 crosses link 2", "route 1 has", "node 0 has", "node 1 has", "flow 0 of node 2 has -1 bytes",
		"flow 1 of node 2 starts at -1", "flow 2 of node 2 takes route 3", "flow 3 of node 2 is held back by nothing",
		"flow 4 of node 2 waits for flow 0 of node 3", "flow 5 of node 2 waits for flow 9 of node -1",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q in:\n%v", want, err)
		}
	}
}

func TestCirclesAndEndlessFlowsAreErrors(t *testing.T) {
	circle := &Plan{Links: []float64{1}, Routes: []Path{{Links: []int{0}}}, Nodes: []Node{
		{Flows: []Flow{{Bytes: 1}}},
		{Flows: []Flow{{Bytes: 1, After: []Ref{{0, 0}, {2, 0}}}}},
		{Flows: []Flow{{Bytes: 1, After: []Ref{{1, 0}}}}},
	}}
	if _, err := circle.Play(); err == nil || !strings.Contains(err.Error(), "flow 0 of node 1 waits") {
		t.Errorf("a circle: %v", err)
	}
	endless := &Plan{Links: []float64{1e-200}, Routes: []Path{{Links: []int{0}}}, Nodes: []Node{{Flows: []Flow{{Bytes: 1e150}}}}}
	if _, err := endless.Play(); err == nil || !strings.Contains(err.Error(), "longer than any number of seconds") {
		t.Errorf("a flow without end: %v", err)
	}
}

// FuzzPlan plays plans of any amounts: they are played or refused, and take no more steps than they have
// starts and ends.
func FuzzPlan(f *testing.F) {
	f.Add(uint64(1), 0.0, 1e9, 1e7, 1e7, uint8(3))
	f.Add(uint64(2), 1e-200, 1e140, 1e-140, 1e9, uint8(0))
	f.Add(uint64(3), 5e-324, 1e-9, 1.0, 1e16, uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, capacity, private, bytes, start float64, slots uint8) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := randomPlan(rng)
		scale := func(x *float64, by float64) {
			if rng.IntN(2) == 0 {
				*x *= by
			}
		}
		flows := 0
		for i := range p.Links {
			scale(&p.Links[i], capacity)
		}
		for i := range p.Nodes {
			n := &p.Nodes[i]
			scale(&n.Private, private)
			scale(&n.Start, start)
			n.Slots = int(slots) % 5
			flows += len(n.Flows)
			for j := range n.Flows {
				scale(&n.Flows[j].Bytes, bytes)
				scale(&n.Flows[j].Start, start)
				if seed%7 == 0 && rng.IntN(4) == 0 {
					n.Flows[j].After = append(n.Flows[j].After, Ref{rng.IntN(len(p.Nodes) + 1), rng.IntN(6)})
				}
			}
		}
		played, err := p.Play()
		if err != nil {
			return
		}
		if played.Instants > 2*flows+len(p.Nodes) {
			t.Fatalf("%d steps for %d flows", played.Instants, flows)
		}
		for i := range p.Nodes {
			for j := range p.Nodes[i].Flows {
				if !(played.Finish[i][j] >= played.Start[i][j] && played.Start[i][j] >= p.Nodes[i].Start) {
					t.Fatalf("flow %d of node %d runs from %v to %v", j, i, played.Start[i][j], played.Finish[i][j])
				}
			}
		}
	})
}

// TestPlanAgainstTwin compares random plans with a player that visits every flow at every event, and
// plays nodes of several members one by one.
func TestPlanAgainstTwin(t *testing.T) {
	for seed := range uint64(3000) {
		p := randomPlan(rand.New(rand.NewPCG(seed, 3)))
		got, err := p.Play()
		if err != nil {
			t.Fatal(err)
		}
		if err := comparePlayed(p, got, newTwinPlayer(p).play()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func comparePlayed(p *Plan, got *Played, want []*twinPlaying) error {
	carried := make([]float64, len(p.Links))
	for _, f := range want {
		start, finish := got.Start[f.node][f.place], got.Finish[f.node][f.place]
		tolerance := 1e-9 * (f.finish - f.start)
		if math.Abs(start-f.start) > 1e-9*f.start || math.Abs(finish-f.finish) > tolerance+1e-9*f.start {
			return fmt.Errorf("flow %d of node %d runs from %v to %v, want %v to %v", f.place, f.node, start, finish, f.start, f.finish)
		}
		for _, l := range p.Routes[f.spec.Route].Links {
			carried[l] += f.spec.Bytes
		}
	}
	for i, want := range carried {
		if math.Abs(got.LinkBytes[i]-want) > 1e-9*want {
			return fmt.Errorf("link %d carries %v, want %v", i, got.LinkBytes[i], want)
		}
	}
	return nil
}

func randomPlan(rng *rand.Rand) *Plan {
	p := &Plan{}
	for range 1 + rng.IntN(4) {
		p.Links = append(p.Links, float64(1+rng.IntN(30)))
	}
	for range 1 + rng.IntN(3) {
		p.Routes = append(p.Routes, Path{Links: rng.Perm(len(p.Links))[:1+rng.IntN(len(p.Links))], PerFlow: float64(rng.IntN(8))})
	}
	for range 1 + rng.IntN(4) {
		n := Node{Members: rng.IntN(4), Private: float64(rng.IntN(12)), Slots: rng.IntN(4), Start: rng.Float64()}
		for range rng.IntN(6) {
			f := Flow{Start: rng.Float64() * float64(rng.IntN(4)), Bytes: rng.Float64() * 9, Route: rng.IntN(len(p.Routes))}
			if rng.IntN(8) == 0 {
				f.Bytes = 0
			}
			if k := len(n.Flows); k > 0 && rng.IntN(3) == 0 {
				f.After = append(f.After, Ref{SameNode, rng.IntN(k)})
			}
			if k := len(p.Nodes); k > 0 && rng.IntN(4) == 0 {
				if at := rng.IntN(k); len(p.Nodes[at].Flows) > 0 {
					f.After = append(f.After, Ref{at, rng.IntN(len(p.Nodes[at].Flows))})
				}
			}
			n.Flows = append(n.Flows, f)
		}
		p.Nodes = append(p.Nodes, n)
	}
	return p
}
