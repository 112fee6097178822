package whatif

import (
	"cmp"
	"math"
	"slices"

	"github.com/fleetcost/fleetcost/scenarios"
)

// DiffSchema names the form of a Diff. Keys are only ever added to it.
const DiffSchema = "fleetcost.diff/v1"

// A Diff says what changed from one result to another. What adds up over time is scaled to a month of 730
// hours, so that results of different durations compare.
type Diff struct {
	Schema      string        `json:"schema"`
	Base        Source        `json:"base"`
	Head        Source        `json:"head"`
	Baseline    string        `json:"baseline"` // of head
	Variants    []VariantDiff `json:"variants"` // the largest change of cost first, then of bytes; all, changed or not
	Images      []ImageDiff   `json:"images"`   // that are not the same on both sides, by reference
	Budgets     []Budget      `json:"budgets"`  // head's; relative ones are held to base
	NotChecked  []Unchecked   `json:"not_checked"`
	Assumptions []string      `json:"assumptions"`
	Warnings    []string      `json:"warnings"` // head's, and what makes the two hard to compare
}

// A VariantDiff is what changed in a variant. One that is on one side only has no Changes.
type VariantDiff struct {
	Name     string     `json:"name"`
	In       Sides      `json:"in"`
	Currency string     `json:"currency"`
	Cost     CostDiff   `json:"cost"`
	Changes  []Change   `json:"changes"` // figures that differ, the cost first, then the largest relative change
	Bill     []LineDiff `json:"bill"`    // lines of the bill that differ, the largest change first
	Causes   []MoveDiff `json:"causes"`  // why bytes differ, the largest change first
}

// Sides tells where something is.
type Sides string

// The sides of a diff.
const (
	InBoth Sides = "both"
	InBase Sides = "base" // gone
	InHead Sides = "head" // new
)

// A CostDiff is a variant's cost a month before and after.
type CostDiff struct {
	Base    float64 `json:"base"`
	Head    float64 `json:"head"`
	Change  float64 `json:"change"`
	AtLeast bool    `json:"at_least"` // some price is unknown on either side
	Priced  bool    `json:"priced"`   // either bill has a line
}

// A Change is a figure before and after.
type Change struct {
	Figure  string   `json:"figure"` // its path
	Unit    Unit     `json:"unit"`   // of base, head and change
	Base    float64  `json:"base"`
	Head    float64  `json:"head"`
	Change  float64  `json:"change"`  // head less base
	Percent *float64 `json:"percent"` // of base; null: base is 0
}

// A LineDiff is what one rule charges between two places, a month.
type LineDiff struct {
	Rule    string  `json:"rule"`
	From    string  `json:"from"`
	To      string  `json:"to"`
	Charged string  `json:"charged"`
	Base    float64 `json:"base"`
	Head    float64 `json:"head"`
	Change  float64 `json:"change"`
}

// A MoveDiff is what one layer of one service moved for one reason, bytes a month.
type MoveDiff struct {
	Class   string  `json:"class"`
	From    string  `json:"from"`
	To      string  `json:"to"`
	Service string  `json:"service"`
	Layer   string  `json:"layer"`
	Cause   string  `json:"cause"`
	Base    float64 `json:"base"`
	Head    float64 `json:"head"`
	Change  float64 `json:"change"`
}

// An ImageDiff is an image that is new, gone, or other than it was.
type ImageDiff struct {
	Ref        string `json:"ref"`
	Platform   string `json:"platform"`
	In         Sides  `json:"in"`
	BaseDigest string `json:"base_digest"`
	HeadDigest string `json:"head_digest"`
	BaseBytes  int64  `json:"base_bytes"`
	HeadBytes  int64  `json:"head_bytes"`
}

// Compare finds what changed from base to head and holds head to its own budgets and to others. Variants are
// compared by name; where both sides have only one, the two are compared. The error is a scenarios.Errors
// with budgets that head has no figures for.
func Compare(base, head *Result, budgets []scenarios.Budget) (*Diff, error) {
	d := &Diff{
		Schema: DiffSchema, Base: base.Scenario, Head: head.Scenario, Baseline: head.Baseline,
		Variants: []VariantDiff{}, Images: imageDiffs(base, head), Assumptions: head.Assumptions, Warnings: slices.Clone(head.Warnings),
	}
	partner := func(v *Variant) *Variant {
		if len(base.Variants) == 1 && len(head.Variants) == 1 {
			return &base.Variants[0]
		}
		return base.Variant(v.Name)
	}
	paired := map[*Variant]bool{}
	for i := range head.Variants {
		v := &head.Variants[i]
		before := partner(v)
		paired[before] = true
		d.Variants = append(d.Variants, variantDiff(base, head, before, v))
	}
	for i := range base.Variants {
		if v := &base.Variants[i]; !paired[v] {
			d.Variants = append(d.Variants, variantDiff(base, head, v, nil))
		}
	}
	slices.SortStableFunc(d.Variants, func(a, b VariantDiff) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Cost.Change), math.Abs(a.Cost.Change)), cmp.Compare(b.moved(), a.moved()))
	})
	if base.Scenario.Name != head.Scenario.Name {
		d.Warnings = append(d.Warnings, "the two results are of scenarios with different names: "+base.Scenario.Name+" and "+head.Scenario.Name)
	}
	if base.DurationSeconds != head.DurationSeconds {
		d.Warnings = append(d.Warnings, "the two results are of different durations: rare events weigh differently")
	}
	own, err := ownBudgets(head)
	if err != nil {
		return nil, err
	}
	d.Budgets, d.NotChecked, err = gate(head, slices.Concat(own, budgets), func(name string) *Variant { return partner(head.Variant(name)) })
	return d, err
}

