package whatif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A Row is one point of a sweep. Written as JSON, a line each, rows say by themselves what they belong to:
// a sweep goes on from them, and shards are merged by them.
type Row struct {
	Sweep   string `json:"sweep"`   // sha256 of all that makes the sweep: scenario, overlays, plan
	Point   int    `json:"point"`   // from 0
	Points  int    `json:"points"`  // of all shards
	Vary    Cells  `json:"vary"`    // paths and values, in the plan's order
	Metrics Cells  `json:"metrics"` // figures, in the order asked for
}

// Cells are names with values, in an order. As JSON they are an object.
type Cells []Cell

// A Cell is a name with a value: a text, or a number as JSON writes it.
type Cell struct {
	Name   string
	Value  string
	Number bool
}

// MarshalJSON writes an object with the cells in their order.
func (cs Cells) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	write := func(text string) error {
		err := enc.Encode(text)
		out.Truncate(out.Len() - 1) // the line feed
		return err
	}
	out.WriteByte('{')
	for i, c := range cs {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := write(c.Name); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if c.Number {
			out.WriteString(c.Value)
		} else if err := write(c.Value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// UnmarshalJSON reads an object of texts and numbers and keeps its order.
func (cs *Cells) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.New("reading cells: they are no object")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		value, err := dec.Token()
		if err != nil {
			return err
		}
		c := Cell{Name: name.(string)} // a key always is one
		switch value := value.(type) {
		case string:
			c.Value = value
		case json.Number:
			c.Value, c.Number = value.String(), true
		default:
			return fmt.Errorf("reading cells: %v is neither a text nor a number", value)
		}
		*cs = append(*cs, c)
	}
	return nil
}

// Line is the row as a line of JSON, with its line feed.
func (r *Row) Line() ([]byte, error) {
	data, err := json.Marshal(r)
	return append(data, '\n'), err
}

// ReadRow reads a line that Line wrote. The error says that it is none.
func ReadRow(line []byte) (Row, error) {
	var r Row
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return Row{}, fmt.Errorf("reading a row of a sweep: %w", err)
	}
	if r.Sweep == "" || r.Point < 0 || r.Point >= r.Points || r.Points > MaxPoints || len(r.Vary) == 0 || len(r.Metrics) == 0 {
		return Row{}, fmt.Errorf("reading a row of a sweep: point %d of %d is none", r.Point, r.Points)
	}
	return r, nil
}

// isNumber tells whether a text is a number as JSON writes it.
func isNumber(text string) bool {
	var n json.Number
	return len(text) > 0 && text[0] != '"' && json.Unmarshal([]byte(text), &n) == nil && n.String() == text
}
