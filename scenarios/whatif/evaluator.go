package whatif

import (
	"context"
	"slices"

	"github.com/fleetcost/fleetcost/scenarios"
)

// An evaluator runs one document with different overlays and reads the same figures each time. It may be
// used by several goroutines.
type evaluator struct {
	doc     *scenarios.Document
	columns []column
	needed  []string // variants that columns are of
	options Options
}

// newEvaluator finds the figures that metrics name. The document must load with sets.
func newEvaluator(doc *scenarios.Document, sets []scenarios.Set, metrics []string, o Options) (*evaluator, error) {
	first, err := Load(doc, sets)
	if err != nil {
		return nil, err
	}
	var variants []string
	for _, v := range first {
		variants = append(variants, v.Variant)
	}
	e := &evaluator{doc: doc, options: remembering(o)}
	if e.columns, err = columns(metrics, variants); err != nil {
		return nil, err
	}
	for _, c := range e.columns {
		if !slices.Contains(e.needed, c.variant) {
			e.needed = append(e.needed, c.variant)
		}
	}
	return e, nil
}

// texts runs the variants that are needed, one after another, and returns the columns' figures as the
// result writes them; see Figure.Text.
func (e *evaluator) texts(ctx context.Context, sets []scenarios.Set) ([]string, error) {
	results, err := e.run(ctx, sets)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range e.columns {
		text := c.figure.meanText(results[c.variant])
		if text == "" {
			return nil, noLink(c)
		}
		out = append(out, text)
	}
	return out, nil
}

// numbers is texts as numbers.
func (e *evaluator) numbers(ctx context.Context, sets []scenarios.Set) ([]float64, error) {
	results, err := e.run(ctx, sets)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, c := range e.columns {
		value, ok := c.figure.mean(results[c.variant])
		if !ok {
			return nil, noLink(c)
		}
		out = append(out, value)
	}
	return out, nil
}

// noLink is the mistake of a figure that a variant does not have.
func noLink(c column) error {
	return scenarios.Errors{{File: "figure " + c.name, Msg: "the variant has no such link"}}
}

func (e *evaluator) run(ctx context.Context, sets []scenarios.Set) (map[string]*Variant, error) {
	results := map[string]*Variant{}
	for _, name := range e.needed {
		v, err := e.variant(ctx, name, sets)
		if err != nil {
			return nil, err
		}
		results[name] = v
	}
	return results, nil
}

// variant simulates one variant.
func (e *evaluator) variant(ctx context.Context, name string, sets []scenarios.Set) (*Variant, error) {
	scenario, err := e.doc.Scenario(e.name(name), sets...)
	if err != nil {
		return nil, err
	}
	variants := []*scenarios.Scenario{scenario}
	images, err := resolve(ctx, variants, e.options)
	if err != nil {
		return nil, err
	}
	runs, err := prepare(variants, images)
	if err != nil {
		return nil, err
	}
	for k := range runs[0].samples {
		if err := runs[0].simulate(ctx, k); err != nil {
			return nil, err
		}
	}
	v := newVariant(&runs[0])
	return &v, nil
}

// name is what the document calls a variant: a file without variants is its own only one.
func (e *evaluator) name(variant string) string {
	if len(e.doc.Variants()) == 0 {
		return ""
	}
	return variant
}
