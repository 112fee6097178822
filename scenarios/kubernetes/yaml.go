package kubernetes

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	kyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// yaml reads YAML documents. A list's items are read one by one, so that a dump may be much larger than
// memory: in block style an item begins with a hyphen at the items' own indentation.
func (in *reader) yaml(r *bufio.Reader) error {
	s := &yamlStream{in: in}
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("line %d is longer than %d bytes; write kubectl's output to it with -o json", s.line+1, r.Size())
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 {
			if err := s.add(line); err != nil {
				return err
			}
		}
		if err != nil {
			return s.endDocument()
		}
	}
}

// A yamlStream is YAML being read, line by line.
type yamlStream struct {
	in     *reader
	line   int          // the last line that was added, from 1
	from   int          // the line that text begins with
	text   bytes.Buffer // an item, or a document that is no list, so far
	where  section
	indent int // of the items' hyphens
}

// A section is where in a document a line stands.
type section int

const (
	inDocument section = iota // in no list's items
	atItems                   // behind the key items
	inItems                   // in an item
	afterItems                // behind the items
)

// add takes one line.
func (s *yamlStream) add(line []byte) error {
	s.line++
	body := bytes.TrimLeft(line, " ")
	indent := len(line) - len(body)
	body = bytes.TrimRight(body, " \t\r\n")
	hyphen := string(body) == "-" || bytes.HasPrefix(body, []byte("- "))
	switch {
	case indent == 0 && (string(body) == "---" || string(body) == "..." || bytes.HasPrefix(body, []byte("--- "))):
		return s.endDocument()
	case len(body) == 0 || body[0] == '#':
		return s.keep(line)
	case s.where == inDocument && indent == 0 && string(body) == "items:":
		s.where = atItems
		s.text.Reset() // fields around a list's items are of no use
		return nil
	case s.where == atItems && !hyphen:
		return fmt.Errorf("line %d: items is not a list; write kubectl's output to it with -o json", s.line)
	case s.where == atItems:
		s.where, s.indent = inItems, indent
		return s.beginItem(line, indent)
	case s.where == inItems && hyphen && indent == s.indent:
		if err := s.endText(); err != nil {
			return err
		}
		return s.beginItem(line, indent)
	case s.where == inItems && indent <= s.indent:
		s.where = afterItems
		return s.endText()
	}
	return s.keep(line)
}

// beginItem takes the first line of an item, without its hyphen.
func (s *yamlStream) beginItem(line []byte, hyphen int) error {
	line = bytes.Clone(line)
	line[hyphen] = ' '
	return s.keep(line)
}

// keep adds a line to the text, where it is of use.
func (s *yamlStream) keep(line []byte) error {
	if s.where == atItems || s.where == afterItems {
		return nil
	}
	if s.text.Len() == 0 {
		s.from = s.line
	}
	if s.text.Len()+len(line) > maxItemBytes {
		return fmt.Errorf("line %d: what begins here is longer than %d MiB, which no cluster stores; write kubectl's output to it with -o json", s.from, maxItemBytes>>20)
	}
	s.text.Write(line)
	return nil
}

// endDocument reads what is left of a document.
func (s *yamlStream) endDocument() error {
	s.where = inDocument
	return s.endText()
}

// endText reads the text as an object, a list, or an array.
func (s *yamlStream) endText() error {
	defer s.text.Reset()
	if len(bytes.TrimSpace(s.text.Bytes())) == 0 {
		return nil
	}
	raw, err := kyaml.ToJSON(s.text.Bytes())
	raw = bytes.TrimSpace(raw) // what is JSON already comes back as it is
	switch {
	case err != nil:
		return fmt.Errorf("line %d: what begins here is not YAML (%s); write kubectl's output to it with -o json",
			s.from, strings.TrimPrefix(clip(err.Error()), "yaml: "))
	case bytes.HasPrefix(raw, []byte("{")), bytes.HasPrefix(raw, []byte("[")):
		return s.in.json(bytes.NewReader(raw))
	case string(raw) == "null":
		return nil
	}
	return fmt.Errorf("line %d: it is neither JSON nor YAML of Kubernetes; write kubectl's output to it with -o json", s.from)
}
