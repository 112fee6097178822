package whatif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxResultBytes is the longest saved result that is read.
const MaxResultBytes = 256 << 20

// IsResult tells whether data looks like a saved Result rather than a scenario: an object in JSON whose
// schema is a result's, of whichever version.
func IsResult(data []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	key, _ := dec.Token()
	value, err := dec.Token()
	text, ok := value.(string)
	return err == nil && ok && key == "schema" && bytes.HasPrefix([]byte(text), []byte("fleetcost.result/"))
}

// ReadResult reads a result as run wrote it. Keys that are not known are left out: a later fleetcost may
// write more. The error says what is missing or contradicts itself.
func ReadResult(data []byte) (*Result, error) {
	if len(data) > MaxResultBytes {
		return nil, fmt.Errorf("reading result: it is longer than %d MiB", MaxResultBytes>>20)
	}
	var r Result
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("reading result: it is not what run -o json writes: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading result: more follows after its end; write one result a file")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("reading result: %w", err)
	}
	if err := complete(data); err != nil {
		return nil, fmt.Errorf("reading result: %w", err)
	}
	return &r, nil
}

// check finds what renderers and comparisons could not work with.
func (r *Result) check() error {
	if r.Schema != Schema {
		return fmt.Errorf("its schema is %.60q, not %s", r.Schema, Schema)
	}
	if !(r.DurationSeconds > 0) {
		return fmt.Errorf("duration_seconds is %v, not a positive number", r.DurationSeconds)
	}
	names := map[string]bool{}
	for i := range r.Variants {
		name := r.Variants[i].Name
		if names[name] {
			return fmt.Errorf("two variants are named %.60q", name)
		}
		names[name] = true
	}
	if len(names) == 0 {
		return errors.New("it has no variants")
	}
	if !names[r.Baseline] {
		return fmt.Errorf("the baseline %.60q is none of its variants", r.Baseline)
	}
	return nil
}

// Variant finds a variant by its name, nil where there is none.
func (r *Result) Variant(name string) *Variant {
	for i := range r.Variants {
		if r.Variants[i].Name == name {
			return &r.Variants[i]
		}
	}
	return nil
}
