package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// openScenario reads what a SCENARIO argument names: standard input, a built-in scenario or a file, in
// this order. Every error is the user's input.
func openScenario(arg string, s streams) (*scenarios.Document, error) {
	doc, err := readScenario(arg, s)
	if err != nil {
		return nil, inputError{err}
	}
	return doc, nil
}

func readScenario(arg string, s streams) (*scenarios.Document, error) {
	if arg == "-" {
		return scenarios.Read("-", s.in)
	}
	if isBuiltIn(arg) {
		data, err := scenarios.Open(arg)
		if err != nil {
			return nil, err
		}
		return scenarios.Read(arg+".yaml", bytes.NewReader(data))
	}
	doc, err := scenarios.ReadFile(arg)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(arg, `/\.`) {
		if _, unknown := scenarios.Open(arg); unknown != nil {
			return nil, fmt.Errorf("%w; and there is no file of that name", unknown)
		}
	}
	return doc, err
}

func isBuiltIn(name string) bool {
	return slices.ContainsFunc(scenarios.Embedded(), func(i scenarios.Info) bool { return i.Name == name })
}

// parseSets reads all --set flags and reports every mistake.
func parseSets(texts []string) ([]scenarios.Set, error) {
	var sets []scenarios.Set
	var errs []error
	for _, text := range texts {
		set, err := scenarios.ParseSet(text)
		sets, errs = append(sets, set), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, inputError{err}
	}
	return sets, nil
}

// checkOut finds out before the work whether a file could be written there.
func checkOut(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return inputError{fmt.Errorf("writing %s: it is a directory; name a file in it", path)}
	}
	f, name, err := besides(path)
	if err != nil {
		return inputError{fmt.Errorf("writing %s: %w", path, err)}
	}
	f.Close()
	return os.Remove(name)
}
