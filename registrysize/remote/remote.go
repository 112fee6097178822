// Package remote reads image sizes from registries. It is the one home of the registry client, apart
// from package registrysize so that what only reads scenarios need not carry it.
package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/fleetcost/fleetcost/registrysize"
)

// Options configure a source. The zero value is ready for use.
type Options struct {
	// Timeout bounds the look-up of one image, all requests together. 0: 30 seconds.
	Timeout time.Duration

	// Now tells the day that sizes are read on. nil: they have none.
	Now func() time.Time

	// Transport carries requests. nil: http.DefaultTransport, which honours HTTPS_PROXY.
	Transport http.RoundTripper
}

// New returns a source that asks registries: anonymously, or logged in as Docker's own configuration and
// credential helpers say. It reads manifests and image configs, never layers. Plain HTTP is spoken to
// loopback addresses only.
func New(o Options) registrysize.Source {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	return &source{o}
}

type source struct{ o Options }

func (s *source) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	parsed, err := name.ParseReference(ref)
	if err != nil {
		return registrysize.Image{}, fmt.Errorf("%q is no image reference; write e.g. docker.io/library/alpine:3.24", clip(ref))
	}
	want, err := registrysize.NormalizePlatform(platform)
	if err != nil {
		return registrysize.Image{}, err
	}
	img, err := s.read(ctx, parsed, want)
	if err != nil {
		return registrysize.Image{}, s.blame(ctx, err, ref)
	}
	img.Platform = platform
	return img, nil
}

// blame tells whose fault an error is: the registry's, but for an end of ctx and for Docker's configuration.
func (s *source) blame(ctx context.Context, err error, ref string) error {
	host := registrysize.Host(ref)
	var login loginError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &login):
		return fmt.Errorf("reading %s: logging in to %s as Docker's configuration says: %w; correct it, or log in anew with docker login %[2]s", ref, host, login)
	}
	return &registrysize.RegistryError{Ref: ref, Registry: host, Err: explain(err, host, s.o.Timeout)}
}

func (s *source) read(ctx context.Context, ref name.Reference, platform string) (registrysize.Image, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	options := []remote.Option{
		remote.WithContext(ctx),
		remote.WithAuthFromKeychain(logins{}),
		remote.WithTransport(checked{s.o.Transport}),
		remote.WithUserAgent("fleetcost"),
		remote.WithRetryBackoff(remote.Backoff{Duration: 200 * time.Millisecond, Factor: 3, Jitter: 0.1, Steps: 3}),
	}
	desc, err := remote.Get(ref, options...)
	if err != nil {
		return registrysize.Image{}, err
	}
	if desc.MediaType.IsIndex() {
		if desc, err = child(ref.Context(), desc, platform, options); err != nil {
			return registrysize.Image{}, err
		}
	} else if err := checkPlatform(desc, platform); err != nil {
		return registrysize.Image{}, err
	}
	return s.convert(desc, ref.String())
}

// child follows an index to its first image for the platform.
func child(repo name.Repository, index *remote.Descriptor, want string, options []remote.Option) (*remote.Descriptor, error) {
	list, err := index.ImageIndex()
	if err != nil {
		return nil, err
	}
	manifest, err := list.IndexManifest()
	if err != nil {
		return nil, notTrue("sent an index that cannot be read: %s", clip(err.Error()))
	}
	var have []string
	for _, m := range manifest.Manifests {
		if m.Platform == nil || m.Platform.OS == "unknown" || m.Annotations["vnd.docker.reference.type"] != "" {
			continue // an attestation, or an artifact of another kind
		}
		got, err := normalized(m.Platform)
		if err != nil {
			continue // nothing that could be asked for
		}
		if got == want {
			return remote.Get(repo.Digest(m.Digest.String()), options...)
		}
		have = append(have, got)
	}
	return nil, missing(want, have)
}

func normalized(p *v1.Platform) (string, error) {
	return registrysize.NormalizePlatform(strings.TrimSuffix(p.OS+"/"+p.Architecture+"/"+p.Variant, "/"))
}

// checkPlatform looks up what a lone image was built for: its manifest does not say.
func checkPlatform(desc *remote.Descriptor, want string) error {
	img, err := image(desc)
	if err != nil {
		return err
	}
	config, err := img.ConfigFile()
	if err != nil {
		return err
	}
	if config.OS == "" && config.Architecture == "" {
		return nil // nobody stated it
	}
	have, err := normalized(config.Platform())
	if err != nil {
		return notTrue("sent an image config for %s", clip(err.Error()))
	}
	if have != want {
		return missing(want, []string{have})
	}
	return nil
}

// image refuses what is not a container image.
func image(desc *remote.Descriptor) (v1.Image, error) {
	if !desc.MediaType.IsImage() {
		return nil, notTrue("is a %s, not a container image; name an image", clip(string(desc.MediaType)))
	}
	img, err := desc.Image()
	if err != nil {
		return nil, err
	}
	manifest, err := img.Manifest()
	if err != nil {
		return nil, notTrue("sent a manifest that cannot be read: %s; check that it is a container registry", clip(err.Error()))
	}
	switch manifest.Config.MediaType {
	case types.DockerConfigJSON, types.OCIConfigJSON:
		return img, nil
	}
	return nil, notTrue("is an artifact of type %s, not a container image; name an image", clip(string(manifest.Config.MediaType)))
}

// maxLayer is more than any layer has, in bytes: sums over the layers of a manifest fit in an int64.
const maxLayer = 1 << 44

// convert takes the layers from a manifest.
func (s *source) convert(desc *remote.Descriptor, ref string) (registrysize.Image, error) {
	img, err := image(desc)
	if err != nil {
		return registrysize.Image{}, err
	}
	manifest, err := img.Manifest()
	if err != nil {
		return registrysize.Image{}, err
	}
	out := registrysize.Image{Ref: ref, Digest: desc.Digest.String(), Source: "registry", Layers: []registrysize.Layer{}}
	if s.o.Now != nil {
		out.Observed = s.o.Now().UTC().Format(time.DateOnly)
	}
	for _, l := range manifest.Layers {
		if l.Size < 0 || l.Size > maxLayer || l.Digest.Algorithm != "sha256" {
			return registrysize.Image{}, notTrue("sent a manifest with a layer %s of %d bytes; do not trust it", l.Digest, l.Size)
		}
		if !l.MediaType.IsDistributable() {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: layer %s is not in the registry and is left out", ref, l.Digest))
			continue
		}
		out.Layers = append(out.Layers, registrysize.Layer{Digest: l.Digest.String(), Bytes: l.Size})
	}
	return out, nil
}
