package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// AdviceFormats lists the ways of writing an advice, the default first.
func AdviceFormats() []Format[*whatif.Advice] {
	return []Format[*whatif.Advice]{{"table", AdviceText}, {"markdown", AdviceMarkdown}, {"csv", AdviceCSV}, {"json", writeJSON[*whatif.Advice]}}
}

// AdviceText writes the levers that are worth it one by one, with the overlay that does it, then the others
// with the reason.
func AdviceText(w io.Writer, a *whatif.Advice) error {
	var out strings.Builder
	out.WriteString(adviceHeading(a, label) + "\n")
	n := 0
	for _, l := range a.Levers {
		if l.Worth {
			n++
			fmt.Fprintf(&out, "\n%d. %s\n   %s\n   %s\n", n, oneLine(l.Name), effects(a.Now, l.Then), oneLine(l.Overlay))
			if l.Caveat != "" {
				fmt.Fprintf(&out, "   but: %s\n", l.Caveat)
			}
		}
	}
	notes(&out, "Tried, and not worth it", losing(a, label))
	notes(&out, "Not possible here", refused(a, label))
	_, err := io.WriteString(w, out.String())
	return err
}

// AdviceMarkdown writes the same for a page.
func AdviceMarkdown(w io.Writer, a *whatif.Advice) error {
	var rows [][]string
	for _, l := range a.Levers {
		if l.Worth {
			rows = append(rows, []string{
				mdText(l.Name), change(whatif.Money, a.Now.Cost, l.Then.Cost), change(whatif.Bytes, a.Now.Bytes, l.Then.Bytes),
				change(whatif.Seconds, a.Now.Rollout, l.Then.Rollout), mdText(l.Overlay), mdText(l.Caveat),
			})
		}
	}
	d := mdDoc{first: adviceHeading(a, mdName), blocks: []mdBlock{
		mdTable("", []string{"lever", "cost a month", "bytes a month", "rollout p95", "overlay", "but"}, 2, 4, rows),
		mdList("Tried, and not worth it", losing(a, oneLine)), mdList("Not possible here", refused(a, oneLine)),
	}}
	return d.write(w)
}

// AdviceCSV writes a row a lever, in base units, with the state as it is in the first.
func AdviceCSV(w io.Writer, a *whatif.Advice) error {
	row := func(name string, o whatif.Outcome, worth, reason, overlay string) []string {
		return []string{cell(name), exact(o.Cost), exact(o.Bytes), exact(o.Rollout), worth, cell(reason), cell(overlay)}
	}
	rows := [][]string{{"lever", "cost_monthly", "registry_bytes_monthly", "rollout_seconds_p95", "worth", "reason", "overlay"}, row("", a.Now, "", "", "")}
	for _, l := range a.Levers {
		rows = append(rows, row(l.Name, l.Then, fmt.Sprint(l.Worth), l.Reason, l.Overlay))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func adviceHeading(a *whatif.Advice, name func(string) string) string {
	worth := 0
	for _, l := range a.Levers {
		if l.Worth {
			worth++
		}
	}
	return fmt.Sprintf("%s costs %s a month, moves %s from registries and rolls out in %s (p95); worth it, one at a time: %d of %s",
		name(a.Variant), quantity(whatif.Money, a.Now.Cost), quantity(whatif.Bytes, a.Now.Bytes), quantity(whatif.Seconds, a.Now.Rollout),
		worth, count(len(a.Levers), "lever"))
}

// effects says what changes, in the order in which levers are ranked.
func effects(now, then whatif.Outcome) string {
	return fmt.Sprintf("%s%s a month, %s%s from registries, rollout %s%s",
		change(whatif.Money, now.Cost, then.Cost), inBrackets(percentOf(now.Cost, then.Cost-now.Cost)),
		change(whatif.Bytes, now.Bytes, then.Bytes), inBrackets(percentOf(now.Bytes, then.Bytes-now.Bytes)),
		change(whatif.Seconds, now.Rollout, then.Rollout), inBrackets(percentOf(now.Rollout, then.Rollout-now.Rollout)))
}

func losing(a *whatif.Advice, name func(string) string) []string {
	var out []string
	for _, l := range a.Levers {
		if !l.Worth {
			out = append(out, name(l.Name)+": "+l.Reason+"; "+effects(a.Now, l.Then))
		}
	}
	return out
}

func refused(a *whatif.Advice, name func(string) string) []string {
	var out []string
	for _, l := range a.Refused {
		out = append(out, name(l.Name)+": "+l.Reason)
	}
	return out
}
