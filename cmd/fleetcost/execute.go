package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/registrysize"
)

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// tell writes a line to standard error, without what would work on a terminal. Nobody can be told where that
// fails.
func (s streams) tell(format string, args ...any) {
	text := strings.Map(func(r rune) rune {
		if r != '\n' && !strconv.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, fmt.Sprintf(format, args...))
	_, _ = fmt.Fprintln(s.err, text)
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

// patience is how long an interrupted command has to clean up. What does not hear of the interrupt, such as
// a read that waits for whoever writes, is left behind then.
const patience = 500 * time.Millisecond

// aMoment is how much later than the end of a pipe the interrupt may come that ended its writer.
const aMoment = 100 * time.Millisecond

// execute runs one command line, tells of its error and returns its exit status.
func execute(ctx context.Context, args []string, s streams) int {
	ended := make(chan error, 1)
	go func() { ended <- command(ctx, args, s) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(patience):
		}
	}
	if exitStatus(ctx, err) == exitInput && readsPipe(args) {
		select {
		case <-ctx.Done():
		case <-time.After(aMoment):
		}
	}
	status := exitStatus(ctx, err)
	if status == exitInterrupted {
		err = errors.New("interrupted")
	}
	if err != nil {
		s.tell("%s", strings.Join(told(err), "\n"))
	}
	return status
}

// command runs one command line and returns its error.
func command(ctx context.Context, args []string, s streams) error {
	out := &output{to: s.out}
	s.out = out
	root := newRoot(s)
	var set settings
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		if err := set.load(cmd); err != nil {
			return err
		}
		return spareArguments(cmd, args, s)
	}
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return out.err
	}
	if exitStatus(ctx, err) == exitInput {
		err = errors.Join(append([]error{err}, set.used...)...)
	}
	return err
}

// An output is standard output. It keeps the first error of writing for what does not look at it, such as
// help.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("writing to standard output: %w", cause(err))
	}
	if err != nil {
		return n, o.err
	}
	return n, nil
}

// readsPipe tells whether any argument, or the value of a flag, names what another program may write:
// standard input, or a file that is a pipe.
func readsPipe(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		if _, value, ok := strings.Cut(arg, "="); ok {
			arg = value
		}
		info, err := os.Stat(arg)
		return arg == "-" || err == nil && info.Mode()&fs.ModeNamedPipe != 0
	})
}

// inputError is an error that the user's input causes, not the world.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// exitStatus maps an error to what the program ends with. An interrupt wins, whatever came of it.
func exitStatus(ctx context.Context, err error) int {
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case err == nil:
		return exitOK
	case registryFailed(err):
		return exitRegistry
	case errors.As(err, new(inputError)):
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
