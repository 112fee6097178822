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

// DiffFormats lists the ways of writing a diff, the default first.
func DiffFormats() []Format[*whatif.Diff] {
	return []Format[*whatif.Diff]{{"table", DiffTable}, {"markdown", DiffMarkdown}, {"csv", DiffCSV}, {"json", writeJSON[*whatif.Diff]}}
}

// DiffTable writes what changed for a terminal.
func DiffTable(w io.Writer, d *whatif.Diff) error {
	var out strings.Builder
	out.WriteString(label(d.Head.Name) + ": " + verdict(d, label) + "\n")
	for _, p := range diffParts(d, label) {
		if len(p.rows) == 0 {
			continue
		}
		head, rows := make(table.Row, len(p.head)), make([]table.Row, len(p.rows))
		for i, text := range p.head {
			head[i] = text
		}
		for i, cells := range p.rows {
			for _, cell := range cells {
				rows[i] = append(rows[i], cell)
			}
		}
		fmt.Fprintf(&out, "\n%s\n\n%s", p.title, render(head, rows, p.texts+1, len(p.head)))
	}
	if len(d.Budgets) > 0 {
		fmt.Fprintf(&out, "\nBudgets: %s\n%s\n", budgetVerdict(d.Budgets), strings.Join(budgetLines(d.Budgets), "\n"))
	}
	if len(d.NotChecked) > 0 {
		out.WriteString("\n" + strings.Join(uncheckedLines(d.NotChecked), "\n") + "\n")
	}
	if d.Changed() {
		notes(&out, "Assumptions", d.Assumptions)
	}
	notes(&out, "Warnings", d.Warnings)
	_, err := io.WriteString(w, out.String())
	return err
}

// DiffCSV writes a row a figure that changed, in base units.
func DiffCSV(w io.Writer, d *whatif.Diff) error {
	rows := [][]string{{"variant", "figure", "unit", "base", "head", "change", "percent"}}
	for _, v := range d.Variants {
		for _, c := range v.Changes {
			percent := ""
			if c.Percent != nil {
				percent = exact(*c.Percent)
			}
			rows = append(rows, []string{cell(v.Name), cell(c.Figure), string(c.Unit), exact(c.Base), exact(c.Head), exact(c.Change), percent})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// verdict is what a reviewer needs first: whether budgets hold, and the money, or else the bytes. name
// writes a name.
func verdict(d *whatif.Diff, name func(string) string) string {
	var parts []string
	if text := budgetVerdict(d.Budgets); text != "" {
		parts = append(parts, text)
	}
	main := mainVariant(d)
	most := d.Variants[0]
	switch {
	case !d.Changed():
		parts = append(parts, "nothing changed")
	case !main.Changed():
		parts = append(parts, name(main.Name)+" is as before")
	default:
		parts = append(parts, effectOn(main, name))
	}
	if d.Changed() && most.Name != main.Name && most.Changed() {
		parts = append(parts, "most for "+effectOn(most, name))
	} else if d.Changed() && !main.Changed() {
		parts = append(parts, "other variants changed")
	}
	return strings.Join(parts, "; ")
}

// mainVariant is the one that the verdict is about: the baseline, which is the fleet as it is meant to be.
func mainVariant(d *whatif.Diff) whatif.VariantDiff {
	for _, v := range d.Variants {
		if v.Name == d.Baseline {
			return v
		}
	}
	return d.Variants[0]
}

// effectOn says in a few words what changed for a variant.
func effectOn(v whatif.VariantDiff, name func(string) string) string {
	about := ""
	if v.Cost.AtLeast {
		about = "≈"
	}
	switch {
	case v.In == whatif.InHead:
		return name(v.Name) + " is new" + costing(v, v.Cost.Head)
	case v.In == whatif.InBase:
		return name(v.Name) + " is gone" + costing(v, v.Cost.Base)
	case v.Cost.Change != 0:
		return fmt.Sprintf("%s: %s%s a month%s, from %s to %s", name(v.Name), about, change(currency(v), v.Cost.Base, v.Cost.Head),
			inBrackets(percentOf(v.Cost.Base, v.Cost.Change)), quantity(currency(v), v.Cost.Base), quantity(currency(v), v.Cost.Head))
	}
	text := name(v.Name) + ": "
	if v.Cost.Priced {
		text += "same cost of " + about + quantity(currency(v), v.Cost.Head) + " a month, "
	}
	for _, c := range v.Changes {
		if c.Figure == "transfer.delivered_bytes" {
			return text + change(c.Unit, c.Base, c.Head) + inBrackets(percentOf(c.Base, c.Change)) + " delivered a month"
		}
	}
	if len(v.Changes) > 0 {
		c := v.Changes[0]
		return text + figureLabel(c.Figure, name) + " " + change(c.Unit, c.Base, c.Head)
	}
	return text + "the same bytes, for other reasons"
}

func costing(v whatif.VariantDiff, amount float64) string {
	if !v.Cost.Priced {
		return ""
	}
	return " (" + quantity(currency(v), amount) + " a month)"
}

// currency is that of a variant's bill.
func currency(v whatif.VariantDiff) whatif.Unit { return currencyCode(v.Currency) }

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// change writes a difference with its sign; of money that of the cents shown, so that they add up.
func change(unit whatif.Unit, base, head float64) string {
	difference := head - base
	if unit.IsMoney() {
		difference = float64(centsOf(head)-centsOf(base)) / 100
	}
	number, name, _ := strings.Cut(quantity(unit, difference), " ")
	return strings.TrimSpace(signed(number) + " " + name)
}

// percentOf is a change in percent of what was, "" where that was nothing.
func percentOf(base, change float64) string {
	if base == 0 {
		return ""
	}
	return signed(fmt.Sprintf("%.1f", 100*change/math.Abs(base))) + " %"
}

// figureLabel is what readers call a figure; name writes the name of a link.
func figureLabel(path string, name func(string) string) string {
	if text := map[string]string{
		"cost.monthly": "cost a month", "cost.usage": "cost, usage", "cost.fixed": "cost, fixed",
		"transfer.delivered_bytes": "delivered a month", "transfer.registry_bytes": "from registries a month",
		"transfer.cache_bytes": "from caches a month", "transfer.peer_bytes": "from peers a month",
		"rollouts.seconds.p95": "rollout, p95", "rollouts.seconds.max": "rollout, longest",
		"pulls.seconds.p95": "pull, p95", "pulls.seconds.max": "pull, longest",
		"image.compressed_bytes": "image, wire", "image.layers": "image, layers",
		"pulls.count": "pulls a month", "pulls.refused": "refused pulls a month", "rollouts.superseded": "overtaken rollouts a month",
		"nodes.disk_peak_bytes": "disk, fullest node", "nodes.gc_evictions": "images evicted a month", "nodes.replaced": "nodes replaced a month",
		"memory.rss_bytes": "memory, rss", "memory.cache_bytes": "memory, page cache",
		"registry.pushed_bytes": "pushed a month", "registry.stored_bytes": "stored",
	}[path]; text != "" {
		return text
	}
	if rest, ok := strings.CutPrefix(path, "transfer.links."); ok {
		return "peak of " + name(strings.TrimSuffix(rest, ".peak_bps"))
	}
	return name(path)
}
