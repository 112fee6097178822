package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// budgetFlags are the flags of commands that hold results to budgets.
type budgetFlags struct {
	texts    []string
	exitZero bool
}

func (f *budgetFlags) register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.texts, "budget", nil, "hold figures to a limit: `EXPR`, e.g. 'cost.monthly <= +5%'; may be repeated")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with status 0 though a budget is broken")
}

// parse reads all budgets and reports every mistake.
func (f *budgetFlags) parse() ([]scenarios.Budget, error) {
	var budgets []scenarios.Budget
	var errs []error
	for _, text := range f.texts {
		b, err := scenarios.ParseBudget(text)
		if err == nil {
			err = whatif.CheckBudget(b)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--budget %s: %w", text, err))
		}
		budgets = append(budgets, b)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, inputError{err}
	}
	return budgets, nil
}

// A brokenError ends a command whose results are written, and are not what was asked of them.
type brokenError struct{ what string }

func (e brokenError) Error() string { return e.what }

// gate tells of the budgets that are broken and makes them the command's error.
func (f *budgetFlags) gate(s streams, budgets []whatif.Budget) error {
	broken := whatif.Broken(budgets)
	if broken == 0 {
		return nil
	}
	for _, b := range budgets {
		if !b.Passed {
			s.tell("%s", report.BudgetLine(b))
		}
	}
	if f.exitZero {
		return nil
	}
	return brokenError{fmt.Sprintf("budgets broken: %d of %d", broken, len(budgets))}
}
