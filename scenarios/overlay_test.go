package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSet(t *testing.T) {
	got, err := ParseSet(" services.a.base = alpine:3.24=x ")
	if want := (Set{"services.a.base", "alpine:3.24=x"}); err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, text := range []string{"", "services.a.base", "=1", "a=", "a= "} {
		if s, err := ParseSet(text); err == nil {
			t.Errorf("%q: got %v; want an error", text, s)
		}
	}
}

// TestPaths sets one value by each form of a path and reads it back.
func TestPaths(t *testing.T) {
	type get func(s *Scenario) any
	for _, c := range []struct {
		path, value string
		get         get
		want        any
	}{
		{"name", "other", func(s *Scenario) any { return s.Name }, "other"},
		{"simulate.seed", "7", func(s *Scenario) any { return s.Simulate.Seed }, uint64(7)},
		{"services.web.deploysPerDay", "2.5", func(s *Scenario) any { return s.Services[1].DeploysPerDay }, 2.5},
		{"services.web.front.deploysPerDay", "2.5", func(s *Scenario) any { return s.Services[0].DeploysPerDay }, 2.5},
		{"services[2].deploysPerDay", "2.5", func(s *Scenario) any { return s.Services[2].DeploysPerDay }, 2.5},
		{"services.web.layers.config.changes", "{every: 2d}", func(s *Scenario) any { return s.Services[1].Layers[1].Changes }, Changes{Every: 172800}},
		{"services.web.layers[1]", "{name: z, size: 1B}", func(s *Scenario) any { return s.Services[1].Layers[1].Name }, "z"},
		{"services.agent.rollout.startup", "9s", func(s *Scenario) any { return s.Services[2].Rollout.Startup }, Duration(9)},
		{"services.agent.datacenters", "[fra]", func(s *Scenario) any { return len(s.Services[2].Datacenters) }, 1},
		{"datacenters.fra.pools.*.nodes", "9", func(s *Scenario) any { return s.Datacenters[0].NodeCount() }, 18},
		{"datacenters.*.zones", "2", func(s *Scenario) any { return s.Datacenters[0].Zones + s.Datacenters[1].Zones }, 4},
		{"images.example.com/own:1.layers[0].size", "3MB", func(s *Scenario) any { return s.Images[0].Layers[0].Size }, Bytes(3_000_000)},
		{"prices.baselineGB.nat", "null", func(s *Scenario) any { return len(s.Prices.BaselineGB) }, 1},
		{"services.agent.memory.rss", "null", func(s *Scenario) any { return s.Services[2].Memory.RSS }, Bytes(0)},
		{"services.agent.baseRebuild", "null", func(s *Scenario) any { return s.Services[2].BaseRebuild }, Duration(0)}, // absent already
		{"services.web.baseRebuild", "null", func(s *Scenario) any { return s.Services[1].BaseRebuild }, Duration(0)},
		{"description", "'a: b'", func(s *Scenario) any { return s.Description }, "a: b"},
	} {
		s := loadGood(t, "everything.yaml", Set{c.path, c.value})[0]
		if diff := cmp.Diff(c.want, c.get(s)); diff != "" {
			t.Errorf("%s=%s (-want +got):\n%s", c.path, c.value, diff)
		}
	}
}

// TestSetWins checks the order of overlays: the file, a variant's overlay, its set, then --set,
// the last one last.
func TestSetWins(t *testing.T) {
	const file = `version: 1
datacenters: [{name: a, nodes: 1}]
services: [{name: s, image: alpine, deploysPerDay: 1}]
variants:
  - {name: file}
  - {name: overlay, overlay: {services: [{name: s, deploysPerDay: 2}]}}
  - {name: set, overlay: {services: [{name: s, deploysPerDay: 2}]}, set: {services.s.deploysPerDay: 3}}
`
	deploys := func(sets ...Set) []float64 {
		t.Helper()
		all, err := Load("f", []byte(file), sets...)
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for _, s := range all {
			got = append(got, s.Services[0].DeploysPerDay)
		}
		return got
	}
	if diff := cmp.Diff([]float64{1, 2, 3}, deploys()); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{5, 5, 5}, deploys(Set{"services.s.deploysPerDay", "4"}, Set{"services.*.deploysPerDay", "5"})); diff != "" {
		t.Errorf("with --set (-want +got):\n%s", diff)
	}
}

