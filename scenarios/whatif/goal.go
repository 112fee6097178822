package whatif

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// A Goal is a comparison of two figures, or of a figure and a number: alpine.cost.monthly = ubuntu.cost.monthly,
// rollouts.seconds.p95 <= 5m. A figure without a variant is the baseline's; a number with a sign is relative
// to the baseline's figure.
type Goal struct {
	Expr  string
	left  column
	right *column // nil: limit
	op    string
	limit scenarios.Limit
	base  *column // what a relative limit is added to
}

var goalForm = regexp.MustCompile(`^(.*?[^<>=\s])\s*(<=|>=|<|>|==|=)\s*([^=\s].*)$`)

// parseGoal reads a goal for a document with those variants.
func parseGoal(text string, variants []string, baseline string) (*Goal, error) {
	m := goalForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return nil, fmt.Errorf("--until %s: is no comparison; write e.g. 'cost.monthly <= 50' or 'a.cost.monthly = b.cost.monthly'", text)
	}
	g := &Goal{Expr: m[1] + " " + m[2] + " " + m[3], op: m[2]}
	if g.op == "=" {
		g.op = "=="
	}
	find := func(path string) (*column, bool) {
		if f, ok := FigureAt(path); ok {
			return &column{path, baseline, f}, true
		}
		variant, f, ok := variantFigure(path, variants)
		return &column{path, variant, f}, ok
	}
	left, ok := find(m[1])
	if !ok {
		return nil, fmt.Errorf("--until %s: no figure is named %s, with or without a variant before it; %s", text, m[1], suggestFigure(m[1]))
	}
	g.left = *left
	if right, ok := find(m[3]); ok {
		if right.figure.Unit != left.figure.Unit {
			return nil, fmt.Errorf("--until %s: the two figures have different units", text)
		}
		g.right = right
		return g, nil
	}
	b, err := scenarios.ParseBudget(left.figure.Path + " " + m[2] + " " + m[3])
	if err == nil {
		err = CheckBudget(b)
	}
	if err != nil {
		return nil, fmt.Errorf("--until %s: %s is neither a figure nor a limit: %w", text, m[3], err)
	}
	if g.limit = b.Limit; g.limit.Relative {
		g.base = &column{"baseline " + left.figure.Path, baseline, left.figure}
	}
	return g, nil
}

// columns are the figures that the goal looks at: left, then right or base if there is one.
func (g *Goal) columns() []column {
	out := []column{g.left}
	for _, c := range []*column{g.right, g.base} {
		if c != nil {
			out = append(out, *c)
		}
	}
	return out
}

// sides are the two numbers that the goal compares, from the figures of columns.
func (g *Goal) sides(figures []float64) (left, right float64) {
	switch {
	case g.right != nil:
		return figures[0], figures[1]
	case g.base != nil && g.limit.Unit == scenarios.LimitPercent:
		return figures[0], figures[1] * (1 + g.limit.Value/100)
	case g.base != nil:
		return figures[0], figures[1] + g.limit.Value
	}
	return figures[0], g.limit.Value
}

// equality tells whether the goal is a break-even.
func (g *Goal) equality() bool { return g.op == "==" }
