package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// A place is a value that a path names, and how it hangs in the tree.
//
// A path is keys and names with dots between: services.hello.deploysPerDay. Items of a list are
// addressed by name (images by ref), by position from 0 as in datacenters[0].nodes, or all at once
// by *. A name may contain dots: the longest name that is there wins.
type place struct {
	node  *yaml.Node
	trail []*yaml.Node // from the root to the node's parent
	shown string       // its path with names in place of positions
}

// find returns the places that a path names, in the tree's order, at least one. Where
// made is not nil, missing keys of mappings are added, with new empty nodes that it returns.
func find(root *yaml.Node, path string, made func() *yaml.Node) ([]place, error) {
	places := []place{{node: root}}
	rest := path
	for depth := 0; rest != ""; depth++ {
		if depth == maxDepth {
			return nil, fmt.Errorf("path %s has more than %d parts; no value lies so deep", clip(path), maxDepth)
		}
		var next []place
		var tail string
		for i, p := range places {
			found, t, err := p.step(rest, made)
			if err != nil {
				return nil, err
			}
			if i > 0 && t != tail {
				return nil, fmt.Errorf("path %s reads differently under %s and %s; name one", path, places[0].name(), p.name())
			}
			tail = t
			next = append(next, found...)
		}
		places, rest = next, tail
		if rest == "" {
			break
		}
		if cut, ok := strings.CutPrefix(rest, "."); ok {
			if rest = cut; rest == "" {
				return nil, fmt.Errorf("path %s ends with a dot; name a value", path)
			}
		}
	}
	return places, nil
}

// step follows the first part of a path and returns what it names and the rest of the path, which
// is empty or starts with . or [.
func (p place) step(rest string, made func() *yaml.Node) ([]place, string, error) {
	switch p.node.Kind {
	case yaml.MappingNode:
		return p.stepKey(rest, made)
	case yaml.SequenceNode:
		return p.stepItem(rest)
	}
	return nil, "", fmt.Errorf("%s is %s and has no %s; set it as a whole", p.name(), describe(p.node), rest)
}

func (p place) stepKey(rest string, made func() *yaml.Node) ([]place, string, error) {
	if tail, ok := cutSegment(rest, "*"); ok {
		var all []place
		for i := 0; i < len(p.node.Content); i += 2 {
			all = append(all, p.child(p.node.Content[i+1], "."+p.node.Content[i].Value))
		}
		if len(all) == 0 {
			return nil, "", fmt.Errorf("%s has no values for *", p.name())
		}
		return all, tail, nil
	}
	name := func(i int) string { return p.node.Content[2*i].Value }
	if i := longest(rest, len(p.node.Content)/2, name); i >= 0 {
		return []place{p.child(p.node.Content[2*i+1], "."+name(i))}, rest[len(name(i)):], nil
	}
	key := rest
	if end := strings.IndexAny(rest, ".["); end >= 0 {
		key = rest[:end]
	}
	if key == "" {
		return nil, "", fmt.Errorf("%s is a mapping; write the name of a value after it in place of %q", p.name(), clip(rest))
	}
	if made == nil {
		return nil, "", lost(func() string { return unknownKey(p.name(), key, list(len(p.node.Content)/2, name)) })
	}
	added, value := made(), made()
	added.Kind, added.Tag, added.Value = yaml.ScalarNode, "!!str", key
	value.Kind, value.Tag = yaml.MappingNode, "!!map"
	p.node.Content = append(p.node.Content, added, value)
	return []place{p.child(value, "."+key)}, rest[len(key):], nil
}

func (p place) stepItem(rest string) ([]place, string, error) {
	items := p.node.Content
	if tail, ok := cutSegment(rest, "*"); ok && len(items) > 0 {
		var all []place
		for i := range items {
			all = append(all, p.child(items[i], itemSuffix(items[i], i)))
		}
		return all, tail, nil
	}
	if inner, ok := strings.CutPrefix(rest, "["); ok {
		index, tail, _ := strings.Cut(inner, "]")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(items) || tail != "" && tail[0] != '.' && tail[0] != '[' {
			return nil, "", fmt.Errorf("%s has no item [%s]; %s", p.name(), clip(index), itemsOf(len(items)))
		}
		return []place{p.child(items[i], itemSuffix(items[i], i))}, tail, nil
	}
	name := func(i int) string { return itemName(items[i]) }
	i := longest(rest, len(items), name)
	if i < 0 {
		asked, _, _ := strings.Cut(rest, ".")
		return nil, "", lost(func() string { return unknownName("item of "+p.name(), asked, list(len(items), name)) })
	}
	return []place{p.child(items[i], itemSuffix(items[i], i))}, rest[len(name(i)):], nil
}

// A lost error says that a path names nothing, and what may have been meant. That takes time to find, so
// it is looked up only when the text is asked for: most callers just want to know whether there is a value.
type lost func() string

func (l lost) Error() string { return l() }

// itemsOf says which positions of a list of n items to write.
func itemsOf(n int) string {
	switch n {
	case 0:
		return "it is empty"
	case 1:
		return "write [0]"
	}
	return fmt.Sprintf("write [0] to [%d]", n-1)
}

func (p place) child(n *yaml.Node, suffix string) place {
	trail := append(append([]*yaml.Node(nil), p.trail...), p.node)
	return place{node: n, trail: trail, shown: strings.TrimPrefix(p.shown+suffix, ".")}
}

// name is the place's path for messages.
func (p place) name() string {
	if p.shown == "" {
		return "the scenario"
	}
	return p.shown
}

// cutSegment removes a leading segment if the path's first segment is exactly that.
func cutSegment(rest, segment string) (string, bool) {
	tail, ok := strings.CutPrefix(rest, segment)
	return tail, ok && (tail == "" || tail[0] == '.' || tail[0] == '[')
}

// longest is the index of the longest of n names that is a first segment of rest, or -1.
func longest(rest string, n int, name func(int) string) int {
	best, length := -1, 0
	for i := range n {
		name := name(i)
		if _, ok := cutSegment(rest, name); ok && len(name) > length {
			best, length = i, len(name)
		}
	}
	return best
}

// list is n names.
func list(n int, name func(int) string) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = name(i)
	}
	return names
}

// itemName is what a path calls an item of a list: its name, or an image's ref; "" where it has
// neither.
func itemName(item *yaml.Node) string {
	for _, key := range []string{"name", "ref"} {
		if n := get(item, key); n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
			return n.Value
		}
	}
	return ""
}

// itemSuffix is how a path goes on to an item: by its name where that is a plain one.
func itemSuffix(item *yaml.Node, i int) string {
	if name := itemName(item); len(name) <= maxName && namePattern.MatchString(name) {
		return "." + name
	}
	return fmt.Sprintf("[%d]", i)
}
