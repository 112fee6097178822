package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A Set overlays one value: the --set flag, and the like of sweeps.
type Set struct {
	Path  string // e.g. services.hello.deploysPerDay, datacenters.*.nodes
	Value string // a YAML scalar or flow collection; null removes the key
}

// ParseSet reads PATH=VALUE.
func ParseSet(text string) (Set, error) {
	path, value, ok := strings.Cut(text, "=")
	s := Set{Path: strings.TrimSpace(path), Value: strings.TrimSpace(value)}
	switch {
	case !ok || s.Path == "":
		return Set{}, fmt.Errorf("--set %s: has no path and value; write PATH=VALUE, e.g. services.hello.deploysPerDay=8", Printable(clip(text)))
	case s.Value == "":
		return Set{}, fmt.Errorf("--set %s: has no value; write one, or null to remove the key", Printable(clip(text)))
	}
	return s, nil
}

func (s Set) String() string { return "--set " + clip(s.Path) + "=" + clip(s.Value) }

// fixedKeys are what all variants of a file share, so that they can be compared.
var fixedKeys = []string{
	"version", "name", "variants", "baseline", "budgets",
	"simulate.duration", "simulate.seed", "simulate.replications",
}

// absent is the tag of a value that an overlay removes although the file does not state it. That is
// no mistake, as long as the decoder knows the key.
const absent = "!absent"

// A variant is an overlay as written: first a partial file, then path and value pairs.
type variant struct {
	name    string
	overlay *yaml.Node // nil: none
	set     *yaml.Node // nil: none
}

// variants lists the file's variants. What is wrong with the list itself is found when a
// scenario is decoded, for all of them alike.
func (d *Document) variants() []variant {
	list := get(d.tree.root, "variants")
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		return []variant{{}}
	}
	var all []variant
	for _, item := range list.Content {
		all = append(all, variant{name: itemName(item), overlay: get(item, "overlay"), set: get(item, "set")})
	}
	return all
}

// overlaid is the tree with a variant's overlay and then sets applied.
func (d *Document) overlaid(v variant, sets []Set) (*tree, []*Error) {
	t := d.tree.clone()
	var errs []*Error
	if v.overlay != nil && v.overlay.Kind == yaml.MappingNode {
		errs = append(errs, t.fixed(v.overlay, "")...)
		t.merge(t.root, cloneNode(v.overlay))
	}
	if v.set != nil && v.set.Kind == yaml.MappingNode {
		for i := 0; i < len(v.set.Content); i += 2 {
			key, value := v.set.Content[i], v.set.Content[i+1]
			if slices.ContainsFunc(fixedKeys, func(f string) bool { return under(key.Value, f) }) {
				errs = append(errs, t.fixedError(key, key.Value))
			} else if err := t.assign(key.Value, key, value); err != nil {
				errs = append(errs, t.at(key, "%s", err))
			}
		}
	}
	for _, s := range sets {
		if err := t.set(s); err != nil {
			errs = append(errs, &Error{File: s.String(), Msg: err.Error()})
		}
	}
	return t, errs
}

// set applies one Set.
func (t *tree) set(s Set) error {
	if under(s.Path, "variants") {
		return fmt.Errorf("a variant cannot be set, only what it overlays; edit the file")
	}
	var doc yaml.Node
	err := yaml.Unmarshal([]byte(s.Value), &doc)
	if err != nil || doc.Kind == 0 {
		return fmt.Errorf("the value is not YAML; write a text, a number or a [list] or {mapping}, in quotes where it needs them")
	}
	x := expander{active: map[*yaml.Node]bool{}}
	value := x.expand(doc.Content[0], 1)
	if len(x.errs) > 0 {
		return fmt.Errorf("the value %s", x.errs[0].Msg)
	}
	if value.Kind != yaml.ScalarNode && value.Style&yaml.FlowStyle == 0 {
		return fmt.Errorf("the value reads as %s; put it in quotes, or write [list] or {mapping}", describe(value))
	}
	from := s.String()
	t.mark(value, from)
	key := &yaml.Node{}
	t.origin[key] = from
	return t.assign(s.Path, key, value)
}

// mark notes where a node and all in it come from.
func (t *tree) mark(n *yaml.Node, from string) {
	t.origin[n] = from
	for _, child := range n.Content {
		t.mark(child, from)
	}
}

