package price

import "math/big"

// A Band is a quantity that falls into one tier.
type Band struct {
	From, UpTo *big.Rat // of the tier; UpTo nil: open
	Quantity   *big.Rat
	Rate       *big.Rat // nil: not known
}

// Ladder walks the tiers once with quantity units on top of those that the counter had already seen,
// and returns what falls into each tier, bottom first:
//
//	band k = clip(already + quantity, edge k-1, edge k) - clip(already, edge k-1, edge k)
//
// A month's cost is the sum of band × rate. Tiers run once over a counter's sum, never once a flow. What
// lies beyond the last edge has no known rate.
func Ladder(tiers []Tier, already, quantity *big.Rat) []Band {
	var bands []Band
	from := new(big.Rat)
	end := new(big.Rat).Add(already, quantity)
	add := func(upTo, rate *big.Rat) {
		within := new(big.Rat).Sub(clip(end, from, upTo), clip(already, from, upTo))
		if within.Sign() > 0 {
			bands = append(bands, Band{From: from, UpTo: upTo, Quantity: within, Rate: rate})
		}
	}
	for _, t := range tiers {
		add(t.UpTo, t.Rate)
		if t.UpTo == nil {
			return bands
		}
		from = t.UpTo
	}
	add(nil, nil)
	return bands
}

func clip(x, lo, hi *big.Rat) *big.Rat {
	if x.Cmp(lo) < 0 {
		return lo
	}
	if hi != nil && x.Cmp(hi) > 0 {
		return hi
	}
	return x
}

// Cost is the exact price of bands in dollars, and whether all their rates are known; those that are not
// count as nothing.
func Cost(bands []Band) (dollars *big.Rat, known bool) {
	dollars, known = new(big.Rat), true
	for _, b := range bands {
		if b.Rate == nil {
			known = false
			continue
		}
		dollars.Add(dollars, new(big.Rat).Mul(b.Quantity, b.Rate))
	}
	return dollars, known
}
