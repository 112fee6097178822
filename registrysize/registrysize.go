// Package registrysize turns an image reference into its layers and their sizes, from a catalog,
// a cache or a registry. It never downloads a layer and knows nothing of fleets.
package registrysize

import "context"

// An Image is one platform's image.
type Image struct {
	Ref      string  // normalised, e.g. docker.io/library/alpine:3.24
	Platform string  // e.g. linux/amd64
	Digest   string  // of the image manifest; "" where unknown
	Source   string  // "catalog", "cache" or "registry"
	Observed string  // day the sizes were read, YYYY-MM-DD
	Layers   []Layer // bottom first
}

// A Layer is a blob as the registry serves it.
type Layer struct {
	Digest string
	Bytes  int64 // compressed
}

// A Source finds images.
type Source interface {
	Image(ctx context.Context, ref, platform string) (Image, error)
}
