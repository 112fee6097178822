package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
	"github.com/fleetcost/fleetcost/sim/price"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what was rendered with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// variant is one with figures that are easy to follow: bytes in MB over a month, dollars by the cent.
func variant(name string, image, delivered int64, usage, fixed price.USD) whatif.Variant {
	const mb = 1_000_000
	return whatif.Variant{
		Name:  name,
		Image: whatif.ServiceImage{CompressedBytes: image * mb, Layers: 3},
		Transfer: whatif.Transfer{DeliveredBytes: delivered * mb, RegistryBytes: delivered * mb, Links: []whatif.Link{
			{Name: "fra/uplink", PeakBPS: 2e9}, {Name: "hub/bandwidth", PeakBPS: 9e9}, {Name: "iad/uplink", PeakBPS: 3e9},
		}},
		Bounds:   whatif.Bounds{NaiveBytes: 10 * delivered * mb, FloorNodeBytes: delivered * mb, FloorRegistryBytes: delivered * mb / 100},
		Cost:     whatif.Cost{Currency: "USD", Monthly: usage + fixed, Usage: usage, Fixed: fixed, Items: []whatif.Item{{Rule: "r"}}},
		Pulls:    whatif.Pulls{Seconds: whatif.Percentiles{P95: 1.5}},
		Rollouts: whatif.Rollouts{Seconds: whatif.Percentiles{P95: 11.5}},
	}
}

func result(variants ...whatif.Variant) *whatif.Result {
	const month = 730 * 3600
	return &whatif.Result{
		Schema: whatif.Schema, Scenario: whatif.Source{Name: "demo", Digest: "sha256:00"}, DurationSeconds: month,
		Baseline: "ubuntu", Assumptions: []string{"one", "two"}, Warnings: []string{"three"}, Variants: variants,
	}
}

func rendered(t *testing.T, r *whatif.Result) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Table(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTable(t *testing.T) {
	// 1.004 + 2.004 dollars are 3.008: shown to the cent 1.00, 2.00 and 3.01, and said to be a cent apart.
	r := result(variant("alpine", 22, 25_000, 1_004_000, 2_004_000), variant("ubuntu", 60, 34_000, 5_000_000, 2_004_000))
	r.Variants[1].Memory = whatif.Memory{RSSBytes: 5_850_000_000, CacheBytes: 316_200_000}
	golden(t, "table.golden", rendered(t, r))
}

// TestTableHalfMonth shows half a month's bytes doubled, and costs, which are a month's already, as they are.
func TestTableHalfMonth(t *testing.T) {
	r := result(variant("ubuntu", 60, 34_000, 5_000_000, 0))
	r.DurationSeconds /= 2
	golden(t, "half-month.golden", rendered(t, r))
}

func TestTableUnknownPrice(t *testing.T) {
	r := result(variant("alpine", 22, 25_000, 1_000_000, 0), variant("ubuntu", 60, 34_000, 5_000_000, 0), variant("own", 60, 34_000, 6_000_000, 0))
	r.Variants[0].Cost.AtLeast = true
	golden(t, "unknown-price.golden", rendered(t, r))
}

func TestTableUnpriced(t *testing.T) {
	r := result(variant("alpine", 22, 25_000, 0, 0), variant("ubuntu", 60, 34_000, 0, 0))
	for i := range r.Variants {
		r.Variants[i].Cost.Items = nil
	}
	golden(t, "unpriced.golden", rendered(t, r))
}

// TestTableWidth keeps a comparison within 120 columns where costs are below 10,000 dollars a month.
func TestTableWidth(t *testing.T) {
	r := result(variant("amazonlinux", 9_999, 99_999_999, 8_765_430_000, 999_990_000), variant("ubuntu", 22, 1_000_000, 1_234_560_000, 999_990_000))
	for line := range strings.Lines(string(rendered(t, r))) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > lineWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestJSON checks that JSON writes all of a result, and nothing else.
func TestJSON(t *testing.T) {
	r := result(variant("a & <b>", 22, 25_000, 1_004_000, 2_004_000))
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"a & <b>"`) || !strings.HasSuffix(out.String(), "}\n") {
		t.Errorf("escaped, or no line: %s", out.String())
	}
	var back whatif.Result
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, &back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}
