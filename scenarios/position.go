package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Mistake makes an Error about the value that a path names, for checks that need more than the
// file, such as image sizes. The path counts list items from 0: services[0].changedLayers; the
// message shows names instead. Where the file does not state the value, the position is that of
// the nearest mapping or list around it.
func (s *Scenario) Mistake(path, format string, args ...any) *Error {
	p, shown := s.tree.nearest(path)
	return s.tree.at(p.node, "%s: %s", place{shown: shown}.name(), fmt.Sprintf(format, args...))
}

// Stated tells whether the file or an overlay states the value that a path names; see Mistake.
func (s *Scenario) Stated(path string) bool {
	_, err := find(s.tree.root, path, nil)
	return err == nil
}

// nearest is the place that path names, or the nearest around it that exists, and the path with
// names in place of positions.
func (t *tree) nearest(path string) (place, string) {
	for cut := path; cut != ""; cut = cut[:max(0, strings.LastIndexAny(cut, ".["))] {
		if places, err := find(t.root, cut, nil); err == nil {
			return places[0], strings.TrimPrefix(places[0].shown+path[len(cut):], ".")
		}
	}
	return place{node: t.root}, path
}

// A validator collects the mistakes of a decoded scenario. It says nothing of values that could
// not be decoded: they have their message.
type validator struct {
	*Scenario
	failed map[*yaml.Node]bool
	errs   []*Error
}

// fail notes a mistake in the value that a path names; see Scenario.Mistake.
func (v *validator) fail(path, format string, args ...any) {
	p, _ := v.tree.nearest(path)
	for _, n := range append(p.trail, p.node) {
		if v.failed[n] {
			return
		}
	}
	v.errs = append(v.errs, v.Mistake(path, format, args...))
}

// failedBelow tells whether any value at or below a path could not be decoded.
func (v *validator) failedBelow(path string) bool {
	places, err := find(v.tree.root, path, nil)
	if err != nil {
		return false
	}
	var failed func(n *yaml.Node) bool
	failed = func(n *yaml.Node) bool { return v.failed[n] || slices.ContainsFunc(n.Content, failed) }
	return failed(places[0].node)
}

// has tells whether a value was stated, well or not.
func (v *validator) has(format string, args ...any) bool {
	return v.Stated(fmt.Sprintf(format, args...))
}
