package report

import (
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// A diffPart is a table of a diff: its first columns are texts, the others numbers. Its most important
// rows come first.
type diffPart struct {
	title string
	texts int
	head  []string
	rows  [][]string
}

// diffParts are the tables of a diff, the most important first; name writes a name.
func diffParts(d *whatif.Diff, name func(string) string) []diffPart {
	figures := diffPart{"What changed", 2, []string{"variant", "figure", "base", "head", "change", "%"}, nil}
	bill := diffPart{"Lines of the bill that changed, " + string(billCurrency(d)) + " a month", 4, []string{"variant", "rule", "from", "to", "base", "head", "change"}, nil}
	causes := diffPart{"Why bytes changed, a month", 6, []string{"variant", "service", "layer", "cause", "path", "class", "base", "head", "change"}, nil}
	for _, v := range d.Variants {
		if v.In != whatif.InBoth {
			figures.rows = append(figures.rows, onOneSide(v, name))
		}
		for _, c := range v.Changes {
			figures.rows = append(figures.rows, []string{
				name(v.Name), figureLabel(c.Figure, name), quantity(c.Unit, c.Base), quantity(c.Unit, c.Head), change(c.Unit, c.Base, c.Head),
				strings.TrimSuffix(percentOf(c.Base, c.Change), " %"),
			})
		}
		for _, l := range v.Bill {
			bill.rows = append(bill.rows, []string{
				name(v.Name), name(l.Rule), name(l.From), name(l.To), quantity(whatif.Number, l.Base), quantity(whatif.Number, l.Head), signed(quantity(whatif.Number, l.Change)),
			})
		}
		for _, m := range v.Causes {
			causes.rows = append(causes.rows, []string{
				name(v.Name), name(m.Service), name(short(m.Layer)), name(m.Cause), name(m.From + " → " + m.To), name(m.Class),
				quantity(whatif.Bytes, m.Base), quantity(whatif.Bytes, m.Head), change(whatif.Bytes, m.Base, m.Head),
			})
		}
	}
	images := diffPart{"Images that changed, wire bytes", 3, []string{"reference", "platform", "", "base", "head", "change"}, nil}
	for _, i := range d.Images {
		what := map[whatif.Sides]string{whatif.InBase: "gone", whatif.InHead: "new", whatif.InBoth: "changed"}[i.In]
		images.rows = append(images.rows, []string{
			name(short(i.Ref)), name(i.Platform), what, quantity(whatif.Bytes, float64(i.BaseBytes)), quantity(whatif.Bytes, float64(i.HeadBytes)),
			change(whatif.Bytes, float64(i.BaseBytes), float64(i.HeadBytes)),
		})
	}
	return []diffPart{figures, bill, causes, images}
}

// billCurrency is that of the first bill.
func billCurrency(d *whatif.Diff) whatif.Unit {
	if len(d.Variants) == 0 {
		return whatif.Money
	}
	return currency(d.Variants[0])
}

// onOneSide is the row of a variant that is new or gone.
func onOneSide(v whatif.VariantDiff, name func(string) string) []string {
	base, head, what := "", "", "is new"
	if v.In == whatif.InBase {
		what = "is gone"
	}
	if v.Cost.Priced && v.In == whatif.InBase {
		base = quantity(currency(v), v.Cost.Base)
	} else if v.Cost.Priced {
		head = quantity(currency(v), v.Cost.Head)
	}
	return []string{name(v.Name), what, base, head, "", ""}
}

// short drops from a reference or digest what readers know, and most of what they do not read.
func short(ref string) string {
	const shown = 12 // hex digits, as Docker shows them
	if digest, ok := strings.CutPrefix(ref, "sha256:"); ok && len(digest) > shown {
		return "sha256:" + digest[:shown]
	}
	return strings.TrimPrefix(strings.TrimPrefix(ref, "docker.io/"), "library/")
}
