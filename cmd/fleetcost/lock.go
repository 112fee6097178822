package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// lockFlags are the flags of fleetcost lock.
type lockFlags struct {
	outputFlags
	sizing  sizingFlags
	check   bool
	quiet   bool
	verbose bool
}

func newLock(s streams) *cobra.Command {
	var f lockFlags
	cmd := &cobra.Command{
		Use:   "lock SCENARIO",
		Short: "Pin image digests and sizes beside the scenario",
		Long: `Ask registries what the references of all variants name today, and write their
digests, layers and sizes to NAME.lock.yaml beside NAME.yaml, to be committed
with it. Scenarios then take their sizes from the lock first; with sizes.from:
lock, or with --locked, from nowhere else and without a network.

With --check nothing is written: what changed upstream is printed, and the exit
status is 3 where something did.`,
		Example: `  fleetcost lock fleet.yaml
  fleetcost lock fleet.yaml --check
  fleetcost run fleet.yaml --locked`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], s) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.check, "check", false, "write no lock: say what changed upstream since it was written")
	f.register(flags, names(report.LockFormats()))
	f.sizing.register(flags)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, no word on quotas")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "count the requests that registries were sent")
	return cmd
}

// errChanged ends a check that found changes.
var errChanged = brokenError{"the lock is not what upstream has now; fleetcost lock writes it anew"}

func (f *lockFlags) run(ctx context.Context, name string, s streams) error {
	out, err := targets(&f.outputFlags, report.LockFormats(), nil)
	if err != nil {
		return err
	}
	doc, err := openScenario(name, s)
	if err != nil {
		return err
	}
	if doc.Path() == "" {
		return inputError{fmt.Errorf("locking %s: a lock lies beside a file; write the scenario to one, and name it", name)}
	}
	if err := spareScenario(f.sizing.all, doc, nil); err != nil {
		return err
	}
	path := scenarios.LockPath(doc.Path())
	old, err := scenarios.ReadLock(path, doc.Path())
	if f.check && errors.Is(err, fs.ErrNotExist) {
		return inputError{fmt.Errorf("%w; run fleetcost lock %s", err, name)}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && f.check {
		return inputError{err}
	}
	now, err := f.read(ctx, doc, s)
	if err != nil {
		return err
	}
	if f.check {
		changes := whatif.LockChanges(old, now)
		if err := emitAll(out, s, changes); err != nil {
			return err
		}
		if len(changes) > 0 {
			return errChanged
		}
		return nil
	}
	if err := emit(path, s, func(w io.Writer) error { _, err := w.Write(now.Bytes()); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %s pinned\n", path, counted(len(now.Images), "image"))
	return err
}

// read asks registries anew what tags name.
func (f *lockFlags) read(ctx context.Context, doc *scenarios.Document, s streams) (*scenarios.Lock, error) {
	z, err := f.sizing.openFor(s, time.Duration(0))
	if err != nil {
		return nil, err
	}
	defer z.close(s, f.quiet, f.verbose)
	bar := newProgress(s, f.quiet)
	defer bar.stop()
	lock, err := whatif.Lock(ctx, doc, whatif.Options{Sizes: z.source, OnProgress: bar.update})
	return lock, blame(err)
}
