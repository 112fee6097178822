package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// A RowWriter writes the rows of a sweep as they come.
type RowWriter interface {
	Write(whatif.Row) error
	Close() error // writes what is left
}

// A RowFormat is a named way of writing rows.
type RowFormat struct {
	Name   string
	Stream bool // rows are written as they come; others are held until the last
	New    func(io.Writer) RowWriter
}

// RowFormats lists the ways of writing a sweep, the default first.
func RowFormats() []RowFormat {
	return []RowFormat{
		{"csv", true, func(w io.Writer) RowWriter { return &csvRows{w: csv.NewWriter(w)} }},
		{"ndjson", true, func(w io.Writer) RowWriter { return ndjsonRows{w} }},
		{"table", false, func(w io.Writer) RowWriter { return &heldRows{w: w, write: tableOfRows} }},
		{"markdown", false, func(w io.Writer) RowWriter { return &heldRows{w: w, write: markdownOfRows} }},
		{"json", false, func(w io.Writer) RowWriter { return &heldRows{w: w, write: jsonOfRows} }},
	}
}

// csvRows writes a heading with the first row. Every row is written out at once.
type csvRows struct {
	w      *csv.Writer
	headed bool
}

func (c *csvRows) Write(r whatif.Row) error {
	var head, cells []string
	for _, v := range r.Vary {
		head, cells = append(head, cell(v.Name)), append(cells, csvValue(v))
	}
	for _, v := range r.Metrics {
		head, cells = append(head, cell(v.Name)), append(cells, csvValue(v))
	}
	if !c.headed {
		c.headed = true
		if err := c.w.Write(head); err != nil {
			return err
		}
	}
	if err := c.w.Write(cells); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

func (c *csvRows) Close() error { return nil }

// csvValue is a number as it is, and a text that no spreadsheet takes for a formula.
func csvValue(c whatif.Cell) string {
	if c.Number {
		return c.Value
	}
	return cell(c.Value)
}

// ndjsonRows writes a line of JSON a row.
type ndjsonRows struct{ w io.Writer }

func (n ndjsonRows) Write(r whatif.Row) error {
	line, err := r.Line()
	if err != nil {
		return err
	}
	_, err = n.w.Write(line)
	return err
}

func (n ndjsonRows) Close() error { return nil }

// heldRows keeps all rows for a format that needs them together.
type heldRows struct {
	w     io.Writer
	rows  []whatif.Row
	write func(io.Writer, []whatif.Row) error
}

func (h *heldRows) Write(r whatif.Row) error {
	h.rows = append(h.rows, r)
	return nil
}

func (h *heldRows) Close() error {
	if len(h.rows) == 0 {
		return nil
	}
	return h.write(h.w, h.rows)
}

// rowCells are the headings of the first row's cells, each in two lines at most, and all cells for people.
// name writes names and values.
func rowCells(rows []whatif.Row, name func(string) string) (head []string, cells [][]string, numbers int) {
	cells = make([][]string, len(rows))
	first := rows[0]
	for i, v := range first.Vary {
		head = append(head, name(v.Name))
		for k, r := range rows {
			cells[k] = append(cells[k], name(r.Vary[i].Value))
		}
	}
	for i, m := range first.Metrics {
		unit, values := metricColumn(m.Name, rows, i)
		head = append(head, name(m.Name)+unit)
		for k := range rows {
			cells[k] = append(cells[k], values[k])
		}
	}
	return head, cells, len(first.Vary) + 1
}

// metricColumn writes a metric of all rows in one unit.
func metricColumn(metric string, rows []whatif.Row, i int) (unit string, cells []string) {
	var values []float64
	for _, r := range rows {
		value, _ := json.Number(r.Metrics[i].Value).Float64()
		values = append(values, value)
	}
	kind := metricUnit(metric)
	if scales := unitScales(kind); scales != nil {
		unit, cells = column(scales, values)
		return " " + unit, cells
	}
	for k, r := range rows {
		if kind == whatif.Money {
			cells = append(cells, amount(values[k]))
		} else {
			cells = append(cells, group(r.Metrics[i].Value))
		}
	}
	if kind == whatif.Money {
		unit = " USD"
	}
	return unit, cells
}

// metricUnit is the unit of a metric, whichever variant's it is.
func metricUnit(metric string) whatif.Unit {
	for i := range metric {
		if i > 0 && metric[i-1] != '.' {
			continue
		}
		if f, ok := whatif.FigureAt(metric[i:]); ok {
			return f.Unit
		}
	}
	return whatif.Number
}

func tableOfRows(w io.Writer, rows []whatif.Row) error {
	head, cells, numbers := rowCells(rows, label)
	top := make(table.Row, len(head))
	for i, text := range head {
		top[i] = text
	}
	body := make([]table.Row, len(cells))
	for k := range cells {
		for _, c := range cells[k] {
			body[k] = append(body[k], c)
		}
	}
	_, err := io.WriteString(w, render(top, body, numbers, len(head)))
	return err
}

func markdownOfRows(w io.Writer, rows []whatif.Row) error {
	head, cells, numbers := rowCells(rows, mdName)
	d := mdDoc{first: fmt.Sprintf("%s of %d", count(len(rows), "point"), rows[0].Points)}
	d.blocks = []mdBlock{mdTable("", head, numbers, len(head), cells)}
	return d.write(w)
}

// sweepJSON is what -o json prints of a sweep.
type sweepJSON struct {
	Schema string       `json:"schema"`
	Rows   []whatif.Row `json:"rows"`
}

func jsonOfRows(w io.Writer, rows []whatif.Row) error {
	return writeJSON(w, sweepJSON{"fleetcost.sweep/v1", rows})
}
