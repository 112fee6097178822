package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// mostTerms is how many terms of one figure are written out as text; the rest are put together.
const mostTerms = 8

// ExplanationFormats lists the ways of writing an explanation, the default first.
func ExplanationFormats() []Format[*whatif.Explanation] {
	return []Format[*whatif.Explanation]{{"text", ExplanationText}, {"json", ExplanationJSON}}
}

// ExplanationText writes figures and what they are made of, a line each, below what they add up to.
func ExplanationText(w io.Writer, x *whatif.Explanation) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, variant %s: bytes are those of the simulated %s, costs a month's\n",
		label(x.Scenario.Name), label(x.Variant), quantity(whatif.Seconds, x.DurationSeconds))
	for _, f := range x.Figures {
		out.WriteString("\n")
		explainTerm(&out, f, "", 0)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// explainTerm writes a term at a depth, and what it is made of below it.
func explainTerm(out *strings.Builder, t whatif.Term, sign string, depth int) {
	indent := strings.Repeat("  ", depth)
	text := sign + quantity(t.Unit, t.Value) + "  " + label(t.Name)
	if t.Why != "" {
		text += ": " + oneLine(clean(t.Why))
	}
	hanging(out, indent, text)
	if t.Source != "" {
		hanging(out, indent+"  ", "by "+oneLine(clean(t.Source)))
	}
	terms := t.Terms
	if t.Unit.IsMoney() && t.Value == 0 {
		return // of what costs nothing, the parts cost nothing either
	}
	rest := whatif.Term{Unit: t.Unit}
	if len(terms) > mostTerms {
		for _, r := range terms[mostTerms-1:] {
			rest.Value += r.Value
		}
		rest.Name = fmt.Sprintf("%d more", len(terms)-mostTerms+1)
		terms = append(terms[:mostTerms-1:mostTerms-1], rest)
	}
	for _, below := range terms {
		explainTerm(out, below, plus(t, below), depth+1)
	}
}

// plus is the sign of a term that is not negative, below a figure that others of its kind lower.
func plus(t, below whatif.Term) string {
	if t.Name == whatif.Gap && below.Value > 0 {
		return "+"
	}
	return ""
}

// hanging writes text behind an indent, its further lines two deeper.
func hanging(out *strings.Builder, indent, text string) {
	line, first := indent, true
	for word := range strings.SplitSeq(text, " ") {
		if len(line)+len(word) > lineWidth && !first {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent + "    "
		}
		line += word + " "
		first = false
	}
	out.WriteString(strings.TrimRight(line, " ") + "\n")
}

// ExplanationJSON writes an explanation in full.
func ExplanationJSON(w io.Writer, x *whatif.Explanation) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(x)
}
