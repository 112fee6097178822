package flow

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
			plan, refs := c.plan(t)
			played, err := plan.Play()
			if err != nil {
				t.Fatal(err)
			}
			c.check(t, played, refs)
		})
	}
}

// plan writes a case as a plan and returns where each flow went. Flows of no node are put together that
// cross the same links, so that a link which is a node's own in all but name can be one.
func (c *flowCase) plan(t *testing.T) (*Plan, []Ref) {
	t.Helper()
	p := &Plan{}
	links, nodes, refs, routes := map[string]int{}, map[string]int{}, make([]Ref, len(c.Flows)), map[string]int{}
	for i, l := range c.Links {
		links[l.ID] = i
		p.Links = append(p.Links, l.Capacity)
	}
	for i, n := range c.Nodes {
		nodes[n.ID] = i
		p.Nodes = append(p.Nodes, Node{Slots: n.MaxConcurrent})
	}
	byID := map[string]Ref{}
	for i, f := range c.Flows {
		name := f.Node
		if name == "" {
			name = "over " + strings.Join(f.Links, ", ")
		}
		node, ok := nodes[name]
		if !ok {
			node = len(p.Nodes)
			p.Nodes = append(p.Nodes, Node{})
			nodes[name] = node
		}
		flow := Flow{Start: f.Start, Bytes: f.Size, Route: c.route(t, p, routes, links, f.Links)}
		refs[i] = Ref{node, len(p.Nodes[node].Flows)}
		byID[f.ID] = refs[i]
		p.Nodes[node].Flows = append(p.Nodes[node].Flows, flow)
	}
	for i, f := range c.Flows {
		for _, id := range f.After {
			after, ok := byID[id]
			if !ok {
				t.Fatalf("flow %s waits for %s, which is not there", f.ID, id)
			}
			flow := &p.Nodes[refs[i].Node].Flows[refs[i].Flow]
			flow.After = append(flow.After, after)
		}
	}
	return p, refs
}

// route finds or makes the route over those links, in whatever order.
func (c *flowCase) route(t *testing.T, p *Plan, routes, links map[string]int, ids []string) int {
	t.Helper()
	var path Path
	for _, id := range ids {
		l, ok := links[id]
		if !ok {
			t.Fatalf("no link %s", id)
		}
		path.Links = append(path.Links, l)
	}
	slices.Sort(path.Links)
	key, err := json.Marshal(path.Links)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := routes[string(key)]; !ok {
		routes[string(key)] = len(p.Routes)
		p.Routes = append(p.Routes, path)
	}
	return routes[string(key)]
}

func (c *flowCase) check(t *testing.T, got *Played, refs []Ref) {
	t.Helper()
	makespan := 0.0
	for i, f := range c.Flows {
		start, finish := got.Start[refs[i].Node][refs[i].Flow], got.Finish[refs[i].Node][refs[i].Flow]
		wantStart, want := c.Expected.Start[f.ID], c.Expected.Finish[f.ID]
		tolerance := c.Tolerance * max(want-wantStart, 1e-3)
		if !(math.Abs(finish-want) <= tolerance) || !(math.Abs(start-wantStart) <= tolerance) {
			t.Errorf("flow %s runs from %v to %v, want %v to %v", f.ID, start, finish, wantStart, want)
		}
		makespan = max(makespan, finish)
	}
	if want := c.Expected.Makespan; !(math.Abs(makespan-want) <= c.Tolerance*want) {
		t.Errorf("makespan %v, want %v", makespan, want)
	}
	for i, l := range c.Links {
		if want := c.Expected.LinkBytes[l.ID]; !(math.Abs(got.LinkBytes[i]-want) <= c.Tolerance*want) {
			t.Errorf("link %s carries %v, want %v", l.ID, got.LinkBytes[i], want)
		}
	}
}
