package report

import (
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// Markdown writes the comparison for a page or a comment of a forge, in CommonMark with GitHub's tables.
func Markdown(w io.Writer, r *whatif.Result) error {
	bounded := fieldTable("Bytes a month: what a calculator says (naive), what moves, what no scheme can beat (floor)", r, bounds(r))
	bounded.folded = true
	d := mdDoc{first: heading(r, mdName), blocks: []mdBlock{
		fieldTable("", r, comparison(r)), budgetBlock(r.Budgets), mdList("Warnings", r.Warnings), bounded, mdList("Assumptions", r.Assumptions),
	}}
	if mark := marks(r); mark != "" {
		d.foot = mark
	}
	return d.write(w)
}

// fieldTable makes a table with a row a variant.
func fieldTable(title string, r *whatif.Result, fields []field) mdBlock {
	head := []string{"variant"}
	group := ""
	for _, f := range fields {
		if f.head != "" {
			group = f.head
		}
		head = append(head, strings.TrimSpace(group+" "+f.unit))
	}
	var rows [][]string
	for i := range r.Variants {
		row := []string{mdName(r.Variants[i].Name)}
		for _, f := range fields {
			row = append(row, f.cells[i])
		}
		rows = append(rows, row)
	}
	return mdTable(title, head, 2, len(head), rows)
}
