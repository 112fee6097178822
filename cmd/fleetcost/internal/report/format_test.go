package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/sim/price"
)

func TestColumn(t *testing.T) {
	for _, c := range []struct {
		scales []scale
		values []float64
		want   string
	}{
		{byteScales, []float64{18e6, 94.1e6}, "MB 18.00 94.10"},
		{byteScales, []float64{0, 94.1e6}, "MB 0.00 94.10"},
		{byteScales, []float64{0, 0}, "B 0 0"},
		{byteScales, []float64{391, 999}, "B 391 999"},
		{byteScales, []float64{999_999, 1e6}, "kB 1,000.0 1,000.0"},
		{byteScales, []float64{145.008e9, 1622.88e9}, "GB 145.0 1,622.9"}, // not TB: 0.15 says less
		{byteScales, []float64{4_000, 1.5e9}, "MB 0.0 1,500.0"},           // not kB: 1,500,000.0 is too wide
		{byteScales, []float64{99.994e6, 1e6}, "MB 99.99 1.00"},           // the last that two digits fit
		{byteScales, []float64{99.996e6, 1e6}, "MB 100.0 1.0"},            // and the first that they do not
		{byteScales, []float64{2e15}, "TB 2,000.0"},
		{rateScales, []float64{5e9}, "Gbps 5.00"},
		{rateScales, []float64{999e6, 5e9}, "Mbps 999.0 5,000.0"},
		{secondScales, []float64{0.72, 10.72}, "s 0.72 10.72"},
		{secondScales, []float64{0.0004}, "s 0.00"},
		{secondScales, []float64{599}, "s 599.0"},
		{secondScales, []float64{600}, "min 10.00"},
		{secondScales, []float64{3 * 3600}, "h 3.00"},
	} {
		unit, cells := column(c.scales, c.values)
		if got := strings.Join(append([]string{unit}, cells...), " "); got != c.want {
			t.Errorf("column(%v) = %q, want %q", c.values, got, c.want)
		}
	}
}

func TestDollars(t *testing.T) {
	for _, c := range []struct {
		amount price.USD
		want   string
	}{
		{0, "0.00"},
		{4_999, "0.00"}, // 0.4999 cents
		{5_000, "0.01"},
		{-4_999, "0.00"},
		{-5_000, "-0.01"},
		{1_742_700_000, "1,742.70"},
		{-1_234_567_891_000, "-1,234,567.89"},
	} {
		if got := dollars(cents(c.amount)); got != c.want {
			t.Errorf("%d millionths of a dollar: %q, want %q", c.amount, got, c.want)
		}
	}
}

// TestAmount writes figures as the amounts that they are: the nearest float64 to 1.005 is below it, 1.00499…
func TestAmount(t *testing.T) {
	for value, want := range map[float64]string{1.005: "1.01", -1.005: "-1.01", -0.004: "0.00", 18.414999: "18.41", 1e13: "10,000,000,000,000.00"} {
		if got := amount(value); got != want {
			t.Errorf("amount(%v) = %q, want %q", value, got, want)
		}
	}
	if got := change("USD", 1.005, 2.004); got != "+0.99 USD" { // from 1.01 to 2.00
		t.Errorf("from 1.005 to 2.004: %q", got)
	}
}

func TestSigned(t *testing.T) {
	for in, want := range map[string]string{"0.0": "0.0", "-0.0": "0.0", "-0.1": "-0.1", "0.1": "+0.1", "1,000.00": "+1,000.00"} {
		if got := signed(in); got != want {
			t.Errorf("signed(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNotes breaks a note at 120 characters, each further line under the text of the first.
func TestNotes(t *testing.T) {
	var out strings.Builder
	words := strings.TrimSpace(strings.Repeat("123456789 ", 15))
	notes(&out, "Head", []string{words, "bell \a and escape \x1b[31m"})
	want := "\nHead\n- " + strings.TrimSpace(strings.Repeat("123456789 ", 11)) + "\n  123456789 123456789 123456789 123456789\n" +
		"- bell � and escape �[31m\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
