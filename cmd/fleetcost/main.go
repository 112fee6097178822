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
//	fleetcost lock SCENARIO         pin image digests and sizes beside the scenario
//	fleetcost validate SCENARIO...  check files, change nothing
//	fleetcost scenarios [NAME]      list the built-in scenarios, or print one
//	fleetcost init [FILE]           write a scenario to start from
//	fleetcost schema [result]       print the JSON Schema of scenarios, or of results
//	fleetcost import KIND FILE...   a scenario of what kubectl prints, or times of deploys of a history
//	fleetcost memory                RSS and page cache of the containers running here, per image
//	fleetcost prices [BOOK]         the price books, rule by rule, with sources
//	fleetcost completion SHELL      what makes a shell complete commands, scenarios and paths
//	fleetcost man FOLDER            write the man pages
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
//	3    a budget is broken, no value meets a goal, or a lock is not what upstream has; the results are written
//	4    a registry could not be reached, refused or sent what cannot be true
//	130  interrupted
//
// # Settings
//
// Flags that are not written are taken from the environment, FLEETCOST_ and the flag's name in capitals
// (FLEETCOST_OUTPUT=json), else from fleetcost.yaml in the folder, else from fleetcost/config.yaml in the
// user's folder for settings. The files have flags by name, for all commands or for one:
//
//	output: markdown
//	quiet: true
//	diff:
//	  budget: ["cost.monthly <= +5%"]
//
// # Environment
//
// CI and NO_COLOR switch progress bars and their colours off; bars are drawn on a terminal only, and on none
// that TERM calls dumb.
// Registries are read with Docker's own configuration and credential helpers, through HTTPS_PROXY where
// it is set, and their answers are kept under XDG_CACHE_HOME.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	log.SetOutput(io.Discard)    // Go's HTTP client logs what servers send unasked
	status := execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// newRoot builds the command tree. Every command returns its error; execute alone prints and maps it.
func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "fleetcost",
		Short: "What it costs to get container images onto a fleet",
		Long: `Fleetcost tells what it costs, in bytes, money and minutes, to get container
images onto a fleet of machines, and what it would cost with another base
image, registry or topology.

Exit status:
  0    all went well
  1    something failed while running
  2    the input is wrong
  3    a budget is broken, no value meets a goal, or a lock is not what upstream has; the results are written
  4    a registry could not be reached, refused or sent what cannot be true
  130  interrupted`,
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
		if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
			err = fmt.Errorf("--%s: %w", e.GetFlag().Name, plain(e.GetFlag(), e.GetValue(), e.Unwrap()))
		}
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
		newLock(s),
		newPrices(s),
		newValidate(s),
		newScenarios(s),
		newInit(s),
		newSchema(s),
		newImport(s),
		newMemory(s),
		newCompletion(s),
		newMan(s),
		newVersion(s),
	)
	completes(root, s)
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
