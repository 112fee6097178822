package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// secondsPerMonth is the month that costs are scaled to, of 730 hours.
const secondsPerMonth = 730 * 3600

// Table writes the comparison for a terminal: a row a variant, then what puts the bytes in their place,
// then assumptions and warnings.
func Table(w io.Writer, r *whatif.Result) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s, compared with %s\n\n", clean(r.Scenario.Name), count(len(r.Variants), "variant"), clean(r.Baseline))
	out.WriteString(grid(r, comparison(r)))
	out.WriteString("\nBytes a month: what a calculator says, what moves, what no scheme can beat\n\n")
	out.WriteString(grid(r, bounds(r)))
	if memory := memory(r); memory != nil {
		out.WriteString("\nMemory of all instances\n\n")
		out.WriteString(grid(r, memory))
	}
	notes(&out, "Assumptions", r.Assumptions)
	notes(&out, "Warnings", r.Warnings)
	_, err := io.WriteString(w, out.String())
	return err
}

// A field is a column: its heading, in two lines, and a cell a variant.
type field struct {
	head  string
	unit  string
	cells []string
}

func comparison(r *whatif.Result) []field {
	return []field{
		scaled(r, "image", "wire", byteScales, func(v *whatif.Variant) float64 { return float64(v.Image.CompressedBytes) }),
		scaled(r, "delivered", "a month", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.DeliveredBytes })),
		scaled(r, "registries", "sent", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.RegistryBytes })),
		money(r, "cost a month", func(v *whatif.Variant) int64 { return cents(v.Cost.Monthly) }),
		money(r, "usage", func(v *whatif.Variant) int64 { return cents(v.Cost.Monthly) - cents(v.Cost.Fixed) }),
		money(r, "fixed", func(v *whatif.Variant) int64 { return cents(v.Cost.Fixed) }),
		difference(r), relative(r),
		scaled(r, "pull", "p95", secondScales, func(v *whatif.Variant) float64 { return v.Pulls.Seconds.P95 }),
		scaled(r, "rollout", "p95", secondScales, func(v *whatif.Variant) float64 { return v.Rollouts.Seconds.P95 }),
		scaled(r, "uplink", "peak", rateScales, peakUplink),
	}
}

func bounds(r *whatif.Result) []field {
	return []field{
		scaled(r, "naive", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.NaiveBytes })),
		scaled(r, "delivered", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.DeliveredBytes })),
		scaled(r, "floor, nodes", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.FloorNodeBytes })),
		scaled(r, "floor, registries", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.FloorRegistryBytes })),
	}
}

// memory is nil where no variant states any.
func memory(r *whatif.Result) []field {
	stated := false
	for i := range r.Variants {
		m := r.Variants[i].Memory
		stated = stated || m.RSSBytes > 0 || m.CacheBytes > 0
	}
	if !stated {
		return nil
	}
	return []field{
		scaled(r, "rss", "", byteScales, func(v *whatif.Variant) float64 { return float64(v.Memory.RSSBytes) }),
		scaled(r, "page cache", "", byteScales, func(v *whatif.Variant) float64 { return float64(v.Memory.CacheBytes) }),
	}
}

// monthly scales bytes of the simulated time to a month.
func monthly(r *whatif.Result, bytes func(*whatif.Variant) int64) func(*whatif.Variant) float64 {
	return func(v *whatif.Variant) float64 {
		return float64(bytes(v)) * secondsPerMonth / r.DurationSeconds
	}
}

func peakUplink(v *whatif.Variant) float64 {
	peak := 0.0
	for _, l := range v.Transfer.Links {
		if strings.HasSuffix(l.Name, "/uplink") {
			peak = max(peak, l.PeakBPS)
		}
	}
	return peak
}

func scaled(r *whatif.Result, head, what string, scales []scale, value func(*whatif.Variant) float64) field {
	var values []float64
	for i := range r.Variants {
		values = append(values, value(&r.Variants[i]))
	}
	unit, cells := column(scales, values)
	return field{head: head, unit: strings.TrimSpace(what + " " + unit), cells: cells}
}

func money(r *whatif.Result, head string, value func(*whatif.Variant) int64) field {
	f := field{head: head, unit: currency(r)}
	for i := range r.Variants {
		f.cells = append(f.cells, atLeast(&r.Variants[i])+dollars(value(&r.Variants[i])))
	}
	return f
}

// currency is the bill's, the same for all variants.
func currency(r *whatif.Result) string {
	for i := range r.Variants {
		return r.Variants[i].Cost.Currency
	}
	return ""
}

// atLeast marks a sum in which some price is not known.
func atLeast(v *whatif.Variant) string {
	if v.Cost.AtLeast {
		return "≥"
	}
	return ""
}

func baseline(r *whatif.Result) *whatif.Variant {
	for i := range r.Variants {
		if r.Variants[i].Name == r.Baseline {
			return &r.Variants[i]
		}
	}
	return nil
}

func difference(r *whatif.Result) field {
	f := field{head: "difference", unit: currency(r)}
	base := baseline(r)
	for i := range r.Variants {
		v := &r.Variants[i]
		cell := ""
		if base != nil && v != base {
			cell = signed(dollars(cents(v.Cost.Monthly) - cents(base.Cost.Monthly)))
		}
		f.cells = append(f.cells, cell)
	}
	return f
}

func relative(r *whatif.Result) field {
	f := field{unit: "%"}
	base := baseline(r)
	for i := range r.Variants {
		v := &r.Variants[i]
		cell := ""
		if base != nil && v != base && base.Cost.Monthly != 0 {
			cell = signed(fmt.Sprintf("%.1f", 100*(float64(v.Cost.Monthly)/float64(base.Cost.Monthly)-1)))
		}
		f.cells = append(f.cells, cell)
	}
	return f
}

// signed puts a plus before what is more, and no sign before what rounds to nothing.
func signed(number string) string {
	switch {
	case strings.Trim(number, "-0.") == "":
		return strings.TrimPrefix(number, "-")
	case strings.HasPrefix(number, "-"):
		return number
	}
	return "+" + number
}

// grid lays the fields out behind the variants' names.
func grid(r *whatif.Result, fields []field) string {
	head := table.Row{"variant"}
	for _, f := range fields {
		head = append(head, f.head+"\n"+f.unit)
	}
	var rows []table.Row
	for i := range r.Variants {
		row := table.Row{clean(r.Variants[i].Name)}
		for _, f := range fields {
			row = append(row, f.cells[i])
		}
		rows = append(rows, row)
	}
	return render(head, rows, len(fields)+1, 1)
}

// render draws a table whose columns up to the numbers-th, but for the texts first ones, are numbers and
// stand to the right.
func render(head table.Row, rows []table.Row, numbers int, texts ...int) string {
	t := table.NewWriter()
	t.SetStyle(plain())
	t.AppendHeader(head)
	t.AppendRows(rows)
	first := 1
	for _, n := range texts {
		first += n
	}
	var configs []table.ColumnConfig
	for i := first; i <= numbers; i++ {
		configs = append(configs, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	lines := strings.Split(t.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// plain is a table without borders and without colours.
func plain() table.Style {
	s := table.StyleDefault
	s.Options = table.OptionsNoBordersAndSeparators
	s.Options.SeparateHeader = true
	s.Format.Header = text.FormatDefault
	s.Box.PaddingLeft, s.Box.PaddingRight = "", "  "
	return s
}

func notes(out *strings.Builder, head string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", head)
	for _, n := range list {
		fmt.Fprintf(out, "- %s\n", clean(n))
	}
}

// count writes a number and a noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// clean keeps control characters of hostile names off the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}
