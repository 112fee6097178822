// Package report renders a finished result. It computes nothing that the result does not say.
package report

import (
	"fmt"
	"strings"

	"github.com/fleetcost/fleetcost/sim/price"
)

// A scale is a unit for all values of a column.
type scale struct {
	unit   string
	factor float64
}

var (
	byteScales   = []scale{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}}
	rateScales   = []scale{{"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}, {"bps", 1}}
	secondScales = []scale{{"h", 3600}, {"min", 60}, {"s", 1}}
)

// fit picks the unit in which the largest value has at least two digits before the point, or the
// smallest unit.
func fit(scales []scale, values []float64) scale {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	for _, s := range scales {
		if top >= 10*s.factor {
			return s
		}
	}
	if top == 0 {
		return scales[0]
	}
	return scales[len(scales)-1]
}

// column writes values in one unit, with one digit behind the point where the largest has three or more
// before it and two where it has fewer.
func column(scales []scale, values []float64) (unit string, cells []string) {
	s := fit(scales, values)
	decimals := 2
	for _, v := range values {
		if v >= 100*s.factor {
			decimals = 1
		}
	}
	if s.unit == "B" {
		decimals = 0
	}
	for _, v := range values {
		cells = append(cells, group(fmt.Sprintf("%.*f", decimals, v/s.factor)))
	}
	return s.unit, cells
}

// group puts a comma between thousands.
func group(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, fraction, _ := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction
}

// cents rounds money to whole cents, halves away from zero.
func cents(m price.USD) int64 {
	const micro = 10_000 // micro-dollars in a cent
	half := int64(micro / 2)
	if m < 0 {
		half = -half
	}
	return (int64(m) + half) / micro
}

// dollars writes whole cents.
func dollars(c int64) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return sign + group(fmt.Sprintf("%d.%02d", c/100, c%100))
}
