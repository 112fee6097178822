// Package report renders a finished result. It computes nothing that the result does not say.
package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A scale is a unit for all values of a column.
type scale struct {
	unit   string
	factor float64 // what one of it is in the base unit
	from   float64 // the least value, in the base unit, that reads well in it
}

var (
	byteScales   = []scale{{"TB", 1e12, 1e12}, {"GB", 1e9, 1e9}, {"MB", 1e6, 1e6}, {"kB", 1e3, 1e3}, {"B", 1, 0}}
	rateScales   = []scale{{"Gbps", 1e9, 1e9}, {"Mbps", 1e6, 1e6}, {"kbps", 1e3, 1e3}, {"bps", 1, 0}}
	secondScales = []scale{{"h", 3600, 3 * 3600}, {"min", 60, 600}, {"s", 1, 0}}
)

// widest is how many units the largest value of a column may have before the next unit is taken, though
// it reads badly for the smallest.
const widest = 100_000

// fit picks the largest unit that reads well for the smallest value other than 0, or else the smallest
// unit that is not too small for the largest value.
func fit(scales []scale, values []float64) scale {
	least, most := math.Inf(1), 0.0
	for _, v := range values {
		if v > 0 {
			least, most = min(least, v), max(most, v)
		}
	}
	if most == 0 {
		return scales[len(scales)-1]
	}
	for i, s := range scales {
		if least >= s.from || i+1 < len(scales) && most >= widest*scales[i+1].factor {
			return s
		}
	}
	return scales[len(scales)-1]
}

// column writes values in one unit, with two digits behind the point where the largest has at most two
// before it, else with one.
func column(scales []scale, values []float64) (unit string, cells []string) {
	s := fit(scales, values)
	decimals := 2
	switch {
	case s.unit == "B" || s.unit == "bps":
		decimals = 0
	case slices.Max(values) >= 99.995*s.factor: // what two digits would print as 100.00
		decimals = 1
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
