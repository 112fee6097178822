// Fleetcost tells what it costs, in bytes, money and minutes, to get container images onto a fleet of
// machines, and what it would cost with another base image, registry or topology.
//
// Usage:
//
//	fleetcost run [SCENARIO]        simulate and compare the variants
//	fleetcost diff BASE HEAD        what changes from one scenario or result to another
//	fleetcost sweep SCENARIO        a grid of what-ifs, one row each
//	fleetcost merge FILE...         put the shards of a sweep together
//	fleetcost solve SCENARIO        the smallest or largest value that meets a goal; break-even points
//	fleetcost sensitivity SCENARIO  which inputs a figure follows, by effect
//	fleetcost advise SCENARIO       try the known levers, and rank them by what they save
//	fleetcost report RESULT         render a saved result again, without computing
//	fleetcost explain SCENARIO      where every byte and every dollar comes from
//	fleetcost sizes IMAGE...        layers and sizes of images; what they share
//	fleetcost validate SCENARIO...  check files, change nothing
//	fleetcost scenarios [NAME]      list the built-in scenarios, or print one
//	fleetcost schema [result]       print the JSON Schema of scenarios, or of results
//	fleetcost import KIND FILE...   a scenario of what kubectl prints, or times of deploys of a history
//	fleetcost memory                RSS and page cache of the containers running here, per image
//	fleetcost prices [BOOK]         the price books, rule by rule, with sources
//	fleetcost version               print the version
//	fleetcost help [COMMAND]        explain a command, with examples
//
// SCENARIO is a file, the name of a built-in scenario, or - for standard input. Results go to standard
// output, everything else to standard error.
//
// # Examples
//
// Compare nine base images on a fleet of 60 nodes, then with five times as many deploys:
//
//	fleetcost run
//	fleetcost run base-choice --set services.app.deploysPerDay=20
//
// Start a scenario from one that is built in, check it, and keep its result for a script:
//
//	fleetcost scenarios base-choice > fleet.yaml
//	fleetcost validate fleet.yaml
//	fleetcost run fleet.yaml -o json --out result.json
//
// Stop a pipeline, with exit status 3, where a variant costs over 5 % more than the baseline:
//
//	fleetcost run fleet.yaml --budget 'cost.monthly <= +5%'
//
// Describe a cluster that runs by what it says of itself, under other names:
//
//	fleetcost import kubernetes cluster.json --anonymize --out cluster.yaml
//
// See what two images are made of and share, without a network:
//
//	fleetcost sizes alpine:3.24 php:8.5.11-cli-alpine3.24 --source catalog
//
// See what a figure is made of, down to layers, reasons, paths and prices:
//
//	fleetcost explain base-choice cost.usage
//
// See what is charged in a region, and where each figure was read:
//
//	fleetcost prices aws --region eu-central-1
//
// # Exit status
//
//	0    all went well
//	1    something failed while running
//	2    the input is wrong
//	3    a budget is broken, or no value meets a goal; the results are written
//	4    a registry could not be reached, refused or sent what cannot be true
//	130  interrupted
//
// # Environment
//
// CI and NO_COLOR switch progress bars and their colours off; bars are drawn on a terminal only.
// Registries are read with Docker's own configuration and credential helpers, through HTTPS_PROXY where
// it is set, and their answers are kept under XDG_CACHE_HOME.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	status := execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// tell writes a line to standard error. Nobody can be told where that fails.
func (s streams) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(s.err, format+"\n", args...)
}

// The exit statuses that scripts rely on.
const (
	exitOK          = 0
	exitFailed      = 1
	exitInput       = 2
	exitBroken      = 3
	exitRegistry    = 4
	exitInterrupted = 130
)

// execute runs one command line and returns its exit status.
func execute(ctx context.Context, args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	status := exitStatus(ctx, err)
	if status == exitInterrupted {
		err = errors.New("interrupted")
	}
	prefix := "fleetcost: "
	if _, ok := errors.AsType[scenarios.Errors](err); ok {
		prefix = "" // positions come first, so that editors find them
	}
	s.tell("%s%v", prefix, err)
	return status
}

// inputError is an error that the user's input causes, not the world.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

func exitStatus(ctx context.Context, err error) int {
	var input inputError
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case registryFailed(err):
		return exitRegistry
	case errors.As(err, &input):
		return exitInput
	case errors.As(err, new(brokenError)):
		return exitBroken
	}
	return exitFailed
}

// registryFailed tells whether any of the errors joined in err is a registry's, other than its word that
// it has no such image: that is the input's.
func registryFailed(err error) bool {
	switch e := err.(type) { //nolint:errorlint // it walks the tree of errors itself
	case *registrysize.RegistryError:
		return !errors.Is(e, registrysize.ErrNotFound)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), registryFailed)
	}
	inner := errors.Unwrap(err)
	return inner != nil && registryFailed(inner)
}

// newRoot builds the command tree. Every command returns its error; execute alone prints and maps it.
func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "fleetcost",
		Short: "What it costs to get container images onto a fleet",
		Long: `Fleetcost tells what it costs, in bytes, money and minutes, to get container
images onto a fleet of machines, and what it would cost with another base
image, registry or topology.`,
		Example: `  fleetcost run
  fleetcost scenarios
  fleetcost sizes alpine:3.24 debian:13-slim --source catalog`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		Args:          usage(knownCommand),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return inputError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetHelpCommand(newHelp(root))
	root.AddCommand(
		newRun(s),
		newDiff(s),
		newSweep(s),
		newMerge(s),
		newSolve(s),
		newSensitivity(s),
		newAdvise(s),
		newReport(s),
		newExplain(s),
		newSizes(s),
		newPrices(s),
		newValidate(s),
		newScenarios(s),
		newSchema(s),
		newImport(s),
		newMemory(s),
		newVersion(s),
	)
	return root
}

// newHelp is cobra's own help command, but for an exit status where there is no such command.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command, with examples",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, _ := root.Find(args)
			if err := knownCommand(root, rest); err != nil {
				return inputError{err}
			}
			return cmd.Help()
		},
	}
}

// knownCommand refuses what is no subcommand.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("there is no command %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return fmt.Errorf("there is no command %q", args[0])
}

// usage marks what is wrong with the arguments as the user's input.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return inputError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
		}
		return nil
	}
}
