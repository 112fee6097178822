package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// solveFlags are the flags of fleetcost solve.
type solveFlags struct {
	studyFlags
	vary    string
	until   string
	largest bool
}

func newSolve(s streams) *cobra.Command {
	var f solveFlags
	cmd := &cobra.Command{
		Use:   "solve SCENARIO --vary PATH=A..B --until EXPR",
		Short: "The smallest or largest value that meets a goal; break-even points",
		Long: `Look along a path for the smallest value, or with --largest the largest, that
meets a goal: a budget, or a comparison of two variants. With = it is a
break-even: the value at which two sides change order.

A figure is the baseline's, or has a variant before it. A..B of whole numbers
looks at whole numbers only; A..B/STEP, A..B*FACTOR and A,B,C at these values.

Where the difference of the two sides only rises or only falls, it is found by
bisection, else by a scan; the answer says which. Where no value meets the
goal, the exit status is 3.`,
		Example: `  fleetcost solve base-choice --vary services.app.deploysPerDay=1..500 --until 'cost.monthly <= 220' --largest
  fleetcost solve weave-2015 --vary services.hello.deploysPerDay=1..40 --until 'alpine.transfer.delivered_bytes >= 500GB'
  fleetcost solve base-choice --vary services.app.layers.application.size=1MB..200MB --until 'rollouts.seconds.p95 <= 12s' --largest -o json`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.SolutionFormats()))
	flags.StringVar(&f.vary, "vary", "", "values to look at: `PATH=A..B`")
	flags.StringVar(&f.until, "until", "", "the goal: `EXPR`, e.g. 'cost.monthly <= 50' or 'a.cost.monthly = b.cost.monthly'")
	flags.BoolVar(&f.largest, "largest", false, "the largest value that meets the goal, in place of the smallest")
	return cmd
}

// errUnmet ends a solve whose goal no value meets.
var errUnmet = brokenError{"no value meets the goal"}

func (f *solveFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.SolutionFormats(), nil)
	if err != nil {
		return err
	}
	if f.vary == "" || f.until == "" {
		return inputError{errors.New("--vary and --until say what to look for; write both")}
	}
	vary, err := scenarios.ParseVary(f.vary)
	if err != nil {
		return inputError{err}
	}
	var solution *whatif.Solution
	err = f.study(ctx, name, s, func(doc *scenarios.Document, sets []scenarios.Set, o whatif.Options) (err error) {
		solution, err = whatif.Solve(ctx, doc, sets, vary, f.until, f.largest, o)
		return err
	})
	if err != nil {
		return err
	}
	if err := emitAll(out, s, solution); err != nil {
		return err
	}
	if !solution.Found {
		return errUnmet
	}
	return nil
}
