package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// BudgetLine says whether a budget holds, with the figure and what it was compared with.
func BudgetLine(b whatif.Budget) string {
	verdict := "FAIL"
	if b.Passed {
		verdict = "PASS"
	}
	return verdict + " " + label(b.Variant) + ": " + label(b.Expr) + ": " + outcome(b)
}

// outcome is a budget's figure and limit, with as many digits as tell them apart.
func outcome(b whatif.Budget) string {
	unit := whatif.Number
	if path, _, ok := strings.Cut(b.Expr, " "); ok {
		f, _ := whatif.FigureAt(path)
		if unit = f.Unit; b.Currency != "" {
			unit = currencyCode(b.Currency)
		}
	}
	value, limit := quantity(unit, b.Value), quantity(unit, b.Limit)
	if value == limit && b.Value != b.Limit {
		value, limit = exact(b.Value), exact(b.Limit)
	}
	if b.Unknown {
		value = "not known, at least " + value
	}
	if b.Itself {
		limit += "; it is the baseline itself, and nothing is compared"
	}
	return value + ", limit " + limit
}

// UncheckedLine says why a variant was not held to a budget.
func UncheckedLine(u whatif.Unchecked) string {
	return "not checked: " + label(u.Variant) + ": " + oneLine(clean(u.Why)) + ": " + label(u.Expr)
}

// uncheckedLines are the lines of all that was not checked.
func uncheckedLines(list []whatif.Unchecked) []string {
	var lines []string
	for _, u := range list {
		lines = append(lines, UncheckedLine(u))
	}
	return lines
}

// quantity writes a figure in a unit that reads well.
func quantity(unit whatif.Unit, value float64) string {
	scales := unitScales(unit)
	switch {
	case scales != nil:
		name, cells := column(scales, []float64{math.Abs(value)})
		if value < 0 {
			cells[0] = "-" + cells[0]
		}
		return cells[0] + " " + name
	case unit.IsMoney():
		return amount(value) + " " + string(unit)
	}
	return group(strconv.FormatFloat(value, 'f', -1, 64))
}

// unitScales are the units that a figure may be shown in; nil: as it is.
func unitScales(unit whatif.Unit) []scale {
	switch unit {
	case whatif.Bytes:
		return byteScales
	case whatif.Seconds:
		return secondScales
	case whatif.BitsPerSecond:
		return rateScales
	case whatif.Number, whatif.Money:
	}
	return nil
}

func exact(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// budgetLines are the lines of all budgets.
func budgetLines(budgets []whatif.Budget) []string {
	var lines []string
	for _, b := range budgets {
		lines = append(lines, BudgetLine(b))
	}
	return lines
}

// budgetVerdict counts budgets in a few words, "" where there are none.
func budgetVerdict(budgets []whatif.Budget) string {
	switch broken := whatif.Broken(budgets); {
	case len(budgets) == 0:
		return ""
	case broken == 0:
		return count(len(budgets), "budget") + " held"
	default:
		return fmt.Sprintf("%d of %s broken", broken, count(len(budgets), "budget"))
	}
}

// budgetBlock is the budgets' table in markdown, the broken ones first.
func budgetBlock(budgets []whatif.Budget) mdBlock {
	var rows [][]string
	for _, passed := range []bool{false, true} {
		for _, b := range budgets {
			if b.Passed == passed {
				verdict := map[bool]string{true: "✅ PASS", false: "❌ FAIL"}[b.Passed]
				rows = append(rows, []string{verdict, mdName(b.Variant), mdName(b.Expr), mdText(outcome(b))})
			}
		}
	}
	return mdTable("Budgets", []string{"", "variant", "budget", "figure"}, 0, 0, rows)
}
