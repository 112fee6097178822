package kubernetes

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// A block is a mapping being written, key by key, with comments.
type block struct {
	node  *yaml.Node
	above []string // comments for above the next key
}

func newBlock() *block { return &block{node: &yaml.Node{Kind: yaml.MappingNode}} }

// text adds a text, and a comment behind it.
func (b *block) text(key, value, comment string) { b.add(key, scalar("!!str", value), comment) }

// plain adds a number, a truth value or a quantity.
func (b *block) plain(key, value, comment string) { b.add(key, scalar("", value), comment) }

// flow adds a mapping on one line.
func (b *block) flow(key string, inner *block, comment string) {
	inner.node.Style = yaml.FlowStyle
	b.add(key, inner.node, comment)
}

// list adds a list of texts on one line.
func (b *block) list(key string, values []string, comment string) {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, v := range values {
		n.Content = append(n.Content, scalar("!!str", v))
	}
	b.add(key, n, comment)
}

// flows adds a list of one mapping, on one line.
func (b *block) flows(key string, inner *block, comment string) {
	inner.node.Style = yaml.FlowStyle
	b.add(key, &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{inner.node}}, comment)
}

// blocks adds a list of mappings.
func (b *block) blocks(key string, items []*block) {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, item := range items {
		n.Content = append(n.Content, item.node)
	}
	b.add(key, n, "")
}

// note adds a comment above what is added next.
func (b *block) note(comment string) { b.above = append(b.above, comment) }

func (b *block) add(key string, value *yaml.Node, comment string) {
	k := scalar("!!str", key)
	k.HeadComment = comments(b.above...)
	b.above = nil
	if value.LineComment = comments(comment); comment == "" {
		value.LineComment = ""
	}
	b.node.Content = append(b.node.Content, k, value)
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// comments makes comment lines. What comes from a dump may not end one.
func comments(lines ...string) string {
	var out []string
	for _, line := range lines {
		out = append(out, "# "+strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
				return '?'
			}
			return r
		}, strings.ToValidUTF8(line, "?")))
	}
	return strings.Join(out, "\n")
}

// encode writes the document under its heading.
func (b *block) encode(heading ...string) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	doc := &yaml.Node{Kind: yaml.DocumentNode, HeadComment: comments(heading...), Content: []*yaml.Node{b.node}}
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
