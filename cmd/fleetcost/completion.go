package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

func newCompletion(s streams) *cobra.Command {
	shells := map[string]func(*cobra.Command, io.Writer) error{
		"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        (*cobra.Command).GenZshCompletion,
		"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
	}
	names := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print what makes a shell complete commands, scenarios and paths",
		Long: `Print a script by which bash, zsh, fish or PowerShell completes commands, flags,
names of built-in scenarios, and paths and variants of the scenario on the line.`,
		Example: `  fleetcost completion bash > /etc/bash_completion.d/fleetcost
  fleetcost completion zsh > _fleetcost
  fleetcost completion fish > ~/.config/fish/completions/fleetcost.fish
  fleetcost completion powershell > fleetcost.ps1`,
		ValidArgs: names,
		Args:      usage(cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs)),
		RunE:      func(cmd *cobra.Command, args []string) error { return shells[args[0]](cmd.Root(), s.out) },
	}
}

// completes adds what shells are told of arguments and flags to all commands.
func completes(root *cobra.Command, s streams) {
	for _, cmd := range everyCommand(root) {
		if strings.Contains(cmd.Use, "SCENARIO") || strings.HasPrefix(cmd.Use, "diff ") {
			cmd.ValidArgsFunction = builtInNames
		}
		for flag, complete := range map[string]func(*cobra.Command, []string) ([]cobra.Completion, cobra.ShellCompDirective){
			"set":     ofScenario(s, func(v *scenarios.Scenario) []string { return withEqual(v.Paths()) }),
			"vary":    ofScenario(s, func(v *scenarios.Scenario) []string { return withEqual(v.Paths()) }),
			"variant": ofScenario(s, variantNames),
			"metric":  figurePaths, "budget": figurePaths, "until": figurePaths,
			"output": formatsOf(""), "export": formatsOf("="),
		} {
			if cmd.Flags().Lookup(flag) == nil {
				continue
			}
			_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return complete(cmd, args)
			}) // fails only where it was called before
		}
	}
}

// builtInNames completes a scenario: files too.
func builtInNames(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, info := range scenarios.Embedded() {
		out = append(out, cobra.CompletionWithDesc(info.Name, info.Description))
	}
	return out, cobra.ShellCompDirectiveDefault
}

// ofScenario completes from the scenario on the command line, or the default one; from nothing where it
// does not load.
func ofScenario(s streams, list func(*scenarios.Scenario) []string) func(*cobra.Command, []string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string) ([]cobra.Completion, cobra.ShellCompDirective) {
		name := scenarios.Default
		if len(args) > 0 && args[0] != "-" {
			name = args[0]
		}
		doc, err := openScenario(name, s)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		scenario, err := doc.Scenario("")
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return list(scenario), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func withEqual(paths []string) []string {
	out := slices.Clone(paths)
	for i := range out {
		out[i] += "="
	}
	return out
}

func variantNames(v *scenarios.Scenario) []string {
	var out []string
	for _, variant := range v.Variants {
		out = append(out, variant.Name)
	}
	return out
}

func figurePaths(*cobra.Command, []string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, f := range whatif.Figures() {
		out = append(out, f.Path)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// formatsOf completes the formats of a command, each with what follows its name.
func formatsOf(after string) func(*cobra.Command, []string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var out []cobra.Completion
		for _, format := range cmd.Flags().Lookup("output").Annotations[formatsAnnotation] {
			out = append(out, format+after)
		}
		directive := cobra.ShellCompDirectiveNoFileComp
		if after != "" {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return out, directive
	}
}
