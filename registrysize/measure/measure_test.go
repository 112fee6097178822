package measure

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
)

// A written is one entry of a layer that a test makes.
type written struct {
	name string
	kind byte // 0: a file
	mode int64
	to   string // of links
	text string
}

func tarOf(t testing.TB, entries ...written) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: e.mode, Linkname: e.to, Size: int64(len(e.text))}
		if e.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func zstdOf(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(data, nil)
}

// shelf has layers by digest, and counts how often each was opened.
type shelf struct {
	mu     sync.Mutex
	layers map[string][]byte
	opened map[string]int
}

func newShelf() *shelf { return &shelf{layers: map[string][]byte{}, opened: map[string]int{}} }

// image puts layers on the shelf.
func (s *shelf) image(ref string, layers ...[]byte) *registrysize.Image {
	img := &registrysize.Image{Ref: ref, Platform: "linux/amd64", Digest: cache.Digest([]byte(ref))}
	for _, data := range layers {
		digest := cache.Digest(data)
		s.layers[digest] = data
		img.Layers = append(img.Layers, registrysize.Layer{Digest: digest, Bytes: int64(len(data))})
	}
	return img
}

func (s *shelf) Layer(_ context.Context, _ string, l registrysize.Layer) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[l.Digest]++
	data, ok := s.layers[l.Digest]
	if !ok {
		return nil, errors.New("it is gone")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// apk is an Alpine of 5 + 8 + 4 + 22 = 39 bytes with a shell, a package manager, a setuid program and two
// packages.
func apk(t testing.TB) []byte {
	return tarOf(t,
		written{name: "bin/", kind: tar.TypeDir, mode: 0o755},
		written{name: "bin/busybox", mode: 0o755, text: "shell"},
		written{name: "bin/sh", kind: tar.TypeSymlink, to: "/bin/busybox"},
		written{name: "bin/bbsuid", mode: 0o4755, text: "set user"},
		written{name: "sbin/apk", mode: 0o755, text: "apk!"},
		written{name: "lib/apk/db/installed", text: "P:musl\nV:1\n\nP:busybox\n"})
}

const apkBytes = 5 + 8 + 4 + 22

type facts struct {
	disk, files, packages, setuid int64 // packages -1: not known
	shell, manager                bool
}

func factsOf(f *registrysize.Footprint) facts {
	out := facts{f.DiskBytes, *f.Files, -1, *f.Setuid, *f.Shell, *f.PackageManager}
	if f.Packages != nil {
		out.packages = *f.Packages
	}
	return out
}

// Layers stack as containers see them. The first is apk throughout, of five files: busybox, sh, bbsuid, apk and
// the database.
func TestImages(t *testing.T) {
	for _, c := range []struct {
		name  string
		upper []written
		want  facts
	}{
		{"alone", nil, facts{apkBytes, 5, 2, 1, true, true}},
		{"one more", []written{{name: "app", text: "123"}}, facts{apkBytes + 3, 6, 2, 1, true, true}},
		{"written over, not setuid any more", []written{{name: "./bin/bbsuid", mode: 0o755, text: "12"}}, facts{apkBytes + 2, 5, 2, 0, true, true}},
		{"a setuid hard link", []written{{name: "bin/su", kind: tar.TypeLink, to: "bin/bbsuid", mode: 0o4755}}, facts{apkBytes, 6, 2, 2, true, true}},
		{"a setuid folder is no program", []written{{name: "srv/", kind: tar.TypeDir, mode: 0o4755}}, facts{apkBytes, 5, 2, 1, true, true}},
		{"busybox is gone, and sh leads nowhere", []written{{name: "bin/.wh.busybox"}}, facts{apkBytes, 4, 2, 1, false, true}},
		{"all of bin is gone", []written{{name: ".wh.bin"}}, facts{apkBytes, 2, 2, 0, false, true}},
		{"bin is emptied, and has one file of its own", []written{{name: "bin/sh", text: "own"}, {name: "bin/.wh..wh..opq"}}, facts{apkBytes + 3, 3, 2, 0, true, true}},
		{"what aufs left is nothing", []written{{name: ".wh..wh.aufs"}, {name: ".wh..wh.plnk/", kind: tar.TypeDir}}, facts{apkBytes, 5, 2, 1, true, true}},
		{"a file in a folder's place", []written{{name: "bin", text: "1"}}, facts{apkBytes + 1, 3, 2, 0, false, true}},
		{"the database is gone", []written{{name: "lib/apk/db/.wh.installed"}}, facts{apkBytes, 4, -1, 1, true, true}},
		{"the database is another", []written{{name: "lib/apk/db/installed", text: "P:a\nP:b\nP:c\n"}}, facts{apkBytes + 12, 5, 3, 1, true, true}},
		{"one more database", []written{{name: "var/lib/dpkg/status", text: "Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: deinstall ok config-files\n"}},
			facts{apkBytes + 86, 6, 3, 1, true, true}},
		{"distroless", []written{{name: "var/lib/dpkg/status.d/", kind: tar.TypeDir}, {name: "var/lib/dpkg/status.d/base", text: "Package: base\n"}, {name: "var/lib/dpkg/status.d/base.md5sums"}},
			facts{apkBytes + 14, 7, 3, 1, true, true}},
		{"a database that cannot be read", []written{{name: "var/lib/rpm/Packages", text: "nonsense"}}, facts{apkBytes + 8, 6, -1, 1, true, true}},
		{"links in a circle", []written{{name: "bin/sh", kind: tar.TypeSymlink, to: "../bin/sh"}}, facts{apkBytes, 5, 2, 1, false, true}},
		{"paths that lead out", []written{{name: "../../bin/../../bin/busybox", text: "x"}, {name: "/", kind: tar.TypeDir}}, facts{apkBytes + 1, 5, 2, 1, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShelf()
			layers := [][]byte{apk(t)}
			if c.upper != nil {
				layers = append(layers, tarOf(t, c.upper...))
			}
			f, err := New(Options{Layers: s}).Image(t.Context(), s.image("a:1", layers...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, factsOf(f), cmp.AllowUnexported(facts{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// With /bin a link to usr/bin, as Debian has it, programs are found by either way.
func TestMergedUsr(t *testing.T) {
	s := newShelf()
	f, err := New(Options{Layers: s}).Image(t.Context(), s.image("a:1", tarOf(t,
		written{name: "bin", kind: tar.TypeSymlink, to: "usr/bin"},
		written{name: "usr/bin/sh", kind: tar.TypeSymlink, to: "../../etc/alternatives/sh"},
		written{name: "etc/alternatives/sh", kind: tar.TypeSymlink, to: "/bin/dash"},
		written{name: "usr/bin/dash", text: "x"})))
	if err != nil || factsOf(f) != (facts{1, 4, -1, 0, true, false}) {
		t.Errorf("%+v, %v", factsOf(f), err)
	}
}

// Each layer is streamed once: for images that share it, in one image, and ever after.
func TestOnce(t *testing.T) {
	store, s := cache.Open(t.TempDir(), time.Now), newShelf()
	base, top := gzipped(t, apk(t)), gzipped(t, tarOf(t, written{name: "app", text: "1"}))
	a, b := s.image("a:1", base, top, base), s.image("b:1", base)
	var lines []string
	m := New(Options{Layers: s, Cache: store, OnProgress: func(img *registrysize.Image, done, total int64) {
		if done == total {
			lines = append(lines, fmt.Sprint(img.Ref, " ", total))
		}
	}})
	if Kept(store, a) != nil {
		t.Error("known before it was measured")
	}
	first, err := m.Image(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Image(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for digest, n := range s.opened {
		if n != 1 {
			t.Errorf("layer %s was opened %d times", digest, n)
		}
	}
	want := []string{fmt.Sprint("a:1 ", a.Bytes()), fmt.Sprint("b:1 ", b.Bytes())}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	// Another program, later, and with one image more over the same layers.
	again, err := New(Options{Layers: s, Cache: store}).Image(t.Context(), a)
	if err != nil || !cmp.Equal(first, again) || !cmp.Equal(first, Kept(store, a)) {
		t.Errorf("%+v, then %+v, %v", first, again, err)
	}
	if _, err := New(Options{Layers: s, Cache: store}).Image(t.Context(), s.image("c:1", top, base)); err != nil {
		t.Fatal(err)
	}
	if len(s.opened) != 2 || s.opened[a.Layers[0].Digest] != 1 {
		t.Errorf("opened %v", s.opened)
	}
}

// An archive with the identity of another image and layers of its own is another image.
func TestSameIdentity(t *testing.T) {
	store, s := cache.Open(t.TempDir(), time.Now), newShelf()
	a, b := s.image("a:1", apk(t)), s.image("b:1", tarOf(t, written{name: "x", text: "1"}))
	b.Digest = a.Digest
	m := New(Options{Layers: s, Cache: store})
	for img, want := range map[*registrysize.Image]int64{a: apkBytes, b: 1} {
		if f, err := m.Image(t.Context(), img); err != nil || f.DiskBytes != want || Kept(store, img).DiskBytes != want {
			t.Errorf("%s: %+v, %v", img.Ref, f, err)
		}
	}
}
