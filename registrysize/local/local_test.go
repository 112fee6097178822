package local

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/fleetcost/fleetcost/registrysize"
)

func day() time.Time { return time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC) }

func newImage(t *testing.T, arch string, layers int64) v1.Image {
	t.Helper()
	img, err := random.Image(3000, layers)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", arch
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	return img
}

// same checks an image against what was written.
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
	if got.Digest != digest.String() || got.Observed != "2026-01-02" || len(got.Layers) != len(layers) {
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

// find looks an image up once.
func find(t *testing.T, ref string, stdin io.Reader) (registrysize.Image, error) {
	t.Helper()
	s := New(stdin, day)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.Image(t.Context(), ref, "linux/amd64")
}

// writeLayout makes an OCI layout of images, each with a name, "" for none.
func writeLayout(t *testing.T, named map[string]v1.Image) string {
	t.Helper()
	dir := t.TempDir()
	p, err := layout.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for name, img := range named {
		var options []layout.Option
		if name != "" {
			options = append(options, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": name}))
		}
		if err := p.AppendImage(img, options...); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLayout(t *testing.T) {
	one := newImage(t, "amd64", 3)
	got, err := find(t, "oci:"+writeLayout(t, map[string]v1.Image{"": one}), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, one)
	if got.Source != "oci" || got.Platform != "linux/amd64" {
		t.Errorf("%+v", got)
	}
}

// A layout of several images needs a name, and one of several platforms none.
func TestLayoutOfMany(t *testing.T) {
	a, b := newImage(t, "amd64", 1), newImage(t, "amd64", 2)
	dir := writeLayout(t, map[string]v1.Image{"a": a, "b": b})
	got, err := find(t, "oci:"+dir+":b", nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, b)
	if _, err := find(t, "oci:"+dir, nil); err == nil || !strings.HasSuffix(err.Error(), "it has several images; add a colon and the name of one: a, b") {
		t.Error(err)
	}
	if _, err := find(t, "oci:"+dir+":c", nil); !errors.Is(err, registrysize.ErrNotFound) || !strings.HasSuffix(err.Error(), "it has no image c: not found; it has a, b") {
		t.Error(err)
	}
	digest, _ := a.Digest()
	if got, err = find(t, "oci:"+dir+"@"+digest.String(), nil); err != nil {
		t.Fatal(err)
	}
	same(t, got, a)

	arm := newImage(t, "arm64", 4)
	got, err = find(t, "oci:"+writeLayout(t, map[string]v1.Image{"": a, "x": arm}), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, a)
}

// Files that are not what the manifest says, and folders that are none, are told.
func TestBrokenLayouts(t *testing.T) {
	img := newImage(t, "amd64", 1)
	layers, _ := img.Layers()
	layer, _ := layers[0].Digest()
	config, _ := img.ConfigName()
	manifest, _ := img.Digest()
	blob := func(dir string, h v1.Hash) string { return filepath.Join(dir, "blobs", "sha256", h.Hex) }
	for name, c := range map[string]struct {
		hurt func(dir string) error
		want string
	}{
		"short layer": {func(dir string) error { return os.Truncate(blob(dir, layer), 10) }, "it has 10 bytes for layer " + layer.String() + ", where the manifest says "},
		"no layer":    {func(dir string) error { return os.Remove(blob(dir, layer)) }, "it has no file for layer " + layer.String()},
		"no config":   {func(dir string) error { return os.Remove(blob(dir, config)) }, "it has no file blobs/sha256/" + config.Hex},
		"other bytes": {func(dir string) error { return os.WriteFile(blob(dir, manifest), []byte("{}"), 0o600) }, "it has bytes of digest sha256:44136fa3"},
		"a link out": {func(dir string) error {
			return errors.Join(os.Remove(blob(dir, config)), os.Symlink("/etc/passwd", blob(dir, config)))
		}, "it has no file blobs/sha256/" + config.Hex},
		"no index":  {func(dir string) error { return os.Remove(filepath.Join(dir, "index.json")) }, "it has neither index.json nor manifest.json; name an OCI layout, or what docker save wrote"},
		"odd index": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "index.json"), []byte("["), 0o600) }, "it has an index.json that cannot be read: "},
		"gone":      {os.RemoveAll, "no such file or directory"},
	} {
		dir := writeLayout(t, map[string]v1.Image{"": img})
		if err := c.hurt(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := find(t, "oci:"+dir, nil); err == nil || !strings.HasPrefix(err.Error(), "reading oci:"+dir+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// An OCI archive is a tar file of a layout; plain, by gzip and on standard input.
func TestOCIArchive(t *testing.T) {
	img := newImage(t, "amd64", 2)
	file := filepath.Join(t.TempDir(), "app.tar")
	tarOf(t, file, writeLayout(t, map[string]v1.Image{"": img}))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file+".gz", packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for ref, in := range map[string]io.Reader{
		"archive:" + file: nil, "archive:" + file + ".gz": nil, "archive:-": bytes.NewReader(data),
	} {
		got, err := find(t, ref, in)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, img)
		if got.Source != "archive" {
			t.Errorf("%+v", got)
		}
	}
}

// tarOf puts a folder into a tar file.
func tarOf(t *testing.T, file, dir string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(f)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// What docker save writes without a layout: layers that are compressed keep their sizes.
func TestSavedArchive(t *testing.T) {
	img := newImage(t, "amd64", 3)
	tag, err := name.NewTag("example.com/app:1")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "app.tar")
	if err := tarball.WriteToFile(file, tag, img); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"archive:" + file, "archive:" + file + ":example.com/app:1"} {
		got, err := find(t, ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		config, _ := img.ConfigName()
		if got.Digest != config.String() {
			t.Errorf("digest %s; want that of the config, %s", got.Digest, config)
		}
		got.Digest = digestOf(t, img)
		same(t, got, img)
	}
	if _, err := find(t, "archive:"+file+":other:1", nil); !errors.Is(err, registrysize.ErrNotFound) {
		t.Error(err)
	}
}

func digestOf(t *testing.T, img v1.Image) string {
	t.Helper()
	d, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d.String()
}

// Layers that docker save did not compress are weighed as gzip at its usual level makes them; a link to a
// layer is that layer.
func TestSavedArchiveUncompressed(t *testing.T) {
	layer := []byte(strings.Repeat("not compressed at all ", 1000))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(layer); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, f := range []struct{ name, text, link string }{
		{"a/layer.tar", string(layer), ""},
		{"b/layer.tar", "", "../a/layer.tar"},
		{"c.json", `{"os":"linux","architecture":"amd64"}`, ""},
		{"manifest.json", `[{"Config":"c.json","RepoTags":["app:1"],"Layers":["a/layer.tar","b/layer.tar"]}]`, ""},
	} {
		h := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text))}
		if f.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, f.link
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s := New(&buf, day)
	defer s.Close()
	got, err := s.Image(t.Context(), "archive:-", "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Layers) != 2 || got.Layers[0].Bytes != int64(packed.Len()) || got.Layers[0] != got.Layers[1] || len(got.Warnings) != 1 {
		t.Errorf("%+v; want two layers of %d bytes", got, packed.Len())
	}
	r, err := s.Layer(t.Context(), "archive:-", got.Layers[1])
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, layer) {
		t.Errorf("%d bytes, %v; want the layer", len(back), err)
	}
}

