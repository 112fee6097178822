package whatif

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/scenarios"
)

var update = flag.Bool("update", false, "rewrite testdata/result.json and result.schema.json")

// TestResultV1 holds the names, the order and the kinds of all keys that scripts rely on.
func TestResultV1(t *testing.T) {
	r := mustRun(t, document(t, `
version: 1
name: golden
simulate: {duration: 10d}
sizes: {from: catalog}
datacenters:
  - {name: fra, provider: aws, region: us-east-1, egress: nat, nodes: 2}
services:
  - name: hello
    base: alpine:3.24
    layers: [{name: app, size: 3MB}]
    memory: {rss: 2.36MB, cache: 0.68MB}
variants:
  - {name: alpine}
  - {name: own, set: {services.hello.base: "own:1"}}
images: [{ref: "own:1", layers: [{size: 5MB}]}]
baseline: own
`), Options{}, scenarios.Set{Path: "simulate.seed", Value: "7"})
	got, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const file = "testdata/result.json"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}

	dec := json.NewDecoder(bytes.NewReader(want))
	dec.DisallowUnknownFields()
	var back Result
	if err := dec.Decode(&back); err != nil {
		t.Fatal(err)
	}
	for i := range back.Variants {
		back.Variants[i].Engine = r.Variants[i].Engine // is not saved
	}
	if diff := cmp.Diff(r, &back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}
