package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

func newSchema(s streams) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "schema [result]",
		Short: "Print the JSON Schema of scenarios, or of results",
		Long: `Print the JSON Schema of the scenario file, for editors to complete and check
it, or of a saved result. The first line of a built-in scenario points editors
to ` + scenarios.SchemaFile + ` beside it.`,
		Example: `  fleetcost schema --out ` + scenarios.SchemaFile + `
  fleetcost schema result`,
		ValidArgs: []string{"result"},
		Args:      usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			schema := scenarios.Schema()
			if len(args) > 0 {
				if args[0] != "result" {
					return inputError{fmt.Errorf("there is no schema of %q; write result, or nothing for scenarios", args[0])}
				}
				schema = whatif.ResultSchema()
			}
			if err := checkOut(out); err != nil {
				return err
			}
			return emit(out, s, func(w io.Writer) error {
				_, err := w.Write(schema)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write it to a `FILE` instead of standard output")
	return cmd
}
