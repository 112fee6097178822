package scenarios

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strings"
)

// Bytes is a size in bytes, written with a unit: 15.11MB, 4KB, 100GiB, 391B.
type Bytes int64

// Rate is bytes per second; 0 is no limit, written none. A file writes bits per second as 10Gbps
// and bytes per second as 100MiB/s.
type Rate float64

// Duration is seconds, written as in Go plus d and w: 50ms, 1h30m, 30d. 0 may be written none
// where a field says so.
type Duration float64

// Fraction is a share, written in percent: 4.6% is 0.046.
type Fraction float64

// Amount is a number of instances: a count, or a share of a service's instances.
type Amount struct {
	Value float64 // a count, or a fraction when Share is set
	Share bool
}

// Date is a calendar day, YYYY-MM-DD.
type Date string

// TimeOfDay is hours and minutes, HH:MM.
type TimeOfDay string

// number is the only way quantities write numbers: no sign, exponent, underscore or leading zero.
var number = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// maxDigits bounds the work of exact arithmetic.
const maxDigits = 40

// A unit is a name and what one of it is in the quantity's own unit, as num/den.
type unit struct {
	name     string
	num, den int64
}

var byteUnits = []unit{
	{"B", 1, 1},
	{"kB", 1e3, 1}, {"KB", 1e3, 1}, {"MB", 1e6, 1}, {"GB", 1e9, 1}, {"TB", 1e12, 1},
	{"KiB", 1 << 10, 1}, {"MiB", 1 << 20, 1}, {"GiB", 1 << 30, 1}, {"TiB", 1 << 40, 1},
}

var rateUnits = []unit{
	{"bps", 1, 8}, {"kbps", 1e3, 8}, {"Mbps", 1e6, 8}, {"Gbps", 1e9, 8}, {"Tbps", 1e12, 8},
	{"B/s", 1, 1},
	{"kB/s", 1e3, 1}, {"KB/s", 1e3, 1}, {"MB/s", 1e6, 1}, {"GB/s", 1e9, 1}, {"TB/s", 1e12, 1},
	{"KiB/s", 1 << 10, 1}, {"MiB/s", 1 << 20, 1}, {"GiB/s", 1 << 30, 1}, {"TiB/s", 1 << 40, 1},
}

var timeUnits = []unit{
	{"ns", 1, 1e9}, {"us", 1, 1e6}, {"µs", 1, 1e6}, {"ms", 1, 1e3},
	{"s", 1, 1}, {"m", 60, 1}, {"h", 3600, 1}, {"d", 86400, 1}, {"w", 7 * 86400, 1},
}

// ParseBytes reads a size such as 15.11MB, rounded to whole bytes. A bare number other than 0 is
// an error: its unit would be a guess.
func ParseBytes(text string) (Bytes, error) {
	value, err := parseQuantity(text, byteUnits, "a unit, e.g. 15.11MB, 4KB, 1GiB or 391B")
	if err != nil {
		return 0, err
	}
	n := new(big.Int).Div(new(big.Int).Add(new(big.Int).Lsh(value.Num(), 1), value.Denom()), new(big.Int).Lsh(value.Denom(), 1))
	if !n.IsInt64() {
		return 0, fmt.Errorf("%q is too much; write less than 9.2 million TB", clip(text))
	}
	return Bytes(n.Int64()), nil
}

// ParseRate reads a rate such as 10Gbps (bits) or 100MiB/s (bytes); none is no limit. A bare
// number and 0 are errors.
func ParseRate(text string) (Rate, error) {
	if text == "none" {
		return 0, nil
	}
	value, err := parseQuantity(text, rateUnits, "a unit, e.g. 10Gbps (bits) or 100MiB/s (bytes)")
	if err != nil {
		return 0, err
	}
	if value.Sign() == 0 {
		return 0, fmt.Errorf("%q would move nothing; write more, or none for no limit", clip(text))
	}
	const most = 1e15
	if float(value) > most {
		return 0, fmt.Errorf("%q is too much; write at most 8000Tbps, or none for no limit", clip(text))
	}
	return Rate(float(value)), nil
}

