package flow

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
)

var casesDir = flag.String("cases", "testdata/cases", "folder of flow cases")

// A flowCase is one small network with known answers: sizes in bytes, capacities in bytes per second.
type flowCase struct {
	Links []struct {
		ID       string
		Capacity float64
	}
	Nodes []struct {
		ID            string
		MaxConcurrent int `json:"max_concurrent"`
	}
	Flows []struct {
		ID    string
		Start float64
		Size  float64
		Links []string
		After []string
		Node  string
	}
	Tolerance float64 `json:"tolerance_rel"`
	Expected  struct {
		Makespan      float64
		Finish, Start map[string]float64
		LinkBytes     map[string]float64 `json:"link_bytes"`
	}
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(*casesDir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s (%v)", *casesDir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c flowCase
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			newRunner(c).run().check(t)
		})
	}
}

// A runner plays a case: it knows start times, dependencies and slots, which the network does not.
type runner struct {
	c             flowCase
	net           *Network
	routes        []Route
	groups        []Group
	ready         []float64 // per flow, NaN: waits for others
	start, finish []float64 // NaN: not yet
	free          map[string]int
	bytes         []float64
}

func newRunner(c flowCase) *runner {
	r := &runner{c: c, free: map[string]int{}, bytes: make([]float64, len(c.Links))}
	caps := make([]float64, len(c.Links))
	for i, l := range c.Links {
		caps[i] = l.Capacity
	}
	r.net = New(caps)
	for _, n := range c.Nodes {
		r.free[n.ID] = n.MaxConcurrent
	}
	for _, f := range c.Flows {
		r.routes = append(r.routes, r.net.AddRoute(r.links(f.Links), 0))
		r.groups = append(r.groups, r.net.AddGroup(1, 1e18))
		r.ready = append(r.ready, math.NaN())
		r.start = append(r.start, math.NaN())
		r.finish = append(r.finish, math.NaN())
	}
	return r
}

func (r *runner) links(ids []string) []int {
	var out []int
	for _, id := range ids {
		for i, l := range r.c.Links {
			if l.ID == id {
				out = append(out, i)
			}
		}
	}
	return out
}

// run steps from event to event until every flow has ended.
func (r *runner) run() *runner {
	for {
		r.release()
		next := math.Inf(1)
		for i := range r.c.Flows {
			if math.IsNaN(r.start[i]) && r.ready[i] > r.net.Now() {
				next = min(next, r.ready[i])
			}
		}
		if end, ok := r.net.Next(); ok {
			next = min(next, end)
		}
		if math.IsInf(next, 1) {
			return r
		}
		step := next - r.net.Now()
		for i := range r.bytes {
			r.bytes[i] += r.net.Load(i) * step
		}
		for _, d := range r.net.Advance(next, nil) {
			r.end(d.Tag)
		}
	}
}

func (r *runner) end(i int) {
	r.finish[i] = r.net.Now()
	if node := r.c.Flows[i].Node; node != "" {
		r.free[node]++
	}
}

// release finds out when waiting flows get ready, queues them and starts what may start. A flow of
// size 0 ends at once and may release others.
func (r *runner) release() {
	for again := true; again; {
		again = false
		for i, f := range r.c.Flows {
			if math.IsNaN(r.ready[i]) {
				r.ready[i] = r.readyAt(i)
			}
			if math.IsNaN(r.start[i]) && r.ready[i] <= r.net.Now() && r.firstInQueue(i) {
				r.start[i] = r.net.Now()
				if f.Node != "" {
					r.free[f.Node]--
				}
				if f.Size == 0 {
					r.end(i)
				} else {
					r.net.Start(r.groups[i], r.routes[i], f.Size, i)
				}
				again = true
			}
		}
	}
}

func (r *runner) readyAt(i int) float64 {
	at := r.c.Flows[i].Start
	for _, id := range r.c.Flows[i].After {
		for j, f := range r.c.Flows {
			if f.ID == id {
				at = max(at, r.finish[j]) // max with NaN is NaN: still waiting
			}
		}
	}
	return at
}

// firstInQueue says whether flow i has a slot and nobody on its node has waited longer.
func (r *runner) firstInQueue(i int) bool {
	node := r.c.Flows[i].Node
	if node == "" {
		return true
	}
	if r.free[node] < 1 {
		return false
	}
	for j, f := range r.c.Flows {
		if f.Node == node && math.IsNaN(r.start[j]) && (r.ready[j] < r.ready[i] || r.ready[j] == r.ready[i] && j < i) {
			return false
		}
	}
	return true
}

func (r *runner) check(t *testing.T) {
	t.Helper()
	makespan := 0.0
	for i, f := range r.c.Flows {
		want, start := r.c.Expected.Finish[f.ID], r.c.Expected.Start[f.ID]
		tolerance := r.c.Tolerance * max(want-start, 1e-3)
		if !(math.Abs(r.finish[i]-want) <= tolerance) || !(math.Abs(r.start[i]-start) <= tolerance) {
			t.Errorf("flow %s runs from %v to %v, want %v to %v", f.ID, r.start[i], r.finish[i], start, want)
		}
		makespan = max(makespan, r.finish[i])
	}
	if want := r.c.Expected.Makespan; !(math.Abs(makespan-want) <= r.c.Tolerance*want) {
		t.Errorf("makespan %v, want %v", makespan, want)
	}
	for i, l := range r.c.Links {
		if want := r.c.Expected.LinkBytes[l.ID]; !(math.Abs(r.bytes[i]-want) <= r.c.Tolerance*want) {
			t.Errorf("link %s carries %v, want %v", l.ID, r.bytes[i], want)
		}
	}
}
