package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// reportFlags are the flags of fleetcost report.
type reportFlags struct {
	outputFlags
	budgets budgetFlags
}

func newReport(s streams) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report RESULT",
		Short: "Render a saved result again, without computing",
		Long: `Render a result that run -o json saved, in any format, and hold it to budgets:
its own, and those of --budget. Nothing is simulated.

RESULT is a file, or - for standard input.`,
		Example: `  fleetcost report result.json
  fleetcost report result.json -o markdown
  fleetcost report result.json --export html=result.html --export csv=result.csv`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(args[0], s) },
	}
	f.register(cmd.Flags(), names(report.ResultFormats()))
	f.registerExports(cmd.Flags(), names(report.ExportFormats())...)
	f.budgets.register(cmd.Flags())
	return cmd
}

func (f *reportFlags) run(name string, s streams) error {
	out, err := targets(&f.outputFlags, report.ResultFormats(), report.ExportFormats())
	if err != nil {
		return err
	}
	budgets, err := f.budgets.parse()
	if err != nil {
		return err
	}
	result, err := openResult(name, s)
	if err != nil {
		return err
	}
	if err := result.Gate(budgets); err != nil {
		return inputError{err}
	}
	if err := emitAll(out, s, result); err != nil {
		return err
	}
	return f.budgets.gate(s, result.Budgets)
}

// openResult reads a saved result from a file, or from standard input for -. Every error is the user's
// input.
func openResult(name string, s streams) (*whatif.Result, error) {
	data, err := readInput(name, whatif.MaxResultBytes, s, "name a file that run -o json wrote")
	if err != nil {
		return nil, err
	}
	return parseResult(name, data)
}

func parseResult(name string, data []byte) (*whatif.Result, error) {
	r, err := whatif.ReadResult(data)
	if err != nil {
		return nil, inputError{fmt.Errorf("%s: %w", name, err)}
	}
	return r, nil
}
