package report

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// CSV writes a row a variant: its name, then every figure of the result under its path, in base units and
// over the simulated time.
func CSV(w io.Writer, r *whatif.Result) error {
	figures := whatif.Figures()
	head := []string{"variant"}
	for _, f := range figures {
		head = append(head, f.Path)
	}
	rows := [][]string{head}
	for i := range r.Variants {
		row := []string{cell(r.Variants[i].Name)}
		for _, f := range figures {
			row = append(row, f.Text(&r.Variants[i]))
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// cell keeps spreadsheets from reading a text as a formula: OWASP, "CSV Injection".
func cell(text string) string {
	if strings.IndexAny(text, "=+-@\t\r\n＝＋－＠|%") == 0 {
		return "'" + text
	}
	return text
}
