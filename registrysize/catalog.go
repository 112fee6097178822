package registrysize

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed catalog.json
var catalogJSON []byte

// catalogFile is the catalog as written: well-known images, each as seen on one day.
type catalogFile struct {
	Source   string
	Sizes    string
	Observed string
	Images   []catalogImage // sorted by Ref
}

type catalogImage struct {
	Ref       string
	Observed  string
	Index     string // digest of the index
	Platforms []struct {
		Platform string
		Manifest string
		Total    int64 // bytes, as the source states it
		Layers   []Layer
	}
}

// parseCatalog reads the embedded file once. The file is part of the program and tested, so a mistake in
// it is the program's.
var parseCatalog = sync.OnceValue(func() *catalogFile {
	var f catalogFile
	if err := json.Unmarshal(catalogJSON, &f); err != nil {
		panic(fmt.Sprintf("registrysize: embedded catalog: %v", err))
	}
	return &f
})

// Catalog returns the source of images that is built in. It needs no network and knows exact references
// only: a tag that moves is never guessed.
func Catalog() Source { return catalog{parseCatalog()} }

type catalog struct{ file *catalogFile }

func (c catalog) Image(_ context.Context, ref, platform string) (Image, error) {
	want, err := NormalizePlatform(platform)
	if err != nil {
		return Image{}, err
	}
	for i := range c.file.Images {
		img := &c.file.Images[i]
		if !img.is(ref) {
			continue
		}
		var have []string
		for _, p := range img.Platforms {
			if p.Platform == want {
				return Image{
					Ref: ref, Platform: platform, Index: img.Index, Digest: p.Manifest, Source: "catalog", Observed: img.Observed,
					Layers: slices.Clone(p.Layers),
				}, nil
			}
			have = append(have, p.Platform)
		}
		return Image{}, missingPlatform(ref, platform, have)
	}
	return Image{}, uncatalogued{ref, c.near(ref)}
}

// is tells whether a reference names the image: by its tag or, where it has a digest, by that alone, as
// registries do.
func (i *catalogImage) is(ref string) bool {
	_, digest, pinned := strings.Cut(ref, "@")
	if !pinned {
		return i.Ref == ref
	}
	return digest == i.Index && Repository(ref) == Repository(i.Ref)
}

// missingPlatform names the platforms that an image does have.
func missingPlatform(ref, platform string, have []string) error {
	return fmt.Errorf("%s has no platform %s: %w; it has %s", ref, platform, ErrNotFound, strings.Join(have, ", "))
}

// An uncatalogued image is one that the catalog does not have. It wraps ErrNotFound.
type uncatalogued struct {
	ref  string
	near []string // what it has of the same repository, the likest first
}

func (u uncatalogued) Error() string {
	advice := fmt.Sprintf("it has no image of %s; read the size from the registry, or state it under images:", Repository(u.ref))
	if len(u.near) > 0 {
		advice = fmt.Sprintf("the nearest there: %s; write one of them, or read the size from the registry", strings.Join(u.near, ", "))
	}
	return fmt.Sprintf("%s is not in the catalog: %v; %s", u.ref, ErrNotFound, advice)
}

func (u uncatalogued) Unwrap() error { return ErrNotFound }

// nearest is what may be said after the words of another source.
func (u uncatalogued) nearest() string {
	if len(u.near) == 0 {
		return ""
	}
	return ", the nearest there being " + strings.Join(u.near, ", ")
}

// near names what the catalog has that is closest to a reference.
func (c catalog) near(ref string) []string {
	const most = 5
	repo := Repository(ref)
	var tags []string
	for i := range c.file.Images {
		if r := c.file.Images[i].Ref; Repository(r) == repo {
			tags = append(tags, r)
		}
	}
	slices.SortStableFunc(tags, func(a, b string) int { return likeness(b, ref) - likeness(a, ref) })
	if len(tags) > most {
		tags = tags[:most]
	}
	for i := range tags {
		tags[i] = familiar(tags[i])
	}
	return tags
}

// likeness counts the parts of two tags that are equal: 8-cli-alpine and 8.5.11-cli-alpine3.24 share
// "cli", "alpine" and the 8 at the start.
func likeness(a, b string) int {
	score := 0
	parts := tagParts(b)
	for i, part := range tagParts(a) {
		if slices.Contains(parts, part) {
			score += 2
		}
		if i == 0 && len(parts) > 0 && strings.HasPrefix(part, parts[0]) {
			score++
		}
	}
	return score
}

// tagParts cuts a tag at dashes, and numbers off the words before them.
func tagParts(ref string) []string {
	_, tag, _ := strings.Cut(strings.TrimPrefix(ref, Repository(ref)), ":")
	var parts []string
	for p := range strings.SplitSeq(tag, "-") {
		if i := strings.IndexAny(p, "0123456789"); i > 0 {
			parts = append(parts, p[:i], p[i:])
			continue
		}
		parts = append(parts, p)
	}
	return parts
}

// familiar writes a reference the short way people do.
func familiar(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, hubHost+"/"), "library/")
}