// ParseDuration reads a time such as 90s, 1h30m, 30d or 2w. A bare number other than 0 is an error.
func ParseDuration(text string) (Duration, error) {
	const example = "a unit, e.g. 50ms, 90s, 1h30m, 30d or 2w"
	if text == "0" {
		return 0, nil
	}
	sum := new(big.Rat)
	for rest := text; ; {
		end := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if end < 0 {
			end = len(rest)
		}
		next := strings.IndexAny(rest[end:], "0123456789.")
		if next < 0 {
			next = len(rest) - end
		}
		part := rest[:end+next]
		value, err := parseQuantity(part, timeUnits, example)
		if err != nil || part == "0" {
			return 0, quantityError(text, timeUnits, example)
		}
		sum.Add(sum, value)
		if rest = rest[end+next:]; rest == "" {
			return Duration(float(sum)), nil
		}
	}
}

// ParseFraction reads a percentage such as 4.6%. A bare number other than 0 is an error: 0.05 may
// mean 5% or 0.05%.
func ParseFraction(text string) (Fraction, error) {
	value, err := parseQuantity(text, []unit{{"%", 1, 100}}, "a percent sign, e.g. 4.6%")
	if err != nil {
		return 0, err
	}
	return Fraction(float(value)), nil
}

// ParseAmount reads a count such as 3 or a share such as 25%.
func ParseAmount(text string) (Amount, error) {
	if share, err := ParseFraction(text); err == nil && text != "0" {
		return Amount{Value: float64(share), Share: true}, nil
	}
	if !number.MatchString(text) || strings.Contains(text, ".") || len(text) > 10 {
		return Amount{}, fmt.Errorf("%q is neither a whole number nor a share; write e.g. 3 or 25%%", clip(text))
	}
	value, err := parseQuantity(text+"B", byteUnits, "")
	if err != nil {
		return Amount{}, err
	}
	return Amount{Value: float(value)}, nil
}

// parseQuantity reads one number with one of the units, exactly. 0 needs no unit.
func parseQuantity(text string, units []unit, example string) (*big.Rat, error) {
	end := strings.LastIndexAny(text, "0123456789") + 1
	digits, name := text[:end], strings.TrimPrefix(text[end:], " ")
	if !number.MatchString(digits) || len(digits) > maxDigits {
		return nil, quantityError(text, units, example)
	}
	value, _ := new(big.Rat).SetString(digits)
	for _, u := range units {
		if u.name == name {
			return value.Mul(value, big.NewRat(u.num, u.den)), nil
		}
	}
	if name == "" && value.Sign() == 0 {
		return value, nil
	}
	return nil, quantityError(text, units, example)
}

// quantityError says what is wrong with a text that parseQuantity refused.
func quantityError(text string, units []unit, example string) error {
	name := strings.TrimLeft(text, "0123456789. ")
	digits := strings.TrimRight(strings.TrimSuffix(text, name), " ")
	switch {
	case number.MatchString(text) && len(text) <= maxDigits:
		return fmt.Errorf("%q has no unit; write it with %s", clip(text), example)
	case strings.HasPrefix(text, "-"):
		return fmt.Errorf("%q is negative; write a positive number with %s", clip(text), example)
	case !number.MatchString(digits) || len(digits) > maxDigits:
		return fmt.Errorf("%q is not a plain decimal number; write one with %s", clip(text), example)
	}
	for _, equal := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, u := range units {
			if equal(u.name, name) || equal(u.name, name+"B") || equal(u.name, name+"ps") || equal(u.name, name+"/s") {
				return fmt.Errorf("%q has an unknown unit; did you mean %s?", clip(text), strings.TrimSuffix(text, name)+u.name)
			}
		}
	}
	return fmt.Errorf("%q has an unknown unit; write %s", clip(text), example)
}

// float is the nearest float64; quantities are bounded, so it is finite.
func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	if math.IsInf(f, 0) {
		panic(fmt.Sprintf("quantity %s beyond float64", r))
	}
	return f
}
