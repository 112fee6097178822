package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// openScenario reads what a SCENARIO argument names: standard input, a built-in scenario or a file, in
// this order. Every error is the user's input.
func openScenario(ctx context.Context, arg string, s streams) (*scenarios.Document, error) {
	doc, err := readScenario(ctx, arg, s)
	if err != nil {
		return nil, inputError{err}
	}
	return doc, nil
}

func readScenario(ctx context.Context, arg string, s streams) (*scenarios.Document, error) {
	if arg == "-" {
		data, err := readInput(ctx, s.in, scenarios.MaxFileBytes)
		if err != nil {
			return nil, err
		}
		return scenarios.Parse("-", data)
	}
	if isBuiltIn(arg) {
		data, err := scenarios.Open(arg)
		if err != nil {
			return nil, err
		}
		return scenarios.Parse(arg+".yaml", data)
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

// readInput reads standard input to its end or just beyond a number of bytes, or until the context ends:
// an interrupt does not wait for whoever writes.
func readInput(ctx context.Context, in io.Reader, most int64) ([]byte, error) {
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(in, most+1))
		done <- outcome{data, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case o := <-done:
		if o.err != nil {
			return nil, fmt.Errorf("reading standard input: %w", o.err)
		}
		if len(bytes.TrimSpace(o.data)) == 0 {
			return nil, errors.New("reading standard input: it is empty or closed; pipe something in, or name a file")
		}
		return o.data, nil
	}
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
