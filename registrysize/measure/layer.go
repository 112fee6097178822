package measure

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// maxUnpacked is how many bytes a layer may have once it is uncompressed.
	maxUnpacked = 1 << 37

	// maxFiles is how many files a layer may have.
	maxFiles = 4_000_000

	// maxDatabase is the longest database of packages that is read, in bytes.
	maxDatabase = 256 << 20

	// maxNames is how long all names of a layer may be together, in bytes: they are held in memory, and kept.
	maxNames = 128 << 20

	// maxPath is how long a name in a layer is kept, in bytes (Linux, PATH_MAX).
	maxPath = 4096
)

// A layer is what was counted in one layer.
type layer struct {
	DiskBytes int64            `json:"disk_bytes"` // of the contents of its files
	Entries   []entry          `json:"entries"`    // in the layer's order
	Packages  map[string]int64 `json:"packages"`   // that databases of packages list, by their paths; -1: could not be read
	names     int              // bytes of Entries
}

// An entry is one line of a layer's table: its kind, its path without a leading slash and, of a link, a NUL and
// where it leads to.
type entry string

// Kinds of entries.
const (
	folder   = 'd'
	file     = 'f'
	setuid   = 's' // a file that runs as its owner
	link     = 'l' // symbolic
	whiteout = 'w' // hides what lower layers have under its path
	opaque   = 'o' // a folder that hides what lower layers have in it
)

func (e entry) kind() byte { return e[0] }

func (e entry) path() string {
	p, _, _ := strings.Cut(string(e[1:]), "\x00")
	return p
}

func (e entry) target() string {
	_, to, _ := strings.Cut(string(e[1:]), "\x00")
	return to
}

// readLayer counts a layer in its compressed form or not, to its end.
func readLayer(raw io.Reader) (*layer, error) {
	in, err := unpacked(raw)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: in, N: maxUnpacked}
	t := tar.NewReader(limited)
	out := &layer{Entries: []entry{}, Packages: map[string]int64{}}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = out.add(h, t)
		}
		switch {
		case limited.N <= 0:
			return nil, fmt.Errorf("it has more than %d bytes uncompressed; do not trust it", int64(maxUnpacked))
		case err != nil:
			return nil, fmt.Errorf("it is no tar file, or a broken one: %w", err)
		case out.tooLarge():
			return nil, fmt.Errorf("it has more than %d files, or names of more than %d bytes; do not trust it", maxFiles, maxNames)
		}
	}
	if _, err := io.Copy(io.Discard, limited); err != nil {
		return nil, fmt.Errorf("it is no tar file, or a broken one: %w", err)
	}
	return out, nil
}

// tooLarge tells whether holding the layer's names would take too much memory.
func (l *layer) tooLarge() bool { return len(l.Entries) > maxFiles || l.names > maxNames }

// unpacked returns a reader of what may be compressed by gzip or zstd.
func unpacked(raw io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(raw, 1<<16)
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}): // RFC 1952
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("it is no gzip file: %w", err)
		}
		return z, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}): // RFC 8878
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1<<27))
		if err != nil {
			return nil, fmt.Errorf("it is no zstd file: %w", err)
		}
		return z.IOReadCloser(), nil
	}
	return in, nil
}

// setuidBit of a file's mode in a tar file.
const setuidBit = 0o4000

// add counts one entry of the tar file.
func (l *layer) add(h *tar.Header, content io.Reader) error {
	name := clean(h.Name)
	if name == "" || len(name) > maxPath {
		return nil
	}
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case base == ".wh..wh..opq": // OCI image specification, layer.md, "Opaque Whiteout"
		l.note(opaque, dir, "")
		return nil
	case strings.HasPrefix(base, ".wh..wh."): // what aufs kept for itself
		return nil
	case strings.HasPrefix(base, ".wh."):
		l.note(whiteout, path.Join(dir, strings.TrimPrefix(base, ".wh.")), "")
		return nil
	}
	switch h.Typeflag {
	case tar.TypeDir:
		l.note(folder, name, "")
	case tar.TypeSymlink:
		l.note(link, name, h.Linkname)
	default:
		kind := byte(file)
		if h.Mode&setuidBit != 0 && (h.Typeflag == tar.TypeReg || h.Typeflag == tar.TypeLink) {
			kind = setuid
		}
		l.note(kind, name, "")
	}
	if h.Typeflag != tar.TypeReg {
		return nil
	}
	if l.DiskBytes += h.Size; h.Size > maxUnpacked || l.DiskBytes > maxUnpacked {
		return fmt.Errorf("its files have more than %d bytes", int64(maxUnpacked)) // with holes that are not in the tar file
	}
	if count := counterOf(name); count != nil {
		n, err := int64(0), errDatabase
		if h.Size <= maxDatabase {
			n, err = count(content)
		}
		if errors.Is(err, errDatabase) {
			n, err = -1, nil
		}
		if err != nil {
			return err
		}
		l.Packages[name] = n
	}
	return nil
}

// note adds an entry.
func (l *layer) note(kind byte, name, target string) {
	text := string(kind) + name
	if kind == link {
		text += "\x00" + target[:min(len(target), maxPath)]
	}
	l.names += len(text)
	l.Entries = append(l.Entries, entry(strings.ToValidUTF8(text, "�"))) // as the cache gives it back
}

// clean writes a path in a tar file without a leading slash, and never above its root; the root is "".
func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// isDatabase tells paths that packages are counted at.
func isDatabase(name string) bool { return counterOf(name) != nil }

// counterOf is what counts the packages in a file; nil: it is no database of packages.
func counterOf(name string) func(io.Reader) (int64, error) {
	dir, base := path.Split(name)
	switch {
	case name == "lib/apk/db/installed" || name == "usr/lib/apk/db/installed":
		return countAPK
	case name == "var/lib/dpkg/status":
		return countDpkg
	case slices.Contains(rpmFolders, dir) && slices.Contains(rpmFiles, base):
		return countRPM
	}
	return nil
}
