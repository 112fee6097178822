package whatif

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim"
)

// evictionBytes is where a kubelet at its defaults would start to collect images: 85 % of a disk of
// 100 GB (Kubernetes 1.36, pkg/kubelet/apis/config/v1beta1/defaults.go).
const evictionBytes = 85_000_000_000

// notes lists what the runs rest on and what weakens them, each once.
func notes(runs []run) (assumptions, warnings []string) {
	assumptions = append(common(runs[0].scenario), sizeNotes(runs)...)
	assumptions = append(assumptions, rebuildNotes(runs)...)
	for i := range runs {
		r := &runs[i]
		assumptions = append(assumptions, r.bill.Assumptions...)
		for _, img := range r.images {
			warnings = append(warnings, img.Warnings...)
		}
		if peak := r.result.Nodes.DiskPeak; peak > evictionBytes {
			warnings = append(warnings, fmt.Sprintf("%s: a node's images fill %.1f GB; a kubelet with 100 GB of disk would have collected some, "+
				"which is not simulated yet", r.scenario.Variant, float64(peak)/1e9))
		}
		warnings = append(warnings, r.bill.Warnings...)
	}
	return unique(assumptions), unique(warnings)
}

// common is what holds for every variant of a file.
func common(s *scenarios.Scenario) []string {
	notes := []string{
		fmt.Sprintf("%s simulated; bytes and costs a month are scaled to 730 h", days(float64(s.Simulate.Duration))),
		"what is under way at the end is finished and counted",
	}
	if s.Simulate.WireOverhead > 0 {
		notes = append(notes, fmt.Sprintf("headers add %s to what links carry, not to bytes counted", percent(float64(s.Simulate.WireOverhead))))
	}
	if s.Simulate.BilledOverhead > 0 {
		notes = append(notes, fmt.Sprintf("per-GB meters count %s more than the layers' bytes", percent(float64(s.Simulate.BilledOverhead))))
	}
	return append(notes,
		fmt.Sprintf("unpacked layers take %.1f times their compressed size on disk", sim.UnpackRatio),
		"manifests and tokens, about 1 kB a pull, are not counted as bytes",
		"registries never refuse or slow down")
}

// sizeNotes says for each source of sizes when they were read.
func sizeNotes(runs []run) []string {
	var sources []string
	days := map[string][]string{}
	for i := range runs {
		for _, img := range runs[i].images {
			if !slices.Contains(sources, img.Source) {
				sources = append(sources, img.Source)
			}
			days[img.Source] = append(days[img.Source], img.Observed)
		}
	}
	slices.Sort(sources)
	var notes []string
	for _, source := range sources {
		if source == scenarios.ByHand {
			notes = append(notes, "image sizes that the scenario states are used as they are")
			continue
		}
		first, last := slices.Min(days[source]), slices.Max(days[source])
		if first != last {
			first += " to " + last
		}
		notes = append(notes, fmt.Sprintf("image sizes from the %s, read %s", source, first))
	}
	return notes
}

// short drops what Docker Hub's rules add to a reference.
func short(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "docker.io/"), "library/")
}

// rebuildNotes says how many rebuilds of each base fall in the run, and how many would on average.
func rebuildNotes(runs []run) []string {
	var list []string
	for i := range runs {
		for _, b := range runs[i].model.Bases {
			if b.Rebuild > 0 {
				average := runs[i].model.Duration / b.Rebuild
				fall := max(0, math.Ceil(average-0.5)) // rebuild k comes at (k - 1/2) intervals
				list = append(list, fmt.Sprintf("%s %.0f (%.1f)", short(b.Ref), fall, average))
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return []string{"rebuilds of bases in the run (on average): " + strings.Join(unique(list), ", ")}
}

// days writes seconds as days where that is short, else as hours or seconds.
func days(seconds float64) string {
	switch {
	case seconds >= 86400:
		return fmt.Sprintf("%.4g d", seconds/86400)
	case seconds >= 3600:
		return fmt.Sprintf("%.4g h", seconds/3600)
	}
	return fmt.Sprintf("%.4g s", seconds)
}

func percent(fraction float64) string { return fmt.Sprintf("%.4g %%", fraction*100) }

func unique(list []string) []string {
	out := []string{}
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
