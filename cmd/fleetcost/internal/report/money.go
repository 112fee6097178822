package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
	"github.com/fleetcost/fleetcost/sim/price"
)

// costs are the columns of money: none where nothing was priced, and no comparison where there is
// nothing to compare. Each amount is rounded by itself, so that it reads the same in every output.
func costs(r *whatif.Result) []field {
	if !priced(r) {
		return nil
	}
	fields := []field{
		money(r, "cost a month", func(v *whatif.Variant) int64 { return cents(v.Cost.Monthly) }),
		money(r, "usage", func(v *whatif.Variant) int64 { return cents(v.Cost.Usage) }),
		money(r, "fixed", func(v *whatif.Variant) int64 { return cents(v.Cost.Fixed) }),
	}
	if base := baseline(r); base != nil && len(r.Variants) > 1 {
		fields = append(fields, difference(r, base), relative(r, base))
	}
	return fields
}

// currencyCode is a currency's code, or that of dollars for what cannot be one.
func currencyCode(code string) whatif.Unit {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return whatif.Money
	}
	return whatif.Unit(code)
}

// priced tells whether any variant's bill has a line, or lacks one.
func priced(r *whatif.Result) bool {
	for i := range r.Variants {
		if c := r.Variants[i].Cost; len(c.Items) > 0 || c.AtLeast {
			return true
		}
	}
	return false
}

func money(r *whatif.Result, head string, value func(*whatif.Variant) int64) field {
	f := field{head: head, unit: r.Variants[0].Cost.Currency}
	for i := range r.Variants {
		v := &r.Variants[i]
		mark := ""
		if v.Cost.AtLeast {
			mark = "≥"
		}
		f.cells = append(f.cells, mark+dollars(value(v)))
	}
	return f
}

func baseline(r *whatif.Result) *whatif.Variant {
	for i := range r.Variants {
		if r.Variants[i].Name == r.Baseline {
			return &r.Variants[i]
		}
	}
	return nil
}

// difference compares the costs shown, in whole cents.
func difference(r *whatif.Result, base *whatif.Variant) field {
	return against(r, base, field{head: "change", unit: base.Cost.Currency}, func(v *whatif.Variant) string {
		return signed(dollars(cents(v.Cost.Monthly) - cents(base.Cost.Monthly)))
	})
}

func relative(r *whatif.Result, base *whatif.Variant) field {
	return against(r, base, field{unit: "%"}, func(v *whatif.Variant) string {
		if base.Cost.Monthly == 0 {
			return ""
		}
		return signed(fmt.Sprintf("%.1f", 100*(float64(v.Cost.Monthly)/float64(base.Cost.Monthly)-1)))
	})
}

// against fills a field with comparisons; the baseline's own cell is empty.
func against(r *whatif.Result, base *whatif.Variant, f field, compare func(*whatif.Variant) string) field {
	for i := range r.Variants {
		v := &r.Variants[i]
		cell := ""
		if v != base {
			cell = compare(v)
		}
		if cell != "" && (v.Cost.AtLeast || base.Cost.AtLeast) {
			cell = "≈" + cell
		}
		f.cells = append(f.cells, cell)
	}
	return f
}

// marks explains the marks of costs that are not known in full, and cents that do not add up; "" where there
// are none.
func marks(r *whatif.Result) string {
	least, apart := "", ""
	for i := range r.Variants {
		c := r.Variants[i].Cost
		if c.AtLeast {
			least = "≥ some price is not known: the cost is no lower than this; ≈ what is known of the difference"
		}
		if cents(c.Usage)+cents(c.Fixed) != cents(c.Monthly) {
			apart = "each amount is rounded by itself: usage and fixed may add up to a cent more or less than the cost"
		}
	}
	if least != "" && apart != "" {
		return least + "; " + apart
	}
	return least + apart
}

// signed puts a plus before what is more, and no sign before what rounds to nothing.
func signed(number string) string {
	switch {
	case strings.Trim(number, "-0.") == "":
		return strings.TrimPrefix(number, "-")
	case strings.HasPrefix(number, "-"):
		return number
	}
	return "+" + number
}

// cents rounds money to whole cents, halves away from zero.
func cents(m price.USD) int64 {
	const micro = 10_000 // millionths of a dollar in a cent
	half := int64(micro / 2)
	if m < 0 {
		half = -half
	}
	return (int64(m) + half) / micro
}

// centsOf is cents of an amount in units of its currency, to millionths.
func centsOf(amount float64) int64 { return cents(price.USD(math.Round(1e6 * amount))) }

// amount writes money with two decimals.
func amount(value float64) string {
	const mostMoney = 9e12 // what millionths in 64 bits hold
	if !(math.Abs(value) < mostMoney) {
		return group(fmt.Sprintf("%.2f", value))
	}
	return dollars(centsOf(value))
}

// dollars writes whole cents.
func dollars(c int64) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return sign + group(fmt.Sprintf("%d.%02d", c/100, c%100))
}