// TestSharedAnchors checks that setting one use of an anchor leaves the others alone.
func TestSharedAnchors(t *testing.T) {
	const file = `version: 1
datacenters: [{name: a, nodes: 1}]
services:
  - &s {name: s, image: alpine, memory: &m {rss: 1MB}}
  - {<<: *s, name: t}
  - {name: u, image: alpine, memory: *m}
  - {<<: [{deploysPerDay: 3}, *s], name: v, deploysPerDay: 2}
`
	all, err := Load("f", []byte(file), Set{"services.t.memory.rss", "5MB"})
	if err != nil {
		t.Fatal(err)
	}
	var got []Bytes
	for _, s := range all[0].Services {
		got = append(got, s.Memory.RSS/1_000_000)
	}
	if diff := cmp.Diff([]Bytes{1, 5, 1, 1}, got); diff != "" {
		t.Errorf("rss in MB (-want +got):\n%s", diff)
	}
	if d := all[0].Services[3].DeploysPerDay; d != 2 {
		t.Errorf("a merged mapping's own key: got %v, want 2", d)
	}
}

// TestSharedSets checks that what one path sets in several places can be changed in one of them,
// and that nothing stays changed for the next variant or run.
func TestSharedSets(t *testing.T) {
	const file = `version: 1
datacenters: [{name: a, nodes: 1}]
services: [{name: web, image: alpine}, {name: web.front, image: alpine}]
variants:
  - {name: one, set: {services.*.memory: {rss: 1MB}, services.web.front.memory.rss: 5MB}}
  - {name: two, set: {services.*.memory: {rss: 1MB}}}
`
	d, err := Parse("f", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		all, err := d.Scenarios(Set{"services.*.rollout", "{startup: 1s}"}, Set{"services.web.rollout.startup", "2s"})
		if err != nil {
			t.Fatal(err)
		}
		var rss []Bytes
		var startup []Duration
		for _, s := range all {
			for _, v := range s.Services {
				rss = append(rss, v.Memory.RSS)
				startup = append(startup, v.Rollout.Startup)
			}
		}
		if diff := cmp.Diff([]Bytes{1_000_000, 5_000_000, 1_000_000, 1_000_000}, rss); diff != "" {
			t.Errorf("rss (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]Duration{2, 1, 2, 1}, startup); diff != "" {
			t.Errorf("startup (-want +got):\n%s", diff)
		}
	}
}

// TestOrder checks that mistakes of the file come before those of --set.
func TestOrder(t *testing.T) {
	const file = "version: 1\ndatacenters: [{name: a, nodes: 0}]\nservices: [{name: s, image: alpine}]\nzones: 1\n"
	_, err := Load("f", []byte(file), Set{"datacenters.a.zones", "0"})
	want := `f:2:32: datacenters.a.nodes: 0 is out of range; write 1 to 10000000
f:4:1: the scenario: unknown key "zones"; write version, name, description, simulate, sizes, registries, datacenters, services, images, prices, variants, baseline or budgets
--set datacenters.a.zones=0: datacenters.a.zones: 0 is out of range; write 1 to 100`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSetMistakes gives each --set that cannot work its whole message.
func TestSetMistakes(t *testing.T) {
	for _, c := range []struct{ path, value, want string }{
		{"services.hello.deploysPerDay", "-1", "--set services.hello.deploysPerDay=-1: services.hello.deploysPerDay: -1 is out of range; write 0 to 1440"},
		{"services.helo.base", "x", `--set services.helo.base=x: no item of services is named "helo"; did you mean hello?`},
		{"services.hello.bas", "x", `--set services.hello.bas=x: services.hello: unknown key "bas"; did you mean base?`},
		{"simulat.seed", "1", `--set simulat.seed=1: the scenario: unknown key "simulat"; did you mean simulate?`},
		{"datacenters.fra.pools.p.nodes", "1", "--set datacenters.fra.pools.p.nodes=1: datacenters.fra.pools: is a mapping; write a list"},
		{"datacenters[4].nodes", "1", "--set datacenters[4].nodes=1: datacenters has no item [4]; write [0]"},
		{"variants.a.name", "b", "--set variants.a.name=b: a variant cannot be set, only what it overlays; edit the file"},
		{"name", "a: b", "--set name=a: b: the value reads as a mapping; put it in quotes, or write [list] or {mapping}"},
		{"name", "[a", "--set name=[a: the value is not YAML; write a text, a number or a [list] or {mapping}, in quotes where it needs them"},
		{"name", "# x", "--set name=# x: the value is not YAML; write a text, a number or a [list] or {mapping}, in quotes where it needs them"},
		{"name", "!!str x", "--set name=!!str x: the value has the tag !!str; remove it"},
		{"services.hello.rollout", "{startup: 5}", `--set services.hello.rollout={startup: 5}: services.hello.rollout.startup: "5" has no unit; write it with a unit, e.g. 50ms, 90s, 1h30m, 30d or 2w`},
		{strings.Repeat("a.", 101) + "a", "1", "--set " + strings.Repeat("a.", 30) + "…=1: path " + strings.Repeat("a.", 30) + "… has more than 100 parts; no value lies so deep"},
		{"services.hello.deployPerDay", "null", `--set services.hello.deployPerDay=null: services.hello: unknown key "deployPerDay"; did you mean deploysPerDay?`},
		{"version", "null", "testdata/good/ten-lines.yaml:1:1: the scenario: has no version; add one"},
		{"services.hello.name", "null", "testdata/good/ten-lines.yaml:5:5: services[0]: has no name; add one"},
	} {
		_, err := LoadFile("testdata/good/ten-lines.yaml", Set{c.path, c.value})
		if err == nil || !strings.Contains("\n"+err.Error()+"\n", "\n"+c.want+"\n") {
			t.Errorf("%s=%s:\n got %v\nwant %s", c.path, c.value, err, c.want)
		}
	}
}

func TestOneVariant(t *testing.T) {
	d, err := ReadFile("testdata/good/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"small", "new-service"}, d.Variants()); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	for asked, want := range map[string]string{"": "small", "new-service": "new-service"} {
		if s, err := d.Scenario(asked); err != nil || s.Variant != want {
			t.Errorf("%q: got %v, %v; want %s", asked, s, err, want)
		}
	}
	_, err = d.Scenario("smal")
	if want := `testdata/good/everything.yaml: no variant is named "smal"; did you mean small?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if !strings.HasPrefix(d.Digest(), "sha256:") || len(d.Digest()) != len("sha256:")+64 {
		t.Errorf("digest %q", d.Digest())
	}
}

// TestMistake checks the positions that later steps report at.
func TestMistake(t *testing.T) {
	s := loadGood(t, "everything.yaml", Set{"services.agent.deploysPerDay", "2"})[0]
	for path, want := range map[string]string{
		"services[0].changedLayers":  "testdata/good/everything.yaml:54:20: services.web.front.changedLayers: x",
		"services[2].changedLayers":  "testdata/good/everything.yaml:74:5: services.agent.changedLayers: x", // a default: where its service is
		"services[2].deploysPerDay":  "--set services.agent.deploysPerDay=2: services.agent.deploysPerDay: x",
		"services[1].layers[2].size": "testdata/good/everything.yaml:101:37: services.web.layers.app.size: x", // where the variant sets it
	} {
		if got := s.Mistake(path, "%s", "x").Error(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", path, got, want)
		}
	}
	if !s.Stated("services[0].changedLayers") || s.Stated("services[2].changedLayers") {
		t.Error("Stated does not tell a default from a stated value")
	}
}
