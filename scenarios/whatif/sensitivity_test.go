package whatif

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestSensitize: 20 nodes get 3 MB at each of 10 deploys a day, for a day: 600 MB. Nodes, size and deploys
// by 10 % change it by 60 MB; what only changes how long it takes changes nothing.
func TestSensitize(t *testing.T) {
	doc := document(t, `
version: 1
simulate: {duration: 1d}
registries: [{name: hub, prefixes: [docker.io/]}]
datacenters: [{name: fra, nodes: 20}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 3MB}], deploysPerDay: 10}]
`)
	s, err := Sensitize(t.Context(), doc, nil, "", "transfer.delivered_bytes", 10, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Value != 600e6 || s.Variant != "test" || s.Unit != Bytes {
		t.Errorf("got %+v", s)
	}
	for i, path := range []string{"datacenters.*.nodes", "services.*.layers.*.size", "services.*.deploysPerDay"} {
		e := s.Inputs[i]
		if e.Path != path || e.Less == nil || e.More == nil || math.Abs(*e.Less-540e6) > 1 || math.Abs(*e.More-660e6) > 1 {
			t.Errorf("%d: got %+v, want %s", i, e, path)
		}
	}
	for _, e := range s.Inputs[3:] {
		if e.Swing(s.Value) != 0 {
			t.Errorf("%+v changes bytes", e)
		}
	}
	has := func(path string) int {
		return slices.IndexFunc(s.Inputs, func(e Effect) bool { return e.Path == path })
	}
	if has("services.*.changedLayers") >= 0 {
		t.Error("an input that the scenario does not allow is there")
	}
	if zones := s.Inputs[has("datacenters.*.zones")]; zones.Less != nil || zones.More == nil {
		t.Errorf("zones: %+v; there is nothing below 1", zones)
	}
}

func TestSensitizeMistakes(t *testing.T) {
	for _, c := range []struct {
		variant, metric string
		percent         float64
		want            string
	}{
		{"tiny", "cost.monthly", 10, "write small or large"},
		{"small", "cost.montly", 10, "did you mean cost.monthly?"},
		{"small", "cost.monthly", 0, "more than 0"},
		{"small", "cost.monthly", 100, "less than 100"},
		{"small", "transfer.links.x/uplink.bytes", 10, "no such link"},
	} {
		_, err := Sensitize(t.Context(), document(t, swept), nil, c.variant, c.metric, c.percent, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}
