package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

const (
	// maxNodes bounds a document after aliases are expanded: a fleet of thousands of services
	// fits, an alias bomb does not.
	maxNodes = 500_000

	// maxSeparators bounds lines and commas, before nodes are made: each value of a document
	// needs one of them.
	maxSeparators = 2 * maxNodes

	// maxDepth bounds nesting; the schema itself needs 6 levels.
	maxDepth = 100
)

// A tree is a YAML document as nodes: mappings, sequences and scalars only, each in one place, so
// that changing one value changes nothing else.
type tree struct {
	file   string
	root   *yaml.Node            // a mapping
	origin map[*yaml.Node]string // where a node came from, if not from file
}

// parseTree reads the one document of a file, expands its aliases and merge keys, and counts its
// nodes.
func parseTree(file string, data []byte) (*tree, int, []*Error) {
	fail := func(line, col int, format string, args ...any) (*tree, int, []*Error) {
		return nil, 0, []*Error{{File: file, Line: line, Col: col, Msg: fmt.Sprintf(format, args...)}}
	}
	if len(data) > MaxFileBytes {
		return fail(0, 0, "is longer than %d MiB; write several scenarios", MaxFileBytes>>20)
	}
	if bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte(",")) > maxSeparators {
		return fail(0, 0, "has more than %d lines and commas; write several scenarios", maxSeparators)
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		line, col := lineCol(data, at)
		return fail(line, col, "a NUL byte stands here; write YAML, which is text")
	}
	if at := invalidUTF8(data); at >= 0 {
		line, col := lineCol(data, at)
		return fail(line, col, "is not UTF-8 text; write YAML")
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && doc.Content[0].ShortTag() == "!!null" {
		return fail(0, 0, "is empty; write a scenario, which starts with version: 1")
	}
	if err != nil {
		return nil, 0, []*Error{syntaxError(file, data, err)}
	}
	if err := dec.Decode(&second); err == nil {
		return fail(second.Line, second.Column, "a second document starts here; write one document a file")
	} else if !errors.Is(err, io.EOF) {
		return nil, 0, []*Error{syntaxError(file, data, err)}
	}
	x := expander{file: file, active: map[*yaml.Node]bool{}}
	root := x.expand(doc.Content[0], 1)
	if len(x.errs) == 0 && root.Kind != yaml.MappingNode {
		x.fail(root, "%s stands where the scenario should; write a mapping, which starts with version: 1", describe(root))
	}
	if len(x.errs) > 0 {
		return nil, 0, x.errs
	}
	return &tree{file: file, root: root}, x.nodes, nil
}

// syntaxErrorText takes a syntax error of yaml.v3 apart.
var syntaxErrorText = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// parserProblems are the messages whose line yaml.v3 counts from 0: those of its parser. The
// messages of its scanner count from 1.
var parserProblems = regexp.MustCompile(`^did not find expected (key|'-'|',' or|node content|<)`)

// syntaxError gives a position to an error of yaml.v3, which has a line at most: the line's first
// character. Where a block is broken the line is the block's first.
func syntaxError(file string, data []byte, err error) *Error {
	e := &Error{File: file, Line: 1, Col: 1, Msg: err.Error()}
	m := syntaxErrorText.FindStringSubmatch(err.Error())
	if m == nil {
		return e
	}
	e.Msg = "is not YAML: " + m[2] + "; " + syntaxRemedy(m[2])
	if m[1] != "" {
		e.Line, _ = strconv.Atoi(m[1])
		if parserProblems.MatchString(m[2]) {
			e.Line++
		}
	}
	lines := strings.Split(string(data), "\n")
	e.Line = min(e.Line, len(lines))
	text := lines[e.Line-1]
	e.Col = len(text) - len(strings.TrimLeft(text, " \t")) + 1
	if name, ok := strings.CutPrefix(m[2], "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		e.Line, e.Col = lineCol(data, max(0, strings.Index(string(data), "*"+name)))
		e.Msg = fmt.Sprintf("no anchor &%s stands above; write it, or the value in place of *%s", name, name)
	}
	return e
}

// syntaxRemedy says what is behind most errors of a kind.
func syntaxRemedy(problem string) string {
	switch {
	case parserProblems.MatchString(problem):
		return "the block or bracket that opens here is broken, check indentation, commas and brackets down from here"
	case strings.HasPrefix(problem, "mapping values"):
		return "a text with a colon and a space needs quotes"
	case strings.HasPrefix(problem, "found a tab character"):
		return "indent with spaces"
	case strings.HasPrefix(problem, "found character that cannot start"):
		return "indent with spaces, not tabs, and put a text that starts with a sign in quotes"
	}
	return "check quotes, brackets and indentation"
}

// invalidUTF8 is the offset of the first byte that is no UTF-8; -1: none.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// lineCol turns a byte offset into a line and a column in characters, both from 1.
func lineCol(data []byte, offset int) (line, col int) {
	before := data[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// clone copies the tree for overlays to change.
func (t *tree) clone() *tree {
	return &tree{file: t.file, root: cloneNode(t.root), origin: map[*yaml.Node]string{}}
}

func cloneNode(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = cloneNode(child)
	}
	return &c
}

// at makes an Error at a node.
func (t *tree) at(n *yaml.Node, format string, args ...any) *Error {
	msg := fmt.Sprintf(format, args...)
	if from, ok := t.origin[n]; ok {
		return &Error{File: from, Msg: msg}
	}
	return &Error{File: t.file, Line: n.Line, Col: n.Column, Msg: msg}
}

// get is the value of a mapping's key, or nil.
func get(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// describe says what kind of value a node is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	case "!!str":
		return fmt.Sprintf("the text %q", clip(n.Value))
	}
	return clip(n.Value)
}

// clip keeps messages short.
func clip(text string) string {
	if len(text) <= 60 {
		return text
	}
	cut := 60
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
