package report

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// lineWidth is where notes are broken, in characters; tables keep to it where they can.
const lineWidth = 120

// grid lays the fields out behind the variants' names.
func grid(r *whatif.Result, fields []field) string {
	head := table.Row{"variant"}
	for _, f := range fields {
		head = append(head, f.head+"\n"+f.unit)
	}
	var rows []table.Row
	for i := range r.Variants {
		row := table.Row{label(r.Variants[i].Name)}
		for _, f := range fields {
			row = append(row, f.cells[i])
		}
		rows = append(rows, row)
	}
	return render(head, rows, 2, len(fields)+1)
}

// render draws a table; columns from first to last, counted from 1, are numbers and stand to the right.
func render(head table.Row, rows []table.Row, first, last int) string {
	t := table.NewWriter()
	t.SetStyle(plain())
	t.AppendHeader(head)
	t.AppendRows(rows)
	var configs []table.ColumnConfig
	for i := first; i <= last; i++ {
		configs = append(configs, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	lines := strings.Split(t.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i][len(gap):], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// gap stands before every column.
const gap = "  "

// plain is a table without borders and without colours.
func plain() table.Style {
	s := table.StyleDefault
	s.Options = table.OptionsNoBordersAndSeparators
	s.Options.SeparateHeader = true
	s.Format.Header = text.FormatDefault
	s.Box.PaddingLeft, s.Box.PaddingRight = gap, ""
	return s
}

// notes writes a list, its lines broken at lineWidth.
func notes(out *strings.Builder, head string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", head)
	for _, n := range list {
		const bullet = "- "
		width := lineWidth
		for i, word := range strings.Fields(clean(n)) {
			switch size := text.StringWidth(word); {
			case i == 0:
				out.WriteString(bullet + word)
				width = len(bullet) + size
			case width+1+size > lineWidth:
				out.WriteString("\n  " + word)
				width = len(bullet) + size
			default:
				out.WriteString(" " + word)
				width += 1 + size
			}
		}
		out.WriteString("\n")
	}
}

// count writes a number and a noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// clean keeps control characters of hostile names off the terminal, and what turns the direction of a line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || turns(r) {
			return '�'
		}
		return r
	}, s)
}

// turns tells characters that reorder or break the line around them without being seen: Unicode's marks,
// embeddings, overrides and isolates of direction (UAX 9), and its separators of lines and paragraphs.
func turns(r rune) bool {
	return r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// labelWidth is the longest name that is shown, in characters.
const labelWidth = 60

// label writes a name on one line and at most labelWidth wide.
func label(s string) string {
	return clip(oneLine(s), labelWidth)
}

// oneLine puts a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// clip cuts a text to a number of characters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}
