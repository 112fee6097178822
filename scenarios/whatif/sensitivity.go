package whatif

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/fleetcost/fleetcost/scenarios"
)

// SensitivitySchema names the form of a Sensitivity. Keys are only ever added to it.
const SensitivitySchema = "fleetcost.sensitivity/v1"

// A Sensitivity says how much a figure follows from each number of a scenario.
type Sensitivity struct {
	Schema  string   `json:"schema"`
	Variant string   `json:"variant"`
	Metric  string   `json:"metric"`
	Unit    Unit     `json:"unit"` // of the figure
	Percent float64  `json:"percent"`
	Value   float64  `json:"value"`  // of the figure, as the scenario is
	Inputs  []Effect `json:"inputs"` // the largest effect first, then in the file's order
}

// An Effect is what one input does to the figure.
type Effect struct {
	Path  string   `json:"path"`  // with * for the names of items, which change together
	Value string   `json:"value"` // as the scenario is; "": items differ
	Less  *float64 `json:"less"`  // the figure where the input is Percent less; null: the scenario allows no less
	More  *float64 `json:"more"`  // likewise more
}

// Swing is the largest change of the figure that an input makes.
func (e *Effect) Swing(value float64) float64 {
	swing := 0.0
	for _, to := range []*float64{e.Less, e.More} {
		if to != nil {
			swing = max(swing, math.Abs(*to-value))
		}
	}
	return swing
}

// Sensitize changes each number of a variant ("": the baseline) by so many percent, down and up, one after another, and notes
// a figure. A whole number moves by at least 1.
//
// Errors: as Run's, and others of the input where there is no such variant or figure.
func Sensitize(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, variant, metric string, percent float64, o Options) (*Sensitivity, error) {
	all, err := Load(doc, sets)
	if err != nil {
		return nil, err
	}
	variant = cmp.Or(variant, all[0].Baseline)
	i := slices.IndexFunc(all, func(s *scenarios.Scenario) bool { return s.Variant == variant })
	f, known := FigureAt(metric)
	switch {
	case i < 0:
		return nil, scenarios.Errors{{File: "--variant " + variant, Msg: "there is none of that name; " + scenarios.Suggest(variant, doc.Variants())}}
	case !known:
		return nil, scenarios.Errors{{File: "--metric " + metric, Msg: "no figure is named so; " + suggestFigure(metric)}}
	case !(percent > 0) || percent >= 100:
		return nil, scenarios.Errors{{File: fmt.Sprintf("--percent %v", percent), Msg: "write more than 0 and less than 100"}}
	}
	e := &evaluator{doc: doc, columns: []column{{metric, variant, f}}, needed: []string{variant}, options: remembering(o)}
	now, err := e.numbers(ctx, sets)
	if err != nil {
		return nil, err
	}
	out := &Sensitivity{Schema: SensitivitySchema, Variant: variant, Metric: metric, Unit: f.Unit, Percent: percent, Value: now[0], Inputs: []Effect{}}
	inputs := all[i].Inputs()
	effects := make([]Effect, len(inputs))
	steps := &steps{name: "inputs", total: len(inputs), report: o.OnProgress}
	err = parallel(len(inputs), func(k int) error {
		defer steps.done()
		effects[k] = Effect{Path: inputs[k].Path, Value: inputs[k].Value}
		for side, factor := range map[**float64]float64{&effects[k].Less: 1 - percent/100, &effects[k].More: 1 + percent/100} {
			changes, changed := inputs[k].Scaled(factor)
			if _, err := doc.Scenario(e.name(variant), slices.Concat(sets, changes)...); err != nil || !changed {
				continue // the scenario does not allow it
			}
			figures, err := e.numbers(ctx, slices.Concat(sets, changes))
			if err != nil {
				return err
			}
			*side = &figures[0]
		}
		return nil
	})
	for _, effect := range effects {
		if effect.Less != nil || effect.More != nil {
			out.Inputs = append(out.Inputs, effect)
		}
	}
	slices.SortStableFunc(out.Inputs, func(a, b Effect) int { return cmp.Compare(b.Swing(out.Value), a.Swing(out.Value)) })
	return out, err
}

// parallel does n things, as many at once as there are processors, and returns the first error by number.
func parallel(n int, do func(int) error) error {
	errs := make([]error, n)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(i)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
