package report

import (
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// DiffMarkdown writes what changed for a review: the verdict and the money in the first line, which ends in
// a hidden marker by which a bot finds its earlier comment; then what changed, details folded. Where
// nothing changed it is that line alone.
func DiffMarkdown(w io.Writer, d *whatif.Diff) error {
	doc := mdDoc{first: sign(d) + "**fleetcost** " + mdName(d.Head.Name) + ": " + verdict(d, mdName) + " " + marker(d.Head.Name)}
	if !d.Changed() && whatif.Broken(d.Budgets) == 0 {
		return doc.write(w)
	}
	for i, p := range diffParts(d, mdName) {
		b := mdTable(p.title, p.head, p.texts+1, len(p.head), p.rows)
		if b.folded = i > 0; i == 0 {
			b.title = ""
		}
		doc.blocks = append(doc.blocks, b)
		if i == 0 {
			doc.blocks = append(doc.blocks, budgetBlock(d.Budgets), mdList("Budgets not checked", uncheckedLines(d.NotChecked)))
		}
	}
	doc.blocks = append(doc.blocks, mdList("Warnings", d.Warnings), mdList("Assumptions", d.Assumptions))
	for _, note := range d.Assumptions {
		if strings.HasPrefix(note, "prices: ") {
			doc.foot = mdText(note)
		}
	}
	return doc.write(w)
}

// sign is what the eye finds first.
func sign(d *whatif.Diff) string {
	switch {
	case whatif.Broken(d.Budgets) > 0:
		return "❌ "
	case len(d.Budgets) > 0:
		return "✅ "
	}
	return ""
}

// marker is a comment that names the scenario, as far as it is safe there.
func marker(name string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '_'
	}, clip(name, labelWidth))
	return "<!-- fleetcost:diff " + safe + " -->"
}
