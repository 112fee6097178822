package whatif

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

func notesOf(t *testing.T, text string, sets ...scenarios.Set) *Result {
	t.Helper()
	return mustRun(t, document(t, text), Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return &counting{} }}, sets...)
}

// TestNotes checks all that a plain scenario is said to rest on.
func TestNotes(t *testing.T) {
	r := notesOf(t, `
version: 1
simulate: {duration: 20d}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: "alpine:3.24", baseRebuild: 8d}]
`)
	want := []string{
		"20 d simulated; bytes and costs of a month are scaled to 730 h",
		"at the start every node holds its services' images; what is under way at the end is finished and counted",
		"deploys and replacements of nodes come spread evenly",
		"headers take 4.6 % more of every link; bytes are the layers' own",
		"each layer costs its registry's round trip, and TCP's slow start on a new connection",
		"unpacked layers whose size on disk is not known take 2.6 times their compressed one",
		"manifests and tokens, about 1 kB a pull, are not counted as bytes",
		"registries never refuse or slow down, and nodes never collect images",
		"image sizes from the registry, read 2026-01-02",
		// After 4 and 12 days; the third would come after 20, when the run has ended.
		"rebuilds of bases that fall in the run (on average): 2 (2.5) of alpine:3.24",
		"no price book: nothing is priced",
	}
	if diff := cmp.Diff(want, r.Assumptions); diff != "" {
		t.Errorf("assumptions (-want +got):\n%s", diff)
	}
	if len(r.Warnings) > 0 {
		t.Errorf("warnings %q, want none", r.Warnings)
	}
}

// TestNotesSayWhose checks that what holds for some variants only names them.
func TestNotesSayWhose(t *testing.T) {
	r := notesOf(t, `
version: 1
simulate: {duration: 1h}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: "alpine:3.24"}]
variants:
  - {name: a}
  - {name: b, set: {simulate.start: cold}}
  - {name: c, set: {simulate.billedOverhead: 2%}}
`)
	for _, want := range []string{
		"1 h simulated; bytes and costs of a month are scaled to 730 h",
		"a, c: at the start every node holds its services' images; what is under way at the end is finished and counted",
		"b: at the start all nodes are empty and pull at once; what is under way at the end is finished and counted",
		"c: per-GB meters count 2 % more than the layers' bytes",
	} {
		if !strings.Contains("\n"+strings.Join(r.Assumptions, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("%q is not among %q", want, r.Assumptions)
		}
	}
}

// TestFullDisk warns of nodes that a kubelet would have cleaned: 10 versions of 2.5 GB, kept compressed
// (25 GB) and unpacked (× 2.6 = 65 GB), are 90 GB; of 2.3 GB, 82.8 GB; of 500 GB, 18,000 GB.
func TestFullDisk(t *testing.T) {
	const text = `
version: 1
simulate: {duration: 9d}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 2.5GB}]}]
`
	want := []string{"a node's images come to fill 90.00 GB; at 85 GB a kubelet with 100 GB of disk would have collected some, and pulled them again; imageDisk says how much there is"}
	if diff := cmp.Diff(want, notesOf(t, text).Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if w := notesOf(t, text, scenarios.Set{Path: "services.*.layers.app.size", Value: "500GB"}).Warnings; !strings.Contains(strings.Join(w, "\n"), " come to fill 18.00 TB; ") {
		t.Errorf("warnings %q, want 18 TB", w)
	}
	if w := notesOf(t, text, scenarios.Set{Path: "services.*.layers.app.size", Value: "2.3GB"}).Warnings; len(w) > 0 {
		t.Errorf("warnings %q, want none", w)
	}
}

// One node pulls 10 GB a day over a link of 1 Mbit/s, of which 4.6 % are headers: 10 GB take 23.2 hours and
// fit; 20 GB would take 46.5. Of the ten deploys, the second supersedes the first, and so on; only the pull
// that began runs on, and the last one's instance waits for it.
func TestCongestedLink(t *testing.T) {
	const text = `
version: 1
simulate: {duration: 10d}
datacenters: [{name: fra, nodes: 1, uplink: 1Mbps}]
services: [{name: hello, base: scratch, layers: [{name: model, size: 10GB}]}]
`
	if w := notesOf(t, text).Warnings; slices.ContainsFunc(w, func(s string) bool { return strings.Contains(s, "catches up") }) {
		t.Errorf("10 GB a day: %q", w)
	}
	w := notesOf(t, text, scenarios.Set{Path: "services.*.layers.model.size", Value: "20GB"}).Warnings
	if !slices.ContainsFunc(w, func(s string) bool { return strings.HasPrefix(s, "fra/uplink never catches up") }) {
		t.Errorf("20 GB a day: %q", w)
	}
}
