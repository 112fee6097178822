package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestInputs lists what can be changed in a small fleet, with what 10 % more makes of it, and which
// of these the scenario refuses.
func TestInputs(t *testing.T) {
	const text = `
version: 1
registries: [{name: hub, prefixes: [docker.io/]}]
datacenters:
  - {name: a, nodes: 20}
  - {name: b, pools: [{name: p, nodes: 30, replace: {every: 10d}}]}
services:
  - {name: x, base: scratch, layers: [{name: l, size: 3MB}, {name: m, size: 1MB, changes: {every: 10d}}], rollout: {maxSurge: 3}}
  - {name: y, base: scratch, layers: [{name: l, size: 3MB}], deploysPerDay: 2, memory: {rss: 10MB}}
prices: {book: none, baselineGB: {nat: 5}}
`
	doc, err := Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := doc.Scenario("")
	if err != nil {
		t.Fatal(err)
	}
	var got, refused []string
	for _, in := range s.Inputs() {
		for _, factor := range []float64{0.9, 1.1} {
			sets, changed := in.Scaled(factor)
			if !changed {
				t.Errorf("%s × %v changes nothing", in.Path, factor)
			}
			if _, err := doc.Scenario("", sets...); err != nil {
				refused = append(refused, fmt.Sprintf("%s × %v", in.Path, factor))
			}
		}
		sets, _ := in.Scaled(1.1)
		var to []string
		for _, set := range sets {
			to = append(to, set.Value)
		}
		got = append(got, fmt.Sprintf("%s %s → %s", in.Path, in.Value, strings.Join(to, " ")))
	}
	want := []string{
		"simulate.wireOverhead 4.6% → 5.06%",
		"registries.*.bandwidth 10Gbps → 1375000000B/s",
		"registries.*.perConnection 1Gbps → 137500000B/s",
		"registries.*.latency 50ms → 0.055s",
		"registries.*.keepVersions 10 → 11",
		"datacenters.*.zones 1 → 2 2",
		"datacenters.*.uplink 10Gbps → 1375000000B/s 1375000000B/s",
		"datacenters.*.nodes 20 → 22",
		"datacenters.*.pools.*.nodes 30 → 33",
		"datacenters.*.pools.*.nic 10Gbps → 1375000000B/s",
		"datacenters.*.pools.*.concurrentDownloads 3 → 4",
		"datacenters.*.pools.*.unpack 100MiB/s → 115343360B/s",
		"datacenters.*.pools.*.replace.every 10d → 950400s",
		"services.*.layers.*.size  → 3300000B 1100000B 3300000B",
		"services.*.layers.*.changes.every 10d → 950400s",
		"services.*.changedLayers 1 → 2 2",
		"services.*.instances.perNode 1 → 2 2",
		"services.*.deploysPerDay  → 1.1 2.2",
		"services.*.rollout.maxSurge  → 4 27.5%",
		"services.*.rollout.maxUnavailable 25% → 27.5% 27.5%",
		"services.*.rollout.startup 5s → 5.5s 5.5s",
		"services.*.memory.rss 10MB → 11000000B",
	}
	// None of them is below 1, and changed layers are those of a whole image.
	wantRefused := []string{
		"datacenters.*.zones × 0.9", "services.*.changedLayers × 0.9", "services.*.changedLayers × 1.1", "services.*.instances.perNode × 0.9",
	}
	if diff := cmp.Diff(wantRefused, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
