// Package manifest reads what registries, OCI layouts and archives have in common: it follows an index to
// the image of a platform, as containerd does, and takes the layers from its manifest.
//
// It reads bytes that it is given and fetches none itself; nothing in them is believed unchecked.
package manifest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	// MaxBytes is how long an index, a manifest or an image config may be (CNCF distribution refuses
	// manifests above it).
	MaxBytes = 4 << 20

	// MaxLayers is how many layers an image may have: overlayfs stacks no more (Linux, fs/overlayfs,
	// OVL_MAX_STACK).
	MaxLayers = 500

	// maxLayerBytes is more than any layer has: sums over the layers of an image fit in an int64.
	maxLayerBytes = 1 << 44

	// maxDepth is how deep indexes may stand in indexes.
	maxDepth = 4
)

// The media types of Docker's own format; those of OCI's are in its specification's package.
const (
	dockerIndex    = "application/vnd.docker.distribution.manifest.list.v2+json"
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	dockerConfig   = "application/vnd.docker.container.image.v1+json"
	dockerForeign  = "application/vnd.docker.image.rootfs.foreign.diff.tar"
	dockerSchema1  = "application/vnd.docker.distribution.manifest.v1"
)

// Accept lists the media types that Image understands, for requests.
func Accept() []string {
	return []string{v1.MediaTypeImageIndex, v1.MediaTypeImageManifest, dockerIndex, dockerManifest}
}

// A Fetch reads an index, a manifest or an image config: exactly the descriptor's bytes, checked against its
// digest.
type Fetch func(ctx context.Context, d v1.Descriptor) ([]byte, error)

// Wrong is an answer that is no image, or cannot be true. It reads after the place that sent it.
type Wrong struct{ msg string }

func (e Wrong) Error() string { return e.msg }

// Wrongf makes a Wrong.
func Wrongf(format string, args ...any) error { return Wrong{fmt.Sprintf(format, args...)} }

// A Root is what a reference names, as it was read.
type Root struct {
	Digest    string
	MediaType string // as the place says; "": what the bytes say
	Bytes     []byte
}

// A Found is an image and what leads to more about it.
type Found struct {
	registrysize.Image               // Ref, Source and Observed are left to who asked
	Config             v1.Descriptor // of the image config
}

// Image finds the image for a platform, os/architecture[/variant], under what a reference names.
//
// Errors wrap registrysize.ErrNotFound where there is none, and are a Wrong where something is no image or
// cannot be true.
func Image(ctx context.Context, root Root, platform string, fetch Fetch) (Found, error) {
	want, err := registrysize.NormalizePlatform(platform)
	if err != nil {
		return Found{}, err
	}
	r := reader{ctx: ctx, fetch: fetch, want: want}
	found, err := r.read(root, nil, 0)
	if err != nil {
		return Found{}, err
	}
	if found.Digest != root.Digest {
		found.Index = root.Digest
	}
	found.Platform = platform
	return found, nil
}

// A reader follows one root.
type reader struct {
	ctx   context.Context
	fetch Fetch
	want  string
}

// read reads an index or a manifest. stated is the platform that an index said it is for; nil: none did.
func (r *reader) read(root Root, stated *v1.Platform, depth int) (Found, error) {
	doc, kind, err := parse(root)
	switch {
	case err != nil:
		return Found{}, err
	case isIndex(kind):
		return r.child(doc.Manifests, depth)
	case !isImage(kind):
		return Found{}, notAnImage(kind)
	}
	return r.image(root, doc, stated)
}

// image takes an image from its manifest, and reads its config where nobody said what it is for.
func (r *reader) image(root Root, doc *document, stated *v1.Platform) (Found, error) {
	switch kind := doc.Config.MediaType; {
	case kind == "" && doc.Config.Digest == "":
		return Found{}, Wrongf("sent a manifest without a config, which no container image is; push it anew, or name an image")
	case !isConfig(kind):
		return Found{}, Wrongf("is an artifact of type %s, not a container image; name an image", Clip(kind))
	}
	if !digestPattern.MatchString(string(doc.Config.Digest)) {
		return Found{}, Wrongf("sent a manifest with a config %s; do not trust it", Clip(string(doc.Config.Digest)))
	}
	found := Found{Config: doc.Config}
	found.Digest = root.Digest
	if stated == nil {
		if err := r.checkPlatform(doc.Config); err != nil {
			return Found{}, err
		}
	}
	return found, found.addLayers(doc.Layers)
}

