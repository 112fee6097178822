package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// explainFlags are the flags of fleetcost explain.
type explainFlags struct {
	outputFlags
	sizing  sizingFlags
	variant string
	sets    []string
	quiet   bool
}

func newExplain(s streams) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain SCENARIO [PATH]",
		Short: "Where every byte and every dollar comes from",
		Long: `Simulate one variant of a scenario and say where a figure of it comes from: this
many layers of this size, moved for this reason over this path, at this price
from this source. What stands below a figure adds up to it.

PATH is a figure of the result, such as transfer.delivered_bytes, cost.fixed or
transfer.links.fra/uplink.peak_bps; or shares.services, .datacenters, .images,
.layers, .contents or .causes: the month's cost shared out; or gap: the way from
what a calculator says to what moved. Without it the month's cost, the base's
share of it, the bytes delivered and the gap are explained.`,
		Example: `  fleetcost explain base-choice
  fleetcost explain base-choice --variant alpine gap
  fleetcost explain three-clouds --variant gcp shares.layers
  fleetcost explain colo cost.usage -o json`,
		Args: usage(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := ""
			if len(args) > 1 {
				path = args[1]
			}
			return f.run(cmd.Context(), args[0], path, s)
		},
	}
	flags := cmd.Flags()
	f.register(flags, names(report.ExplanationFormats()))
	flags.StringVar(&f.variant, "variant", "", "the `NAME` of the variant to explain; default: the baseline")
	f.sizing.registerLocked(flags)
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on the variant: `PATH=VALUE`; may be repeated")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	return cmd
}

func (f *explainFlags) run(ctx context.Context, name, path string, s streams) error {
	out, err := targets(&f.outputFlags, report.ExplanationFormats(), nil)
	if err != nil {
		return err
	}
	sets, err := parseSets(f.sets)
	if err != nil {
		return err
	}
	doc, err := openScenario(name, s)
	if err != nil {
		return err
	}
	explanation, err := f.explain(ctx, doc, sets, path, s)
	if err != nil {
		return err
	}
	return emitAll(out, s, explanation)
}

func (f *explainFlags) explain(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, path string, s streams) (*whatif.Explanation, error) {
	z, err := f.sizing.openScenario(ctx, s, doc, sets)
	if err != nil {
		return nil, err
	}
	defer z.close(s, f.quiet, false)
	bar := newProgress(s, f.quiet)
	defer bar.stop()
	explanation, err := whatif.Explain(ctx, doc, sets, f.variant, path, whatif.Options{Sizes: z.source, Footprint: z.footprint, OnProgress: bar.update})
	return explanation, blame(err)
}
