package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// SolutionFormats lists the ways of writing a solution, the default first.
func SolutionFormats() []Format[*whatif.Solution] {
	return []Format[*whatif.Solution]{{"table", SolutionText}, {"json", writeJSON[*whatif.Solution]}}
}

// SolutionText writes a solution in a few lines.
func SolutionText(w io.Writer, s *whatif.Solution) error {
	var out strings.Builder
	if s.Found {
		fmt.Fprintf(&out, "%s = %s\n\n", label(s.Path), label(s.Value))
		fmt.Fprintf(&out, "meets    %s: %s and %s\n", oneLine(s.Goal), quantity(s.Unit, s.Left), quantity(s.Unit, s.Right))
		before := "it is the first value looked at"
		if s.Before != "" {
			before = label(s.Before) + ", next to it, does not"
		}
		fmt.Fprintf(&out, "edge     %s\n", before)
	} else {
		fmt.Fprintf(&out, "%s: no value meets it\n\ngoal     %s\n", label(s.Path), oneLine(s.Goal))
	}
	fmt.Fprintf(&out, "values   %s\n", clip(oneLine(s.Values), lineWidth))
	fmt.Fprintf(&out, "method   %s; %s simulated\n", s.Method, count(s.Runs, "value"))
	_, err := io.WriteString(w, out.String())
	return err
}

// SensitivityFormats lists the ways of writing a sensitivity, the default first.
func SensitivityFormats() []Format[*whatif.Sensitivity] {
	return []Format[*whatif.Sensitivity]{
		{"table", SensitivityTable}, {"markdown", SensitivityMarkdown}, {"csv", SensitivityCSV}, {"json", writeJSON[*whatif.Sensitivity]},
	}
}

// SensitivityTable writes inputs by effect, with a tornado: bars to the left for what lowers the figure, to
// the right for what raises it.
func SensitivityTable(w io.Writer, s *whatif.Sensitivity) error {
	top := make(table.Row, 0, 5)
	for _, text := range sensitivityHead(s) {
		top = append(top, text)
	}
	var rows []table.Row
	for _, e := range s.Inputs {
		row := table.Row{}
		for _, text := range sensitivityRow(s, e, label) {
			row = append(row, text)
		}
		rows = append(rows, append(row, tornado(s, e)))
	}
	_, err := io.WriteString(w, sensitivityHeading(s, label)+"\n\n"+render(append(top, ""), rows, 2, 4))
	return err
}

// SensitivityMarkdown writes the same without the tornado.
func SensitivityMarkdown(w io.Writer, s *whatif.Sensitivity) error {
	var rows [][]string
	for _, e := range s.Inputs {
		rows = append(rows, sensitivityRow(s, e, mdName))
	}
	d := mdDoc{first: sensitivityHeading(s, mdName), blocks: []mdBlock{mdTable("", sensitivityHead(s), 2, 4, rows)}}
	return d.write(w)
}

// SensitivityCSV writes a row an input, in base units.
func SensitivityCSV(w io.Writer, s *whatif.Sensitivity) error {
	rows := [][]string{{"input", "value", "less", "more", "swing"}}
	for _, e := range s.Inputs {
		side := func(v *float64) string {
			if v == nil {
				return ""
			}
			return exact(*v)
		}
		rows = append(rows, []string{cell(e.Path), cell(e.Value), side(e.Less), side(e.More), exact(e.Swing(s.Value))})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func sensitivityHeading(s *whatif.Sensitivity, name func(string) string) string {
	return fmt.Sprintf("%s of %s is %s; each input %v %% less and more", name(s.Metric), name(s.Variant), quantity(s.Unit, s.Value), s.Percent)
}

func sensitivityHead(s *whatif.Sensitivity) []string {
	return []string{"input", "value", fmt.Sprintf("-%v %%", s.Percent), fmt.Sprintf("+%v %%", s.Percent)}
}

func sensitivityRow(s *whatif.Sensitivity, e whatif.Effect, name func(string) string) []string {
	side := func(v *float64) string {
		if v == nil {
			return "not allowed"
		}
		return change(s.Unit, s.Value, *v)
	}
	value := "various"
	if e.Value != "" {
		value = name(e.Value)
	}
	return []string{name(e.Path), value, side(e.Less), side(e.More)}
}

// tornadoWidth is the length of the longest bar, in characters.
const tornadoWidth = 16

// tornado draws an input's two effects in proportion to the largest of all.
func tornado(s *whatif.Sensitivity, e whatif.Effect) string {
	most := s.Inputs[0].Swing(s.Value)
	lower, higher := 0.0, 0.0
	for _, to := range []*float64{e.Less, e.More} {
		if to != nil {
			lower, higher = max(lower, s.Value-*to), max(higher, *to-s.Value)
		}
	}
	bar := func(size float64) int {
		if most == 0 {
			return 0
		}
		return int(math.Round(tornadoWidth * size / most))
	}
	left := bar(lower)
	return strings.Repeat(" ", tornadoWidth-left) + strings.Repeat("█", left) + "│" + strings.Repeat("█", bar(higher))
}
