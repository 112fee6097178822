package scenarios

import (
	"math"
	"strings"
	"testing"
)

func TestParseBytes(t *testing.T) {
	good := map[string]Bytes{
		"0": 0, "0B": 0, "391B": 391, "4KB": 4_000, "4kB": 4_000, "4KiB": 4_096,
		"15.11MB":      15_110_000,
		"15.11 MB":     15_110_000,
		"5.03MB":       5_030_000,
		"1.5MiB":       1_572_864,       // 1.5 × 1,048,576
		"100GB":        100_000_000_000, // 10^11
		"1GiB":         1_073_741_824,   // 2^30
		"10TB":         10_000_000_000_000,
		"1TiB":         1_099_511_627_776, // 2^40
		"0.4B":         0,                 // rounds down
		"0.5B":         1,                 // a half rounds up
		"1.0000005MB":  1_000_001,         // 1,000,000.5 rounds up
		"9223372TB":    9_223_372_000_000_000_000,
		"0.1234567KiB": 126, // 126.4
	}
	for text, want := range good {
		if got, err := ParseBytes(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "MB", "4", "4096", "-4KB", "+4KB", "4 K B", "4  KB", " 4KB", "4KB ", "04KB", ".5MB", "5.MB", "1e3B",
		"1_000B", "4mb", "4Mb", "4M", "4Mi", "4PB", "0x4B", "4,5MB", "NaN", "InfB", "9223373TB", "4KB4KB", "٤KB",
		strings.Repeat("9", 41) + "B",
	} {
		if got, err := ParseBytes(text); err == nil {
			t.Errorf("%q: got %d; want an error", text, got)
		}
	}
}

func TestParseRate(t *testing.T) {
	good := map[string]Rate{
		"none":     0,
		"8bps":     1,
		"1bps":     0.125,
		"1kbps":    125,
		"100Mbps":  12_500_000,      // 10^8 bits / 8
		"1Gbps":    125_000_000,     // 10^9 / 8
		"10Gbps":   1_250_000_000,   // 10^10 / 8
		"1.5Gbps":  187_500_000,     // 1.5 × 10^9 / 8
		"1Tbps":    125_000_000_000, // 10^12 / 8
		"25MB/s":   25_000_000,
		"100MiB/s": 104_857_600, // 100 × 2^20
		"1kB/s":    1_000,
		"1GiB/s":   1_073_741_824,
		"1 GB/s":   1_000_000_000,
	}
	for text, want := range good {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "0Gbps", "10", "10G", "10Gb", "10GB", "10gbps", "10Gbit", "-1Gbps", "None", "inf", "8001Tbps"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q: got %v; want an error", text, got)
		}
	}
}

func TestParseDuration(t *testing.T) {
	good := map[string]Duration{
		"0": 0, "0s": 0, "5s": 5, "90s": 90, "50ms": 0.05, "1us": 1e-6, "1µs": 1e-6, "1ns": 1e-9,
		"1h30m":  5_400,     // 3,600 + 30 × 60
		"1d12h":  129_600,   // 86,400 + 12 × 3,600
		"0.5d":   43_200,    // 86,400 / 2
		"30d":    2_592_000, // 30 × 86,400
		"3w":     1_814_400, // 21 × 86,400
		"1w1d":   691_200,   // 8 × 86,400
		"1.5h":   5_400,
		"1m1.5s": 61.5,
	}
	for text, want := range good {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "30", "1.5", "d", "-1d", "1h30", "1h0", "30days", "1 h 30 m", "1h 30m", "30D", "1M", "1y", "1e3s", "never", "h1", "1h-1m", "00:30"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q: got %v; want an error", text, got)
		}
	}
}

func TestParseFractionAndAmount(t *testing.T) {
	fractions := map[string]Fraction{"0": 0, "0%": 0, "4.6%": 0.046, "25%": 0.25, "100%": 1, "0.1%": 0.001, "33.3%": 0.333, "250 %": 2.5}
	for text, want := range fractions {
		if got, err := ParseFraction(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "0.046", "5", "-5%", "5%%", "5pc", "05%"} {
		if got, err := ParseFraction(text); err == nil {
			t.Errorf("%q: got %v; want an error", text, got)
		}
	}
	amounts := map[string]Amount{"0": {}, "0%": {Share: true}, "1": {Value: 1}, "250": {Value: 250}, "25%": {Value: 0.25, Share: true}, "12.5%": {Value: 0.125, Share: true}}
	for text, want := range amounts {
		if got, err := ParseAmount(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "1.5", "01", "25 percent", "one", "99999999999"} {
		if got, err := ParseAmount(text); err == nil {
			t.Errorf("%q: got %v; want an error", text, got)
		}
	}
}

// FuzzQuantity: no text panics, and what is accepted is finite and not negative.
func FuzzQuantity(f *testing.F) {
	for _, seed := range []string{"15.11MB", "10Gbps", "1h30m", "4.6%", "25%", "none", "0", "-1", "010", "1e9s", "1h1", "..5MB", "µs"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var values []float64
		if v, err := ParseBytes(text); err == nil {
			values = append(values, float64(v))
		}
		if v, err := ParseRate(text); err == nil {
			values = append(values, float64(v))
		}
		if v, err := ParseDuration(text); err == nil {
			values = append(values, float64(v))
		}
		if v, err := ParseFraction(text); err == nil {
			values = append(values, float64(v))
		}
		if v, err := ParseAmount(text); err == nil {
			values = append(values, v.Value)
		}
		for _, v := range values {
			if v < 0 || math.IsInf(v, 0) || math.IsNaN(v) {
				t.Errorf("%q: got %v", text, v)
			}
		}
	})
}
