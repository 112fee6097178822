package report

import (
	"fmt"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// wide are the columns of comparison and those that tell why they are as they are. Columns that are zero
// throughout are left out, save those of pulls and rollouts.
func wide(r *whatif.Result) []field {
	fields := comparison(r)
	if f, some := packages(r); some {
		fields = append(fields[:1:1], append([]field{f}, fields[1:]...)...)
	}
	fields = append(fields,
		counted(r, "pulls", func(v *whatif.Variant) int64 { return v.Pulls.Count }),
		counted(r, "cold", func(v *whatif.Variant) int64 { return v.Pulls.Cold }),
		scaled(r, "pull", "p50", secondScales, func(v *whatif.Variant) float64 { return v.Pulls.Seconds.P50 }),
		scaled(r, "pull", "p99", secondScales, func(v *whatif.Variant) float64 { return v.Pulls.Seconds.P99 }),
		scaled(r, "pull", "max", secondScales, func(v *whatif.Variant) float64 { return v.Pulls.Seconds.Max }),
		counted(r, "rollouts", func(v *whatif.Variant) int64 { return v.Rollouts.Count }),
		scaled(r, "rollout", "p50", secondScales, func(v *whatif.Variant) float64 { return v.Rollouts.Seconds.P50 }),
		scaled(r, "rollout", "max", secondScales, func(v *whatif.Variant) float64 { return v.Rollouts.Seconds.Max }))
	for _, f := range []field{
		counted(r, "overtaken", func(v *whatif.Variant) int64 { return v.Rollouts.Superseded }),
		counted(r, "refused", func(v *whatif.Variant) int64 { return v.Pulls.Refused }),
		counted(r, "requests", func(v *whatif.Variant) int64 { return v.Pulls.Requests }),
		scaled(r, "caches", "out", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.CacheBytes })),
		scaled(r, "peers", "out", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Transfer.PeerBytes })),
		scaled(r, "pushed", "", byteScales, monthly(r, func(v *whatif.Variant) int64 { return v.Registry.PushedBytes })),
		scaled(r, "stored", "", byteScales, func(v *whatif.Variant) float64 { return float64(v.Registry.StoredBytes) }),
		counted(r, "nodes replaced", func(v *whatif.Variant) int64 { return v.Nodes.Replaced }),
		scaled(r, "disk", "peak", byteScales, func(v *whatif.Variant) float64 { return float64(v.Nodes.DiskPeakBytes) }),
		counted(r, "images evicted", func(v *whatif.Variant) int64 { return v.Nodes.GCEvictions }),
	} {
		if !f.zero {
			fields = append(fields, f)
		}
	}
	return fields
}

// counted is a column of whole numbers over the simulated time; its heading breaks at the space.
func counted(r *whatif.Result, head string, value func(*whatif.Variant) int64) field {
	f := field{zero: true}
	f.head, f.unit, _ = strings.Cut(head, " ")
	for i := range r.Variants {
		n := value(&r.Variants[i])
		f.zero = f.zero && n == 0
		f.cells = append(f.cells, group(fmt.Sprint(n)))
	}
	return f
}

// packages is the column of what is installed in the variants' images; false: it is not known of any.
func packages(r *whatif.Result) (field, bool) {
	f := field{head: "packages", unit: "installed"}
	some := false
	for i := range r.Variants {
		n := r.Variants[i].Image.Packages
		some = some || n != nil
		text := "?"
		if n != nil {
			text = group(fmt.Sprint(*n))
		}
		f.cells = append(f.cells, text)
	}
	return f, some
}
