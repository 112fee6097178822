package scenarios

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// A Budget is a limit that figures of the result are held to after the run. A file writes it as
// "cost.monthly <= 50", or as {alpine: cost.monthly <= +5%} for one variant.
type Budget struct {
	Variant string // "": every variant
	Expr    string // as written, without the variant
	Path    string // of a figure in a variant's result
	Op      string // one of <=, <, >=, > and ==
	Limit   Limit
}

// A Limit is a number to compare a figure with.
type Limit struct {
	Value    float64   // in Unit
	Unit     LimitUnit // none: whatever the figure has
	Relative bool      // it was written with a sign: added to the figure of the baseline, or of the base of a diff
}

// LimitUnit is the unit that a limit was written in.
type LimitUnit string

// The units of limits.
const (
	LimitPlain   LimitUnit = ""
	LimitBytes   LimitUnit = "B"
	LimitSeconds LimitUnit = "s"
	LimitBits    LimitUnit = "bps" // bits per second
	LimitPercent LimitUnit = "%"   // 5 is 5 %; always Relative
)

// budgetForm takes a budget apart: a variant, a figure of the result, a comparison and a limit.
var budgetForm = regexp.MustCompile(`^(?:([A-Za-z0-9][A-Za-z0-9._-]*) *: +)?([A-Za-z][A-Za-z0-9_./@-]*?) *(<=|>=|<|>|==|=) *([^=\s].*)$`)

// ParseBudget reads "PATH OP LIMIT" or "VARIANT: PATH OP LIMIT". A limit is a number, with a unit if
// the figure has one, and relative where it has a sign: 50, 10MB, 5m, 1Gbps, +5%, -10MB.
func ParseBudget(text string) (Budget, error) {
	m := budgetForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Budget{}, fmt.Errorf("%q is not a budget; write a figure, a comparison and a limit, e.g. cost.monthly <= 50, "+
			"alpine: rollouts.seconds.p95 <= 5m or image.compressed_bytes <= +10MB", clip(text))
	}
	b := Budget{Variant: m[1], Path: m[2], Op: m[3], Expr: m[2] + " " + m[3] + " " + strings.TrimSpace(m[4])}
	if b.Op == "=" {
		b.Op = "=="
	}
	var err error
	if b.Limit, err = parseLimit(strings.TrimSpace(m[4])); err != nil {
		return Budget{}, fmt.Errorf("%q: the limit %w", clip(text), err)
	}
	return b, nil
}

// String is the budget as ParseBudget reads it.
func (b Budget) String() string {
	if b.Variant == "" {
		return b.Expr
	}
	return b.Variant + ": " + b.Expr
}

// parseLimit reads a number with or without sign and unit.
func parseLimit(text string) (Limit, error) {
	digits, sign := text, 1.0
	l := Limit{Relative: text[0] == '+' || text[0] == '-'}
	if l.Relative {
		digits = text[1:]
	}
	if text[0] == '-' {
		sign = -1
	}
	if number.MatchString(digits) && len(digits) <= maxDigits {
		value, err := strconv.ParseFloat(digits, 64)
		l.Value = sign * value
		return l, err
	}
	const bitsPerByte = 8
	if size, err := ParseBytes(digits); err == nil {
		l.Value, l.Unit = sign*float64(size), LimitBytes
	} else if rate, err := ParseRate(digits); err == nil && rate > 0 {
		l.Value, l.Unit = sign*bitsPerByte*float64(rate), LimitBits
	} else if time, err := ParseDuration(digits); err == nil {
		l.Value, l.Unit = sign*float64(time), LimitSeconds
	} else if share, err := ParseFraction(digits); err == nil && l.Relative {
		l.Value, l.Unit = sign*100*float64(share), LimitPercent
	} else if err == nil {
		return Limit{}, fmt.Errorf("is %s of nothing; write a sign for what is relative, e.g. +5%%", clip(text))
	} else {
		return Limit{}, fmt.Errorf("%q is not a number; write e.g. 50, 10MB, 5m, 1Gbps, +5%% or -10MB", clip(text))
	}
	return l, nil
}

func (b *Budget) decode(d *decoder, n *yaml.Node, path string) {
	expr, variant := n, ""
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		variant, expr = n.Content[0].Value, n.Content[1]
	}
	if expr.Kind != yaml.ScalarNode {
		d.fail(n, path, "is %s; write e.g. cost.monthly <= 50, or alpine: cost.monthly <= 50", describe(n))
		return
	}
	text := expr.Value
	if variant != "" {
		text = variant + ": " + text
	}
	parsed, err := ParseBudget(text)
	if err != nil {
		d.fail(expr, path, "%s", err)
		return
	}
	*b = parsed
}
