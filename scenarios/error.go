package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Error is one mistake in a scenario file or in a --set.
type Error struct {
	File string // as named by the caller; for an overlay from outside the file "--set PATH=VALUE"
	Line int    // from 1; 0: none, the mistake is of the whole file or of a --set
	Col  int    // from 1, in characters; 0: none
	Msg  string // what is wrong; what to write
}

// Error is FILE:LINE:COL: what is wrong; what to write. It is one line of what can be printed.
func (e *Error) Error() string {
	msg := strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, e.Msg)
	if e.Line == 0 {
		return Printable(e.File) + ": " + msg
	}
	return fmt.Sprintf("%s:%d:%d: %s", Printable(e.File), e.Line, e.Col, msg)
}

// Printable writes a name as it is, or in quotes, as Go does, where something in it cannot be printed.
func Printable(name string) string {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// Errors are all mistakes of an input: those without a line first, then in file order, then those
// of --set; none twice. It is never empty.
type Errors []*Error

// Error is one mistake a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find each Error.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// join puts mistakes of one file and its overlays in order and drops repetitions. It is nil
// where there are none.
func join(file string, es []*Error) error {
	if len(es) == 0 {
		return nil
	}
	rank := func(e *Error) int {
		if e.File == file {
			return 0
		}
		return 1
	}
	sorted := slices.Clone(es)
	slices.SortStableFunc(sorted, func(a, b *Error) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if d := a.Line - b.Line; d != 0 {
			return d
		}
		return a.Col - b.Col
	})
	seen := map[Error]bool{}
	var kept Errors
	for _, e := range sorted {
		if !seen[*e] {
			seen[*e] = true
			kept = append(kept, e)
		}
	}
	return kept
}
