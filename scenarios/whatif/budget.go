package whatif

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// A Budget is a limit and whether it holds.
type Budget struct {
	Variant string  `json:"variant"`
	Expr    string  `json:"expr"`    // as written, without the variant
	Value   float64 `json:"value"`   // of the variant's figure
	Limit   float64 `json:"limit"`   // what it is compared with; for relative ones the other figure is in it already
	Unknown bool    `json:"unknown"` // some price is unknown, so that nothing shows that it holds; it did not pass
	Passed  bool    `json:"passed"`

	Currency string `json:"currency,omitempty"` // of an amount of money that is not in USD
	Itself   bool   `json:"itself,omitempty"`   // the limit is relative to the baseline, which this variant is: nothing is compared
}

// An Unchecked is a budget that a variant could not be held to.
type Unchecked struct {
	Variant string `json:"variant"`
	Expr    string `json:"expr"`
	Why     string `json:"why"`
}

// CheckBudget finds what is wrong with a budget that its form does not show: a figure that no result has,
// or a limit in another unit.
func CheckBudget(b scenarios.Budget) error {
	f, ok := FigureAt(b.Path)
	if !ok {
		return fmt.Errorf("no figure is named %.60q; %s", b.Path, suggestFigure(b.Path))
	}
	units := map[scenarios.LimitUnit]Unit{
		scenarios.LimitBytes: Bytes, scenarios.LimitSeconds: Seconds, scenarios.LimitBits: BitsPerSecond,
	}
	if want, stated := units[b.Limit.Unit]; stated && want != f.Unit {
		return fmt.Errorf("%s is %s; write the limit so", f.Path, unitWords[f.Unit])
	}
	return nil
}

var unitWords = map[Unit]string{
	Number: "a plain number", Bytes: "in bytes, e.g. 10MB", Seconds: "in seconds, e.g. 300 or 5m", BitsPerSecond: "in bits per second, e.g. 1Gbps",
	Money: "an amount of money, without a unit",
}

// suggestFigure names the nearest figure.
func suggestFigure(path string) string {
	var paths []string
	for _, f := range Figures() {
		paths = append(paths, f.Path)
	}
	return scenarios.Suggest(path, paths)
}

// Gate checks budgets on a finished result and adds them to its own. Relative limits are taken from the
// baseline. The error is a scenarios.Errors with the budgets that the result has no figures for.
func (r *Result) Gate(budgets []scenarios.Budget) error {
	checked, _, err := gate(r, budgets, func(string) *Variant { return r.Variant(r.Baseline) })
	r.Budgets = append(r.Budgets, checked...)
	return err
}

// gate checks budgets on the variants of a result; base is what relative limits are taken from, nil where
// a variant has nothing to be compared with: then they are left unchecked.
func gate(r *Result, budgets []scenarios.Budget, base func(variant string) *Variant) ([]Budget, []Unchecked, error) {
	out, left := []Budget{}, []Unchecked{}
	var mistakes scenarios.Errors
	for _, b := range budgets {
		if b.Variant != "" && r.Variant(b.Variant) == nil {
			mistakes = append(mistakes, budgetMistake(b, fmt.Errorf("the result has no variant %s", b.Variant)))
			continue
		}
		for i := range r.Variants {
			v := &r.Variants[i]
			if b.Variant != "" && b.Variant != v.Name {
				continue
			}
			if b.Limit.Relative && base(v.Name) == nil {
				left = append(left, Unchecked{v.Name, b.Expr, "BASE has no such variant"})
				continue
			}
			checked, err := hold(b, v, base(v.Name))
			if err != nil {
				mistakes = append(mistakes, budgetMistake(b, err))
				break
			}
			out = append(out, checked)
		}
	}
	if len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	return out, left, nil
}

func budgetMistake(b scenarios.Budget, err error) *scenarios.Error {
	return &scenarios.Error{File: "budget " + b.String(), Msg: err.Error()}
}

// hold compares one variant's figure with a limit.
func hold(b scenarios.Budget, v, base *Variant) (Budget, error) {
	if err := CheckBudget(b); err != nil {
		return Budget{}, err
	}
	f, _ := FigureAt(b.Path)
	value, ok := f.Of(v)
	if !ok {
		return Budget{}, fmt.Errorf("variant %s has no %s", v.Name, b.Path)
	}
	out := Budget{Variant: v.Name, Expr: b.Expr, Value: value, Limit: b.Limit.Value}
	if unit := f.UnitOf(v); unit.IsMoney() && unit != Money {
		out.Currency = string(unit)
	}
	least, baseLeast := f.Unit == Money && v.Cost.AtLeast, false
	if b.Limit.Relative {
		from, ok := f.Of(base)
		if !ok {
			return Budget{}, fmt.Errorf("variant %s, which it is relative to, has no %s", base.Name, b.Path)
		}
		baseLeast, out.Itself = f.Unit == Money && base.Cost.AtLeast, base == v
		out.Limit = from + b.Limit.Value
		if b.Limit.Unit == scenarios.LimitPercent {
			out.Limit = from * (1 + b.Limit.Value/100)
		}
	}
	out.Passed = compare(value, b.Op, out.Limit)
	// A cost that is no more than a lower bound shows that it is above a limit, never that it is below; of
	// two such, what is known is compared.
	certain := least == baseLeast || least && strings.HasPrefix(b.Op, ">") || baseLeast && strings.HasPrefix(b.Op, "<")
	if out.Passed && !certain {
		out.Passed, out.Unknown = false, true
	}
	return out, nil
}

func compare(a float64, op string, b float64) bool {
	switch op {
	case "<=":
		return a <= b
	case "<":
		return a < b
	case ">=":
		return a >= b
	case ">":
		return a > b
	}
	return a == b
}

// Broken counts the budgets that did not pass.
func Broken(budgets []Budget) int {
	n := 0
	for _, b := range budgets {
		if !b.Passed {
			n++
		}
	}
	return n
}

// Load decodes all variants of a document and checks their budgets too, and others that are asked for;
// see Document.Scenarios.
func Load(doc *scenarios.Document, sets []scenarios.Set, budgets ...scenarios.Budget) ([]*scenarios.Scenario, error) {
	variants, err := doc.Scenarios(sets...)
	if err != nil {
		return nil, err
	}
	var mistakes scenarios.Errors
	for i, b := range variants[0].Budgets {
		if err := CheckBudget(b); err != nil {
			mistakes = append(mistakes, variants[0].Mistake(fmt.Sprintf("budgets[%d]", i), "%s", err))
		}
	}
	named := func(s *scenarios.Scenario, name string) bool { return name == "" || s.Variant == name }
	for _, b := range budgets {
		err := CheckBudget(b)
		if err == nil && !slices.ContainsFunc(variants, func(s *scenarios.Scenario) bool { return named(s, b.Variant) }) {
			err = fmt.Errorf("no variant is named %q; %s", b.Variant, scenarios.Suggest(b.Variant, doc.Variants()))
		}
		if err != nil {
			mistakes = append(mistakes, budgetMistake(b, err))
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return variants, nil
}
