package remote

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/fleetcost/fleetcost/registrysize"
)

// TestMain keeps the passwords of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "docker-config")
	if err != nil {
		log.Fatal(err)
	}
	os.Setenv("DOCKER_CONFIG", dir)
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

var amd64 = v1.Platform{OS: "linux", Architecture: "amd64"}

// serve starts go-containerregistry's own registry and returns its host.
func serve(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(quiet())))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// own makes an image one that no other is like, by its config.
func own(t testing.TB, img v1.Image, n int) v1.Image {
	t.Helper()
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.Author = fmt.Sprint(n)
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	return img
}

func parse(t testing.TB, ref string) name.Reference {
	t.Helper()
	out, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// newImage makes an image of random layers for a platform.
func newImage(t testing.TB, bytes, layers int64, p v1.Platform) v1.Image {
	t.Helper()
	img := empty.Image
	if layers > 0 {
		var err error
		if img, err = random.Image(bytes, layers); err != nil {
			t.Fatal(err)
		}
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Variant = p.OS, p.Architecture, p.Variant
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	return img
}

func push(t testing.TB, ref string, img v1.Image, options ...remote.Option) {
	t.Helper()
	if err := remote.Write(parse(t, ref), img, options...); err != nil {
		t.Fatal(err)
	}
}

func fixed() time.Time { return time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC) }

func newSource(t *testing.T) *Client {
	t.Helper()
	return newClient(t, Options{Timeout: 5 * time.Second, Now: fixed})
}

// same checks an image against what was pushed.
func same(t *testing.T, got registrysize.Image, want v1.Image) {
	t.Helper()
	digest, err := want.Digest()
	if err != nil {
		t.Fatal(err)
	}
	layers, err := want.Layers()
	if err != nil {
		t.Fatal(err)
	}
	if got.Digest != digest.String() || got.Source != "registry" || got.Observed != "2026-01-02" || len(got.Layers) != len(layers) {
		t.Fatalf("%+v, want digest %s and %d layers", got, digest, len(layers))
	}
	for i, l := range layers {
		size, _ := l.Size()
		d, _ := l.Digest()
		if got.Layers[i] != (registrysize.Layer{Digest: d.String(), Bytes: size}) {
			t.Errorf("layer %d: %+v, want %s of %d", i, got.Layers[i], d, size)
		}
	}
}

// asStated reads every layer to its end, which checks the digest, and compares its length.
func asStated(t *testing.T, client *Client, img registrysize.Image) {
	t.Helper()
	for _, l := range img.Layers {
		r, err := client.Layer(t.Context(), img.Ref, l)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != l.Bytes || err != nil || r.Close() != nil {
			t.Errorf("%s: layer %s is %d bytes, %v", img.Ref, l.Digest, n, err)
		}
	}
}

func TestImagesOfManyKinds(t *testing.T) {
	host := serve(t)
	for _, c := range []struct {
		name          string
		bytes, layers int64
		media         types.MediaType
	}{
		{"one", 1000, 1, types.DockerManifestSchema2},
		{"three", 5000, 3, types.OCIManifestSchema1},
		{"many", 10, 127, types.DockerManifestSchema2},
		{"none", 0, 0, types.OCIManifestSchema1},
		{"zero", 0, 1, types.DockerManifestSchema2},
	} {
		ref := host + "/test/" + c.name + ":1"
		img := newImage(t, c.bytes, c.layers, amd64)
		img = mutate.MediaType(img, c.media)
		if c.media == types.OCIManifestSchema1 {
			img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
		}
		push(t, ref, img)
		got, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		same(t, got, img)
	}
}

// Against go-containerregistry's own registry, too, every layer is as long as what is served, whatever kind the
// image is of, and its digest names it.
func TestInProcess(t *testing.T) {
	host := serve(t)
	client := newSource(t)
	for key, want := range pushKinds(t, host) {
		got, err := client.Image(t.Context(), host+"/"+key[0]+":1", key[1])
		if err != nil {
			t.Fatalf("%s %s: %v", key[0], key[1], err)
		}
		same(t, got, want)
		asStated(t, client, got)
		pinned, err := client.Image(t.Context(), host+"/"+key[0]+"@"+cmp.Or(got.Index, got.Digest), key[1])
		if err != nil || pinned.Digest != got.Digest {
			t.Errorf("%s pinned: %+v, %v", key[0], pinned, err)
		}
	}
}

// pushIndex pushes images for several platforms, an attestation among them.
func pushIndex(t *testing.T, ref string, platforms ...v1.Platform) map[string]v1.Image {
	t.Helper()
	images := map[string]v1.Image{}
	for _, p := range append(platforms, v1.Platform{OS: "unknown", Architecture: "unknown"}) {
		images[p.String()] = newImage(t, 2000, 2, p)
	}
	if err := remote.WriteIndex(parse(t, ref), indexOf(images)); err != nil {
		t.Fatal(err)
	}
	return images
}

// indexOf makes an index of images by platform.
func indexOf(images map[string]v1.Image) v1.ImageIndex {
	index := v1.ImageIndex(empty.Index)
	for _, platform := range slices.Sorted(maps.Keys(images)) {
		p, err := v1.ParsePlatform(platform)
		if err != nil {
			panic(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: images[platform], Descriptor: v1.Descriptor{Platform: p}})
	}
	return index
}

func TestIndexToPlatform(t *testing.T) {
	ref := serve(t) + "/test/multi:1"
	arm := v1.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}
	v3 := v1.Platform{OS: "linux", Architecture: "amd64", Variant: "v3"}
	images := pushIndex(t, ref, v3, amd64, arm)
	for platform, want := range map[string]v1.Image{
		"linux/amd64": images["linux/amd64"], "linux/arm64": images["linux/arm64/v8"], "linux/arm64/v8": images["linux/arm64/v8"],
		"linux/amd64/v3": images["linux/amd64/v3"],
	} {
		got, err := newSource(t).Image(t.Context(), ref, platform)
		if err != nil {
			t.Fatalf("%s: %v", platform, err)
		}
		same(t, got, want)
		if got.Ref != ref || got.Platform != platform {
			t.Errorf("%s: asked for %s, got %s for %s", ref, platform, got.Ref, got.Platform)
		}
	}
	_, err := newSource(t).Image(t.Context(), ref, "linux/s390x")
	if err == nil || !errors.Is(err, registrysize.ErrNotFound) || !strings.HasSuffix(err.Error(), "it has linux/amd64, linux/amd64/v3, linux/arm64") {
		t.Errorf("missing platform: %v", err)
	}
}

