package whatif

import (
	"math"
	"testing"
)

// 2, 4, 4, 4, 5, 5, 7, 9: the mean is 5, squares of the differences are 9+1+1+1+0+0+4+16 = 32, the sample
// deviation √(32/7) = 2.13809, and with t = 2.365 for 7 degrees of freedom the mean is known to ±
// 2.365 × 2.13809 / √8 = 1.78777.
func TestStatisticsOfEight(t *testing.T) {
	var all []samples
	for _, x := range []float64{2, 4, 4, 4, 5, 5, 7, 9} {
		s := make(samples, len(Figures()))
		s[0] = x
		all = append(all, s)
	}
	got := statistics(all)
	if got[0].Figure != Figures()[0].Path || got[0].Mean != 5 || math.Abs(got[0].SD-2.13809) > 1e-5 ||
		math.Abs(got[0].High-6.78777) > 1e-4 || math.Abs(got[0].Low-3.21223) > 1e-4 {
		t.Errorf("%+v", got[0])
	}
	if got[1].Mean != 0 || got[1].SD != 0 || got[1].Low != 0 || got[1].High != 0 {
		t.Errorf("of zeros: %+v", got[1])
	}
	if one := statistics(all[:1]); len(one) != 0 {
		t.Errorf("of one: %+v", one)
	}
}
