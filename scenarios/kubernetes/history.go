package kubernetes

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// A pace is how often something happens, and what that was told from.
type pace struct {
	perDay float64
	from   string // how it was measured, or why it was not
	known  bool   // it was measured
}

// leastWindow is the shortest history that deploys are measured over.
const leastWindow = 24 * time.Hour

// The fewest deploys a day that a scenario may say and that are not none, and the most.
const (
	minDeploysPerDay = 0.0001
	maxDeploysPerDay = 1440
)

// deploys measures how often a container's image was replaced: from the dates of its controller's revisions,
// the oldest of which opens the window, or from what counts the changes of its template.
func (d *Dump) deploys(w *workload, container string, history map[owner][]*revision) pace {
	switch w.self.kind {
	case podKind:
		return pace{from: "a pod without a controller is never deployed again", known: true}
	case staticKind:
		return pace{from: "a static pod changes with a file on its node", known: true}
	case jobKind:
		return pace{from: "a job is not rolled out", known: true}
	}
	if list := history[w.self]; len(list) > 0 {
		return d.measure(list, container)
	}
	c := w.controller
	switch {
	case c == nil:
		return pace{from: "its controller is not in the dump"}
	case c.created.IsZero() || d.observed.Sub(c.created) < leastWindow:
		return pace{from: "its history is shorter than a day"}
	case w.self.kind == kindDaemonSet && c.generation > 0:
		days := d.observed.Sub(c.created).Hours() / 24
		return pace{
			perDay: float64(c.generation-1) / days, known: true,
			from: "measured: " + plural(int(c.generation-1), "change") + " of its template in " + inDays(days),
		}
	case w.self.kind == kindStatefulSet && c.generation == 1:
		return pace{from: "measured: never changed in " + inDays(d.observed.Sub(c.created).Hours()/24), known: true}
	}
	return pace{from: "no revisions of it in the dump"}
}

// measure counts the revisions behind the first that gave the container another image, or any image anew
// where its pull policy is Always: such a tag is moved. A return to an earlier revision has no date of its
// own and counts in the window.
func (d *Dump) measure(list []*revision, container string) pace {
	slices.SortStableFunc(list, func(a, b *revision) int { return a.created.Compare(b.created) })
	window := d.observed.Sub(list[0].created)
	if list[0].created.IsZero() || window < leastWindow {
		return pace{from: "its history is shorter than a day"}
	}
	revisions, replaced := 0, 0
	before := list[0].images[container]
	several := false // images among the revisions
	for _, r := range list {
		several = several || r.images[container] != before
	}
	for i, r := range list {
		returns := r.times - 1
		if i > 0 {
			returns++
			if r.images[container] != before || r.always[container] {
				replaced++
			}
		}
		revisions += returns
		if several || r.always[container] {
			replaced += r.times - 1
		}
		before = r.images[container]
	}
	days := window.Hours() / 24
	return pace{
		perDay: float64(replaced) / days, known: true,
		from: "measured: " + plural(revisions, "deploy") + " in " + inDays(days) + ", " + strconv.Itoa(replaced) + " with another image",
	}
}

// restarts measures how often an instance of a container restarts, over the ages of its pods together. An
// init container runs again with its pod only.
func (d *Dump) restarts(w *workload, name string) pace {
	total, days := int64(0), 0.0
	for _, p := range w.pods {
		for _, c := range p.containers {
			switch {
			case c.name != name || p.created.IsZero():
			case c.initial:
				return pace{from: "an init container runs once for each pod", known: true}
			default:
				total += c.restarts
				days += d.observed.Sub(p.created).Hours() / 24
			}
		}
	}
	if days < leastWindow.Hours()/24 {
		return pace{from: "its instances are younger than a day together"}
	}
	return pace{
		perDay: float64(total) / days, known: true,
		from: "measured: " + plural(int(total), "restart") + " in " + inDays(days) + " of its instances together",
	}
}

// historyOf puts revisions to those whose they are.
func (d *Dump) historyOf() map[owner][]*revision {
	history := map[owner][]*revision{}
	for i := range d.revisions {
		r := &d.revisions[i]
		history[r.owner] = append(history[r.owner], r)
	}
	return history
}

// number writes a rate with three digits that count, as scenarios take numbers.
func number(x float64) string {
	if x == 0 || math.IsNaN(x) {
		return "0"
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(x))))
	text := strconv.FormatFloat(x, 'f', min(decimals, 9), 64)
	for decimals > 0 && text[len(text)-1] == '0' {
		text, decimals = text[:len(text)-1], decimals-1
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

// inDays writes a time for a comment.
func inDays(days float64) string {
	if days < 2 {
		return number(days*24) + "h"
	}
	return number(days) + "d"
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// sortedKeys lists a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
