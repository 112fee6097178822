package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

//go:embed report.html.tmpl
var pageText string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"label": label, "note": func(s string) string { return clip(oneLine(s), textWidth) },
	"outcome": outcome, "verdict": budgetVerdict,
}).Parse(pageText))

// HTML writes the comparison as one page, with its bill, that needs nothing from elsewhere and runs no
// script.
func HTML(w io.Writer, r *whatif.Result) error {
	p := htmlPage{
		Result: r, Heading: heading(r, label), Marks: marks(r),
		Tables: []htmlTable{htmlFields("", r, comparison(r))},
		Bars:   []htmlBars{deliveredBars(r)},
	}
	if priced(r) {
		p.Bars = append([]htmlBars{costBars(r)}, p.Bars...)
	}
	p.Tables = append(p.Tables, htmlFields("Bytes a month: what a calculator says (naive), what moves, what no scheme can beat (floor)", r, bounds(r)))
	if fields := heldMemory(r); fields != nil {
		p.Tables = append(p.Tables, htmlFields("Memory of all instances", r, fields))
	}
	for i := range r.Variants {
		p.Variants = append(p.Variants, htmlVariant{Name: label(r.Variants[i].Name), Bill: htmlBill(&r.Variants[i])})
	}
	return page.Execute(w, p)
}

// htmlPage is what the template shows.
type htmlPage struct {
	*whatif.Result
	Heading, Marks string
	Bars           []htmlBars
	Tables         []htmlTable
	Variants       []htmlVariant
}

// An htmlTable has texts in its first column and in those from Texts on; numbers stand between.
type htmlTable struct {
	Title string
	Head  []string
	Rows  [][]string
	Texts int
}

type htmlVariant struct {
	Name string
	Bill htmlTable
}

// htmlBars compares one figure; bars are drawn in parts of the longest.
type htmlBars struct {
	Title string
	Bars  []htmlBar
}

type htmlBar struct {
	Name, Text  string
	First, Then int // parts of a thousand, one after the other
}

func htmlFields(title string, r *whatif.Result, fields []field) htmlTable {
	t := htmlTable{Title: title, Head: []string{"variant"}, Texts: len(fields) + 1}
	group := ""
	for _, f := range fields {
		if f.head != "" {
			group = f.head
		}
		t.Head = append(t.Head, group+" "+f.unit)
	}
	for i := range r.Variants {
		row := []string{label(r.Variants[i].Name)}
		for _, f := range fields {
			row = append(row, f.cells[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// htmlBill is a variant's bill, line by line.
func htmlBill(v *whatif.Variant) htmlTable {
	t := htmlTable{Head: []string{"rule", "quantity", "rate", v.Cost.Currency, "unit", "from", "to", "tier", "source"}, Texts: 4}
	for _, i := range v.Cost.Items {
		rate, amount := fmt.Sprint(i.Rate), v.Cost.Amount(&i).String()
		if i.Unknown {
			rate, amount = "unknown", "unknown"
		}
		t.Rows = append(t.Rows, []string{
			label(i.Rule), group(fmt.Sprintf("%.3f", i.Quantity)), rate, amount, label(i.Unit), label(i.From), label(i.To), label(i.Tier),
			clip(oneLine(i.Source), textWidth),
		})
	}
	return t
}

func costBars(r *whatif.Result) htmlBars {
	b := htmlBars{Title: "Cost a month: fixed (dark), then usage"}
	most := 0.0
	for i := range r.Variants {
		most = max(most, float64(r.Variants[i].Cost.Monthly))
	}
	for i := range r.Variants {
		c := r.Variants[i].Cost
		b.Bars = append(b.Bars, htmlBar{
			Name: label(r.Variants[i].Name), Text: dollars(cents(c.Monthly)) + " " + c.Currency,
			First: share(float64(c.Fixed), most), Then: share(float64(c.Usage), most),
		})
	}
	return b
}

func deliveredBars(r *whatif.Result) htmlBars {
	delivered := monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.DeliveredBytes })
	var values []float64
	most := 0.0
	for i := range r.Variants {
		values = append(values, delivered(&r.Variants[i]))
		most = max(most, values[i])
	}
	unit, cells := column(byteScales, values)
	b := htmlBars{Title: "Delivered to nodes in a month"}
	for i := range r.Variants {
		b.Bars = append(b.Bars, htmlBar{Name: label(r.Variants[i].Name), Text: cells[i] + " " + unit, Then: share(values[i], most)})
	}
	return b
}

// share is a part of the whole in thousandths, from 0 to 1000.
func share(part, whole float64) int {
	if !(whole > 0) {
		return 0
	}
	return int(1000 * min(1, max(0, part/whole)))
}
