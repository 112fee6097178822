package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// diffFlags are the flags of fleetcost diff.
type diffFlags struct {
	outputFlags
	sizing  sizingFlags
	budgets budgetFlags
	sets    []string
	of      string
	quiet   bool
}

func newDiff(s streams) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff BASE HEAD",
		Short: "What changes from one scenario, result or lock to another, for a review",
		Long: `Compare two scenarios, two saved results or two locks of a scenario: cost, bytes,
times and images, in absolute and in percent, with what caused it, the largest
effect first.

BASE and HEAD are scenarios, results of run -o json, or locks: files, names of
built-in scenarios, or - for standard input. Scenarios are simulated, results
are taken as they are. Of a lock the scenario is simulated that HEAD or BASE
lies beside, or that --of names, with the lock's sizes alone. Variants are
compared by name. Sums over time are a month's.

Budgets are HEAD's own and those of --budget. A limit with a sign is relative
to the same variant of BASE. Where one is broken, the exit status is 3, after
everything is written.`,
		Example: `  fleetcost diff base.yaml fleet.yaml
  fleetcost diff base.yaml fleet.yaml -o markdown --budget 'cost.monthly <= +5%'
  fleetcost diff result.json result.json --export json=diff.json
  fleetcost diff old.lock.yaml fleet.lock.yaml
  fleetcost diff old.lock.yaml fleet.lock.yaml --of fleet.yaml`,
		Args: usage(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], args[1], s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.DiffFormats()))
	f.registerExports(flags)
	f.budgets.register(flags)
	flags.StringArrayVar(&f.sets, "set", nil, "overlay a value on the scenarios of both sides: `PATH=VALUE`; may be repeated")
	flags.StringVar(&f.of, "of", "", "the `SCENARIO` that locks are of; by default the one that they lie beside")
	f.sizing.registerLocked(flags)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	return cmd
}

func (f *diffFlags) run(ctx context.Context, base, head string, s streams) error {
	out, err := targets(&f.outputFlags, report.DiffFormats(), nil)
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
	if base == "-" && head == "-" {
		return inputError{errors.New("BASE and HEAD are both standard input; name a file for one")}
	}
	if f.of == "" {
		f.of = lockedScenario(head, base)
	}
	before, err := f.side(ctx, base, sets, s)
	if err != nil {
		return err
	}
	after, err := f.side(ctx, head, sets, s)
	if err != nil {
		return err
	}
	d, err := whatif.Compare(before, after, budgets)
	if err != nil {
		return blame(err)
	}
	if err := emitAll(out, s, d); err != nil {
		return err
	}
	for _, u := range d.NotChecked {
		s.tell("%s", report.UncheckedLine(u))
	}
	return f.budgets.gate(s, d.Budgets)
}

// lockedScenario is the scenario beside the first of some locks that lies beside one; "": there is none.
func lockedScenario(locks ...string) string {
	for _, lock := range locks {
		name, ok := strings.CutSuffix(lock, ".lock.yaml")
		for _, ext := range []string{".yaml", ".yml"} {
			if _, err := os.Stat(name + ext); ok && err == nil {
				return name + ext
			}
		}
	}
	return ""
}

// side reads a saved result, or simulates a scenario, with the sizes of a lock where that is named.
func (f *diffFlags) side(ctx context.Context, arg string, sets []scenarios.Set, s streams) (*whatif.Result, error) {
	file, data, err := readScenario(arg, whatif.MaxResultBytes, s)
	if err != nil {
		return nil, err
	}
	if whatif.IsResult(data) {
		if len(sets) > 0 {
			return nil, inputError{fmt.Errorf("--set changes scenarios, and %s is a saved result; run the scenario with it, or name that here", arg)}
		}
		return parseResult(arg, data)
	}
	if scenarios.IsLock(data) {
		return f.locked(ctx, file, data, sets, s)
	}
	doc, err := parseScenario(arg, file, data)
	if err != nil {
		return nil, err
	}
	return simulate(ctx, doc, sets, nil, &f.sizing, f.quiet, false, s)
}

// locked simulates the scenario that a lock is of.
func (f *diffFlags) locked(ctx context.Context, file string, data []byte, sets []scenarios.Set, s streams) (*whatif.Result, error) {
	lock, err := scenarios.ParseLock(file, data)
	if err != nil {
		return nil, inputError{err}
	}
	if f.of == "" {
		return nil, inputError{fmt.Errorf("%s is a lock, and no scenario lies beside it; name the scenario with --of", scenarios.Printable(file))}
	}
	doc, err := openScenario(f.of, s)
	if err != nil {
		return nil, err
	}
	pinned := f.sizing
	pinned.pinned = lock
	return simulate(ctx, doc, sets, nil, &pinned, f.quiet, false, s)
}
