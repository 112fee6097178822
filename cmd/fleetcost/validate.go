package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

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
		RunE: func(cmd *cobra.Command, args []string) error {
			var errs []error
			for _, arg := range args {
				if err := validate(cmd.Context(), arg, s); err != nil {
					errs = append(errs, err)
				}
			}
			if len(errs) > 0 {
				return inputError{errors.Join(errs...)}
			}
			return nil
		},
	}
}

func validate(ctx context.Context, arg string, s streams) error {
	doc, err := openScenario(ctx, arg, s)
	if err != nil {
		return err
	}
	variants, err := whatif.Load(doc, nil)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: fine, variants: %d\n", doc.File(), len(variants))
	return err
}
