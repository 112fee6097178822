package measure

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// fixture reads a database that rpm, SQLite or Berkeley DB wrote.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// header is an rpm header of a name alone: one entry, of tag 1000 and type 6, at 0, once.
func header(name string) []byte {
	var out []byte
	for _, n := range []uint32{1, uint32(len(name) + 1), 1000, 6, 0, 1} {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return append(append(out, name...), 0)
}

// A name may be anywhere among the first entries of a header, and is only taken where it lies within.
func TestHeaderName(t *testing.T) {
	cut := header("bash")
	binary.BigEndian.PutUint32(cut[16:], 99) // beyond the data
	many := header("bash")
	binary.BigEndian.PutUint32(many, 1<<31-1)
	for _, c := range []struct {
		blob []byte
		want string
	}{{header("bash"), "bash"}, {header("bash")[:20], ""}, {cut, ""}, {many, ""}, {nil, ""}} {
		if got := headerName(c.blob); got != c.want {
			t.Errorf("%x: %q, want %q", c.blob, got, c.want)
		}
	}
}

// ndb is SUSE's form of a database: a page of slots, and a blob of 64 bytes for each package.
func ndb(names ...string) []byte {
	le := binary.LittleEndian
	out := append([]byte(ndbMagic), make([]byte, 4092)...)
	le.PutUint32(out[12:], 1)
	for at := 32; at < 4096; at += 16 {
		copy(out[at:], "Slot")
	}
	for i, name := range names {
		slot := out[32+32*i:] // every other one is free
		le.PutUint32(slot[4:], uint32(i+1))
		le.PutUint32(slot[8:], uint32(len(out)/16))
		blob := make([]byte, 64)
		copy(blob, "BlbS")
		copy(blob[16:], header(name))
		out = append(out, blob...)
	}
	return out
}

// testdata/rpmdb.sqlite was written by rpm 4.18 when it installed fleet-a, fleet-b, fleet-c and gpg-pubkey;
// Packages is the same in Berkeley DB 5.3, which rpm reads; many.sqlite has 2,000 rows on pages of 512 bytes, in
// SQLite's own hand, of which rows 500, 1000, 1500 and 2000 are keys.
func TestRPM(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want int64
	}{
		"rpmdb.sqlite": {fixture(t, "rpmdb.sqlite"), 3},
		"Packages":     {fixture(t, "Packages"), 3},
		"many.sqlite":  {fixture(t, "many.sqlite"), 1996},
		"ndb":          {ndb("zypper", "gpg-pubkey", "bash"), 2},
		"empty ndb":    {ndb(), 0},
	} {
		if n, err := countRPM(bytes.NewReader(c.data)); err != nil || n != c.want {
			t.Errorf("%s: %d, %v; want %d", name, n, err, c.want)
		}
	}
}

// Databases that are cut off, or whose pages lead in circles, are none; they neither panic nor last.
func TestBrokenRPM(t *testing.T) {
	circle := fixture(t, "many.sqlite")
	for page := 512; page < len(circle); page += 512 {
		if circle[page] == 5 { // an interior page
			binary.BigEndian.PutUint32(circle[page+8:], uint32(page/512+1)) // its last child is itself
		}
	}
	overflow := fixture(t, "Packages")
	for page := 0; page < len(overflow); page += 4096 {
		if overflow[page+25] == 7 {
			binary.LittleEndian.PutUint32(overflow[page+16:], uint32(page/4096)) // the next one is itself
		}
	}
	far := ndb("bash")
	binary.LittleEndian.PutUint32(far[40:], 1<<31)
	for name, data := range map[string][]byte{"pages in a circle": overflow, "nothing": nil, "text": bytes.Repeat([]byte("hello"), 99), "circle": circle, "far": far,
		"cut sqlite": fixture(t, "rpmdb.sqlite")[:5000], "cut bdb": fixture(t, "Packages")[:9000], "cut ndb": ndb("bash")[:4000], "short": []byte(sqliteMagic)} {
		if n, err := countRPM(bytes.NewReader(data)); !errors.Is(err, errDatabase) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
}

// Whatever a database holds, counting ends, and finds no more packages than there is room for.
func FuzzRPM(f *testing.F) {
	for _, name := range []string{"rpmdb.sqlite", "Packages"} {
		f.Add(fixture(f, name))
	}
	f.Add(ndb("bash", "gpg-pubkey"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := countRPM(bytes.NewReader(data)); err == nil && (n < 0 || n > int64(len(data))) {
			t.Errorf("%d packages in %d bytes", n, len(data))
		}
	})
}

// Whatever a layer holds, it is counted or refused, and what is kept of it counts the same.
func FuzzLayer(f *testing.F) {
	plain := apk(f)
	f.Add(plain)
	f.Add(gzipped(f, plain))
	f.Add(zstdOf(f, plain))
	f.Add(tarOf(f, written{name: "a/.wh..wh..opq"}, written{name: ".wh.a"}, written{name: "var/lib/rpm/Packages", text: "x"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := readLayer(bytes.NewReader(data))
		if err != nil {
			return
		}
		f := sum([]*layer{l, l})
		if f.DiskBytes < 0 || *f.Files < 0 || *f.Files > int64(len(l.Entries)) || *f.Setuid > *f.Files || f.Packages != nil && *f.Packages < 0 {
			t.Errorf("%+v", f)
		}
	})
}
