package scenarios

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// An expander copies a document: aliases become copies of what they name, merge keys become keys,
// and what a scenario has no use for is refused.
type expander struct {
	file   string
	nodes  int
	active map[*yaml.Node]bool // anchored nodes being copied
	full   bool                // a limit was passed: stop copying
	errs   []*Error
}

func (x *expander) fail(n *yaml.Node, format string, args ...any) {
	x.errs = append(x.errs, &Error{File: x.file, Line: n.Line, Col: n.Column, Msg: fmt.Sprintf(format, args...)})
}

// expand copies n. It always returns a node; after a mistake it may be an empty one.
func (x *expander) expand(n *yaml.Node, depth int) *yaml.Node {
	empty := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
	x.nodes++
	switch {
	case x.full:
		return empty
	case x.nodes > maxNodes:
		x.full = true
		x.fail(n, "the file has more than %d values once aliases are expanded; use fewer aliases", maxNodes)
		return empty
	case depth > maxDepth:
		x.full = true
		x.fail(n, "is nested more than %d levels deep; no part of a scenario is", maxDepth)
		return empty
	}
	if n.Kind == yaml.AliasNode {
		if x.active[n.Alias] {
			x.fail(n, "*%s stands inside the value it names; write the value", n.Value)
			return empty
		}
		return x.expand(n.Alias, depth)
	}
	if n.Style&yaml.TaggedStyle != 0 {
		x.fail(n, "has the tag %s; remove it", n.Tag)
		return empty
	}
	if n.Anchor != "" {
		x.active[n] = true
		defer delete(x.active, n)
	}
	c := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.ShortTag(), Value: n.Value, Line: n.Line, Column: n.Column}
	if c.Tag == "!!null" {
		c.Value = "null" // also written ~, or not at all
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			c.Content = append(c.Content, x.expand(item, depth+1))
		}
	case yaml.MappingNode:
		x.mapping(n, c, depth)
	}
	return c
}

// mapping copies the keys of n to c, its own first, then those of its merge key.
func (x *expander) mapping(n, c *yaml.Node, depth int) {
	lines := map[string]int{}
	var merge *yaml.Node
	for i := 0; i+1 < len(n.Content) && !x.full; i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		isMerge := key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge"
		if key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" && !isMerge {
			x.fail(n.Content[i], "%s stands where a key should; write a text", describe(key))
			continue
		}
		if line, ok := lines[key.Value]; ok {
			x.fail(n.Content[i], "duplicate key %q; it is already on line %d, remove one", clip(key.Value), line)
			continue
		}
		lines[key.Value] = n.Content[i].Line
		if isMerge {
			merge = x.expand(n.Content[i+1], depth)
			continue
		}
		c.Content = append(c.Content, x.expand(n.Content[i], depth+1), x.expand(n.Content[i+1], depth+1))
	}
	if merge == nil || x.full {
		return
	}
	sources := []*yaml.Node{merge}
	if merge.Kind == yaml.SequenceNode {
		sources = merge.Content
	}
	for _, s := range sources {
		if s.Kind != yaml.MappingNode {
			x.fail(s, "%s stands after a merge key; write *anchor of a mapping, or a list of them", describe(s))
			continue
		}
		for i := 0; i < len(s.Content); i += 2 {
			if _, ok := lines[s.Content[i].Value]; !ok {
				lines[s.Content[i].Value] = s.Content[i].Line
				c.Content = append(c.Content, s.Content[i], s.Content[i+1])
			}
		}
	}
}
