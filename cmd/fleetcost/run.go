package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// runFlags are the flags of fleetcost run.
type runFlags struct {
	outputFlags
	sizing  sizingFlags
	budgets budgetFlags
	sets    []string
	quiet   bool
	verbose bool
}

func newRun(s streams) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [SCENARIO]",
		Short: "Simulate and compare the variants of a scenario",
		Long: `Simulate every variant of a scenario, price it and compare them.

SCENARIO is a file, the name of a built-in scenario, or - for standard input;
without one the built-in ` + scenarios.Default + ` runs.

Budgets hold figures of the result to limits: those of the scenario, and those
of --budget. A limit with a sign is relative to the baseline. Where one is
broken, the exit status is 3, after the results are written.`,
		Example: `  fleetcost run
  fleetcost run weave-2015
  fleetcost run base-choice --set services.app.deploysPerDay=20
  fleetcost run fleet.yaml -o json --out result.json
  fleetcost run fleet.yaml --budget 'cost.monthly <= +5%' --budget 'rollouts.seconds.p95 <= 5m'
  fleetcost run fleet.yaml --export markdown=result.md --export csv=result.csv
  fleetcost run fleet.yaml --export focus=forecast.csv --export infracost-usage=usage.yml`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := scenarios.Default
			if len(args) > 0 {
				name = args[0]
			}
			return f.run(cmd.Context(), name, s)
		},
	}
	flags := cmd.Flags()
	f.register(flags, names(report.ResultFormats()))
	f.registerExports(flags, names(report.ExportFormats())...)
	f.budgets.register(flags)
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on every variant: `PATH=VALUE`; may be repeated")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "tell how hard the simulation was, and count the requests that registries were sent")
	f.sizing.registerLocked(flags)
	return cmd
}

func (f *runFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.ResultFormats(), report.ExportFormats())
	if err != nil {
		return err
	}
	sets, err := parseSets(f.sets)
	if err != nil {
		return err
	}
	budgets, err := f.budgets.parse()
	if err != nil {
		return err
	}
	doc, err := openScenario(name, s)
	if err != nil {
		return err
	}
	result, err := simulate(ctx, doc, sets, budgets, &f.sizing, f.quiet, f.verbose, s)
	if err != nil {
		return err
	}
	if f.verbose {
		for _, v := range result.Variants {
			s.tell("%s: %d events, at most %d distinct states, %d flows", v.Name, v.Engine.Events, v.Engine.States, v.Engine.Flows)
		}
	}
	if err := emitAll(out, s, result); err != nil {
		return err
	}
	return f.budgets.gate(s, result.Budgets)
}

// simulate runs all variants of a document, with bars unless it is to be quiet. What the input is to blame
// for is an inputError.
func simulate(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, budgets []scenarios.Budget, f *sizingFlags, quiet, verbose bool, s streams) (*whatif.Result, error) {
	z, err := f.openScenario(ctx, s, doc, sets)
	if err != nil {
		return nil, err
	}
	defer z.close(s, quiet, verbose)
	bar := newProgress(s, quiet)
	defer bar.stop()
	result, err := whatif.Run(ctx, doc, sets, whatif.Options{Sizes: z.source, Footprint: z.footprint, Budgets: budgets, OnProgress: bar.update})
	return result, blame(err)
}

// blame marks errors that the user's input causes.
func blame(err error) error {
	if errors.As(err, new(scenarios.Errors)) || errors.Is(err, registrysize.ErrNotFound) {
		return inputError{err}
	}
	return err
}
