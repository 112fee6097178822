package registrysize

import (
	"strings"
	"testing"
)

// The pairs are those of containerd's platforms package (database.go, normalizeArch).
func TestNormalizePlatform(t *testing.T) {
	for platform, want := range map[string]string{
		"linux/amd64":     "linux/amd64",
		"linux/amd64/v1":  "linux/amd64",
		"linux/amd64/v3":  "linux/amd64/v3",
		"Linux/x86_64":    "linux/amd64",
		"linux/arm64":     "linux/arm64",
		"linux/arm64/v8":  "linux/arm64",
		"linux/arm64/8":   "linux/arm64",
		"linux/aarch64":   "linux/arm64",
		"linux/arm64/v9":  "linux/arm64/v9",
		"linux/arm":       "linux/arm/v7",
		"linux/arm/7":     "linux/arm/v7",
		"linux/arm/6":     "linux/arm/v6",
		"windows/amd64":   "windows/amd64",
		"linux/ppc64le":   "linux/ppc64le",
		"linux/mips64le":  "linux/mips64le",
		"linux/riscv64/x": "linux/riscv64/x",
	} {
		got, err := NormalizePlatform(platform)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", platform, got, err, want)
		}
		if again, err := NormalizePlatform(got); err != nil || again != got {
			t.Errorf("%s again: got %s, %v", got, again, err)
		}
	}
	for _, platform := range []string{"", "linux", "linux/", "/amd64", "a/b/c/d", "linux/amd64:10", "linux/am d64", "linux/\x1b", strings.Repeat("a", 33) + "/b"} {
		if got, err := NormalizePlatform(platform); err == nil || !strings.Contains(err.Error(), "write os/architecture[/variant], e.g. linux/amd64") {
			t.Errorf("%q: got %q, %v", platform, got, err)
		}
	}
}
