package registrysize

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// maxLookups is how many images are looked up at once, in all registries together. How many requests one
// registry gets at once is its source's to say.
const maxLookups = 64

// Resolve finds several normalised references on one platform. The images are in the order of refs. If
// any is not found, the error joins those of all of them, in that order, each once. Images that state two
// sizes for one digest are a *RegistryError.
func Resolve(ctx context.Context, source Source, refs []string, platform string) ([]Image, error) {
	images := make([]Image, len(refs))
	errs := make([]error, len(refs))
	Expect(source, refs)
	slots := make(chan struct{}, maxLookups)
	var wg sync.WaitGroup
	for i, ref := range refs {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			images[i], errs[i] = source.Image(ctx, ref, platform)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return images, Agree(images)
}

// Agree checks that a digest, which names bytes, has one size in all images. The error is a *RegistryError about
// the first image that says otherwise than one before it.
func Agree(images []Image) error {
	type statement struct {
		bytes int64
		by    string
	}
	stated := map[string]statement{}
	for i := range images {
		for _, l := range images[i].Layers {
			s, known := stated[l.Digest]
			if known && s.bytes != l.Bytes {
				return &RegistryError{Ref: images[i].Ref, Registry: Host(images[i].Ref),
					Err: fmt.Errorf("it has layer %s of %d bytes, which is of %d in %s; do not trust one of them", l.Digest, l.Bytes, s.bytes, s.by)}
			}
			stated[l.Digest] = statement{l.Bytes, images[i].Ref}
		}
	}
	return nil
}

// Fallback returns a source that asks first, and second where first could not be reached, refused or did
// not have the image. An image of second carries a warning that says so.
func Fallback(first, second Source) Source { return fallback{first, second} }

type fallback struct{ first, second Source }

func (f fallback) Expect(refs []string) {
	Expect(f.first, refs)
	Expect(f.second, refs)
}

func (f fallback) Releases(ctx context.Context, want History, platform string) ([]string, error) {
	list, err := ReleasesFrom(ctx, f.first, want, platform)
	if err == nil || ctx.Err() != nil {
		return list, err
	}
	if list, second := ReleasesFrom(ctx, f.second, want, platform); second == nil {
		return list, nil
	}
	return nil, err
}

func (f fallback) Image(ctx context.Context, ref, platform string) (Image, error) {
	img, err := f.first.Image(ctx, ref, platform)
	if err == nil || ctx.Err() != nil {
		return img, err
	}
	img, second := f.second.Image(ctx, ref, platform)
	if second != nil {
		return Image{}, decisive(err, second)
	}
	img.Warnings = append(img.Warnings, fmt.Sprintf("%s: the size is the %s's of %s, since %v", ref, img.Source, img.Observed, err))
	return img, nil
}

// decisive makes one error, with one advice, of those of two sources. What did not even have the image has
// less to say than who was asked next; and where that is the catalog, the last resort, it is who was asked
// before, with what the catalog has in its place.
func decisive(first, second error) error {
	if lacks, ok := errors.AsType[uncatalogued](second); ok {
		return fmt.Errorf("%w; the catalog does not have it either%s", first, lacks.nearest())
	}
	if errors.Is(first, ErrNotFound) && !errors.As(first, new(*RegistryError)) {
		return second
	}
	return fmt.Errorf("%w\n%w", first, second)
}
