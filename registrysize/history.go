package registrysize

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/semver"
)

// A History asks for the releases of a repository.
type History struct {
	Repository string // normalised, without tag
	Match      string // a glob of path.Match that tags fit; "": all
	Last       int    // the newest of them; 0: all
}

// A Historian knows the tags of repositories, and when images were built.
type Historian interface {
	// Tags lists the tags of a normalised repository, in any order.
	Tags(ctx context.Context, repository string) ([]string, error)

	// Created tells when an image was built, by its config.
	Created(ctx context.Context, ref, platform string) (time.Time, error)
}

// A Releaser is a Source that knows histories.
type Releaser interface {
	// Releases lists the references of a history, oldest first; see the function of that name.
	Releases(ctx context.Context, want History, platform string) ([]string, error)
}

// ReleasesFrom asks a source for a history.
func ReleasesFrom(ctx context.Context, source Source, want History, platform string) ([]string, error) {
	if r, ok := source.(Releaser); ok {
		return r.Releases(ctx, want, platform)
	}
	return nil, fmt.Errorf("the tags of %s are not known: %w; read sizes from registries or from a lock", want.Repository, ErrNotFound)
}

// maxDated is how many images are asked when they were built: of more, a narrower match is asked for.
const maxDated = 200

// Releases lists the references of a history, oldest first. Where all tags that fit are semantic versions,
// with or without v, they are in that order, and a tag that another one completes (1.2 beside 1.2.3) is taken
// for one that moves, and passed over. So are the tags of signatures and attestations. Otherwise they are in the order in which their images were built, and
// those of one moment in that of their tags.
//
// The error wraps ErrNotFound where no tag fits.
func Releases(ctx context.Context, h Historian, want History, platform string) ([]string, error) {
	tags, err := h.Tags(ctx, want.Repository)
	if err != nil {
		return nil, err
	}
	fitting := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		fits, err := path.Match(cmp.Or(want.Match, "*"), tag)
		return err != nil || !fits || !tagPattern.MatchString(tag) || attachedTag.MatchString(tag)
	})
	if len(fitting) == 0 {
		return nil, fmt.Errorf("%s has no tag that fits %q: %w; it has %s", want.Repository, cmp.Or(want.Match, "*"), ErrNotFound, someTags(tags))
	}
	slices.Sort(fitting)
	fitting = slices.Compact(fitting)
	if ordered, ok := byVersion(fitting); ok {
		fitting = ordered
	} else if fitting, err = byDate(ctx, h, want, fitting, platform); err != nil {
		return nil, err
	}
	if want.Last > 0 && len(fitting) > want.Last {
		fitting = fitting[len(fitting)-want.Last:]
	}
	for i, tag := range fitting {
		fitting[i] = want.Repository + ":" + tag
	}
	return fitting, nil
}

// attachedTag fits tags of what belongs to another image by its digest: signatures, attestations and lists of
// parts, as cosign and the OCI referrers' tag schema name them. None is a release.
var attachedTag = regexp.MustCompile(`^sha(256|512)-[0-9a-f]{64,}(\..+)?$`)

// byVersion orders tags by precedence (semver.org 11); false: some are no versions.
func byVersion(tags []string) ([]string, bool) {
	versions := map[string]string{}
	for _, tag := range tags {
		versions[tag] = "v" + strings.TrimPrefix(tag, "v")
		if !semver.IsValid(versions[tag]) {
			return nil, false
		}
	}
	out := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		return slices.ContainsFunc(tags, func(other string) bool {
			return strings.HasPrefix(versions[other], versions[tag]+".") && semver.Prerelease(versions[tag])+semver.Build(versions[tag]) == ""
		})
	})
	slices.SortStableFunc(out, func(a, b string) int { return semver.Compare(versions[a], versions[b]) })
	return out, true
}

// byDate orders tags by when their images were built.
func byDate(ctx context.Context, h Historian, want History, tags []string, platform string) ([]string, error) {
	if len(tags) > maxDated {
		return nil, fmt.Errorf("%s has %d tags that fit %q, and not all are versions: more than %d images would be asked when they were built; write a narrower match",
			want.Repository, len(tags), cmp.Or(want.Match, "*"), maxDated)
	}
	var refs []string
	for _, tag := range tags {
		refs = append(refs, want.Repository+":"+tag)
	}
	if source, ok := h.(Source); ok {
		Expect(source, refs)
	}
	built := make([]time.Time, len(tags))
	errs := make([]error, len(tags))
	var wg sync.WaitGroup
	for i, ref := range refs {
		wg.Go(func() { built[i], errs[i] = h.Created(ctx, ref, platform) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	order := make([]int, len(tags))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return built[a].Compare(built[b]) })
	out := make([]string, len(tags))
	for i, k := range order {
		out[i] = tags[k]
	}
	return out, nil
}

// someTags lists the first few of a repository's tags.
func someTags(tags []string) string {
	const most = 10
	switch {
	case len(tags) == 0:
		return "none"
	case len(tags) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(tags[:most], ", "), len(tags)-most)
	}
	return strings.Join(tags, ", ")
}
