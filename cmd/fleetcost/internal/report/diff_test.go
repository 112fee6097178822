package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// fullDiff has something in every part that a format shows.
func fullDiff() *whatif.Diff {
	percent := func(p float64) *float64 { return &p }
	return &whatif.Diff{
		Schema: whatif.DiffSchema, Base: whatif.Source{Name: "demo"}, Head: whatif.Source{Name: "demo"}, Baseline: "ubuntu",
		Variants: []whatif.VariantDiff{
			{
				Name: "ubuntu", In: whatif.InBoth, Currency: "USD",
				// To the cent 5.00 and 8.01: shown as 3.01 more, though it is 3.014.
				Cost: whatif.CostDiff{Base: 4.996, Head: 8.01, Change: 3.014, Priced: true},
				Changes: []whatif.Change{
					{Figure: "cost.monthly", Unit: whatif.Money, Base: 4.996, Head: 8.01, Change: 3.014, Percent: percent(60.328)},
					{Figure: "pulls.refused", Unit: whatif.Number, Head: 12, Change: 12},
					{Figure: "transfer.delivered_bytes", Unit: whatif.Bytes, Base: 20e9, Head: 34e9, Change: 14e9, Percent: percent(70)},
					{Figure: "rollouts.seconds.p95", Unit: whatif.Seconds, Base: 60, Head: 45, Change: -15, Percent: percent(-25)},
					{Figure: "transfer.links.fra/uplink.peak_bps", Unit: whatif.BitsPerSecond, Base: 1e9, Head: 1.1e9, Change: 1e8, Percent: percent(10)},
				},
				Bill: []whatif.LineDiff{{Rule: "aws.nat_gateway.processing", From: "hub", To: "fra", Charged: "account", Base: 1.986, Head: 5, Change: 3.014}},
				Causes: []whatif.MoveDiff{
					{Class: "internet-ingress", From: "hub", To: "fra", Service: "web", Layer: "docker.io/library/ubuntu:26.04", Cause: "rebuild", Base: 1e9, Head: 15e9, Change: 14e9},
				},
			},
			{Name: "new", In: whatif.InHead, Currency: "USD", Cost: whatif.CostDiff{Head: 2, Change: 2, Priced: true}},
			{Name: "old", In: whatif.InBase, Currency: "USD", Cost: whatif.CostDiff{Base: 1, Change: -1, Priced: true}},
		},
		Images: []whatif.ImageDiff{
			{Ref: "docker.io/library/ubuntu:26.04", Platform: "linux/amd64", In: whatif.InBoth, BaseBytes: 30_000_000, HeadBytes: 41_573_390},
		},
		Budgets: []whatif.Budget{
			{Variant: "ubuntu", Expr: "cost.monthly <= +5%", Value: 8.01, Limit: 5.2458},
			{Variant: "ubuntu", Expr: "rollouts.seconds.p95 <= 5m", Value: 45, Limit: 300, Passed: true},
		},
		NotChecked:  []whatif.Unchecked{{Variant: "new", Expr: "cost.monthly <= +5%", Why: "BASE has no such variant"}},
		Assumptions: []string{"one", "prices: public list prices of aws, as of 2026-11-23"}, Warnings: []string{"three"},
	}
}

func TestDiffFormats(t *testing.T) {
	for _, f := range DiffFormats() {
		var out bytes.Buffer
		if err := f.Write(&out, fullDiff()); err != nil {
			t.Fatal(err)
		}
		golden(t, "diff."+f.Name+".golden", out.Bytes())
	}
}

