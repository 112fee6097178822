package remote

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// A lookup is one image on its way from reference to layers, in one goroutine.
type lookup struct {
	client  *Client
	session *session
	ref     string // normalised
	repo    string // its path in the registry
	asked   bool   // the registry was
}

// root reads what the reference names, from the cache where that is fresh, and tells when it was asked for.
//
// A tag is asked for by HEAD, which no registry counts as a pull; only a digest that is not known is then
// read. Where the HEAD was refused for want of a login, and nothing is known of the tag, a GET follows the
// login at once: a second HEAD would tell nothing that the GET does not.
func (l *lookup) root(ctx context.Context) (manifest.Root, time.Time, error) {
	store, now := l.client.o.Cache, l.client.now()
	tag, known := store.Tag(l.ref)
	pinned := registrysize.Pinned(l.ref)
	if known && (pinned || l.client.fresh(tag.Read, now)) {
		if data, ok := store.Blob(tag.Digest); ok {
			return manifest.Root{Digest: tag.Digest, MediaType: tag.MediaType, Bytes: data}, tag.Read, nil
		}
	}
	l.asked = true
	root := manifest.Root{Digest: registrysize.Identifier(l.ref)}
	if !pinned {
		_, have := store.Blob(tag.Digest)
		var err error
		if root, err = l.head(ctx, known && have); err != nil {
			return manifest.Root{}, now, err
		}
	}
	if data, ok := store.Blob(root.Digest); ok && root.MediaType != "" {
		root.Bytes = data
	} else if err := l.get(ctx, &root); err != nil {
		return manifest.Root{}, now, err
	}
	return root, now, nil
}

// keep remembers what the reference names, once that has turned out to be an image.
func (l *lookup) keep(root manifest.Root, read time.Time) {
	if l.asked {
		l.client.o.Cache.PutTag(cache.Tag{Ref: l.ref, Digest: root.Digest, MediaType: root.MediaType, Read: read})
	}
}

// head asks what the tag names. An empty digest means that only a GET can tell: registries need not answer
// HEAD, or not in full, and say nothing of what they refuse. insist repeats a HEAD that made a login needed.
func (l *lookup) head(ctx context.Context, insist bool) (manifest.Root, error) {
	res, err := l.session.do(ctx, request{method: http.MethodHead, repo: l.repo, path: l.manifestPath(""), once: !insist})
	if err != nil {
		return manifest.Root{}, err
	}
	_ = res.Body.Close()
	digest := res.Header.Get("Docker-Content-Digest")
	if res.StatusCode != http.StatusOK || !isDigest(digest) {
		return manifest.Root{}, nil
	}
	return manifest.Root{Digest: digest, MediaType: res.Header.Get("Content-Type")}, nil
}

// get reads what the root's digest names, or the tag where it has none, and keeps it.
func (l *lookup) get(ctx context.Context, root *manifest.Root) error {
	res, data, err := l.session.read(ctx, request{method: http.MethodGet, repo: l.repo, path: l.manifestPath(root.Digest)})
	if err != nil {
		return err
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return manifest.Wrongf("sent a web page instead of a manifest; check that it is a container registry")
	}
	for _, said := range []string{root.Digest, res.Header.Get("Docker-Content-Digest")} {
		if err := checkDigest(said, data); err != nil {
			return err
		}
	}
	root.Digest, root.MediaType, root.Bytes = cache.Digest(data), res.Header.Get("Content-Type"), data
	l.client.o.Cache.PutBlob(data)
	return nil
}

// fetch reads a manifest or a config under the root; it is a manifest.Fetch.
func (l *lookup) fetch(ctx context.Context, d v1.Descriptor) ([]byte, error) {
	digest := string(d.Digest)
	if data, ok := l.client.o.Cache.Blob(digest); ok {
		return data, nil
	}
	l.asked = true
	path := "blobs/" + digest
	if isManifest(d.MediaType) {
		path = l.manifestPath(digest)
	}
	_, data, err := l.session.read(ctx, request{method: http.MethodGet, repo: l.repo, path: path})
	if refused := refusal(err); refused != nil && refused.StatusCode == http.StatusNotFound {
		return nil, manifest.Wrongf("does not have %s, which the image is made of; push it anew", digest)
	}
	if err != nil {
		return nil, err
	}
	if err := checkDigest(digest, data); err != nil {
		return nil, err
	}
	l.client.o.Cache.PutBlob(data)
	return data, nil
}

// manifestPath is where a manifest is read: by digest, or by tag where that is "".
func (l *lookup) manifestPath(digest string) string {
	if digest == "" {
		digest = registrysize.Identifier(l.ref)
	}
	return "manifests/" + digest
}

// isManifest tells what is read under manifests/ from what is read under blobs/.
func isManifest(mediaType string) bool { return slices.Contains(manifest.Accept(), mediaType) }

func isDigest(s string) bool { return strings.HasPrefix(s, "sha256:") && len(s) == len("sha256:")+64 }

// checkDigest compares bytes with what somebody said of them. Digests of other kinds are not looked at.
func checkDigest(said string, data []byte) error {
	if got := cache.Digest(data); isDigest(said) && got != said {
		return manifest.Wrongf("sent bytes of digest %s where %s was said; do not trust it", got, manifest.Clip(said))
	}
	return nil
}
