package registrysize

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counting is a source of one layer for every reference, which counts who asks.
type counting struct {
	asked    atomic.Int64
	fails    bool
	warnings []string
}

func (c *counting) Image(_ context.Context, ref, platform string) (Image, error) {
	c.asked.Add(1)
	if c.fails {
		return Image{}, &RegistryError{Ref: ref, Registry: Host(ref), Err: errors.New("it sleeps")}
	}
	return Image{Ref: ref, Platform: platform, Digest: someDigest, Source: "registry", Observed: "2026-01-01", Layers: []Layer{{someDigest, 7}}, Warnings: c.warnings}, nil
}

func TestCacheKeepsTagsForAWhileAndDigestsForEver(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	inner := &counting{warnings: []string{"a layer is left out"}}
	dir := filepath.Join(t.TempDir(), "new")
	source := Cached(dir, time.Hour, func() time.Time { return now }, inner)
	ask := func(ref string, want string, asked int64) {
		t.Helper()
		img, err := source.Image(t.Context(), ref, "linux/amd64")
		if err != nil || img.Source != want || img.Bytes() != 7 || img.Observed != "2026-01-01" || !cmp.Equal(img.Warnings, inner.warnings) || inner.asked.Load() != asked {
			t.Errorf("%s: %+v, %v, asked %d times", ref, img, err, inner.asked.Load())
		}
	}
	tag, pinned := "docker.io/library/a:1", "docker.io/library/a@"+someDigest
	ask(tag, "registry", 1)
	ask(tag, "cache", 1)
	ask(pinned, "registry", 2)
	now = now.Add(time.Hour + time.Second)
	ask(tag, "registry", 3)
	ask(pinned, "cache", 3)
	now = now.Add(-48 * time.Hour) // the clock was set back: what is from the future is not believed
	ask(tag, "registry", 4)
	if _, err := source.Image(t.Context(), tag, "linux/arm64"); err != nil || inner.asked.Load() != 5 {
		t.Errorf("another platform: %v, asked %d times", err, inner.asked.Load())
	}
}

func TestCacheSurvivesWhatItFinds(t *testing.T) {
	inner := &counting{}
	dir := t.TempDir()
	now := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	source := Cached(dir, time.Hour, now, inner)
	const ref = "docker.io/library/a:1"
	if _, err := source.Image(t.Context(), ref, "linux/amd64"); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for i, bad := range []string{
		"", "{", "null", string(good[:len(good)/2]),
		strings.Replace(string(good), "a:1", "b:1", 1),
		strings.Replace(string(good), `"bytes": 7`, `"bytes": -7`, 1),
		strings.ReplaceAll(string(good), someDigest, "sha256:12"),
		strings.Replace(string(good), `"layers"`, `"strata"`, 1),
	} {
		if err := os.WriteFile(files[0], []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if img, err := source.Image(t.Context(), ref, "linux/amd64"); err != nil || img.Source != "registry" || inner.asked.Load() != int64(i+2) {
			t.Errorf("after %q: %+v, %v, asked %d times", bad, img, err, inner.asked.Load())
		}
	}
	inner.fails = true
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Image(t.Context(), ref, "linux/amd64"); err == nil {
		t.Error("no error from a source that fails")
	}
	if after, _ := os.ReadFile(files[0]); string(after) != "{" {
		t.Errorf("a failure was cached: %s", after)
	}
}

// A cache that cannot be written is done without.
func TestCacheWithoutAPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	source := Cached(filepath.Join(file, "below"), time.Hour, time.Now, &counting{})
	if _, err := source.Image(t.Context(), "docker.io/library/a:1", "linux/amd64"); err != nil {
		t.Error(err)
	}
}

func TestFallback(t *testing.T) {
	const ref = "docker.io/library/alpine:3.24"
	source := Fallback(&counting{fails: true}, Catalog())
	img, err := source.Image(t.Context(), ref, "linux/amd64")
	want := []string{ref + ": the size is the catalog's of 2026-09-17, since reading " + ref + " from registry docker.io: it sleeps"}
	if err != nil || !cmp.Equal(img.Warnings, want) {
		t.Errorf("%+v, %v", img, err)
	}
	_, err = source.Image(t.Context(), "docker.io/library/nowhere:1", "linux/amd64")
	var refused *RegistryError
	if !errors.As(err, &refused) || !errors.Is(err, ErrNotFound) {
		t.Errorf("both errors should show: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Image(ctx, ref, "linux/amd64"); err == nil {
		t.Error("an ended context falls back")
	}
}

// Images come in the order asked for, and so do all errors.
func TestResolve(t *testing.T) {
	var refs []string
	for i := range 30 {
		refs = append(refs, fmt.Sprintf("docker.io/library/a:%d", i))
	}
	images, err := Resolve(t.Context(), &counting{}, refs, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	for i := range refs {
		if images[i].Ref != refs[i] {
			t.Fatalf("image %d is %s", i, images[i].Ref)
		}
	}
	_, err = Resolve(t.Context(), &counting{fails: true}, refs, "linux/amd64")
	lines := strings.Split(err.Error(), "\n")
	for i := range refs {
		if len(lines) != len(refs) || !strings.Contains(lines[i], refs[i]+" ") {
			t.Fatalf("errors %q", lines)
		}
	}
}

// waiting is a source that never answers, and counts who waits.
type waiting struct{ asked atomic.Int64 }

func (w *waiting) Image(ctx context.Context, _, _ string) (Image, error) {
	w.asked.Add(1)
	<-ctx.Done()
	return Image{}, ctx.Err()
}

// Of 20 references 8 are asked for at once; the others wait until one of them is answered.
func TestResolveAsksForEightAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		source := &waiting{}
		done := make(chan error)
		go func() {
			_, err := Resolve(ctx, source, make([]string, 20), "linux/amd64")
			done <- err
		}()
		synctest.Wait()
		if n := source.asked.Load(); n != 8 {
			t.Errorf("%d at once", n)
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// a has layers of 5 and 3 bytes, b of 5 and 2, c of 7 twice. All: 5+3+5+2+7+7 = 29; each digest once:
// 5+3+2+7 = 17. a and b share 5.
func TestShare(t *testing.T) {
	img := func(layers ...Layer) Image { return Image{Layers: layers} }
	s := Share([]Image{img(Layer{"x", 5}, Layer{"y", 3}), img(Layer{"x", 5}, Layer{"z", 2}), img(Layer{"w", 7}, Layer{"w", 7})})
	want := Sharing{Total: 29, Unique: 17, Pairs: [][]int64{{8, 5, 0}, {5, 7, 0}, {0, 0, 7}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}
