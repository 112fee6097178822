// Package price turns what a simulation moved and kept into a bill.
//
// It is pure: a model, its result and a price book in, a bill out. Quantities and rates are exact
// rationals; every line of the bill is rounded once, to millionths of a dollar, so that the lines add up
// to the total exactly. A month has 730 hours.
package price

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// USD is an amount of money in millionths of a dollar.
type USD int64

// micro is how many USD make a dollar.
const micro = 1_000_000

// String writes dollars with at least two and at most six decimals, e.g. "1742.70".
func (u USD) String() string {
	sign := ""
	if u < 0 {
		sign, u = "-", -u
	}
	s := strings.TrimRight(fmt.Sprintf("%d.%06d", u/micro, u%micro), "0")
	if point := strings.IndexByte(s, '.'); len(s)-point < 3 {
		s += strings.Repeat("0", 3-(len(s)-point))
	}
	return sign + s
}

// MarshalJSON writes dollars as a number.
func (u USD) MarshalJSON() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalJSON reads dollars with at most six decimals, as MarshalJSON or another program writes them: some
// write small amounts with an exponent.
func (u *USD) UnmarshalJSON(data []byte) error {
	_, exponent, _ := bytes.Cut(bytes.ToLower(data), []byte("e"))
	ok := len(exponent) <= maxExponent && !bytes.ContainsAny(data, "pPxX_/")
	r := new(big.Rat)
	if ok {
		_, ok = r.SetString(string(data))
	}
	if !ok {
		return fmt.Errorf("reading an amount of money: %.40q is not a decimal number", data)
	}
	r.Mul(r, big.NewRat(micro, 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return fmt.Errorf("reading an amount of money: %.40q has more than six decimals or is too large", data)
	}
	*u = USD(r.Num().Int64())
	return nil
}

// maxExponent is the longest exponent of an amount, in characters with its sign: no amount needs one of three
// digits, and a long one asks for gigabytes of them.
const maxExponent = 3

var errTooLarge = errors.New("the bill is beyond nine trillion dollars")

// round turns dollars into USD, halves away from zero. The error is errTooLarge.
func round(dollars *big.Rat) (USD, error) {
	scaled := new(big.Rat).Mul(dollars, big.NewRat(micro, 1))
	twice := new(big.Int).Mul(scaled.Num(), big.NewInt(2))
	if scaled.Sign() < 0 {
		twice.Sub(twice, scaled.Denom())
	} else {
		twice.Add(twice, scaled.Denom())
	}
	whole := twice.Quo(twice, new(big.Int).Mul(scaled.Denom(), big.NewInt(2)))
	if !whole.IsInt64() {
		return 0, errTooLarge
	}
	return USD(whole.Int64()), nil
}

// float is the nearest number to a rational, for showing it.
func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
