package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// sensitivityFlags are the flags of fleetcost sensitivity.
type sensitivityFlags struct {
	outputFlags
	variant string
	metric  string
	percent float64
	sets    []string
	quiet   bool
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
	f.registerExports(flags)
	flags.StringVar(&f.variant, "variant", "", "the variant to look at (default: the baseline)")
	flags.StringVar(&f.metric, "metric", "cost.monthly", "the `FIGURE` to look at")
	flags.Float64Var(&f.percent, "percent", 10, "how far inputs change")
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on every variant: `PATH=VALUE`; may be repeated")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	return cmd
}

func (f *sensitivityFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.SensitivityFormats(), nil)
	if err != nil {
		return err
	}
	sets, err := parseSets(f.sets)
	if err != nil {
		return err
	}
	doc, err := openScenario(ctx, name, s)
	if err != nil {
		return err
	}
	bar := newProgress(s, f.quiet)
	result, err := whatif.Sensitize(ctx, doc, sets, f.variant, f.metric, f.percent, whatif.Options{Sizes: newSource, OnProgress: bar.update})
	bar.stop()
	if err != nil {
		return blame(err)
	}
	return emitAll(out, s, result)
}
