package whatif

import "math"

// A Statistic is one figure over all replications of a variant. The variant's own figures are those of the
// first replication, so that they trace back to one run and add up.
type Statistic struct {
	Figure string  `json:"figure"` // its path in the variant, as budgets name it
	Mean   float64 `json:"mean"`
	Low    float64 `json:"low"`  // of the 95 % confidence interval of the mean
	High   float64 `json:"high"` // likewise
	SD     float64 `json:"sd"`   // sample standard deviation
}

// samples are the figures of one replication, in the order of Figures.
type samples []float64

func newSamples(v *Variant) samples {
	var out samples
	for _, f := range Figures() {
		x, _ := f.Of(v)
		out = append(out, x)
	}
	return out
}

// statistics sums replications up, in their order: mean ± t·s/√n with Student's t for n−1 degrees of
// freedom, which holds for any n where figures are spread normally. Fewer than two have no spread.
func statistics(all []samples) []Statistic {
	n := float64(len(all))
	if n < 2 {
		return nil
	}
	var out []Statistic
	for i, f := range Figures() {
		sum, squares := 0.0, 0.0
		for _, s := range all {
			sum += s[i]
		}
		mean := sum / n
		for _, s := range all {
			squares += float64((s[i] - mean) * (s[i] - mean))
		}
		sd := math.Sqrt(squares / (n - 1))
		half := student975(len(all)-1) * sd / math.Sqrt(n)
		out = append(out, Statistic{Figure: f.Path, Mean: mean, Low: mean - half, High: mean + half, SD: sd})
	}
	return out
}

// student975 is the 97.5 % point of Student's t, from the table of the NIST/SEMATECH e-Handbook of
// Statistical Methods, 1.3.6.7.2. Between its rows it takes the row with fewer degrees of freedom, which
// makes an interval a little wider than it need be.
func student975(freedom int) float64 {
	rows := []float64{
		12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
		2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
		2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
	}
	switch {
	case freedom <= len(rows):
		return rows[freedom-1]
	case freedom < 40:
		return 2.042
	case freedom < 60:
		return 2.021
	case freedom < 100:
		return 2.000
	}
	return 1.984
}
