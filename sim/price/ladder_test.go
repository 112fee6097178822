package price

import (
	"errors"
	"math/big"
	"testing"
)

// rat reads a decimal.
func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

// tiers reads edge, rate, edge, rate, …; the last edge is "".
func tiers(list ...string) []Tier {
	var out []Tier
	for i := 0; i < len(list); i += 2 {
		t := Tier{Rate: rat(list[i+1])}
		if list[i] != "" {
			t.UpTo = rat(list[i])
		}
		out = append(out, t)
	}
	return out
}

// The large clouds' ladders of internet egress. AWS has its 100 GB free beside the ladder; Azure, Google and
// Oracle have theirs as the first band.
var (
	awsEgress   = tiers("10240", "0.09", "51200", "0.085", "153600", "0.07", "", "0.05")
	awsSaoPaulo = tiers("10240", "0.15", "51200", "0.138", "153600", "0.126", "", "0.114")
	azureEgress = tiers("100", "0", "10335", "0.087", "51295", "0.083", "153695", "0.07", "", "0.05")
	gcpPremium  = tiers("1", "0", "1024", "0.12", "10240", "0.11", "", "0.08")
	ociEgress   = tiers("10240", "0", "", "0.0085")
	awsEndpoint = tiers("1048576", "0.01", "5242880", "0.006", "", "0.004")
)

func TestLadder(t *testing.T) {
	for _, c := range []struct {
		name     string
		tiers    []Tier
		quantity string
		want     string
	}{
		// 19,900 GB after the allowance: 10,240 × 0.09 + 9,660 × 0.085 = 921.60 + 821.10.
		{"aws 20000", awsEgress, "19900", "1742.70"},
		// 199,900: 921.60 + 40,960 × 0.085 + 102,400 × 0.07 + 46,300 × 0.05 = 921.60 + 3481.60 + 7168 + 2315.
		{"aws 200000", awsEgress, "199900", "13886.20"},
		{"aws 100", awsEgress, "0", "0"},
		// 10,240 × 0.15 + 9,660 × 0.138 = 1536 + 1333.08.
		{"aws sa-east-1 20000", awsSaoPaulo, "19900", "2869.08"},
		{"azure 100", azureEgress, "100", "0"},
		// 10,235 × 0.087 + 9,665 × 0.083 = 890.445 + 802.195.
		{"azure 20000", azureEgress, "20000", "1692.64"},
		// 890.445 + 40,960 × 0.083 + 102,400 × 0.07 + 46,305 × 0.05 = 890.445 + 3399.68 + 7168 + 2315.25.
		{"azure 200000", azureEgress, "200000", "13773.375"},
		// 99 × 0.12.
		{"gcp 100", gcpPremium, "100", "11.88"},
		// 1,023 × 0.12 + 9,216 × 0.11 + 9,760 × 0.08 = 122.76 + 1013.76 + 780.80.
		{"gcp 20000", gcpPremium, "20000", "1917.32"},
		{"gcp 200000", gcpPremium, "200000", "16317.32"},
		// 9,760 × 0.0085.
		{"oci 20000", ociEgress, "20000", "82.96"},
		{"oci 200000", ociEgress, "200000", "1612.96"},
		// 1,048,576 × 0.01 + 951,424 × 0.006 = 10,485.76 + 5,708.544.
		{"aws endpoint 2000000", awsEndpoint, "2000000", "16194.304"},
	} {
		got, known := Cost(Ladder(c.tiers, new(big.Rat), rat(c.quantity)))
		if got.Cmp(rat(c.want)) != 0 || !known {
			t.Errorf("%s: %s, want %s", c.name, got.FloatString(6), c.want)
		}
	}
}

// What the account moves already takes the lower bands: above 150 TB another GB costs 0.05, and a month
// that straddles an edge is charged in both bands: 40 GB at 0.09 and 60 GB at 0.085 = 8.70.
func TestLadderStartsWhereTheAccountIs(t *testing.T) {
	for _, c := range []struct{ already, quantity, want string }{
		{"153600", "1", "0.05"}, {"10200", "100", "8.70"}, {"0", "1", "0.09"},
	} {
		got, _ := Cost(Ladder(awsEgress, rat(c.already), rat(c.quantity)))
		if got.Cmp(rat(c.want)) != 0 {
			t.Errorf("%s on top of %s: %s, want %s", c.quantity, c.already, got.FloatString(6), c.want)
		}
	}
}

// A band without a known rate is not free.
func TestLadderOfUnknownRates(t *testing.T) {
	list := append(tiers("100", "0.08"), Tier{})
	if _, known := Cost(Ladder(list, new(big.Rat), rat("100"))); !known {
		t.Error("100 GB are in the known band")
	}
	if got, known := Cost(Ladder(list, new(big.Rat), rat("101"))); known || got.Cmp(rat("8")) != 0 {
		t.Errorf("101 GB: %s, known %v", got.FloatString(2), known)
	}
	// Nor is what lies beyond the last edge: a price list that ends at 50 TB says nothing of more.
	ends := tiers("51200", "0.023")
	if got, known := Cost(Ladder(ends, new(big.Rat), rat("51201"))); known || got.Cmp(rat("1177.6")) != 0 {
		t.Errorf("beyond the end: %s, known %v", got.FloatString(2), known)
	}
}

// A rate of four ten-millionths, as S3 charges for a request, is exact: 10,000,000 cost 4 dollars.
func TestTinyRates(t *testing.T) {
	if got, _ := Cost(Ladder(tiers("", "0.0000004"), new(big.Rat), rat("10000000"))); got.Cmp(rat("4")) != 0 {
		t.Error(got)
	}
}

func TestUSD(t *testing.T) {
	for _, c := range []struct{ exact, text string }{
		{"1742.7", "1742.70"}, {"0", "0.00"}, {"13773.375", "13773.375"}, {"-0.5", "-0.50"},
		{"0.0000004", "0.00"}, {"0.0000005", "0.000001"}, {"-0.0000005", "-0.000001"}, {"0.1234564", "0.123456"},
	} {
		u, err := round(rat(c.exact))
		if got := u.String(); got != c.text || err != nil {
			t.Errorf("%s dollars: %q, want %q", c.exact, got, c.text)
		}
		var back USD
		if err := back.UnmarshalJSON([]byte(c.text)); err != nil || back != u {
			t.Errorf("%s read back: %v, %v", c.text, back, err)
		}
	}
	if u, err := round(rat("9300000000000")); !errors.Is(err, errTooLarge) {
		t.Errorf("9.3 trillion: %v, %v", u, err)
	}
	var u USD
	// Python writes 0.000028 as 2.8e-05: 28 millionths of a dollar.
	for text, want := range map[string]USD{"2.8e-05": 28, "1E+3": 1000 * micro, "-1.25e2": -125 * micro, "0e-99": 0} {
		if err := u.UnmarshalJSON([]byte(text)); err != nil || u != want {
			t.Errorf("%s: %v, %v, want %v", text, u, err, want)
		}
	}
	for _, bad := range []string{`"a"`, "0.0000001", "1e-7", "1e", "1e30", "1e999999999", "1e-999999999", "1/3", "9300000000000", "null"} {
		if err := u.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
