package main

import (
	"github.com/spf13/cobra"
)

func newImport(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Make a scenario, or times of deploys, of what other tools print",
		Long: `Make a scenario of a cluster's own description, or times of deploys of a
release history. No cluster, repository or registry is asked.`,
		Example: `  fleetcost import kubernetes cluster.json --out fleet.yaml
  fleetcost import deploys releases.json --out shop.csv`,
		Args: usage(knownCommand),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddCommand(newImportKubernetes(s), newImportDeploys(s))
	return cmd
}
