package whatif

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios"
)

func solved(t *testing.T, text, vary, goal string, largest bool, sets ...scenarios.Set) *Solution {
	t.Helper()
	s, err := Solve(t.Context(), document(t, text), sets, varies(t, vary)[0], goal, largest, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSolveClosedForm: 2 nodes get 1 MB at each of d deploys a day, in one day: 2·d MB.
func TestSolveClosedForm(t *testing.T) {
	for _, c := range []struct {
		vary, goal    string
		largest       bool
		value, before string
	}{
		{"1..1000", "small.transfer.delivered_bytes <= 100MB", true, "50", "51"},
		{"1..1000", "small.transfer.delivered_bytes < 100MB", true, "49", "50"},
		{"1..1000", "transfer.delivered_bytes >= 100MB", false, "50", "49"},
		{"1..1000", "transfer.delivered_bytes > 100MB", false, "51", "50"},
		{"1..1000", "transfer.delivered_bytes = 100MB", false, "50", "49"},
		{"10..90/20", "transfer.delivered_bytes >= 100MB", false, "50", "30"},
		{"1..1000", "transfer.delivered_bytes >= 1MB", false, "1", ""},
		{"3,9,27", "transfer.delivered_bytes <= 100MB", true, "27", ""},
		{"1..1000", "transfer.delivered_bytes >= 1TB", false, "", ""},
		// The large image is the small one's three times: 6·d MB; the limit is relative to the small one's 2·d.
		{"1..1000", "large.transfer.delivered_bytes <= +100MB", true, "25", "26"},
		{"1..1000", "large.transfer.delivered_bytes >= small.transfer.delivered_bytes", false, "1", ""},
	} {
		s := solved(t, swept, "services.hello.deploysPerDay="+c.vary, c.goal, c.largest)
		if s.Found != (c.value != "") || s.Value != c.value || s.Before != c.before || s.Runs > 40 {
			t.Errorf("%s: got %+v, want %s after %s", c.goal, s, c.value, c.before)
		}
		if !strings.HasPrefix(s.Method, "bisection") && !strings.HasPrefix(s.Method, "all ") {
			t.Errorf("%s: %s", c.goal, s.Method)
		}
	}
}

// TestBreakEven, by hand: a node lives 30 days and is replaced once in 30. On thin, each of n deploys and the
// replacement move 4 MB; on fat, a deploy moves 1 MB and the replacement 100 MB: 4n + 4 = n + 100 at n = 32.
// The 32nd deploy, at 31.5/d days, comes before day 30 from d = 1.05 a day on.
func TestBreakEven(t *testing.T) {
	const text = `
version: 1
datacenters: [{name: fra, pools: [{name: p, nodes: 1, replace: {every: 30d}}]}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 4MB}]}]
variants:
  - {name: thin}
  - {name: fat, set: {services.hello.layers: [{name: deps, size: 99MB, changes: never}, {name: app, size: 1MB}]}}
`
	s := solved(t, text, "services.hello.deploysPerDay=0.5..4", "thin.transfer.delivered_bytes = fat.transfer.delivered_bytes", false)
	value, _ := strconv.ParseFloat(s.Value, 64)
	before, _ := strconv.ParseFloat(s.Before, 64)
	if !s.Found || value <= 1.05 || value > 1.05+8e-6 || before > 1.05 || s.Left != 132e6 || s.Right != 132e6 {
		t.Errorf("got %+v, want 1.05", s)
	}
}

// TestSolveCost: 10 nodes get 100 MB a deploy through NAT: 10^9 B × 730/720 / 2^30 × 0.045 = 0.042492 dollars.
// A dollar is passed by the 24th deploy, at 23.5/d days, which comes before day 30 from d = 0.78333 on.
func TestSolveCost(t *testing.T) {
	const text = `
version: 1
datacenters: [{name: fra, provider: aws, region: us-east-1, egress: nat, nodes: 10}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 100MB}]}]
`
	s := solved(t, text, "services.hello.deploysPerDay=0.1..2", "cost.usage > 1", false)
	value, _ := strconv.ParseFloat(s.Value, 64)
	if want := 23.5 / 30; !s.Found || math.Abs(value-want) > 4e-6 || math.Abs(s.Left-24*0.0424919) > 1e-4 {
		t.Errorf("got %+v, want %v", s, want)
	}
}

// TestSolveUneven goes through differences that rise and fall. They are known beforehand: nothing runs.
func TestSolveUneven(t *testing.T) {
	wave := func(i int) float64 { return math.Sin(float64(i) / 100) } // below 0 from 315 to 628 and from 943 on
	for _, c := range []struct {
		steps   int
		op      string
		largest bool
		value   int
		method  string
	}{
		{1000, "<", false, 315, "scan of all 1000 values"},
		{1000, "<", true, 999, "scan of all 1000 values"},
		{1000, "==", false, 0, "scan of all 1000 values"}, // sin 0 is 0
		{100_001, "<", false, 315, "scan of 257 values"},
		{10, "<", false, -1, "all 10 values"},
	} {
		s := &solver{steps: c.steps, largest: c.largest, goal: &Goal{op: c.op}, known: map[int]float64{}, sides: map[int][2]float64{}}
		var list []string
		for i := range c.steps {
			s.known[i], s.sides[i] = wave(i), [2]float64{wave(i), 0}
			list = append(list, strconv.Itoa(i))
		}
		s.vary = varies(t, "p="+strings.Join(list, ","))[0]
		got, err := s.solve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.Found != (c.value >= 0) || got.Found && got.Value != strconv.Itoa(c.value) && c.steps <= 2000 || !strings.HasPrefix(got.Method, c.method) {
			t.Errorf("%+v: got %+v", c, got)
		}
		if i, _ := strconv.Atoi(got.Value); c.steps > 2000 && (wave(i) >= 0 || wave(i-1) < 0) {
			t.Errorf("%+v: got %+v, which is no change", c, got)
		}
	}
}

func TestGoalMistakes(t *testing.T) {
	for goal, want := range map[string]string{
		"cost.monthly":                               "is no comparison",
		"cost.montly <= 3":                           "did you mean cost.monthly?",
		"tiny.cost.monthly <= 3":                     "no figure is named tiny.cost.monthly",
		"cost.monthly <= tiny.cost.monthly":          "is neither a figure nor a limit",
		"cost.monthly <= 3MB":                        "is an amount of money",
		"cost.monthly <= 3%":                         "write a sign",
		"cost.monthly = pulls.count":                 "the two figures have different units",
		"small.cost.monthly <=":                      "is no comparison",
		"transfer.links.x/uplink.peak_bps <= 3Gbps ": "", // only the run shows that there is no such link
	} {
		_, err := Solve(t.Context(), document(t, swept), nil, varies(t, "services.hello.deploysPerDay=1..3/1")[0], goal, false, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", goal, err, want)
		}
	}
}