// An attestation is none of the platform it speaks of, whatever its descriptor says.
func TestAttestationsAreNoImages(t *testing.T) {
	ref := serve(t) + "/test/attested:1"
	img, attestation := newImage(t, 2000, 2, amd64), newImage(t, 10, 1, amd64)
	index := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: attestation, Descriptor: v1.Descriptor{Platform: &amd64, Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"}}},
		mutate.IndexAddendum{Add: attestation}, // one without a platform
		mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &amd64}})
	if err := remote.WriteIndex(parse(t, ref), index); err != nil {
		t.Fatal(err)
	}
	got, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, img)
}

// A lone image is for one platform too; its config says which.
func TestLoneImageOfAnotherPlatform(t *testing.T) {
	ref := serve(t) + "/test/lone:1"
	push(t, ref, newImage(t, 100, 1, v1.Platform{OS: "linux", Architecture: "arm64"}))
	_, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "it has no platform linux/amd64: not found; it has linux/arm64") {
		t.Error(err)
	}
}

func TestArtifactsAreRefused(t *testing.T) {
	ref := serve(t) + "/test/chart:1"
	push(t, ref, mutate.ConfigMediaType(newImage(t, 100, 1, amd64), "application/vnd.cncf.helm.config.v1+json"))
	_, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "is an artifact of type application/vnd.cncf.helm.config.v1+json, not a container image") {
		t.Error(err)
	}
}

// A layer that the registry does not serve is left out, with a word.
func TestForeignLayers(t *testing.T) {
	ref := serve(t) + "/test/foreign:1"
	img := newImage(t, 100, 1, amd64)
	layer, err := random.Layer(50, types.DockerForeignLayer)
	if err != nil {
		t.Fatal(err)
	}
	if img, err = mutate.Append(img, mutate.Addendum{Layer: layer, MediaType: types.DockerForeignLayer}); err != nil {
		t.Fatal(err)
	}
	push(t, ref, img)
	got, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
	if err != nil || len(got.Layers) != 1 || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "is left out") {
		t.Errorf("%+v, %v", got, err)
	}
}

// No layer is ever asked for.
func TestNoLayerIsDownloaded(t *testing.T) {
	host := serve(t)
	ref := host + "/test/quiet:1"
	img := newImage(t, 4000, 4, amd64)
	push(t, ref, img)
	config, _ := img.ConfigName()
	var blobs []string
	source := newClient(t, Options{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
		if _, digest, ok := strings.Cut(req.URL.Path, "/blobs/"); ok && digest != config.String() {
			blobs = append(blobs, digest)
		}
		return http.DefaultTransport.RoundTrip(req)
	})})
	if _, err := source.Image(t.Context(), ref, "linux/amd64"); err != nil || len(blobs) > 0 {
		t.Errorf("layers %v were fetched, %v", blobs, err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
