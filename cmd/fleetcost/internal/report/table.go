package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// secondsPerMonth is the month that bytes and costs are scaled to, of 730 hours.
const secondsPerMonth = 730 * 3600

// Table writes the comparison for a terminal: a row a variant, then what puts the bytes in their place,
// then assumptions and warnings.
func Table(w io.Writer, r *whatif.Result) error { return terminal(w, r, comparison) }

// Wide is Table with more columns.
func Wide(w io.Writer, r *whatif.Result) error { return terminal(w, r, wide) }

func terminal(w io.Writer, r *whatif.Result, columns func(*whatif.Result) []field) error {
	var out strings.Builder
	out.WriteString(heading(r, label) + "\n\n")
	out.WriteString(grid(r, columns(r)))
	if text := marks(r); text != "" {
		out.WriteString("\n" + text + "\n")
	}
	out.WriteString("\nBytes a month: what a calculator says (naive), what moves, what no scheme can beat (floor)\n\n")
	out.WriteString(grid(r, bounds(r)))
	if fields := spread(r); fields != nil {
		fmt.Fprintf(&out, "\nMeans over %d replications, and how far the 95 %% confidence interval reaches\n\n", r.Replications)
		out.WriteString(grid(r, fields))
	}
	if fields := heldMemory(r); fields != nil {
		out.WriteString("\nMemory of all instances\n\n")
		out.WriteString(grid(r, fields))
	}
	if len(r.Budgets) > 0 {
		fmt.Fprintf(&out, "\nBudgets: %s\n%s\n", budgetVerdict(r.Budgets), strings.Join(budgetLines(r.Budgets), "\n"))
	}
	notes(&out, "Assumptions", r.Assumptions)
	notes(&out, "Warnings", r.Warnings)
	_, err := io.WriteString(w, out.String())
	return err
}

// heading says in one line what is shown; name writes a name.
func heading(r *whatif.Result, name func(string) string) string {
	text := fmt.Sprintf("%s: %s", name(r.Scenario.Name), count(len(r.Variants), "variant"))
	if len(r.Variants) > 1 {
		text += ", compared with " + name(r.Baseline)
	}
	return text + "; bytes and costs are those of a month (730 h)"
}

// A field is a column: its heading, in two lines, and a cell a variant.
type field struct {
	head  string
	unit  string
	cells []string
	zero  bool // all cells say nothing
}

func comparison(r *whatif.Result) []field {
	fields := []field{
		scaled(r, "image", "wire", byteScales, func(v *whatif.Variant) float64 { return float64(v.Image.CompressedBytes) }),
		scaled(r, "delivered", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.DeliveredBytes })),
		scaled(r, "registry", "out", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.RegistryBytes })),
	}
	fields = append(fields, costs(r)...)
	return append(fields,
		scaled(r, "pull", "p95", secondScales, func(v *whatif.Variant) float64 { return v.Pulls.Seconds.P95 }),
		scaled(r, "rollout", "p95", secondScales, func(v *whatif.Variant) float64 { return v.Rollouts.Seconds.P95 }),
		scaled(r, "uplink", "peak", rateScales, peakUplink))
}

func bounds(r *whatif.Result) []field {
	return []field{
		scaled(r, "naive", "wire", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.NaiveBytes })),
		scaled(r, "delivered", "wire", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.DeliveredBytes })),
		scaled(r, "floor, nodes", "wire", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.FloorNodeBytes })),
		scaled(r, "floor, registry", "wire", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Bounds.FloorRegistryBytes })),
	}
}

// heldMemory is nil where no variant states any.
func heldMemory(r *whatif.Result) []field {
	stated := false
	for i := range r.Variants {
		m := r.Variants[i].Memory
		stated = stated || m.RSSBytes > 0 || m.CacheBytes > 0
	}
	if !stated {
		return nil
	}
	fields := []field{
		scaled(r, "rss", "", byteScales, func(v *whatif.Variant) float64 { return float64(v.Memory.RSSBytes) }),
		scaled(r, "page cache", "", byteScales, func(v *whatif.Variant) float64 { return float64(v.Memory.CacheBytes) }),
	}
	for i := range r.Variants {
		if m := r.Variants[i].Memory; m.RSSBytes == 0 && m.CacheBytes == 0 {
			fields[0].cells[i], fields[1].cells[i] = "not stated", "not stated"
		}
	}
	return fields
}

// monthly scales bytes of the simulated time to a month.
func monthly(r *whatif.Result, bytes func(*whatif.Variant) int64) func(*whatif.Variant) float64 {
	return func(v *whatif.Variant) float64 {
		return float64(bytes(v)) * secondsPerMonth / r.DurationSeconds
	}
}

// peakUplink is the highest rate on any datacenter's uplink.
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
	return field{head: head, unit: strings.TrimSpace(what + " " + unit), cells: cells, zero: slices.Max(values) == 0}
}
