package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
)

// outputFlags say where a document goes and in which formats.
type outputFlags struct {
	format  string
	out     string
	exports []string // FORMAT=FILE
}

// register adds the flags -o and --out; the first format is the default.
func (f *outputFlags) register(flags *pflag.FlagSet, formats []string) {
	flags.StringVarP(&f.format, "output", "o", formats[0], "format of the result: "+orList(formats))
	flags.StringVar(&f.out, "out", "", "write the result to a `FILE` instead of standard output")
	annotateFormats(flags, "output", formats)
}

// formatsAnnotation is where a flag keeps the formats that it takes, for shells to complete.
const formatsAnnotation = "fleetcost_formats"

func annotateFormats(flags *pflag.FlagSet, flag string, formats []string) {
	if err := flags.SetAnnotation(flag, formatsAnnotation, formats); err != nil {
		panic(err) // there is no such flag
	}
}

// registerExports adds the flag --export; others are formats that only it takes.
func (f *outputFlags) registerExports(flags *pflag.FlagSet, others ...string) {
	text := "also write the result to a file: `FORMAT=FILE`; may be repeated"
	if len(others) > 0 {
		text += "; besides the formats of -o, " + strings.Join(others, ", ")
	}
	flags.StringArrayVar(&f.exports, "export", nil, text)
}

// names lists formats.
func names[T any](formats []report.Format[T]) []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.Name)
	}
	return out
}

// A target is one way that a document is written.
type target[T any] struct {
	path  string // "": standard output
	write func(io.Writer, T) error
}

// targets finds all that is to be written, and out before the work whether it could be.
func targets[T any](f *outputFlags, formats []report.Format[T], exports []report.Format[T]) ([]target[T], error) {
	write, err := pick(formats, "-o "+f.format, f.format)
	list := []target[T]{{f.out, write}}
	errs := []error{err, checkOut(f.out)}
	taken := map[string]bool{f.out: f.out != ""}
	for _, text := range f.exports {
		format, path, ok := strings.Cut(text, "=")
		if !ok || format == "" || path == "" {
			errs = append(errs, inputError{fmt.Errorf("--export %s: has no format and file; write FORMAT=FILE, e.g. csv=result.csv", text)})
			continue
		}
		if taken[path] {
			errs = append(errs, inputError{fmt.Errorf("--export %s: %s is written twice; name another file", text, path)})
			continue
		}
		taken[path] = true
		write, err := pick(slices.Concat(formats, exports), "--export "+text, format)
		list = append(list, target[T]{path, write})
		errs = append(errs, err, checkOut(path))
	}
	return list, errors.Join(errs...)
}

// pick finds a format by name; asked is what was written.
func pick[T any](formats []report.Format[T], asked, name string) (func(io.Writer, T) error, error) {
	for _, f := range formats {
		if f.Name == name {
			return f.Write, nil
		}
	}
	return nil, inputError{fmt.Errorf("%s: no such format; write %s", asked, orList(names(formats)))}
}

// emitAll writes a document to all targets.
func emitAll[T any](list []target[T], s streams, document T) error {
	var errs []error
	for _, t := range list {
		errs = append(errs, emit(t.path, s, func(w io.Writer) error { return t.write(w, document) }))
	}
	return errors.Join(errs...)
}

// orList writes words as a, b or c.
func orList(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
