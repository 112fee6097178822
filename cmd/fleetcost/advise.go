package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// adviseFlags are the flags of fleetcost advise.
type adviseFlags struct {
	studyFlags
	variant string
}

func newAdvise(s streams) *cobra.Command {
	var f adviseFlags
	cmd := &cobra.Command{
		Use:   "advise SCENARIO",
		Short: "Try the known levers, and rank them by what they save",
		Long: `Try the known levers on a variant, one at a time: other catalogued bases, one
base for all services, layers that keep their digests, fewer rebuilds, caches,
peers, endpoints in place of NAT. Those that make something better and nothing
worse are ranked by money, then bytes, then rollout time, each with the overlay
that does it and with what the figures do not show.`,
		Example: `  fleetcost advise base-choice
  fleetcost advise base-choice --variant debian -o markdown
  fleetcost advise fleet.yaml --export csv=levers.csv`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.AdviceFormats()))
	flags.StringVar(&f.variant, "variant", "", "the variant to advise on (default: the baseline)")
	return cmd
}

func (f *adviseFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.AdviceFormats(), nil)
	if err != nil {
		return err
	}
	var advice *whatif.Advice
	err = f.study(ctx, name, s, func(doc *scenarios.Document, sets []scenarios.Set, o whatif.Options) (err error) {
		advice, err = whatif.Advise(ctx, doc, sets, f.variant, o)
		return err
	})
	if err != nil {
		return err
	}
	return emitAll(out, s, advice)
}
