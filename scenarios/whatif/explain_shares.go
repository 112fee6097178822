package whatif

import (
	"fmt"
	"strings"
)

// sharesPrefix begins the paths of the ways in which Explain shares the month's cost out.
const sharesPrefix = "shares."

// sharings are the lists of an attribution by their keys in the result.
func sharings(a *Attribution) []struct {
	key, why string
	parts    []Part
} {
	return []struct {
		key, why string
		parts    []Part
	}{
		{"contents", "the month's cost by what moved: the bases, and what services add to them", a.Contents},
		{"services", "the month's cost by service", a.Services},
		{"datacenters", "the month's cost by datacenter", a.Datacenters},
		{"images", "the month's cost by the image that layers come with; a service's own layers are its own image's", a.Images},
		{"layers", "the month's cost by layer", a.Layers},
		{"causes", "the month's cost by what made layers move", a.Causes},
	}
}

// sharingPaths lists what Explain takes besides figures.
func sharingPaths() []string {
	var paths []string
	for _, s := range sharings(&Attribution{}) {
		paths = append(paths, sharesPrefix+s.key)
	}
	return paths
}

// shares explains the month's cost by one of the sharings.
func (x *explainer) shares(path string) Term {
	f, _ := FigureAt("cost.monthly")
	value, _ := f.Of(&x.variant)
	term := Term{Name: path, Value: value, Unit: f.UnitOf(&x.variant)}
	for _, s := range sharings(x.variant.Cost.Attribution) {
		if s.key != strings.TrimPrefix(path, sharesPrefix) {
			continue
		}
		term.Why = s.why
		for _, p := range s.parts {
			t := Term{
				Name: p.Name, Value: dollars(p.Usage + p.Fixed), Unit: term.Unit,
				Why: fmt.Sprintf("usage %s, fixed %s; %s moved", p.Usage, p.Fixed, bytesText(p.Bytes)),
			}
			if t.Name == "" {
				t.Name = "nobody's alone"
			}
			term.Terms = append(term.Terms, t)
		}
	}
	largestFirst(term.Terms)
	return term
}
