package main

import (
	"fmt"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// mostMistakes is how many mistakes of one file are told: who has more looks at the first.
const mostMistakes = 100

// told are the lines that tell of an error. Those that begin with a position are left as they are, so that
// editors find it; the others begin with the program's name.
func told(err error) []string {
	switch e := err.(type) { //nolint:errorlint // it walks the tree of errors itself
	case inputError:
		return told(e.error)
	case scenarios.Errors:
		return mistakes(e)
	case interface{ Unwrap() []error }:
		var texts, out []string
		for _, inner := range e.Unwrap() {
			texts = append(texts, inner.Error())
			out = append(out, told(inner)...)
		}
		if strings.Join(texts, "\n") == err.Error() {
			return out
		}
	}
	var out []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		out = append(out, "fleetcost: "+line)
	}
	return out
}

func mistakes(all scenarios.Errors) []string {
	var out []string
	for _, e := range all[:min(len(all), mostMistakes)] {
		line := e.Error()
		if e.Line == 0 {
			line = "fleetcost: " + line
		}
		out = append(out, line)
	}
	if more := len(all) - mostMistakes; more > 0 {
		out = append(out, fmt.Sprintf("fleetcost: and %d more mistakes in %s", more, all[0].File))
	}
	return out
}
