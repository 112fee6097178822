package registrysize

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

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
	return Image{Ref: ref, Platform: platform, Digest: someDigest, Source: "registry", Observed: "2026-01-01", Layers: []Layer{{Digest: someDigest, Bytes: 7}}, Warnings: c.warnings}, nil
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
	if !errors.As(err, &refused) || err.Error() != "reading docker.io/library/nowhere:1 from registry docker.io: it sleeps; the catalog does not have it either" {
		t.Errorf("got %v", err)
	}
	if _, err = source.Image(t.Context(), "docker.io/library/alpine:9", "linux/amd64"); err == nil || !strings.HasSuffix(err.Error(), "it sleeps; the catalog does not have it either, the nearest there being alpine:3.22, alpine:3.24") {
		t.Errorf("got %v", err)
	}
	// Who did not have it has no say where another was asked: one error, one advice.
	if _, err = Fallback(Catalog(), &counting{fails: true}).Image(t.Context(), "docker.io/library/nowhere:1", "linux/amd64"); err == nil ||
		err.Error() != "reading docker.io/library/nowhere:1 from registry docker.io: it sleeps" {
		t.Errorf("got %v", err)
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

// Of 100 references 64 are asked for at once; the others wait until one of them is answered.
func TestResolveBoundsLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		source := &waiting{}
		done := make(chan error)
		go func() {
			_, err := Resolve(ctx, source, make([]string, 100), "linux/amd64")
			done <- err
		}()
		synctest.Wait()
		if n := source.asked.Load(); n != 64 {
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
	s := Share([]Image{img(Layer{Digest: "x", Bytes: 5}, Layer{Digest: "y", Bytes: 3}), img(Layer{Digest: "x", Bytes: 5}, Layer{Digest: "z", Bytes: 2}), img(Layer{Digest: "w", Bytes: 7}, Layer{Digest: "w", Bytes: 7})})
	want := Sharing{Total: 29, Unique: 17, Pairs: [][]int64{{8, 5, 0}, {5, 7, 0}, {0, 0, 7}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// A liar states another size for one digest with each image.
type liar struct{ asked atomic.Int64 }

func (l *liar) Image(_ context.Context, ref, _ string) (Image, error) {
	return Image{Ref: ref, Layers: []Layer{{Digest: someDigest, Bytes: 7 + l.asked.Add(1)}}}, nil
}

// A digest names bytes: it has one size, whoever states it.
func TestOneSizePerDigest(t *testing.T) {
	_, err := Resolve(t.Context(), &liar{}, []string{"docker.io/library/a:1", "docker.io/library/b:1"}, "linux/amd64")
	refused, ok := errors.AsType[*RegistryError](err)
	if !ok || refused.Ref != "docker.io/library/b:1" || !strings.Contains(err.Error(), "it has layer "+someDigest+" of ") {
		t.Error(err)
	}
}
