package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
)

func newScenarios(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the built-in scenarios, or print one to start from",
		Example: `  fleetcost scenarios
  fleetcost scenarios base-choice > fleet.yaml`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, info := range scenarios.Embedded() {
					if _, err := fmt.Fprintf(s.out, "%-12s %s\n", info.Name, info.Description); err != nil {
						return err
					}
				}
				return nil
			}
			data, err := scenarios.Open(args[0])
			if err != nil {
				return inputError{err}
			}
			_, err = s.out.Write(data)
			return err
		},
	}
}
