// Package local reads image sizes from files: OCI layouts (oci:FOLDER), archives as docker save and other
// tools write them (archive:FILE) and the same on standard input (archive:-).
//
// Where there are several images, a name follows: oci:FOLDER:NAME. Nothing is unpacked, and nothing is kept.
package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

const (
	ociPrefix     = "oci:"
	archivePrefix = "archive:"
	stdin         = "-"
)

// Is tells whether a reference names a file or a folder.
func Is(ref string) bool {
	return strings.HasPrefix(ref, ociPrefix) || strings.HasPrefix(ref, archivePrefix)
}

// A Source reads references for which Is holds. It is a registrysize.Source.
type Source struct {
	stdin io.Reader
	now   func() time.Time

	mu     sync.Mutex
	places map[string]*place // by reference
}

// New returns a source; archive:- is read from stdin. now tells when sizes are read.
func New(stdin io.Reader, now func() time.Time) *Source {
	return &Source{stdin: stdin, now: now, places: map[string]*place{}}
}

// Close lets go of all that was opened.
func (s *Source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first error
	for _, p := range s.places {
		if err := p.files.Close(); first == nil {
			first = err
		}
	}
	s.places = map[string]*place{}
	return first
}

// Image finds the image for a platform. Errors wrap registrysize.ErrNotFound where there is none.
func (s *Source) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	p, err := s.place(ctx, ref)
	if err != nil {
		return registrysize.Image{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	img, err := p.image(ctx, platform)
	if err != nil {
		return registrysize.Image{}, fmt.Errorf("reading %s: it %w", ref, err)
	}
	img.Ref, img.Source, img.Observed = ref, p.kind, s.now().UTC().Format(time.DateOnly)
	return img, nil
}

// Layer opens a layer of an image that Image found, as its place keeps it: compressed or not. Reading to the
// end finds out whether it is what its digest says.
func (s *Source) Layer(ctx context.Context, ref string, l registrysize.Layer) (io.ReadCloser, error) {
	p, err := s.place(ctx, ref)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r, err := p.files.open(ctx, p.layerFile(l.Digest))
	if err != nil {
		return nil, fmt.Errorf("reading %s: layer %s: %w", ref, l.Digest, err)
	}
	if _, weighed := p.layers[l.Digest]; weighed {
		return r, nil // the digest was made of this file
	}
	return &checked{ReadCloser: r, ref: ref, digest: l.Digest, hash: sha256.New()}, nil
}

// A checked is a layer whose bytes must be those of its digest.
type checked struct {
	io.ReadCloser
	ref, digest string
	hash        hash.Hash
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	_, _ = c.hash.Write(b[:n])
	if errors.Is(err, io.EOF) {
		if got := "sha256:" + hex.EncodeToString(c.hash.Sum(nil)); got != c.digest {
			return n, fmt.Errorf("reading %s: it has bytes of digest %s under %s; make it anew", c.ref, got, c.digest)
		}
	}
	return n, err
}

// place opens what a reference names, once.
func (s *Source) place(ctx context.Context, ref string) (*place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.places[ref]; p != nil {
		return p, nil
	}
	p, err := s.open(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", ref, err)
	}
	s.places[ref] = p
	return p, nil
}

func (s *Source) open(ctx context.Context, ref string) (*place, error) {
	kind, rest, _ := strings.Cut(ref, ":")
	path, name := split(rest)
	p := &place{kind: kind, name: name, layers: map[string]string{}}
	var err error
	switch {
	case kind+":" == ociPrefix:
		p.files, err = openFolder(path)
	case path == stdin:
		p.files, err = openStream(ctx, s.stdin)
	default:
		p.files, err = openArchive(ctx, path)
	}
	return p, err
}

// split cuts the name of an image off a path. A path that is there as written has none.
func split(rest string) (path, name string) {
	if _, err := os.Stat(rest); err == nil {
		return rest, ""
	}
	if i := strings.LastIndex(rest, "@sha256:"); i > 0 {
		return rest[:i], rest[i+1:]
	}
	i := strings.Index(rest, ":")
	for ; i >= 0 && i < len(rest); i++ {
		if rest[i] != ':' {
			continue
		}
		if _, err := os.Stat(rest[:i]); err == nil || rest[:i] == stdin {
			return rest[:i], rest[i+1:]
		}
	}
	return rest, ""
}

// A place is one folder or archive.
type place struct {
	kind  string // oci or archive
	name  string // of the image in it; "": the only one
	files files

	mu     sync.Mutex
	layers map[string]string // files of layers, by digest, where they are not under blobs/
}

// files are what a place holds, by path with slashes.
type files interface {
	// size tells how long a file is; false: there is none.
	size(name string) (int64, bool)

	// open opens a file.
	open(ctx context.Context, name string) (io.ReadCloser, error)

	io.Closer
}

// image finds the image for a platform.
func (p *place) image(ctx context.Context, platform string) (registrysize.Image, error) {
	if _, ok := p.files.size("index.json"); ok {
		return p.layoutImage(ctx, platform)
	}
	if _, ok := p.files.size("manifest.json"); ok {
		return p.savedImage(ctx, platform)
	}
	return registrysize.Image{}, manifest.Wrongf("has neither index.json nor manifest.json; name an OCI layout, or what docker save wrote")
}

// small reads a whole file of JSON.
func (p *place) small(ctx context.Context, name string) ([]byte, error) {
	r, err := p.files.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, manifest.MaxBytes+1))
	switch {
	case err != nil:
		return nil, manifest.Wrongf("has a %s that cannot be read: %v", manifest.Clip(name), err)
	case len(data) > manifest.MaxBytes:
		return nil, manifest.Wrongf("has a %s of more than %d bytes; name an image", manifest.Clip(name), manifest.MaxBytes)
	}
	return data, nil
}
