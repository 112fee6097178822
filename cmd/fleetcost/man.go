package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the man pages into a folder",
		Long: `Write a man page for each command into a folder that is there, for section 1 of
the manual.`,
		Example: `  fleetcost man .`,
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
				return inputError{fmt.Errorf("writing man pages: %s is no folder; make it first", args[0])}
			}
			if err := writeMan(cmd.Root(), args[0]); err != nil {
				return fmt.Errorf("writing man pages: %w", err)
			}
			_, err := fmt.Fprintf(s.out, "%d man pages written to %s\n", len(everyCommand(cmd.Root())), args[0])
			return err
		},
	}
}

// writeMan writes the man pages of all commands. They do not depend on the day or on who writes them.
func writeMan(root *cobra.Command, folder string) error {
	for _, cmd := range everyCommand(root) {
		cmd.DisableAutoGenTag = true
	}
	written := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "fleetcost", Manual: "fleetcost", Date: &written}, folder)
}
