package kubernetes

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// json reads values one after another: objects, lists of objects as kubectl makes them, bare arrays. Items
// are read one by one, so that a dump may be much larger than memory.
func (in *reader) json(r io.Reader) error {
	source := &bounded{r: r, left: maxItemBytes}
	s := &stream{in: in, dec: json.NewDecoder(source), source: source}
	for {
		token, err := s.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.explain(err)
		}
		switch token {
		case json.Delim('['):
			err = s.items(in.hint)
		case json.Delim('{'):
			err = s.object()
		default:
			err = fmt.Errorf("%s stands where an object or a list should; write kubectl's output to it with -o json", clip(fmt.Sprint(token)))
		}
		if err != nil {
			return s.explain(err)
		}
	}
}

// A stream is JSON being read.
type stream struct {
	in     *reader
	dec    *json.Decoder
	source *bounded
}

// items reads what stands between brackets, the first of which was read.
func (s *stream) items(hint string) error {
	for s.dec.More() {
		if err := s.in.ctx.Err(); err != nil {
			return err
		}
		o := &object{}
		err := s.decode(o)
		if s.broken(err) {
			return err
		}
		s.in.item(o, err, hint, 0)
	}
	_, err := s.dec.Token()
	return err
}

// object reads what stands between braces, the first of which was read: a list's items one by one, or an
// object of its own.
func (s *stream) object() error {
	var fields []string // of an object of its own
	hint, isList := s.in.hint, false
	for s.dec.More() {
		key, err := s.dec.Token()
		if err != nil {
			return err
		}
		if key == "items" {
			isList = true
			if err := s.listItems(hint); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := s.decode(&raw); err != nil {
			return err
		}
		if key == "kind" {
			hint = kindOfList(raw, hint)
		}
		name, _ := json.Marshal(key)
		fields = append(fields, string(name)+":"+string(raw))
	}
	if _, err := s.dec.Token(); err != nil || isList {
		return err
	}
	o := &object{}
	err := json.Unmarshal([]byte("{"+strings.Join(fields, ",")+"}"), o)
	s.in.item(o, err, s.in.hint, maxLists)
	return nil
}

// listItems reads the value of a list's items: an array, or null where there are none.
func (s *stream) listItems(hint string) error {
	token, err := s.dec.Token()
	switch {
	case err != nil:
		return err
	case token == json.Delim('['):
		return s.items(hint)
	case token == nil:
		return nil
	}
	return errors.New("items is not a list; write kubectl's output to it with -o json")
}

// decode reads the next value whole.
func (s *stream) decode(v any) error {
	s.source.left = maxItemBytes
	return s.dec.Decode(v)
}

// broken tells whether an error is that of the text or of reading it, and not of a value in it.
func (s *stream) broken(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	return syntax || s.source.err != nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// explain says where in the file an error is.
func (s *stream) explain(err error) error {
	at := s.dec.InputOffset()
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("after byte %d it is not JSON: %w; write kubectl's output to it anew", at, err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("it ends after %d objects in the middle of one, at byte %d; write it anew, the disk may have been full or the command interrupted", s.in.items, at)
	}
	return err
}

// A bounded reader ends with an error after so many bytes, and keeps its error but for the end of the file.
type bounded struct {
	r    io.Reader
	left int
	err  error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.err = fmt.Errorf("one of its objects is longer than %d MiB, which no cluster stores", maxItemBytes>>20)
		return 0, b.err
	}
	n, err := b.r.Read(p)
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