// assign puts a copy of value at every place that path names. Keys it adds stand, for messages,
// where key does. A null removes the key.
func (t *tree) assign(path string, key, value *yaml.Node) error {
	added := map[*yaml.Node]bool{}
	made := func() *yaml.Node {
		n := &yaml.Node{Line: key.Line, Column: key.Column}
		added[n] = true
		if from, ok := t.origin[key]; ok {
			t.origin[n] = from
		}
		return n
	}
	if path == "" {
		return fmt.Errorf("the path is empty; write one, e.g. services.hello.deploysPerDay")
	}
	places, err := find(t.root, path, made)
	if err != nil {
		return err
	}
	for _, p := range places {
		if value.ShortTag() == "!!null" {
			if added[p.node] {
				p.node.Kind, p.node.Tag = yaml.ScalarNode, absent
			} else {
				remove(p)
			}
			continue
		}
		c := cloneNode(value)
		if from, ok := t.origin[value]; ok {
			t.mark(c, from)
		}
		replace(p, c)
	}
	return nil
}

// replace puts n where p is.
func replace(p place, n *yaml.Node) {
	parent := p.trail[len(p.trail)-1]
	parent.Content[slices.Index(parent.Content, p.node)] = n
}

// remove takes p out of its parent, with its key.
func remove(p place) {
	parent := p.trail[len(p.trail)-1]
	i := slices.Index(parent.Content, p.node)
	from := i
	if parent.Kind == yaml.MappingNode {
		from--
	}
	parent.Content = slices.Delete(parent.Content, from, i+1)
}

// merge lays a partial mapping over another: mappings merge key by key, lists of named items item
// by item, new items go last, and everything else is replaced. A null
// removes its key.
func (t *tree) merge(base, over *yaml.Node) {
	at := map[string]int{}
	for i := 0; i < len(base.Content); i += 2 {
		at[base.Content[i].Value] = i + 1
	}
	removed := map[*yaml.Node]bool{}
	for i := 0; i < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		was, stated := at[key.Value]
		switch {
		case value.ShortTag() == "!!null" && stated:
			removed[base.Content[was]] = true
		case value.ShortTag() == "!!null":
			value.Tag = absent
			base.Content = append(base.Content, key, value)
		case !stated:
			base.Content = append(base.Content, key, value)
		case base.Content[was].Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			t.merge(base.Content[was], value)
		case named(base.Content[was]) && named(value):
			t.mergeItems(base.Content[was], value)
		default:
			base.Content[was] = value
		}
	}
	drop(base, func(_, value *yaml.Node) bool { return removed[value] })
}

// mergeItems merges a list of named items into another.
func (t *tree) mergeItems(base, over *yaml.Node) {
	first := map[string]*yaml.Node{}
	for _, item := range slices.Backward(base.Content) {
		first[itemName(item)] = item
	}
	given := map[string]bool{}
	for _, item := range over.Content {
		name := itemName(item)
		if first[name] == nil || given[name] { // a name given twice stays a mistake
			base.Content = append(base.Content, item)
		} else {
			t.merge(first[name], item)
		}
		given[name] = true
	}
}

// named tells whether a node is a list whose items all have names.
func named(n *yaml.Node) bool {
	return n.Kind == yaml.SequenceNode && len(n.Content) > 0 &&
		!slices.ContainsFunc(n.Content, func(item *yaml.Node) bool { return itemName(item) == "" })
}

// fixed finds fixed keys in a variant's overlay.
func (t *tree) fixed(n *yaml.Node, prefix string) []*Error {
	var errs []*Error
	for i := 0; i < len(n.Content); i += 2 {
		path := prefix + n.Content[i].Value
		if slices.Contains(fixedKeys, path) {
			errs = append(errs, t.fixedError(n.Content[i], path))
		} else if child := n.Content[i+1]; child.Kind == yaml.MappingNode && prefix == "" {
			errs = append(errs, t.fixed(child, path+".")...)
		}
	}
	return errs
}

func (t *tree) fixedError(key *yaml.Node, path string) *Error {
	return t.at(key, "%s: is the same for all variants; set it in the file itself", clip(path))
}

// under tells whether path is prefix or a path below it.
func under(path, prefix string) bool {
	_, ok := cutSegment(path, prefix)
	return ok
}
