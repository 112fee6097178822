package measure

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize/cache"
)

// A layer counts the same by whatever it is compressed; one without a byte has nothing.
func TestCompressions(t *testing.T) {
	plain := apk(t)
	for name, data := range map[string][]byte{"tar": plain, "gzip": gzipped(t, plain), "zstd": zstdOf(t, plain),
		"two gzip streams": append(gzipped(t, plain[:700]), gzipped(t, plain[700:])...)} {
		s := newShelf()
		f, err := New(Options{Layers: s}).Image(t.Context(), s.image("a:1", data))
		if err != nil || factsOf(f) != (facts{apkBytes, 5, 2, 1, true, true}) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	s := newShelf()
	f, err := New(Options{Layers: s}).Image(t.Context(), s.image("empty:1", nil, tarOf(t)))
	if err != nil || factsOf(f) != (facts{0, 0, -1, 0, false, false}) || !cmp.Equal(f.LayerDiskBytes, []int64{0, 0}) {
		t.Errorf("%+v, %v", f, err)
	}
}

// Layers that are none end in an error that names image and layer, and nothing of them is kept.
func TestBrokenLayers(t *testing.T) {
	store := cache.Open(t.TempDir(), time.Now)
	for name, data := range map[string][]byte{
		"text": bytes.Repeat([]byte("hello "), 200), "cut": apk(t)[:700], "cut gzip": gzipped(t, apk(t))[:100], "broken gzip": append([]byte{0x1f, 0x8b}, make([]byte, 99)...),
		"broken zstd": append([]byte{0x28, 0xb5, 0x2f, 0xfd}, bytes.Repeat([]byte{0xff}, 99)...),
	} {
		s := newShelf()
		img := s.image("a:1", data)
		_, err := New(Options{Layers: s, Cache: store}).Image(t.Context(), img)
		if err == nil || !strings.HasPrefix(err.Error(), "measuring a:1: layer "+img.Layers[0].Digest+": it is no ") {
			t.Errorf("%s: %v", name, err)
		}
		if Kept(store, img) != nil || kept(store, img.Layers[0].Digest) != nil {
			t.Errorf("%s was kept", name)
		}
	}
	s := newShelf()
	img := s.image("a:1", apk(t), tarOf(t, written{name: "x"}))
	delete(s.layers, img.Layers[1].Digest)
	if _, err := New(Options{Layers: s, Cache: store}).Image(t.Context(), img); err == nil || err.Error() != "it is gone" {
		t.Error(err)
	}
	if kept(store, img.Layers[0].Digest) == nil {
		t.Error("the layer that was whole is not kept")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Options{Layers: s}).Image(ctx, img); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Names that would fill the memory are too large: 2^27 = 134,217,728 bytes are 33,546 entries of 4,001 bytes and
// 182 over.
func TestManyNames(t *testing.T) {
	var l layer
	name := strings.Repeat("a", 4000)
	for range 33_546 {
		l.note(file, name, "")
	}
	if l.tooLarge() {
		t.Errorf("%d bytes are too large", l.names)
	}
	l.note(file, name, "")
	if !l.tooLarge() {
		t.Errorf("%d bytes are not too large", l.names)
	}
}

// sparse is a tar file of one file of three bytes and a hole behind them (PAX, GNU.sparse 0.1).
func sparse(t *testing.T, name string, size int64) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	h := &tar.Header{Name: name, Typeflag: tar.TypeReg, Size: 3, PAXRecords: map[string]string{
		"GNU:sparse.numblocks": "1", "GNU:sparse.map": "0,3", "GNU:sparse.size": fmt.Sprint(size)}}
	if err := w.WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "P:a"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(buf.Bytes(), []byte("GNU:sparse."), []byte("GNU.sparse."))
}

// A file may be mostly hole: it is as long as it is once it is unpacked, and nobody waits for its end.
func TestSparse(t *testing.T) {
	for _, c := range []struct {
		size int64
		want facts
	}{{1 << 10, facts{1 << 10, 1, 1, 0, false, false}}, {1 << 36, facts{1 << 36, 1, -1, 0, false, false}}} {
		s := newShelf()
		f, err := New(Options{Layers: s}).Image(t.Context(), s.image("a:1", sparse(t, "lib/apk/db/installed", c.size)))
		if err != nil || factsOf(f) != c.want {
			t.Errorf("%d: %+v, %v", c.size, f, err)
		}
	}
	s := newShelf()
	if _, err := New(Options{Layers: s}).Image(t.Context(), s.image("a:1", sparse(t, "x", 1<<60))); err == nil || !strings.Contains(err.Error(), "its files have more than 137438953472 bytes") {
		t.Error(err)
	}
}
