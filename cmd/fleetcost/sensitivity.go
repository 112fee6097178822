package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// sensitivityFlags are the flags of fleetcost sensitivity.
type sensitivityFlags struct {
	studyFlags
	variant string
	metric  string
	percent float64
}

func newSensitivity(s streams) *cobra.Command {
	var f sensitivityFlags
	cmd := &cobra.Command{
		Use:   "sensitivity SCENARIO",
		Short: "Which inputs a figure follows, by effect",
		Long: `Change each number of a variant by some percent, down and up, one after
another, and rank them by what that does to a figure. The same number of all
items of a list changes together. Whole numbers move by at least 1.`,
		Example: `  fleetcost sensitivity weave-2015 --metric transfer.delivered_bytes
  fleetcost sensitivity base-choice --variant alpine --percent 20 --metric rollouts.seconds.p95 -o markdown`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.SensitivityFormats()))
	flags.StringVar(&f.variant, "variant", "", "the variant to look at (default: the baseline)")
	flags.StringVar(&f.metric, "metric", "cost.monthly", "the `FIGURE` to look at")
	flags.Float64Var(&f.percent, "percent", 10, "how far inputs change")
	return cmd
}

func (f *sensitivityFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.SensitivityFormats(), nil)
	if err != nil {
		return err
	}
	var result *whatif.Sensitivity
	err = f.study(ctx, name, s, func(doc *scenarios.Document, sets []scenarios.Set, o whatif.Options) (err error) {
		result, err = whatif.Sensitize(ctx, doc, sets, f.variant, f.metric, f.percent, o)
		return err
	})
	if err != nil {
		return err
	}
	return emitAll(out, s, result)
}
