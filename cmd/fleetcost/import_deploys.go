package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios/deploys"
)

// importDeploysFlags are the flags of fleetcost import deploys.
type importDeploysFlags struct {
	out     string
	quiet   bool
	options deploys.Options
}

func newImportDeploys(s streams) *cobra.Command {
	var f importDeploysFlags
	cmd := &cobra.Command{
		Use:   "deploys FILE...",
		Short: "A release history to the times that a service's deployTimes names",
		Long: `Take the times of deploys from a release history, and write them one a line, as
a service's deployTimes names them. FILE, or - for standard input, is one of

  git log --tags --simplify-by-decoration --pretty='%cI %D'
  gh api --paginate repos/OWNER/NAME/releases
  argocd app get NAME -o json
  helm history NAME -o json

Drafts, pre-releases and releases that failed do not count.`,
		Example: `  fleetcost import deploys releases.json --out shop.csv
  fleetcost import deploys tags.txt --tags 'v*'`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args, s) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "write the times to a `FILE` instead of standard output")
	flags.StringVar(&f.options.Tags, "tags", "", "count only tags of this `PATTERN`, e.g. 'v*'")
	flags.BoolVar(&f.options.Prereleases, "prereleases", false, "count GitHub's pre-releases too")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "do not tell what was found")
	return cmd
}

func (f *importDeploysFlags) run(ctx context.Context, files []string, s streams) error {
	if err := checkOut(f.out); err != nil {
		return err
	}
	var times []time.Time
	var errs []error
	for _, file := range files {
		h, err := f.parse(ctx, file, s)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !f.quiet {
			s.tell("%s: %s, deploys: %d, entries left out: %d", file, h.Source, len(h.Times), h.LeftOut)
		}
		times = append(times, h.Times...)
	}
	if err := errors.Join(errs...); err != nil {
		return inputError{err}
	}
	slices.SortFunc(times, time.Time.Compare)
	times = slices.CompactFunc(times, time.Time.Equal)
	if !f.quiet {
		first, last := times[0], times[len(times)-1]
		days := int(last.Sub(first.Truncate(24*time.Hour)).Hours()/24) + 1
		s.tell("in a scenario: simulate: {date: %s, duration: %dd}", first.Format(time.DateOnly), days)
	}
	return emit(f.out, s, func(w io.Writer) error { return deploys.Write(w, times) })
}

func (f *importDeploysFlags) parse(ctx context.Context, name string, s streams) (*deploys.History, error) {
	if name == "-" {
		const most = 64 << 20
		text, err := readInput(name, most, s, "")
		if err != nil {
			return nil, err
		}
		return deploys.Parse(ctx, "standard input", bytes.NewReader(text), f.options)
	}
	file, err := openFile(name, "write a release history to it")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return deploys.Parse(ctx, name, file, f.options)
}
