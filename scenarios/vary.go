package scenarios

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strings"
)

// A Vary is a path and the values that it takes in turn: of lists and of ranges with a step, one after
// another; or of one range without, which has all values between its ends.
type Vary struct {
	Path   string
	Text   string // the values as written
	values []string
	span   *span // where there is no step
}

// maxValues bounds the values of one Vary.
const maxValues = 1_000_000

// ParseVary reads PATH=VALUES. Values are separated by commas; one may be a range:
//
//	4,8,alpine:3.24      values, in the order written
//	1..9/2               1, 3, 5, 7, 9; A..B alone has no step
//	1MB..1GB*10          1MB, 10MB, 100MB, 1000MB; A..B* has no step, and every factor is as likely
//
// Numbers are stepped as decimals, exactly.
func ParseVary(text string) (Vary, error) {
	path, values, ok := strings.Cut(text, "=")
	v := Vary{Path: strings.TrimSpace(path), Text: strings.TrimSpace(values)}
	if !ok || v.Path == "" || v.Text == "" {
		return Vary{}, fmt.Errorf("--vary %s: has no path and values; write PATH=A,B,C or PATH=A..B/STEP", clip(text))
	}
	parts := splitTop(v.Text)
	for _, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			return Vary{}, fmt.Errorf("--vary %s: has an empty value; write one, or remove a comma", clip(text))
		}
		s, err := parseSpan(part)
		switch {
		case err != nil:
			return Vary{}, fmt.Errorf("--vary %s: %w", clip(text), err)
		case s == nil:
			v.values = append(v.values, part)
		case s.step != nil:
			more, err := s.steps()
			if err != nil {
				return Vary{}, fmt.Errorf("--vary %s: %w", clip(text), err)
			}
			v.values = append(v.values, more...)
		case len(parts) > 1:
			return Vary{}, fmt.Errorf("--vary %s: %s has no step; write one, e.g. %s/1, or no other value", clip(text), part, part)
		default:
			v.span = s
		}
	}
	if len(v.values) > maxValues {
		return Vary{}, fmt.Errorf("--vary %s: has %d values; write at most %d", clip(text), len(v.values), maxValues)
	}
	return v, nil
}

// Values lists the values in their order. It is empty for a range without a step.
func (v Vary) Values() []string { return v.values }

// At is the value at a share of the way, in [0, 1): of a list its item, of a range without a step a number
// between its ends. That is whole where both ends are whole and have no unit, else it has six digits.
func (v Vary) At(share float64) string {
	if v.span == nil {
		return v.values[int(share*float64(len(v.values)))]
	}
	return v.span.at(share)
}

// Range is the least and the largest number of a range without a step, in its smaller unit; false where
// values are listed.
func (v Vary) Range() (low, high float64, ok bool) {
	if v.span == nil {
		return 0, 0, false
	}
	return float(v.span.low), float(v.span.high), true
}

// Between is the value at a share of the way, from 0 to 1, of a range without a step: both ends are reached.
// It has nine digits.
func (v Vary) Between(share float64) string { return v.span.between(share, 9) }

// Whole tells whether a range without a step has whole numbers only.
func (v Vary) Whole() bool { return v.span != nil && v.span.whole }

// splitTop splits a text at the commas that stand in no bracket and no quotes.
func splitTop(text string) []string {
	var parts []string
	depth, start := 0, 0
	quote := rune(0)
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '[' || r == '{':
			depth++
		case r == ']' || r == '}':
			depth--
		case r == ',' && depth <= 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// A span is a range of numbers of one unit.
type span struct {
	low, high *big.Rat // in unit
	step      *big.Rat // added, or multiplied where log; nil: none
	log       bool
	whole     bool
	unit      unit
}

const spanNumber = `((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?([A-Za-zµ%/]*?)`

var spanForm = regexp.MustCompile(`^` + spanNumber + `\.\.` + spanNumber + `(?:/` + spanNumber + `|(\*)((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)?)?$`)

// parseSpan reads A..B, A..B/STEP or A..B*FACTOR. It is nil for what is no range.
func parseSpan(text string) (*span, error) {
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		return nil, nil
	}
	names := []string{m[2], m[4]}
	if m[5] != "" {
		names = append(names, m[6])
	}
	units, err := commonUnits(names)
	if err != nil {
		return nil, fmt.Errorf("range %s: %w", clip(text), err)
	}
	s := &span{unit: units[0], log: m[7] != ""}
	for _, u := range units {
		if u.num*s.unit.den < s.unit.num*u.den {
			s.unit = u // the smallest: what larger ones are in it has few decimals
		}
	}
	in := func(digits string, u unit) *big.Rat {
		value, _ := new(big.Rat).SetString(digits)
		value.Mul(value, big.NewRat(u.num, u.den))
		return value.Quo(value, big.NewRat(s.unit.num, s.unit.den))
	}
	s.low, s.high = in(m[1], units[0]), in(m[3], units[1])
	s.whole = s.unit.name == "" && !strings.Contains(m[1]+m[3], ".")
	if m[5] != "" {
		s.step = in(m[5], units[2])
	}
	if m[8] != "" {
		s.step, _ = new(big.Rat).SetString(m[8])
	}
	return s, s.check(text)
}

