package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

func newValidate(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "validate SCENARIO...",
		Short: "Check scenario files, change nothing",
		Long: `Check scenario files and every variant in them, and report all mistakes of all
files. Nothing is changed, nothing is fetched: whether images exist only shows
when the scenario runs.`,
		Example: `  fleetcost validate base-choice
  fleetcost validate fleet.yaml staging.yaml`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			var errs []error
			for _, arg := range args {
				variants, err := validate(arg, s)
				if errs = append(errs, err); err != nil {
					continue
				}
				if _, err := fmt.Fprintf(s.out, "%s: fine, variants: %d\n", scenarios.Printable(arg), variants); err != nil {
					return err
				}
			}
			return errors.Join(errs...)
		},
	}
}

// validate checks a scenario and counts its variants. Every error is the user's input.
func validate(arg string, s streams) (variants int, err error) {
	doc, err := openScenario(arg, s)
	if err != nil {
		return 0, err
	}
	all, err := whatif.Load(doc, nil)
	if err != nil {
		return 0, inputError{err}
	}
	return len(all), nil
}
