package whatif

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

const swept = `
version: 1
simulate: {duration: 1d}
datacenters: [{name: fra, nodes: 2}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 1MB}]}]
variants:
  - {name: small}
  - {name: large, set: {services.hello.layers.app.size: 3MB}}
`

func varies(t *testing.T, texts ...string) []scenarios.Vary {
	t.Helper()
	var out []scenarios.Vary
	for _, text := range texts {
		v, err := scenarios.ParseVary(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// rows runs a sweep and writes each row's cells in a line.
func rows(t *testing.T, doc *scenarios.Document, plan Plan) []string {
	t.Helper()
	s, err := NewSweep(doc, nil, plan, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	err = s.Run(t.Context(), 0, func(r Row) error {
		var cells []string
		for _, c := range append(r.Vary, r.Metrics...) {
			cells = append(cells, c.Value)
		}
		out = append(out, fmt.Sprintf("%d: %s", r.Point, strings.Join(cells, " ")))
		return nil
	})
	if err != nil || len(out) != s.Len() {
		t.Fatalf("%d of %d rows, %v", len(out), s.Len(), err)
	}
	return out
}

// TestSweepGrid checks order and figures by hand: deploys × nodes × MB a day.
func TestSweepGrid(t *testing.T) {
	plan := Plan{
		Vary:    varies(t, "services.hello.deploysPerDay=1,4", "datacenters.*.nodes=2..4/2"),
		Metrics: []string{"transfer.delivered_bytes", "large.image.compressed_bytes"},
	}
	want := []string{
		"0: 1 2 2000000 6000000 3000000",
		"1: 1 4 4000000 12000000 3000000",
		"2: 4 2 8000000 24000000 3000000",
		"3: 4 4 16000000 48000000 3000000",
	}
	if diff := cmp.Diff(want, rows(t, document(t, swept), plan)); diff != "" {
		t.Errorf("grid (-want +got):\n%s", diff)
	}
	plan.Zip = true
	if diff := cmp.Diff([]string{want[0], strings.Replace(want[3], "3:", "1:", 1)}, rows(t, document(t, swept), plan)); diff != "" {
		t.Errorf("zip (-want +got):\n%s", diff)
	}
}

// TestSweepOneVariant leaves out the name of a variant that is the only one.
func TestSweepOneVariant(t *testing.T) {
	one, _, _ := strings.Cut(swept, "variants:")
	s, err := NewSweep(document(t, one), nil, Plan{Vary: varies(t, "services.hello.deploysPerDay=1,2")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	vary, metrics := s.Columns()
	if diff := cmp.Diff([]string{"services.hello.deploysPerDay", "cost.monthly", "transfer.delivered_bytes", "rollouts.seconds.p95"}, append(vary, metrics...)); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

// TestSweepSample checks what makes a Latin hypercube: of as many strata of each path as there are points,
// each has one point. Another seed gives other points.
func TestSweepSample(t *testing.T) {
	plan := Plan{
		Vary:    varies(t, "services.hello.deploysPerDay=0.5..8.5", "datacenters.*.nodes=1..8", "services.hello.layers.app.size=1MB..256MB*", "simulate.start=warm,cold"),
		Samples: 8, Metrics: []string{"small.pulls.count"},
	}
	doc := document(t, strings.ReplaceAll(swept, "  - {name: large, set: {services.hello.layers.app.size: 3MB}}\n", ""))
	got := rows(t, doc, plan)
	seen := make([][]int, 4)
	for _, row := range got {
		var point int
		var deploys, size float64
		var nodes int
		var start string
		if _, err := fmt.Sscanf(row, "%d: %g %d %gMB %s", &point, &deploys, &nodes, &size, &start); err != nil {
			t.Fatalf("%s: %v", row, err)
		}
		seen[0] = append(seen[0], int(deploys-0.5))
		seen[1] = append(seen[1], nodes-1)
		seen[2] = append(seen[2], int(math.Log2(size))) // 2^0 to 2^8: a factor of 2 a stratum
		seen[3] = append(seen[3], slices.Index([]string{"warm", "cold"}, start))
	}
	for i, strata := range seen {
		slices.Sort(strata)
		want := []int{0, 1, 2, 3, 4, 5, 6, 7}
		if i == 3 {
			want = []int{0, 0, 0, 0, 1, 1, 1, 1}
		}
		if diff := cmp.Diff(want, strata); diff != "" {
			t.Errorf("strata of %s (-want +got):\n%s", plan.Vary[i].Path, diff)
		}
	}
	if diff := cmp.Diff(got, rows(t, doc, plan)); diff != "" {
		t.Errorf("the same seed, other points:\n%s", diff)
	}
	plan.Seed = 2
	if slices.Equal(got, rows(t, doc, plan)) {
		t.Error("another seed, the same points")
	}
}

// TestSweepShards checks that the shards of a sweep have all of its rows, each once, for any number of them,
// and on any number of cores.
func TestSweepShards(t *testing.T) {
	doc := document(t, swept)
	plan := Plan{Vary: varies(t, "services.hello.deploysPerDay=1..11/1"), Metrics: []string{"small.transfer.delivered_bytes"}}
	all := rows(t, doc, plan)
	for shards := 1; shards <= 13; shards++ {
		merged := make([]string, len(all))
		for i := 1; i <= shards; i++ {
			part := plan
			part.Shard, part.Shards = i, shards
			before := runtime.GOMAXPROCS(1 + i%8)
			for _, row := range rows(t, doc, part) {
				var point int
				if _, err := fmt.Sscanf(row, "%d:", &point); err != nil || merged[point] != "" {
					t.Errorf("%d shards: %s, after %q", shards, row, merged[point])
				}
				merged[point] = row
			}
			runtime.GOMAXPROCS(before)
		}
		if diff := cmp.Diff(all, merged); diff != "" {
			t.Errorf("%d shards (-all +merged):\n%s", shards, diff)
		}
	}
}

func TestSweepMistakes(t *testing.T) {
	deploys, nodes := "services.hello.deploysPerDay=1,4", "datacenters.*.nodes=2..9/1"
	for _, c := range []struct {
		plan Plan
		want string
	}{
		{Plan{}, "nothing varies"},
		{Plan{Vary: varies(t, deploys, deploys)}, "the path varies twice"},
		{Plan{Vary: varies(t, "services.hello.deploysPerDay=1..4")}, "has no step"},
		{Plan{Vary: varies(t, deploys, nodes), Zip: true}, "services.hello.deploysPerDay has 2, datacenters.*.nodes has 8"},
		{Plan{Vary: varies(t, deploys), Zip: true, Samples: 2}, "exclude each other"},
		{Plan{Vary: varies(t, deploys), Samples: -1}, "a sample of -1 points"},
		{Plan{Vary: varies(t, deploys), Shard: 3, Shards: 2}, "there is no shard 3/2"},
		{Plan{Vary: varies(t, "services.hello.deploysPerDay=1..1000/1", "datacenters.*.nodes=1..1001/1")}, "more than 1000000 points"},
		{Plan{Vary: varies(t, deploys), Metrics: []string{"cost.montly"}}, "did you mean cost.monthly?"},
		{Plan{Vary: varies(t, deploys), Metrics: []string{"tiny.cost.monthly"}}, "no figure is named so"},
		{Plan{Vary: varies(t, deploys), Metrics: []string{"cost.monthly", "small.cost.monthly"}}, "asked for twice"},
		{Plan{Vary: varies(t, "services.hello.deploysPerDay=1,many")}, `is the text "many"; write a number`},
		{Plan{Vary: varies(t, "services.helo.deploysPerDay=1,2")}, "did you mean hello?"},
	} {
		if _, err := NewSweep(document(t, swept), nil, c.plan, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.plan, err, c.want)
		}
	}
}

// TestSweepStops checks that the first point that fails ends a sweep, with its values, and that an interrupt
// does, and a reader who has enough.
func TestSweepStops(t *testing.T) {
	// No point of the first few, tried alone, is wrong; the combination is.
	plan := Plan{Vary: varies(t, "services.hello.instances.perNode=1,2", "services.hello.instances.total=null,5"), Metrics: []string{"small.pulls.count"}}
	s, err := NewSweep(document(t, swept), nil, plan, Options{})
	if err == nil {
		err = s.Run(t.Context(), 0, func(Row) error { return nil })
	}
	if err == nil {
		t.Error("two ways of counting instances at once went through")
	}

	plan = Plan{Vary: varies(t, "services.hello.deploysPerDay=1..500/1"), Metrics: []string{"transfer.links.nowhere/uplink.peak_bps"}}
	if s, err = NewSweep(document(t, swept), nil, plan, Options{}); err != nil {
		t.Fatal(err)
	}
	err = s.Run(t.Context(), 3, func(Row) error { return nil })
	if _, ok := errors.AsType[scenarios.Errors](err); !ok || !strings.Contains(err.Error(), "at point 3 of 500: services.hello.deploysPerDay=4") {
		t.Errorf("a link that is not there: %v", err)
	}

	plan.Metrics = nil
	if s, err = NewSweep(document(t, swept), nil, plan, Options{}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	if err := s.Run(t.Context(), 0, func(r Row) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("a reader that stops: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.Run(ctx, 0, func(r Row) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt: %v", err)
	}
}

// TestSweepAsksOnce checks that all points share what is known of an image.
func TestSweepAsksOnce(t *testing.T) {
	source := &counting{}
	doc := document(t, `
version: 1
simulate: {duration: 1h}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: "alpine:3.24", layers: [{name: app, size: 1MB}]}]
`)
	plan := Plan{Vary: varies(t, "services.hello.base=alpine:3.24,debian:13", "services.hello.deploysPerDay=1..20/1"), Metrics: []string{"pulls.count"}}
	s, err := NewSweep(doc, nil, plan, Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return source }})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), 0, func(Row) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if len(source.asked) != 2 {
		t.Errorf("asked for %q", source.asked)
	}
}

// TestRowLine writes rows and reads them back, hostile names included.
func TestRowLine(t *testing.T) {
	row := Row{Sweep: "sha256:1", Point: 1, Points: 3, Vary: Cells{{"b\n\"=cmd|", "é <x>\u202e", false}, {"a", "4", true}}, Metrics: Cells{{"cost.monthly", "198.50", true}}}
	line, err := row.Line()
	if err != nil || strings.Count(string(line), "\n") != 1 || line[len(line)-1] != '\n' {
		t.Fatalf("%q, %v", line, err)
	}
	back, err := ReadRow(line)
	if diff := cmp.Diff(row, back); err != nil || diff != "" {
		t.Errorf("read back (-want +got): %v\n%s", err, diff)
	}
	for _, bad := range []string{
		"", "{}", "null", "[]", `{"sweep":"x","point":3,"points":3,"vary":{"a":1},"metrics":{"b":1}}`, `{"sweep":"x","point":-1,"points":3,"vary":{"a":1},"metrics":{"b":1}}`,
		`{"sweep":"x","point":0,"points":3,"vary":{"a":[1]},"metrics":{"b":1}}`, `{"sweep":"x","point":0,"points":3,"vary":{"a":1},"metrics":{}}`,
		`{"sweep":"x","point":0,"points":3,"vary":[],"metrics":{"b":1}}`, `{"sweep":"x","point":0,"points":3,"vary":{"a":1},"metrics":{"b":1},"other":1}`,
	} {
		if r, err := ReadRow([]byte(bad)); err == nil {
			t.Errorf("%s: got %+v", bad, r)
		}
	}
}
