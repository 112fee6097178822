package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// studyFlags are the flags of commands that run a scenario many times for one answer.
type studyFlags struct {
	outputFlags
	sizing sizingFlags
	sets   []string
	quiet  bool
}

func (f *studyFlags) register(flags *pflag.FlagSet, formats []string) {
	f.outputFlags.register(flags, formats)
	f.registerExports(flags)
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on every variant: `PATH=VALUE`; may be repeated")
	f.sizing.registerLocked(flags)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
}

// study opens a scenario and does with it what takes long, with bars unless it is to be quiet.
func (f *studyFlags) study(ctx context.Context, name string, s streams, do func(*scenarios.Document, []scenarios.Set, whatif.Options) error) error {
	sets, err := parseSets(f.sets)
	if err != nil {
		return err
	}
	doc, err := openScenario(name, s)
	if err != nil {
		return err
	}
	z, err := f.sizing.openScenario(ctx, s, doc, sets)
	if err != nil {
		return err
	}
	defer z.close(s, f.quiet, false)
	bar := newProgress(s, f.quiet)
	defer bar.stop()
	return blame(do(doc, sets, whatif.Options{Sizes: z.source, Footprint: z.footprint, OnProgress: bar.update}))
}
