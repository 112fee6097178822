// Package registrysize turns an image reference into its layers and their sizes, from the catalog that
// is built in or, in its subpackages, from registries and files.
//
// Sizes are read from manifests: no layer is downloaded for them. The package knows nothing of fleets and
// prints nothing.
package registrysize

import "context"

// An Image is what one reference is on one platform.
type Image struct {
	Ref      string   `json:"ref"`             // normalised, e.g. docker.io/library/alpine:3.24
	Platform string   `json:"platform"`        // e.g. linux/amd64
	Index    string   `json:"index,omitempty"` // digest of the index that the reference names; "": it names the image itself
	Digest   string   `json:"digest"`          // of the image manifest
	Source   string   `json:"source"`          // catalog, cache, registry, lock, oci or archive
	Observed string   `json:"observed"`        // the day the sizes were read, YYYY-MM-DD
	Layers   []Layer  `json:"layers"`          // bottom first
	Warnings []string `json:"-"`               // what makes the sizes doubtful
}

// A Layer is a blob as the registry serves it.
type Layer struct {
	Digest string `json:"digest"`
	Bytes  int64  `json:"bytes"` // compressed

	// DiskBytes is what the layer takes unpacked; 0: not known. Sources leave it to who knows footprints.
	DiskBytes int64 `json:"-"`
}

// Bytes is the compressed size of all layers.
func (i *Image) Bytes() int64 {
	sum := int64(0)
	for _, l := range i.Layers {
		sum += l.Bytes
	}
	return sum
}

// A Source finds images. Implementations are safe for concurrent use.
//
// Errors wrap ErrNotFound where the source does not have the image, and are a *RegistryError where a
// registry could not be reached, refused, or sent what cannot be true.
type Source interface {
	// Image finds a normalised reference on a platform, os/architecture[/variant] (see NormalizePlatform).
	Image(ctx context.Context, ref, platform string) (Image, error)
}

// An Expecter is a Source that asks less when it is told beforehand what it will be asked for.
type Expecter interface {
	Expect(refs []string) // normalised references
}

// Expect tells a source what it will be asked for, where it wants to know.
func Expect(source Source, refs []string) {
	if e, ok := source.(Expecter); ok {
		e.Expect(refs)
	}
}