// Archives that are none, empty, of links in circles or without an end, end in an error.
func TestBrokenArchives(t *testing.T) {
	var circle bytes.Buffer
	w := tar.NewWriter(&circle)
	for _, link := range [][2]string{{"index.json", "x"}, {"x", "index.json"}, {"manifest.json", "manifest.json"}} {
		if err := w.WriteHeader(&tar.Header{Name: link[0], Linkname: link[1], Typeflag: tar.TypeSymlink}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "standard input is empty; pipe docker save in"},
		{"text", strings.Repeat("hello ", 200), "it is no tar file, or a broken one"},
		{"circle", circle.String(), "neither index.json nor manifest.json"},
		{"cut", circle.String()[:700], "it is no tar file, or a broken one: unexpected EOF"},
	} {
		if _, err := find(t, "archive:-", strings.NewReader(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", c.name, err, c.want)
		}
	}
	if _, err := find(t, "archive:"+t.TempDir(), nil); err == nil || !strings.HasSuffix(err.Error(), "it is a folder; write oci: for an OCI layout") {
		t.Error(err)
	}
}

// Waiting for standard input ends with the context.
func TestInterruptedStream(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := New(r, day).Image(ctx, "archive:-", "linux/amd64"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// Layers come as they lie there; one whose bytes are not those of its digest says so at its end.
func TestLayersAreChecked(t *testing.T) {
	dir := writeLayout(t, map[string]v1.Image{"": newImage(t, "amd64", 2)})
	s := New(nil, day)
	t.Cleanup(func() { s.Close() })
	img, err := s.Image(t.Context(), "oci:"+dir, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	read := func(l registrysize.Layer) ([]byte, error) {
		r, err := s.Layer(t.Context(), "oci:"+dir, l)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	if data, err := read(img.Layers[0]); err != nil || int64(len(data)) != img.Layers[0].Bytes {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	file := filepath.Join(dir, filepath.FromSlash(blobFile(img.Layers[1].Digest)))
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Repeat([]byte("x"), int(img.Layers[1].Bytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(img.Layers[1]); err == nil || !strings.Contains(err.Error(), " under "+img.Layers[1].Digest+"; make it anew") {
		t.Error(err)
	}
}
