package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/input"
)

// openScenario reads what a SCENARIO argument names: standard input, a built-in scenario or a file, in
// this order. Every error is the user's input.
func openScenario(arg string, s streams) (*scenarios.Document, error) {
	file, data, err := readScenario(arg, scenarios.MaxFileBytes, s)
	if err != nil {
		return nil, err
	}
	return parseScenario(arg, file, data)
}

// parseScenario reads what arg named; file is the name that errors show.
func parseScenario(arg, file string, data []byte) (*scenarios.Document, error) {
	doc, err := scenarios.Parse(file, data)
	if err != nil {
		return nil, inputError{err}
	}
	if file == arg && arg != "-" {
		doc = doc.At(arg) // a lock may lie beside it
	}
	return doc, nil
}

// readScenario reads the text of a scenario, to its end or just beyond a number of bytes, and says which
// name errors are to show.
func readScenario(arg string, most int64, s streams) (file string, data []byte, err error) {
	if isBuiltIn(arg) {
		data, err := scenarios.Open(arg)
		return arg + ".yaml", data, err
	}
	data, err = readInput(arg, most, s, "name a file, or one of the built-in scenarios, which fleetcost scenarios lists")
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(arg, `/\.`) {
		if _, unknown := scenarios.Open(arg); unknown != nil {
			err = inputError{fmt.Errorf("%w; and there is no file of that name", unknown)}
		}
	}
	return arg, data, err
}

func isBuiltIn(name string) bool {
	return slices.ContainsFunc(scenarios.Embedded(), func(i scenarios.Info) bool { return i.Name == name })
}

// readInput reads a file, or standard input for -, to its end or just beyond a number of bytes; see openFile.
func readInput(name string, most int64, s streams, remedy string) (data []byte, err error) {
	in, shown := s.in, "standard input"
	if name != "-" {
		file, err := openFile(name, remedy)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		in, shown = file, name
	}
	data, err = io.ReadAll(io.LimitReader(in, most+1))
	switch {
	case err != nil:
		return nil, inputError{fmt.Errorf("reading %s: %w", scenarios.Printable(shown), cause(err))}
	case name == "-" && len(bytes.TrimSpace(data)) == 0:
		return nil, inputError{errors.New("reading standard input: it is empty or closed; pipe something in, or name a file")}
	}
	return data, nil
}

// openFile opens a file for reading; remedy says what to write in place of a name that no file has. Every
// error is the user's input.
func openFile(name, remedy string) (*os.File, error) {
	file, err := input.Open(name, input.Pipes)
	if errors.As(err, new(*fs.PathError)) {
		return nil, unreadable(name, err, remedy)
	}
	if err != nil {
		return nil, inputError{fmt.Errorf("reading %s: %w", scenarios.Printable(name), err)}
	}
	return file, nil
}

// unreadable says why a file cannot be opened, and what to do.
func unreadable(name string, err error, remedy string) error {
	if errors.Is(err, fs.ErrPermission) {
		remedy = "make it readable, or name another file"
	}
	return inputError{fmt.Errorf("reading %s: %w; %s", scenarios.Printable(name), cause(err), remedy)}
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
