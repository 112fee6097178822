package report

import (
	"fmt"
	"io"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// A Format is a named way of writing a finished document.
type Format[T any] struct {
	Name  string // as -o and --export take it
	Write func(io.Writer, T) error
}

// ResultFormats lists the ways of writing a result, the default first.
func ResultFormats() []Format[*whatif.Result] {
	return []Format[*whatif.Result]{
		{"table", Table}, {"wide", Wide}, {"markdown", Markdown}, {"csv", CSV}, {"json", JSON}, {"html", HTML}, {"name", Names},
	}
}

// Names writes the variants' names, one a line.
func Names(w io.Writer, r *whatif.Result) error {
	for i := range r.Variants {
		if _, err := fmt.Fprintln(w, oneLine(r.Variants[i].Name)); err != nil {
			return err
		}
	}
	return nil
}