// Changed tells whether anything a reader would look at differs.
func (d *Diff) Changed() bool {
	return len(d.Images) > 0 || slices.ContainsFunc(d.Variants, func(v VariantDiff) bool { return v.Changed() })
}

// Changed tells whether the variant is new, gone or other than it was.
func (v *VariantDiff) Changed() bool {
	return v.In != InBoth || len(v.Changes)+len(v.Bill)+len(v.Causes) > 0
}

// moved is how many bytes a month the variant delivers more or less.
func (v *VariantDiff) moved() float64 {
	for _, c := range v.Changes {
		if c.Figure == "transfer.delivered_bytes" {
			return math.Abs(c.Change)
		}
	}
	return 0
}

// ownBudgets are the budgets of a finished result, to be held anew.
func ownBudgets(r *Result) ([]scenarios.Budget, error) {
	var out []scenarios.Budget
	for _, b := range r.Budgets {
		parsed, err := scenarios.ParseBudget(b.Expr)
		if err != nil {
			return nil, scenarios.Errors{{File: "budget", Msg: err.Error()}}
		}
		parsed.Variant = b.Variant
		out = append(out, parsed)
	}
	return out, nil
}

// monthSeconds is the month that costs are stated for.
const monthSeconds = 730 * 3600

// perMonth is what turns a sum over a result's duration into a month's.
func (r *Result) perMonth() float64 { return monthSeconds / r.DurationSeconds }

// variantDiff compares a variant; one of the two may be nil.
func variantDiff(base, head *Result, before, after *Variant) VariantDiff {
	d := VariantDiff{In: InBoth, Changes: []Change{}, Bill: []LineDiff{}, Causes: []MoveDiff{}}
	switch {
	case before == nil:
		d.In, before = InHead, &Variant{}
	case after == nil:
		d.In, after = InBase, &Variant{}
	}
	d.Name, d.Currency = cmp.Or(after.Name, before.Name), cmp.Or(after.Cost.Currency, before.Cost.Currency)
	d.Cost = CostDiff{
		Base: dollars(before.Cost.Monthly), Head: dollars(after.Cost.Monthly), Change: dollars(after.Cost.Monthly - before.Cost.Monthly),
		AtLeast: before.Cost.AtLeast || after.Cost.AtLeast, Priced: len(before.Cost.Items)+len(after.Cost.Items) > 0,
	}
	if d.In == InBoth {
		d.Changes = changes(base, head, before, after)
	}
	d.Bill = billDiff(&before.Cost, &after.Cost)
	d.Causes = causeDiff(before.Transfer.Causes, after.Transfer.Causes, base.perMonth(), head.perMonth())
	return d
}

// imageDiffs compares the images of two results by reference and platform.
func imageDiffs(base, head *Result) []ImageDiff {
	type key struct{ ref, platform string }
	sides := map[key]*ImageDiff{}
	var order []key
	at := func(img Image) *ImageDiff {
		k := key{img.Ref, img.Platform}
		if sides[k] == nil {
			sides[k] = &ImageDiff{Ref: img.Ref, Platform: img.Platform}
			order = append(order, k)
		}
		return sides[k]
	}
	for _, img := range base.Images {
		d := at(img)
		d.In, d.BaseDigest, d.BaseBytes = InBase, img.Digest, img.CompressedBytes
	}
	for _, img := range head.Images {
		d := at(img)
		if d.In = InHead; d.BaseDigest != "" || d.BaseBytes != 0 {
			d.In = InBoth
		}
		d.HeadDigest, d.HeadBytes = img.Digest, img.CompressedBytes
	}
	out := []ImageDiff{}
	for _, k := range order {
		if d := sides[k]; d.In != InBoth || d.BaseDigest != d.HeadDigest || d.BaseBytes != d.HeadBytes {
			out = append(out, *d)
		}
	}
	slices.SortStableFunc(out, func(a, b ImageDiff) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Platform, b.Platform))
	})
	return out
}
