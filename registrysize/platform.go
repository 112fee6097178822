package registrysize

import (
	"fmt"
	"regexp"
	"strings"
)

var platformPattern = regexp.MustCompile(`^[a-z0-9]{1,32}/[a-z0-9_]{1,32}(/[a-z0-9.]{1,32})?$`)

// NormalizePlatform writes os/architecture[/variant] as registries do, by containerd's rules: what is the
// default variant is left out (linux/arm64/v8 is linux/arm64) except for arm, which is arm/v7, and the
// kernel's names become Go's (linux/x86_64 is linux/amd64). Normalizing twice changes nothing.
func NormalizePlatform(platform string) (string, error) {
	p := strings.ToLower(platform)
	if !platformPattern.MatchString(p) {
		return "", fmt.Errorf("%s is no platform; write os/architecture[/variant], e.g. linux/amd64", quote(platform))
	}
	os, rest, _ := strings.Cut(p, "/")
	arch, variant, _ := strings.Cut(rest, "/")
	switch arch {
	case "x86_64":
		arch = "amd64"
	case "aarch64":
		arch = "arm64"
	}
	switch arch + "/" + variant {
	case "amd64/v1", "arm64/v8", "arm64/8":
		variant = ""
	case "arm/", "arm/7":
		variant = "v7"
	case "arm/5", "arm/6", "arm/8":
		variant = "v" + variant
	}
	if variant != "" {
		variant = "/" + variant
	}
	return os + "/" + arch + variant, nil
}