// addLayers checks layers and takes them over. Layers that are not distributed are left out.
func (f *Found) addLayers(layers []v1.Descriptor) error {
	if len(layers) > MaxLayers {
		return Wrongf("sent a manifest with %d layers, where no machine can stack more than %d; do not trust it", len(layers), MaxLayers)
	}
	f.Layers = []registrysize.Layer{}
	sizes := map[string]int64{}
	for _, l := range layers {
		digest := string(l.Digest)
		if l.Size < 0 || l.Size > maxLayerBytes || !digestPattern.MatchString(digest) {
			return Wrongf("sent a manifest with a layer %s of %d bytes; do not trust it", Clip(digest), l.Size)
		}
		if other, twice := sizes[digest]; twice && other != l.Size {
			return Wrongf("sent a manifest with a layer %s of %d bytes and of %d; do not trust it", digest, other, l.Size)
		}
		sizes[digest] = l.Size
		if isForeign(l.MediaType) {
			f.Warnings = append(f.Warnings, fmt.Sprintf("layer %s is not in the registry and is left out", digest))
			continue
		}
		f.Layers = append(f.Layers, registrysize.Layer{Digest: digest, Bytes: l.Size})
	}
	return nil
}

var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// A document is an index or a manifest, whichever it turns out to be.
type document struct {
	SchemaVersion int             `json:"schemaVersion"`
	MediaType     string          `json:"mediaType"`
	Config        v1.Descriptor   `json:"config"`
	Layers        []v1.Descriptor `json:"layers"`
	Manifests     []v1.Descriptor `json:"manifests"`
}

// parse reads a document and tells its kind: as its place says, else as it says itself, else by its parts.
func parse(root Root) (*document, string, error) {
	kind, _, _ := strings.Cut(root.MediaType, ";")
	kind = strings.TrimSpace(strings.ToLower(kind))
	if kind != "" && !isIndex(kind) && !isImage(kind) && !vague(kind) {
		return nil, "", notAnImage(kind)
	}
	var doc document
	if err := json.Unmarshal(root.Bytes, &doc); err != nil {
		return nil, "", Wrongf("sent a manifest that cannot be read: %s; check that it is a container registry", Clip(err.Error()))
	}
	if isIndex(kind) || isImage(kind) {
		return &doc, kind, nil
	}
	switch {
	case doc.MediaType != "":
		kind = doc.MediaType
	case doc.SchemaVersion == 1:
		kind = dockerSchema1
	case doc.Manifests != nil:
		kind = v1.MediaTypeImageIndex
	case doc.Layers != nil:
		kind = v1.MediaTypeImageManifest
	default:
		kind = ""
	}
	return &doc, kind, nil
}

func isConfig(kind string) bool { return kind == v1.MediaTypeImageConfig || kind == dockerConfig }

func isIndex(kind string) bool { return kind == v1.MediaTypeImageIndex || kind == dockerIndex }
func isImage(kind string) bool { return kind == v1.MediaTypeImageManifest || kind == dockerManifest }

// vague tells media types that say nothing: static registries send them.
func vague(kind string) bool {
	switch kind {
	case "application/json", "application/octet-stream", "text/plain", "binary/octet-stream":
		return true
	}
	return false
}

// isForeign tells layers that registries do not distribute.
func isForeign(kind string) bool {
	return strings.HasPrefix(kind, dockerForeign) || strings.Contains(kind, ".layer.nondistributable.")
}

// notAnImage says what something is instead.
func notAnImage(kind string) error {
	if strings.HasPrefix(kind, dockerSchema1) {
		return Wrongf("is an image of Docker's schema 1, which states no sizes; push it anew")
	}
	if kind == "" {
		kind = "document of no known kind"
	}
	return Wrongf("is a %s, not a container image; name an image", Clip(kind))
}
