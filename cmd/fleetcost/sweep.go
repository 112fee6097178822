package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// sweepFlags are the flags of fleetcost sweep.
type sweepFlags struct {
	sizing  sizingFlags
	format  string
	out     string
	vary    []string
	zip     bool
	sample  int
	seed    uint64
	metrics []string
	shard   string
	resume  bool
	sets    []string
	quiet   bool
}

func newSweep(s streams) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep SCENARIO --vary PATH=VALUES...",
		Short: "A grid of what-ifs, one row each",
		Long: `Run a scenario at many points and note figures at each, a row a point: the
varied paths first, then the metrics.

VALUES are a list, A,B,C; a range, A..B/STEP; or a range by factors,
A..B*FACTOR. Several --vary are combined in every way, or one by one with
--zip; --sample takes so many points of the space between (a Latin hypercube),
for which ranges need no step.

A metric is a figure of the result, of every variant or with VARIANT. before
it: alpine.cost.monthly. Where the scenario has replications, it is their mean.

Rows come in order as they finish. With --out, FILE.partial keeps them until
all are there; a sweep that was stopped goes on from it with --resume. --shard
I/N runs the I-th of N parts, as ndjson; fleetcost merge puts them together.`,
		Example: `  fleetcost sweep weave-2015 --vary services.hello.deploysPerDay=1,4,16
  fleetcost sweep weave-2015 --vary services.hello.deploysPerDay=1..9/4 --vary datacenters.*.nodes=10..40*2 -o table
  fleetcost sweep weave-2015 --vary services.hello.deploysPerDay=1..20 --vary datacenters.*.uplink=1Gbps..10Gbps --sample 20 --metric rollouts.seconds.p95
  fleetcost sweep weave-2015 --vary services.hello.deploysPerDay=1..9/1 --shard 1/2 --out part-1.ndjson
  fleetcost sweep weave-2015 --vary services.hello.deploysPerDay=1..9/1 --metric alpine.transfer.delivered_bytes --out sweep.csv`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("output") && f.shard != "" {
				f.format = shardFormat
			}
			return f.run(cmd.Context(), args[0], s)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.format, "output", "o", report.RowFormats()[0].Name, "format of the rows: "+orList(rowFormatNames()))
	annotateFormats(flags, "output", rowFormatNames())
	flags.StringVar(&f.out, "out", "", "write the rows to a `FILE` instead of standard output")
	flags.StringArrayVar(&f.vary, "vary", nil, "values that a path takes: `PATH=VALUES`; may be repeated")
	flags.BoolVar(&f.zip, "zip", false, "pair the values of several --vary one by one")
	flags.IntVar(&f.sample, "sample", 0, "take `N` points of the space between the values")
	flags.Uint64Var(&f.seed, "seed", 1, "of --sample")
	flags.StringArrayVar(&f.metrics, "metric", nil, "note a `FIGURE`; may be repeated (default "+strings.Join(whatif.DefaultMetrics(), ", ")+")")
	flags.StringVar(&f.shard, "shard", "", "run only part `I/N` of the points, I from 1 to N")
	flags.BoolVar(&f.resume, "resume", false, "go on from FILE.partial of --out, if it is there")
	f.sizing.registerLocked(flags)
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on every variant at every point: `PATH=VALUE`; may be repeated")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	return cmd
}

// shardFormat is how shards are written, so that rows say what they belong to.
const shardFormat = "ndjson"

func rowFormatNames() []string {
	var out []string
	for _, f := range report.RowFormats() {
		out = append(out, f.Name)
	}
	return out
}

// rowFormat finds the format that -o names.
func rowFormat(name string) (report.RowFormat, error) {
	for _, f := range report.RowFormats() {
		if f.Name == name {
			return f, nil
		}
	}
	return report.RowFormat{}, inputError{fmt.Errorf("-o %s: no such format; write %s", name, orList(rowFormatNames()))}
}

func (f *sweepFlags) run(ctx context.Context, name string, s streams) (err error) {
	format, err := rowFormat(f.format)
	if err != nil {
		return err
	}
	plan, err := f.plan()
	if err != nil {
		return err
	}
	sets, err := parseSets(f.sets)
	if err != nil {
		return err
	}
	if err := checkOut(f.out); err != nil {
		return err
	}
	journal, err := f.openJournal()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeJournal(journal)) }()
	doc, err := openScenario(name, s)
	if err != nil {
		return err
	}
	z, err := f.sizing.openScenario(ctx, s, doc, sets)
	if err != nil {
		return err
	}
	defer z.close(s, f.quiet, false)
	sweep, err := whatif.NewSweep(doc, sets, plan, whatif.Options{Sizes: z.source})
	if err != nil {
		return inputError{err}
	}
	// A point leaves much garbage and keeps nothing: to collect it less often costs some ten megabytes.
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	if journal == nil {
		return f.stream(ctx, sweep, format, s)
	}
	return f.journal(ctx, journal, sweep, format, s)
}

// plan reads the flags that say what runs, and reports every mistake.
func (f *sweepFlags) plan() (whatif.Plan, error) {
	p := whatif.Plan{Zip: f.zip, Samples: f.sample, Seed: f.seed, Metrics: f.metrics}
	var errs []error
	for _, text := range f.vary {
		v, err := scenarios.ParseVary(text)
		p.Vary, errs = append(p.Vary, v), append(errs, err)
	}
	if f.shard != "" {
		index, of, ok := strings.Cut(f.shard, "/")
		var err, ofErr error
		p.Shard, err = strconv.Atoi(index)
		p.Shards, ofErr = strconv.Atoi(of)
		if !ok || err != nil || ofErr != nil || p.Shards < 1 {
			errs = append(errs, fmt.Errorf("--shard %s: is no part; write I/N, e.g. 1/4", f.shard))
		}
		if f.format != shardFormat {
			errs = append(errs, fmt.Errorf("-o %s: a shard is written as %s; merge writes the other formats", f.format, shardFormat))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return whatif.Plan{}, inputError{err}
	}
	return p, nil
}

// stream writes rows to standard output as they come.
func (f *sweepFlags) stream(ctx context.Context, sweep *whatif.Sweep, format report.RowFormat, s streams) error {
	rows := format.New(s.out)
	err := f.progress(ctx, sweep, 0, s, rows.Write)
	if err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("writing to standard output: %w", err)
	}
	return nil
}

// progress runs a sweep from a row on, with a bar.
func (f *sweepFlags) progress(ctx context.Context, sweep *whatif.Sweep, from int, s streams, emit func(whatif.Row) error) error {
	bar := newProgress(s, f.quiet)
	defer bar.stop()
	done := from
	bar.update(whatif.Progress{Step: "points", Done: done, Total: sweep.Len()}) // the first point may take long
	return blame(sweep.Run(ctx, from, func(r whatif.Row) error {
		if err := emit(r); err != nil {
			return fmt.Errorf("writing rows: %w", err)
		}
		done++
		bar.update(whatif.Progress{Step: "points", Done: done, Total: sweep.Len()})
		return nil
	}))
}
