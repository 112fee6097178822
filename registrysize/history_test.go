package registrysize

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// built is a repository: its tags, each with the day on which its image was built.
type built map[string]int

func (b built) Tags(context.Context, string) ([]string, error) {
	var tags []string
	for tag := range b {
		tags = append(tags, tag)
	}
	return tags, nil
}

func (b built) Created(_ context.Context, ref, _ string) (time.Time, error) {
	_, tag, _ := strings.Cut(ref, ":")
	if b[tag] < 0 {
		return time.Time{}, errors.New(ref + " is broken")
	}
	return time.Unix(int64(b[tag])*86400, 0), nil
}

func versions(tags ...string) built {
	b := built{}
	for _, tag := range tags {
		b[tag] = -1 // never to be asked
	}
	return b
}

// signature is a tag of what belongs to an image, by its digest.
var signature = "sha256-" + strings.Repeat("0a", 32)

// Versions are in the order of semver.org, 11; others by the day they were built, and on the same day by tag.
func TestReleases(t *testing.T) {
	for _, c := range []struct {
		name  string
		repo  built
		match string
		last  int
		want  string
	}{
		{"versions", versions("v1.10.0", "v1.9.0", "v1.9.0-rc.1", "v2.0.0-alpha", "v2.0.0"), "v*", 0, "v1.9.0-rc.1 v1.9.0 v1.10.0 v2.0.0-alpha v2.0.0"},
		{"without v", versions("3.9.1", "3.10.0", "3.24.2"), "", 0, "3.9.1 3.10.0 3.24.2"},
		{"short ones", versions("v2", "v10", "v1"), "v*", 0, "v1 v2 v10"},
		{"tags that move", versions("1", "1.2", "1.2.3", "1.2.4", "1.3", "1.3.0", "2"), "", 0, "1.2.3 1.2.4 1.3.0 2"},
		{"the last", versions("1.0.0", "1.1.0", "1.2.0"), "", 2, "1.1.0 1.2.0"},
		{"all of fewer", versions("1.0.0"), "", 5, "1.0.0"},
		{"the fitting", versions("1.0.0", "1.1.0", "edge", "2.0.0"), "1.*", 0, "1.0.0 1.1.0"},
		{"signatures", versions("1.0.0", "1.1.0", signature, signature+".sig", signature+".att"), "", 0, "1.0.0 1.1.0"},
		{"by date", built{"edge": 3, "1.0.0": 2, "nightly": 1}, "", 0, "nightly 1.0.0 edge"},
		{"by date, the last", built{"edge": 3, "1.0.0": 2, "nightly": 1}, "", 1, "edge"},
		{"on one day", built{"c": 1, "a": 1, "b": 0}, "", 0, "b a c"},
	} {
		got, err := Releases(t.Context(), c.repo, History{"docker.io/org/app", c.match, c.last}, "linux/amd64")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var want []string
		for tag := range strings.FieldsSeq(c.want) {
			want = append(want, "docker.io/org/app:"+tag)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestReleasesRefuses(t *testing.T) {
	many := built{"x": 1}
	for i := range 200 {
		many[fmt.Sprint(i)] = 1
	}
	for _, c := range []struct {
		name  string
		repo  built
		match string
		want  string
	}{
		{"nothing fits", versions("v1"), "x*", `docker.io/org/app has no tag that fits "x*": not found; it has v1`},
		{"no tags", built{}, "", `has no tag that fits "*": not found; it has none`},
		{"too many to date", many, "", `docker.io/org/app has 201 tags that fit "*", and not all are versions: more than 200 images would be asked when they were built; write a narrower match`},
		{"a broken image", built{"edge": -1, "x": 1}, "", "docker.io/org/app:edge is broken"},
		{"hostile tags", versions("../../x", "a b", "-x"), "", "not found"},
	} {
		if got, err := Releases(t.Context(), c.repo, History{"docker.io/org/app", c.match, 0}, "linux/amd64"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.name, got, err, c.want)
		}
	}
	if _, err := ReleasesFrom(t.Context(), Catalog(), History{Repository: "docker.io/org/app"}, "linux/amd64"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
