package whatif

import (
	"context"
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/scenarios"
)

// ExplanationSchema names the form of an Explanation. Keys are only ever added to it.
const ExplanationSchema = "fleetcost.explanation/v1"

// An Explanation says where figures of one variant come from.
type Explanation struct {
	Schema          string  `json:"schema"`
	Scenario        Source  `json:"scenario"`
	Variant         string  `json:"variant"`
	DurationSeconds float64 `json:"duration_seconds"`
	Figures         []Term  `json:"figures"`
}

// A Term is a figure or a part of one. The terms below it, where there are any, add up to its value.
type Term struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   Unit    `json:"unit"`
	Why    string  `json:"why"`    // in words and numbers
	Source string  `json:"source"` // of a price, with its date and confidence; "": none
	Terms  []Term  `json:"terms,omitempty"`
}

// Gap is what Explain calls the way from what a calculator says to what moved.
const Gap = "gap"

// Explain runs one variant of a document, "" for the baseline, and says where a figure of it comes from: one of
// Figures by its path, a link's, the month's cost shared out ("shares." and a list of Attribution), or Gap. "" asks for the
// month's cost, the base's share of it, the bytes delivered and the gap.
//
// Errors: scenarios.Errors where the input is wrong or has no such figure; see Run.
func Explain(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, variant, path string, o Options) (*Explanation, error) {
	variants, err := Load(doc, sets)
	if err != nil {
		return nil, err
	}
	if variant == "" {
		variant = variants[0].Baseline
	}
	i := slices.IndexFunc(variants, func(s *scenarios.Scenario) bool { return s.Variant == variant })
	if i < 0 {
		return nil, scenarios.Errors{{File: doc.File(), Msg: fmt.Sprintf("no variant is named %q; %s", variant, scenarios.Suggest(variant, variantNames(variants)))}}
	}
	if err := explainable(path); err != nil {
		return nil, err
	}
	variants = variants[i : i+1]
	images, err := resolve(ctx, variants, o)
	if err != nil {
		return nil, err
	}
	runs, err := prepare(variants, images)
	if err != nil {
		return nil, err
	}
	runs[0].samples = runs[0].samples[:1]
	if err := simulate(ctx, runs, o); err != nil {
		return nil, err
	}
	return explain(doc, sets, &runs[0], path)
}

func variantNames(variants []*scenarios.Scenario) []string {
	var names []string
	for _, v := range variants {
		names = append(names, v.Variant)
	}
	return names
}

// explainable refuses paths of no figure. Whether the variant has the link that one names only its result shows.
func explainable(path string) error {
	known := append(sharingPaths(), Gap)
	if _, ok := FigureAt(path); ok || path == "" || slices.Contains(known, path) {
		return nil
	}
	for _, f := range Figures() {
		known = append(known, f.Path)
	}
	return scenarios.Errors{{File: "figure " + path, Msg: "no result has it; " + scenarios.Suggest(path, known)}}
}

func explain(doc *scenarios.Document, sets []scenarios.Set, r *run, path string) (*Explanation, error) {
	x := &explainer{run: r, variant: newVariant(r)}
	out := &Explanation{
		Schema: ExplanationSchema, Scenario: Source{Name: r.scenario.Name, Digest: digest(doc, sets), Date: string(r.scenario.Simulate.Date)}, Variant: r.scenario.Variant,
		DurationSeconds: r.result.Duration,
	}
	paths := []string{path}
	if path == "" {
		paths = []string{"cost.monthly", sharesPrefix + "contents", "transfer.delivered_bytes", Gap}
	}
	for _, p := range paths {
		term, err := x.figure(p)
		if err != nil {
			return nil, err
		}
		out.Figures = append(out.Figures, term)
	}
	return out, nil
}

// An explainer explains one run.
type explainer struct {
	*run
	variant Variant
}

// figure explains one figure: its value and what it means, and what it is made of where that can be told.
func (x *explainer) figure(path string) (Term, error) {
	switch {
	case path == Gap:
		return x.gap(), nil
	case slices.Contains(sharingPaths(), path):
		return x.shares(path), nil
	}
	f, _ := FigureAt(path)
	value, ok := f.Of(&x.variant)
	if !ok {
		return Term{}, scenarios.Errors{{File: "figure " + path, Msg: "variant " + x.variant.Name + " has no such link"}}
	}
	term := Term{Name: path, Value: value, Unit: f.UnitOf(&x.variant), Why: meaning(f)}
	switch path {
	case "cost.monthly":
		term.Terms = []Term{x.cost("cost.usage", false), x.cost("cost.fixed", true)}
	case "cost.usage":
		term = x.cost(path, false)
	case "cost.fixed":
		term = x.cost(path, true)
	case "bounds.naive_bytes":
		term.Terms = x.naive()
	default:
		if which, ok := x.transfers(path); ok {
			term.Terms = x.moved(which)
		}
	}
	return term, nil
}