func markdown(t *testing.T, d *whatif.Diff) string {
	t.Helper()
	var out bytes.Buffer
	if err := DiffMarkdown(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestDiffVerdict goes through the first lines that a review may begin with.
func TestDiffVerdict(t *testing.T) {
	same := whatif.VariantDiff{Name: "a", In: whatif.InBoth, Cost: whatif.CostDiff{Base: 5, Head: 5, Priced: true}}
	dearer := whatif.VariantDiff{Name: "b", In: whatif.InBoth, Cost: whatif.CostDiff{Base: 5, Head: 6, Change: 1, Priced: true, AtLeast: true}, Bill: make([]whatif.LineDiff, 1)}
	delivers := same
	delivers.Changes = []whatif.Change{{Figure: "transfer.delivered_bytes", Unit: whatif.Bytes, Base: 4e9, Head: 3e9, Change: -1e9}}
	unpriced := delivers
	unpriced.Cost = whatif.CostDiff{}
	slower := whatif.VariantDiff{Name: "a", In: whatif.InBoth, Changes: []whatif.Change{{Figure: "pulls.seconds.p95", Unit: whatif.Seconds, Base: 1, Head: 2.5}}}
	moved := whatif.VariantDiff{Name: "a", In: whatif.InBoth, Causes: make([]whatif.MoveDiff, 1)}
	for _, c := range []struct {
		variants []whatif.VariantDiff
		budgets  []whatif.Budget
		want     string
	}{
		{[]whatif.VariantDiff{same}, nil, "nothing changed"},
		{[]whatif.VariantDiff{same}, []whatif.Budget{{Passed: true}}, "1 budget held; nothing changed"},
		{[]whatif.VariantDiff{dearer}, []whatif.Budget{{}, {Passed: true}}, "1 of 2 budgets broken; b: ≈+1.00 USD a month (+20.0 %), from 5.00 USD to 6.00 USD"},
		{[]whatif.VariantDiff{delivers}, nil, "a: same cost of 5.00 USD a month, -1.00 GB (-25.0 %) delivered a month"},
		{[]whatif.VariantDiff{unpriced}, nil, "a: -1.00 GB (-25.0 %) delivered a month"},
		{[]whatif.VariantDiff{slower}, nil, "a: pull, p95 +1.50 s"},
		{[]whatif.VariantDiff{moved}, nil, "a: the same bytes, for other reasons"},
		{[]whatif.VariantDiff{dearer, same}, nil, "a is as before; most for b: ≈+1.00 USD a month (+20.0 %), from 5.00 USD to 6.00 USD"},
		{[]whatif.VariantDiff{{Name: "c", In: whatif.InHead, Cost: whatif.CostDiff{Head: 3, Change: 3, Priced: true}}}, nil, "c is new (3.00 USD a month)"},
		{[]whatif.VariantDiff{{Name: "c", In: whatif.InBase}}, nil, "c is gone"},
	} {
		d := &whatif.Diff{Baseline: "a", Variants: c.variants, Budgets: c.budgets}
		if got := verdict(d, label); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestDiffMarkdownUnchanged is one line, with the marker.
func TestDiffMarkdownUnchanged(t *testing.T) {
	d := &whatif.Diff{Head: whatif.Source{Name: "my fleet-->"}, Variants: []whatif.VariantDiff{{Name: "a", In: whatif.InBoth}}, Assumptions: []string{"x"}}
	if got, want := markdown(t, d), "**fleetcost** `my fleet-->`: nothing changed <!-- fleetcost:diff my_fleet___ -->\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDiffMarkdownLimit makes a diff of a megabyte. The least important rows go, and it says how many.
func TestDiffMarkdownLimit(t *testing.T) {
	d := fullDiff()
	for i := range 5000 {
		v := d.Variants[0]
		v.Name = fmt.Sprintf("variant-%d", i)
		d.Variants = append(d.Variants, v)
		d.Assumptions = append(d.Assumptions, strings.Repeat("assumption ", 50))
	}
	text := markdown(t, d)
	if len(text) > 60_000 || len(text) < 50_000 {
		t.Errorf("%d bytes", len(text))
	}
	first, _, _ := strings.Cut(text, "\n")
	for _, want := range []string{"1 of 2 budgets broken", "+3.01 USD a month", "<!-- fleetcost:diff demo -->"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first line has no %q: %s", want, first)
		}
	}
	for _, want := range []string{"| `ubuntu` | cost a month |", "| `variant-0` |", "*Left out to keep this short: ", "\nprices: public list prices of aws"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", want)
		}
	}
	if strings.Contains(text, "`variant-4999`") || strings.Contains(text, "- assumption") {
		t.Error("what matters least is still there")
	}
	checkMarkdown(t, []byte(text), strings.Count(text[:strings.Index(text, "*Left out")], "\n| `"))
}

// hostileDiff has every hostile text wherever a diff has a text.
func hostileDiff() *whatif.Diff {
	d := fullDiff()
	d.Assumptions, d.Warnings, d.Variants = hostile, hostile, nil
	for _, name := range hostile {
		d.Variants = append(d.Variants, whatif.VariantDiff{
			Name: name, In: whatif.InBoth, Currency: name,
			Changes: []whatif.Change{{Figure: "transfer.links." + name + ".peak_bps", Unit: whatif.BitsPerSecond, Base: 1, Head: 2, Change: 1}},
			Bill:    []whatif.LineDiff{{Rule: name, From: name, To: name, Charged: name, Change: 1}},
			Causes:  []whatif.MoveDiff{{Class: name, From: name, To: name, Service: name, Layer: name, Cause: name, Change: 1}},
		})
		d.Images = append(d.Images, whatif.ImageDiff{Ref: name, Platform: name, In: whatif.InHead, HeadBytes: 1})
		d.Budgets = append(d.Budgets, whatif.Budget{Variant: name, Expr: name})
	}
	return d
}

func TestHostileDiff(t *testing.T) {
	for _, name := range hostile {
		d := hostileDiff()
		d.Head.Name, d.Baseline = name, name
		checkMarkdown(t, []byte(markdown(t, d)), len(hostile))
	}
	var out bytes.Buffer
	if err := DiffCSV(&out, hostileDiff()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != len(hostile)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, text := range row[:2] {
			if strings.IndexAny(text, "=+-@\t\r＝") == 0 {
				t.Errorf("%.60q is a formula", text)
			}
		}
	}
	out.Reset()
	if err := DiffTable(&out, hostileDiff()); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\u202e\u2066\x1b\x07\r\t") {
		t.Error("control characters reach the terminal")
	}
}
