package sim

import "math/bits"

// most bounds every sum of bytes, 4.6 EB: two such sums can be added without wrapping around.
const most = 1 << 62

// A tally is an exact sum of amounts that are not negative. Once the sum is over most it stays so: what was
// added can no longer be told. The zero value is an empty sum.
type tally struct {
	sum  int64
	over bool
}

// add adds n times an amount.
func (t *tally) add(amount, n int64) {
	high, low := bits.Mul64(uint64(amount), uint64(n))
	if high != 0 || low > most || t.sum > most-int64(low) {
		t.over = true
		return
	}
	t.sum += int64(low)
}
