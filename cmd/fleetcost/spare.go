package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/scenarios"
)

// written lists the files that flags tell a command to write, of those that are there already.
func written(flags *pflag.FlagSet) []string {
	paths := []string{flagText(flags, "out")}
	exports, _ := flags.GetStringArray("export")
	for _, text := range exports {
		_, path, _ := strings.Cut(text, "=")
		paths = append(paths, path)
	}
	var there []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			there = append(there, path)
		}
	}
	return there
}

// flagText is a flag's value, "" where the command has no such flag.
func flagText(flags *pflag.FlagSet, name string) string {
	text, _ := flags.GetString(name) // fails where there is none
	return text
}

// spareArguments refuses to write files that a command line also names to be read.
func spareArguments(cmd *cobra.Command, args []string, s streams) error {
	outs := written(cmd.Flags())
	if len(outs) == 0 {
		return nil
	}
	metrics, _ := cmd.Flags().GetStringArray("metrics")
	var errs []error
	for _, arg := range append(append(metrics, args...), flagText(cmd.Flags(), "ca-file")) {
		info, err := os.Stat(arg)
		if stdin, ok := s.in.(*os.File); ok && arg == "-" {
			info, err = stdin.Stat()
		}
		if err == nil {
			errs = append(errs, spare(outs, info, argumentNoun(cmd)))
		}
	}
	return errors.Join(errs...)
}

// argumentNoun says what the arguments of a command are.
func argumentNoun(cmd *cobra.Command) string {
	switch {
	case strings.Contains(cmd.Use, "SCENARIO"):
		return "the scenario"
	case strings.Contains(cmd.Use, "RESULT"):
		return "the saved result"
	}
	return "a file"
}

// spareScenario refuses to write the lock of a scenario, and the files that it names.
func spareScenario(flags *pflag.FlagSet, doc *scenarios.Document, sets []scenarios.Set) error {
	outs := written(flags)
	if len(outs) == 0 {
		return nil
	}
	var errs []error
	if doc.Path() != "" {
		if info, err := os.Stat(scenarios.LockPath(doc.Path())); err == nil {
			errs = append(errs, spare(outs, info, "the lock of the scenario"))
		}
	}
	variants, err := doc.Scenarios(sets...)
	if err != nil {
		return errors.Join(errs...) // its mistakes are told where it is run
	}
	seen := map[string]bool{}
	for _, v := range variants {
		for _, name := range v.Files() {
			if info, err := os.Stat(name); err == nil && !seen[name] {
				errs = append(errs, spare(outs, info, "a file of the scenario"))
			}
			seen[name] = true
		}
	}
	return errors.Join(errs...)
}

// spare refuses to write a file that is read, whatever it is called.
func spare(outs []string, read fs.FileInfo, noun string) error {
	for _, out := range outs {
		if info, err := os.Stat(out); err == nil && os.SameFile(info, read) {
			return inputError{fmt.Errorf("writing %s: it is %s that is read; name another file", scenarios.Printable(out), noun)}
		}
	}
	return nil
}
