package registrysize

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// The catalog agrees with itself: layers add up to the totals that its source states, digests are
// digests, references are normalised, sorted and unique, and both platforms are there.
func TestCatalogIsWhole(t *testing.T) {
	f := parseCatalog()
	if len(f.Images) != 43 || f.Source == "" || f.Sizes == "" {
		t.Errorf("%d images from %q", len(f.Images), f.Source)
	}
	var refs []string
	for _, img := range f.Images {
		refs = append(refs, img.Ref)
		if full, err := Normalize(img.Ref); err != nil || full != img.Ref {
			t.Errorf("%s is not normalised: %s, %v", img.Ref, full, err)
		}
		if len(img.Observed) != len("2026-09-17") || !digestPattern.MatchString(img.Index) {
			t.Errorf("%s: observed %q, index %q", img.Ref, img.Observed, img.Index)
		}
		var platforms []string
		for _, p := range img.Platforms {
			platforms = append(platforms, p.Platform)
			sum := int64(0)
			for _, l := range p.Layers {
				sum += l.Bytes
				if !digestPattern.MatchString(l.Digest) || l.Bytes <= 0 {
					t.Errorf("%s %s: layer %+v", img.Ref, p.Platform, l)
				}
			}
			if sum != p.Total || !digestPattern.MatchString(p.Manifest) {
				t.Errorf("%s %s: layers of %d bytes, total %d, manifest %q", img.Ref, p.Platform, sum, p.Total, p.Manifest)
			}
		}
		if !slices.Equal(platforms, []string{"linux/amd64", "linux/arm64"}) {
			t.Errorf("%s has platforms %v", img.Ref, platforms)
		}
	}
	if !slices.IsSorted(refs) || len(slices.Compact(slices.Clone(refs))) != len(refs) {
		t.Error("references are not sorted, or not unique")
	}
}

// alpine:3.24 is one layer of 3,849,738 bytes on amd64, as docker-library/repo-info had it on 2026-09-17.
func TestCatalogKnowsAlpine(t *testing.T) {
	const ref = "docker.io/library/alpine:3.24"
	img, err := Catalog().Image(t.Context(), ref, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	if img.Bytes() != 3849738 || len(img.Layers) != 1 || img.Observed != "2026-09-17" || img.Source != "catalog" ||
		img.Digest != "sha256:d56c381f961d307a21b3ca004cf1e3910f106644aefb1f43e654c8a56c4fd395" {
		t.Errorf("%+v", img)
	}
	// The index digest names the same image.
	pinned := "docker.io/library/alpine@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60"
	if same, err := Catalog().Image(t.Context(), pinned, "linux/amd64"); err != nil || same.Digest != img.Digest {
		t.Errorf("%+v, %v", same, err)
	}
	// A digest beside a tag is what counts, as registries have it.
	both := strings.Replace(pinned, "@", ":3.24@", 1)
	if same, err := Catalog().Image(t.Context(), both, "linux/amd64"); err != nil || same.Digest != img.Digest {
		t.Errorf("%+v, %v", same, err)
	}
	if other, err := Catalog().Image(t.Context(), ref+"@"+someDigest, "linux/amd64"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%+v, %v", other, err)
	}
	if other, err := Catalog().Image(t.Context(), strings.Replace(pinned, "alpine", "debian", 1), "linux/amd64"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%+v, %v", other, err)
	}
	for _, platform := range []string{"linux/arm64", "linux/arm64/v8"} {
		arm, err := Catalog().Image(t.Context(), ref, platform)
		if err != nil || arm.Bytes() != 4187659 || arm.Platform != platform {
			t.Errorf("%+v, %v", arm, err)
		}
	}
	if guess, err := Catalog().Image(t.Context(), ref, "linux"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("platform linux: %+v, %v", guess, err)
	}
}

// A tag that moves is not guessed: the error names what is near, most alike first.
func TestCatalogNamesTheNearest(t *testing.T) {
	for _, c := range []struct{ ref, platform, want string }{
		{"docker.io/library/php:8-cli-alpine", "linux/amd64", "the nearest there: php:8.5.11-cli-alpine3.24, php:8.5.11-cli-trixie, php:8.5.11-apache-trixie; write one of them"},
		{"docker.io/library/alpine:latest", "linux/amd64", "the nearest there: alpine:3.2"},
		{"docker.io/library/mysql:9", "linux/amd64", "it has no image of docker.io/library/mysql; read the size from the registry, or state it under images:"},
		{"docker.io/library/alpine:3.24", "linux/riscv64", "docker.io/library/alpine:3.24 has no platform linux/riscv64: not found; it has linux/amd64, linux/arm64"},
	} {
		_, err := Catalog().Image(t.Context(), c.ref, c.platform)
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v\nwant %s", c.ref, err, c.want)
		}
	}
}
