package registrysize

import (
	"slices"
	"testing"
)

// What is known agrees with itself: references are normalised, sorted and unique, sizes are rounded as stated.
func TestFootprintsAreWhole(t *testing.T) {
	f := parseFootprints()
	if len(f.Images) != 9 || f.Source == "" || f.Rounding == "" {
		t.Errorf("%+v", f)
	}
	var refs []string
	for _, img := range f.Images {
		refs = append(refs, img.Ref)
		if full, err := Normalize(img.Ref); err != nil || full != img.Ref || img.DiskBytes <= 0 || img.DiskBytes%10_000 != 0 ||
			len(img.Observed) != len("2026-09-17") || img.Note == "" {
			t.Errorf("%+v, %v", img, err)
		}
	}
	if !slices.IsSorted(refs) || len(slices.Compact(slices.Clone(refs))) != len(refs) {
		t.Error("references are not sorted, or not unique")
	}
}

// alpine:3.24 has 16 packages and 8.42 MB of files, as docker-library/repo-info had it on 2026-09-17.
func TestKnownFootprint(t *testing.T) {
	const ref = "docker.io/library/alpine:3.24"
	got, ok := KnownFootprint(ref, "linux/x86_64")
	if !ok || got.DiskBytes != 8_420_000 || got.Packages == nil || *got.Packages != 16 || got.Observed != "2026-09-17" || got.Source != "known" || got.Files != nil {
		t.Errorf("%+v, %v", got, ok)
	}
	*got.Packages = 1
	if again, _ := KnownFootprint(ref, "linux/amd64"); *again.Packages != 16 {
		t.Error("what is known was changed")
	}
	if got, ok := KnownFootprint("docker.io/library/debian:13", "linux/amd64"); !ok || got.Packages != nil {
		t.Errorf("%+v, %v", got, ok)
	}
	for _, c := range [][2]string{{ref, "linux/arm64"}, {"docker.io/library/nowhere:1", "linux/amd64"}, {ref, "x"}} {
		if got, ok := KnownFootprint(c[0], c[1]); ok {
			t.Errorf("%v: %+v", c, got)
		}
	}
}
