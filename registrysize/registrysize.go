// Package registrysize turns an image reference into its layers and their sizes, from the catalog that
// is built in, from a cache on disk or, in its subpackage remote, from a registry.
//
// It reads manifests only: no layer is ever downloaded. It knows nothing of fleets and prints nothing.
package registrysize

import "context"

// An Image is what one reference is on one platform.
type Image struct {
	Ref      string   `json:"ref"`      // normalised, e.g. docker.io/library/alpine:3.24
	Platform string   `json:"platform"` // e.g. linux/amd64
	Digest   string   `json:"digest"`   // of the image manifest
	Source   string   `json:"source"`   // "catalog", "cache" or "registry"
	Observed string   `json:"observed"` // the day the sizes were read, YYYY-MM-DD
	Layers   []Layer  `json:"layers"`   // bottom first
	Warnings []string `json:"-"`        // what makes the sizes doubtful
}

// A Layer is a blob as the registry serves it.
type Layer struct {
	Digest string `json:"digest"`
	Bytes  int64  `json:"bytes"` // compressed
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
