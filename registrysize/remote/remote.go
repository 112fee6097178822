// Package remote reads image sizes from registries. It is the one home of the registry client, apart
// from package registrysize so that what only reads scenarios need not carry it.
package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
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
	img, err := s.image(ctx, ref, platform)
	if err != nil {
		if ctx.Err() != nil {
			return registrysize.Image{}, ctx.Err()
		}
		host := registrysize.Host(ref)
		return registrysize.Image{}, &registrysize.RegistryError{Ref: ref, Registry: host, Err: explain(err, host, s.o.Timeout)}
	}
	return img, nil
}

func (s *source) image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	parsed, err := name.ParseReference(ref)
	if err != nil {
		return registrysize.Image{}, err
	}
	want, err := v1.ParsePlatform(platform)
	if err != nil {
		return registrysize.Image{}, err
	}
	options := []remote.Option{
		remote.WithContext(ctx),
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithTransport(checked{s.o.Transport}),
		remote.WithUserAgent("fleetcost"),
		remote.WithRetryBackoff(remote.Backoff{Duration: 200 * time.Millisecond, Factor: 3, Jitter: 0.1, Steps: 3}),
	}
	desc, err := remote.Get(parsed, options...)
	if err != nil {
		return registrysize.Image{}, err
	}
	if desc.MediaType.IsIndex() {
		if desc, err = child(parsed.Context(), desc, want, options); err != nil {
			return registrysize.Image{}, err
		}
	} else if err := checkPlatform(desc, want); err != nil {
		return registrysize.Image{}, err
	}
	return s.convert(desc, ref, platform)
}

// child follows an index to the first image that satisfies the platform.
func child(repo name.Repository, index *remote.Descriptor, want *v1.Platform, options []remote.Option) (*remote.Descriptor, error) {
	list, err := index.ImageIndex()
	if err != nil {
		return nil, err
	}
	manifest, err := list.IndexManifest()
	if err != nil {
		return nil, notTrue("sent an index that cannot be read: %v", err)
	}
	var have []string
	for _, m := range manifest.Manifests {
		switch {
		case m.Platform == nil || m.Platform.OS == "unknown":
			// An attestation, or an artifact of another kind.
		case m.Platform.Satisfies(*want):
			return remote.Get(repo.Digest(m.Digest.String()), options...)
		default:
			have = append(have, m.Platform.String())
		}
	}
	return nil, missing(want, have)
}

// checkPlatform looks up what a lone image was built for: its manifest does not say.
func checkPlatform(desc *remote.Descriptor, want *v1.Platform) error {
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
	if have := config.Platform(); !have.Satisfies(*want) {
		return missing(want, []string{have.String()})
	}
	return nil
}

// image refuses what is not a container image.
func image(desc *remote.Descriptor) (v1.Image, error) {
	if !desc.MediaType.IsImage() {
		return nil, notTrue("is a %s, not a container image; name an image", desc.MediaType)
	}
	img, err := desc.Image()
	if err != nil {
		return nil, err
	}
	manifest, err := img.Manifest()
	if err != nil {
		return nil, notTrue("sent a manifest that cannot be read: %v", err)
	}
	switch manifest.Config.MediaType {
	case types.DockerConfigJSON, types.OCIConfigJSON:
		return img, nil
	}
	return nil, notTrue("is an artifact of type %s, not a container image; name an image", manifest.Config.MediaType)
}

func (s *source) convert(desc *remote.Descriptor, ref, platform string) (registrysize.Image, error) {
	img, err := image(desc)
	if err != nil {
		return registrysize.Image{}, err
	}
	manifest, err := img.Manifest()
	if err != nil {
		return registrysize.Image{}, err
	}
	out := registrysize.Image{Ref: ref, Platform: platform, Digest: desc.Digest.String(), Source: "registry", Layers: []registrysize.Layer{}}
	if s.o.Now != nil {
		out.Observed = s.o.Now().UTC().Format(time.DateOnly)
	}
	for _, l := range manifest.Layers {
		if l.Size < 0 || l.Digest.Algorithm != "sha256" {
			return registrysize.Image{}, notTrue("sent a manifest with a layer %s of %d bytes", l.Digest, l.Size)
		}
		if !l.MediaType.IsDistributable() {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: layer %s is not in the registry and is left out", ref, l.Digest))
			continue
		}
		out.Layers = append(out.Layers, registrysize.Layer{Digest: l.Digest.String(), Bytes: l.Size})
	}
	return out, nil
}

// errNotTrue marks answers that are no image or cannot be true.
var errNotTrue = errors.New("unusable answer")

func notTrue(format string, args ...any) error {
	return answerError{fmt.Sprintf(format, args...)}
}

type answerError struct{ msg string }

func (e answerError) Error() string { return e.msg }
func (e answerError) Unwrap() error { return errNotTrue }
