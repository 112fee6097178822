package price

import "math/big"

// A Part is what something has in a bill.
type Part struct {
	Name  string
	Bytes int64 // moved within the run, each byte once
	Usage USD   // in the bill's currency
	Fixed USD   // likewise
}

// By shares the bill out by the names that name gives to a share of a row, in order of first appearance. The
// parts' usage and fixed costs add up to the bill's, and their bytes to all that moved. A row's costs that belong to no
// service are in one share without layer and cause.
func (b *Bill) By(name func(*Row, *Share) string) []Part {
	var parts []Part
	at := map[string]int{}
	usage, fixed := converter{rate: b.rate}, converter{rate: b.rate}
	for i := range b.Ledger {
		row := &b.Ledger[i]
		for j := range row.Shares {
			share := &row.Shares[j]
			key := name(row, share)
			k, ok := at[key]
			if !ok {
				k = len(parts)
				at[key] = k
				parts = append(parts, Part{Name: key})
			}
			if row.Carries {
				parts[k].Bytes += share.Bytes
			}
			if row.Fixed {
				parts[k].Fixed += fixed.next(share.USD)
			} else {
				parts[k].Usage += usage.next(share.USD)
			}
		}
	}
	return parts
}

// A converter turns dollars that follow each other into a currency, so that the amounts add up to the
// converted sum.
type converter struct {
	rate       *big.Rat // units of the currency that a dollar buys; nil: 1
	dollars    USD
	amount     USD
	outOfRange bool
}

func (c *converter) next(dollars USD) USD {
	c.dollars += dollars
	all, err := c.dollars, error(nil)
	if c.rate != nil {
		all, err = round(new(big.Rat).Mul(big.NewRat(int64(c.dollars), micro), c.rate))
	}
	if err != nil {
		c.outOfRange = true
		return 0
	}
	given := all - c.amount
	c.amount = all
	return given
}
