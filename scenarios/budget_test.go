package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseBudget(t *testing.T) {
	for _, c := range []struct {
		text string
		want Budget
	}{
		{"cost.monthly <= 50", Budget{"", "cost.monthly <= 50", "cost.monthly", "<=", Limit{50, LimitPlain, false}}},
		{" cost.monthly<0.5 ", Budget{"", "cost.monthly < 0.5", "cost.monthly", "<", Limit{0.5, LimitPlain, false}}},
		{"alpine: rollouts.seconds.p95 <= 5m", Budget{"alpine", "rollouts.seconds.p95 <= 5m", "rollouts.seconds.p95", "<=", Limit{300, LimitSeconds, false}}},
		{"v1.2-x: image.compressed_bytes <= +10MB", Budget{"v1.2-x", "image.compressed_bytes <= +10MB", "image.compressed_bytes", "<=", Limit{10e6, LimitBytes, true}}},
		{"cost.monthly <= +5%", Budget{"", "cost.monthly <= +5%", "cost.monthly", "<=", Limit{5, LimitPercent, true}}},
		{"cost.monthly <= -2.5%", Budget{"", "cost.monthly <= -2.5%", "cost.monthly", "<=", Limit{-2.5, LimitPercent, true}}},
		{"cost.monthly <= +0", Budget{"", "cost.monthly <= +0", "cost.monthly", "<=", Limit{0, LimitPlain, true}}},
		{"pulls.refused = 0", Budget{"", "pulls.refused = 0", "pulls.refused", "==", Limit{}}},
		// 1.5 Gbps, and 100 MiB/s = 838,860,800 bits per second.
		{"transfer.links.fra/uplink.peak_bps > 1.5Gbps", Budget{"", "transfer.links.fra/uplink.peak_bps > 1.5Gbps", "transfer.links.fra/uplink.peak_bps", ">", Limit{1.5e9, LimitBits, false}}},
		{"transfer.links.fra/uplink.peak_bps >= 100MiB/s", Budget{"", "transfer.links.fra/uplink.peak_bps >= 100MiB/s", "transfer.links.fra/uplink.peak_bps", ">=", Limit{838_860_800, LimitBits, false}}},
	} {
		got, err := ParseBudget(c.text)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%q (-want +got): %v\n%s", c.text, err, diff)
		}
		if again, err := ParseBudget(got.String()); err != nil || again != got {
			t.Errorf("%q is written as %q, which reads as %+v, %v", c.text, got, again, err)
		}
	}
	for text, want := range map[string]string{
		"":                              "is not a budget",
		"cost.monthly":                  "is not a budget",
		"cost.monthly <= ":              "is not a budget",
		"<= 50":                         "is not a budget",
		"a b <= 50":                     "is not a budget",
		"cost.monthly <= fifty":         `the limit "fifty" is not a number`,
		"cost.monthly <= 5%":            "write a sign",
		"cost.monthly <= --5":           "is not a number",
		"cost.monthly <= 1e3":           "is not a number",
		"cost.monthly <= 050":           "is not a number",
		"cost.monthly <= 5 MBytes":      "is not a number",
		"cost.monthly <= none":          "is not a number",
		strings.Repeat("x", 5000) + "=": "is not a budget",
	} {
		if b, err := ParseBudget(text); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 300 {
			t.Errorf("%.60q: got %+v, %v; want %q", text, b, err, want)
		}
	}
}
