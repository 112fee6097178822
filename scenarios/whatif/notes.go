package whatif

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim"
)

// evictionBytes is where a kubelet at its defaults starts to collect images: 85 % of a disk of 100 GB
// (Kubernetes 1.36, pkg/kubelet/apis/config/v1beta1/defaults.go).
const evictionBytes = 85_000_000_000

// notes lists what the runs rest on and what weakens them, each once, in a fixed order.
func notes(runs []run) (assumptions, warnings []string) {
	var simulated, priced, doubts [][]string
	var images []string
	for i := range runs {
		r := &runs[i]
		simulated = append(simulated, r.assumptions())
		priced = append(priced, r.bill.Assumptions)
		doubts = append(doubts, append(r.warnings(), r.bill.Warnings...))
		for _, img := range r.images {
			images = append(images, img.Warnings...)
		}
	}
	assumptions = attribute(runs, simulated)
	assumptions = append(assumptions, sizeNotes(runs)...)
	assumptions = append(assumptions, rebuildNotes(runs)...)
	assumptions = append(assumptions, attribute(runs, priced)...)
	return assumptions, append(unique(images), attribute(runs, doubts)...)
}

// attribute lists every note once, in the order in which they first appear. lists has a list for each
// run; a note that not all runs share says whose it is.
func attribute(runs []run, lists [][]string) []string {
	out := []string{}
	for _, note := range unique(slices.Concat(lists...)) {
		var names []string
		for i := range runs {
			if slices.Contains(lists[i], note) {
				names = append(names, runs[i].scenario.Variant)
			}
		}
		if len(names) < len(runs) {
			note = strings.Join(names, ", ") + ": " + note
		}
		out = append(out, note)
	}
	return out
}

// assumptions are what the simulation of a variant rests on.
func (r *run) assumptions() []string {
	s := r.scenario
	start, arrivals := "at the start every node holds its services' images", "spread evenly"
	if s.Simulate.Start == scenarios.StartCold {
		start = "at the start all nodes are empty and pull at once"
	}
	if s.Simulate.Arrivals == scenarios.ArrivalsPoisson {
		arrivals = fmt.Sprintf("at random times, seed %d", s.Simulate.Seed)
	}
	notes := []string{
		fmt.Sprintf("%s simulated; bytes and costs of a month are scaled to 730 h", days(float64(s.Simulate.Duration))),
		start + "; what is under way at the end is finished and counted",
		"deploys and replacements of nodes come " + arrivals,
		fmt.Sprintf("headers take %s more of every link; bytes are the layers' own", percent(float64(s.Simulate.WireOverhead))),
	}
	if s.Simulate.BilledOverhead > 0 {
		notes = append(notes, fmt.Sprintf("per-GB meters count %s more than the layers' bytes", percent(float64(s.Simulate.BilledOverhead))))
	}
	if len(s.Services) > 1 {
		notes = append(notes, "the image shown is the largest of the services'")
	}
	notes = append(notes,
		"each layer costs its registry's round trip, and TCP's slow start on a new connection",
		fmt.Sprintf("unpacked layers whose size on disk is not known take %.1f times their compressed one", sim.UnpackRatio),
		"manifests and tokens, about 1 kB a pull, are not counted as bytes")
	return append(notes, r.featureNotes()...)
}

// warnings are what the simulation of a variant leaves out that would matter.
func (r *run) warnings() []string {
	return slices.Concat(r.crowded(), r.congested(), r.exhausted())
}

// sizeNotes says for each source of sizes when they were read.
func sizeNotes(runs []run) []string {
	observed := map[string][]string{}
	var sources []string
	for i := range runs {
		for _, img := range runs[i].images {
			sources = append(sources, img.Source)
			observed[img.Source] = append(observed[img.Source], img.Observed)
		}
	}
	slices.Sort(sources)
	var notes []string
	for _, source := range slices.Compact(sources) {
		if source == scenarios.ByHand {
			notes = append(notes, "image sizes that the scenario states are used as they are")
			continue
		}
		read := slices.Min(observed[source])
		if last := slices.Max(observed[source]); last != read {
			read += " to " + last
		}
		notes = append(notes, fmt.Sprintf("image sizes from the %s, read %s", source, read))
	}
	return notes
}

// rebuildNotes says how many rebuilds of each base fall in the run, and how many would on average:
// rebuild k comes at (k − ½) intervals.
func rebuildNotes(runs []run) []string {
	var counts []string
	bases := map[string][]string{}
	for i := range runs {
		for _, b := range runs[i].model.Bases {
			if b.Rebuild == 0 {
				continue
			}
			n := 0
			for (float64(n)+0.5)*b.Rebuild < runs[i].model.Duration {
				n++
			}
			count := fmt.Sprintf("%d (%.1f)", n, runs[i].model.Duration/b.Rebuild)
			counts = append(counts, count)
			bases[count] = append(bases[count], short(b.Ref))
		}
	}
	var list []string
	for _, count := range unique(counts) {
		list = append(list, count+" of "+enumerate(unique(bases[count])))
	}
	if len(list) == 0 {
		return nil
	}
	return []string{"rebuilds of bases that fall in the run (on average): " + strings.Join(list, "; ")}
}

// enumerate lists the first few of many.
func enumerate(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// short drops what Docker Hub's rules add to a reference.
func short(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "docker.io/"), "library/")
}

// days writes seconds as days where that is short, else as hours or seconds.
func days(seconds float64) string {
	switch {
	case seconds >= 86400*1000:
		return fmt.Sprintf("%.0f d", seconds/86400)
	case seconds >= 86400:
		return fmt.Sprintf("%.4g d", seconds/86400)
	case seconds >= 3600:
		return fmt.Sprintf("%.4g h", seconds/3600)
	}
	return fmt.Sprintf("%.4g s", seconds)
}

func percent(fraction float64) string { return fmt.Sprintf("%.4g %%", fraction*100) }

// unique keeps the first of equals.
func unique(list []string) []string {
	out := []string{}
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
