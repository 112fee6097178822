// Fleetcost tells what it costs, in bytes, money and minutes, to get container images onto a fleet of
// machines, and what it would cost with another base image, registry or topology.
//
// Usage:
//
//	fleetcost run [SCENARIO]        simulate and compare the variants
//	fleetcost sizes IMAGE...        layers and sizes of images; what they share
//	fleetcost validate SCENARIO...  check files, change nothing
//	fleetcost scenarios [NAME]      list the built-in scenarios, or print one
//	fleetcost version               print the version
//	fleetcost help [COMMAND]        explain a command, with examples
//
// SCENARIO is a file, the name of a built-in scenario, or - for standard input. Results go to standard
// output, everything else to standard error.
//
// The exit status is 0 if all went well, 1 if something failed while running, 2 if the input is wrong, 4 if
// a registry could not be reached or refused, and 130 if the run was interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/registrysize"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// The exit statuses that scripts rely on.
const (
	exitOK          = 0
	exitFailed      = 1
	exitInput       = 2
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
	fmt.Fprintf(s.err, "fleetcost: %v\n", err)
	return status
}

// inputError is an error that the user's input causes, not the world.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

func exitStatus(ctx context.Context, err error) int {
	var input inputError
	var registry *registrysize.RegistryError
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &registry):
		return exitRegistry
	case errors.As(err, &input):
		return exitInput
	}
	return exitFailed
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
  fleetcost sizes alpine:3.24 debian:13-slim --from catalog`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          usage(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return inputError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(newRun(s), newSizes(s), newValidate(s), newScenarios(s), newVersion(s))
	return root
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