func (s *span) check(text string) error {
	switch {
	case s.low.Cmp(s.high) > 0:
		return fmt.Errorf("range %s is empty; write the smaller end first", clip(text))
	case s.log && s.low.Sign() == 0:
		return fmt.Errorf("range %s starts at 0, which no factor leaves; write a larger start", clip(text))
	case s.log && s.step != nil && s.step.Cmp(big.NewRat(1, 1)) <= 0:
		return fmt.Errorf("range %s: the factor leads nowhere; write one above 1", clip(text))
	case s.step != nil && s.step.Sign() == 0:
		return fmt.Errorf("range %s: the step is 0; write a larger one", clip(text))
	}
	return nil
}

// commonUnits finds units that measure the same thing. No unit at all is a plain number.
func commonUnits(names []string) ([]unit, error) {
	for _, family := range [][]unit{{{"", 1, 1}}, {{"%", 1, 100}}, byteUnits, rateUnits, timeUnits} {
		var found []unit
		for _, name := range names {
			for _, u := range family {
				if u.name == name {
					found = append(found, u)
				}
			}
		}
		if len(found) == len(names) {
			return found, nil
		}
	}
	return nil, fmt.Errorf("its numbers have the units %s; write units of one kind on all", strings.Join(quoted(names), ", "))
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf("%q", w)
	}
	return out
}

// steps lists a range's values.
func (s *span) steps() ([]string, error) {
	tooMany := errors.New("the range has too many values, or too many digits; write a larger step")
	if width := new(big.Rat).Sub(s.high, s.low); !s.log && width.Quo(width, s.step).Cmp(big.NewRat(maxValues, 1)) > 0 {
		return nil, tooMany
	}
	var out []string
	for value := new(big.Rat).Set(s.low); value.Cmp(s.high) <= 0; {
		if len(out) == maxValues || value.Num().BitLen()+value.Denom().BitLen() > 1000 {
			return nil, tooMany
		}
		out = append(out, decimalText(value)+s.unit.name)
		if s.log {
			value.Mul(value, s.step)
		} else {
			value.Add(value, s.step)
		}
	}
	return out, nil
}

// decimalText writes a number with at most twelve decimals.
func decimalText(r *big.Rat) string {
	text := r.FloatString(12)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// at is the value at a share of the way, in [0, 1); every whole number is as likely.
func (s *span) at(share float64) string {
	if s.whole && !s.log {
		low, high := float(s.low), float(s.high)
		return s.number(math.Floor(low+share*(high-low+1)), 6)
	}
	return s.between(share, 6)
}

// between is the value at a share of the way, from end to end, with so many digits.
func (s *span) between(share float64, digits int) string {
	low, high := float(s.low), float(s.high)
	if s.log {
		return s.number(low*math.Pow(high/low, share), digits)
	}
	return s.number(low+share*(high-low), digits)
}

// number writes a number within the range, with so many digits where it is not whole.
func (s *span) number(value float64, digits int) string {
	if s.whole {
		return fmt.Sprintf("%.0f", value) + s.unit.name
	}
	r, ok := new(big.Rat).SetString(fmt.Sprintf("%.*g", digits, value))
	if !ok {
		panic(fmt.Sprintf("scenarios: %v in a range", value))
	}
	for _, end := range []*big.Rat{s.low, s.high} { // rounding must not lead outside
		if (end == s.low) == (r.Cmp(end) < 0) && r.Cmp(end) != 0 {
			r = end
		}
	}
	return decimalText(r) + s.unit.name
}
