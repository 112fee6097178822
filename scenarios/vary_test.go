package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVaryValues(t *testing.T) {
	for text, want := range map[string]string{
		"p=4":                                    "4",
		"p=4,8, alpine:3.24":                     "4|8|alpine:3.24",
		"p=1..9/2":                               "1|3|5|7|9",
		"p=1..10/4":                              "1|5|9",
		"p=0.1..0.5/0.1":                         "0.1|0.2|0.3|0.4|0.5", // decimals, not floats: 0.1 + 0.2 is 0.3
		"p=1,2,10..20/5":                         "1|2|10|15|20",
		"p=1MB..1GB*10":                          "1MB|10MB|100MB|1000MB",
		"p=500kB..2MB/500kB":                     "500kB|1000kB|1500kB|2000kB",
		"p=1h..2h/30m":                           "60m|90m|120m",
		"p=1MiB..3MB/1MB":                        "1.048576MB|2.048576MB",
		"p=10%..30%/10%":                         "10%|20%|30%",
		"p=100Mbps..1Gbps*3":                     "100Mbps|300Mbps|900Mbps",
		"p=1..16*2":                              "1|2|4|8|16",
		"p=3..3/1":                               "3",
		"p={perNode: 3, total: 4},[a,b],\"x,y\"": `{perNode: 3, total: 4}|[a,b]|"x,y"`,
		"services.a.image=a..b":                  "a..b", // no range: an image may be called so
	} {
		v, err := ParseVary(text)
		if got := strings.Join(v.Values(), "|"); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestVaryMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "has no path and values",
		"p":                  "has no path and values",
		"p=":                 "has no path and values",
		"=1":                 "has no path and values",
		"p=1,,2":             "has an empty value",
		"p=9..1/2":           "is empty; write the smaller end first",
		"p=1..9/0":           "the step is 0",
		"p=1..9*1":           "the factor leads nowhere",
		"p=0..9*2":           "starts at 0",
		"p=1..9,10":          "has no step",
		"p=1MB..9/2":         `its numbers have the units "MB", "", ""`,
		"p=1MB..9s/2MB":      "write units of one kind",
		"p=1..9000000/1":     "too many values",
		"p=1..2/0.000000001": "too many values",
	} {
		if v, err := ParseVary(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v; want %q", text, v.Values(), err, want)
		}
	}
}

// TestVaryAt picks values between ends: whole ones alike often, each unit kept, none outside.
func TestVaryAt(t *testing.T) {
	for _, c := range []struct {
		text   string
		shares []float64
		want   []string
	}{
		{"p=a,b", []float64{0, 0.49, 0.5, 0.99}, []string{"a", "a", "b", "b"}},
		{"p=1..4", []float64{0, 0.24, 0.25, 0.5, 0.75, 0.999}, []string{"1", "1", "2", "3", "4", "4"}},
		{"p=1.0..2", []float64{0, 0.25, 1 / 3.0}, []string{"1", "1.25", "1.33333"}},
		{"p=1MB..1GB", []float64{0.5}, []string{"500.5MB"}},
		{"p=1MB..1GB*", []float64{0, 1 / 3.0, 2 / 3.0}, []string{"1MB", "10MB", "100MB"}},
		{"p=0.1234567..0.1234568", []float64{0.1, 0.9}, []string{"0.1234568", "0.1234568"}},
	} {
		v, err := ParseVary(c.text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, share := range c.shares {
			got = append(got, v.At(share))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func FuzzVary(f *testing.F) {
	for _, text := range []string{"p=4,8", "p=1MB..1GB*10", "p=1..9/2", "p=0.1..0.5", "p={a: [1, 2]}", "p=1h..2w/1d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		v, err := ParseVary(text)
		if err != nil {
			return
		}
		if _, _, ok := v.Range(); !ok && len(v.Values()) == 0 {
			t.Errorf("%q has no values", text)
		}
		for _, share := range []float64{0, 0.3, 0.999999} {
			if v.At(share) == "" {
				t.Errorf("%q has an empty value", text)
			}
		}
	})
}
