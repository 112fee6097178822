// Package remote reads image sizes from registries, gently: HEAD before GET, what is known is not asked for
// again, few requests at once, and who says to wait is waited for. It is the one home of the registry client,
// apart from package registrysize so that what only reads scenarios need not carry it.
package remote

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// atOnce is how many images are looked up, or layers read, at once in one registry. Each look-up sends one
// request at a time.
const atOnce = 8

// Options configure a Client. The zero value is ready for use.
type Options struct {
	// Timeout bounds the look-up of one image, all requests together, from when its turn comes. 0: 30 seconds.
	Timeout time.Duration

	// Now tells when sizes are read. nil: they have no day, and no tag is believed from the cache.
	Now func() time.Time

	// Jitter draws from [0, 1), to spread those out who wait. nil: nobody is spread out.
	Jitter func() float64

	// Transport carries requests. nil: one like http.DefaultTransport, which honours HTTPS_PROXY, with RootCAs.
	Transport http.RoundTripper

	// CA is PEM: certificates to be trusted beside the system's. Only without Transport.
	CA []byte

	// PlainHTTP lists hosts, with their ports, that are spoken to without TLS. Loopback addresses that answer
	// without TLS need not be listed.
	PlainHTTP []string

	// Cache keeps manifests for ever, and what tags name for TagsKept. nil: nothing is kept.
	Cache    *cache.Store
	TagsKept time.Duration

	// Keychain finds passwords. nil: Docker's configuration and what clouds offer; see newKeychain.
	Keychain authn.Keychain
}

// A Client asks registries: anonymously, or with the passwords of its keychain. It reads manifests and image
// configs, and layers only for Layer. It is a registrysize.Source, and safe for concurrent use.
type Client struct {
	o         Options
	transport http.RoundTripper

	mu       sync.Mutex
	sessions map[string]*session // by host
}

// New returns a client. The error is about o.CA.
func New(o Options) (*Client, error) {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Keychain == nil {
		o.Keychain = newKeychain()
	}
	if o.Transport == nil {
		t, err := newTransport(o.CA)
		if err != nil {
			return nil, err
		}
		o.Transport = t
	}
	return &Client{o: o, transport: o.Transport, sessions: map[string]*session{}}, nil
}

// Expect tells which references will be asked for: one token then serves many of a registry's repositories.
func (c *Client) Expect(refs []string) {
	for _, ref := range refs {
		c.session(registrysize.Host(ref)).expect(repositoryPath(ref))
	}
}

// session finds or makes the client's dealings with a registry.
func (c *Client) session(host string) *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sessions[host]
	if s == nil {
		s = newSession(c, host)
		c.sessions[host] = s
	}
	return s
}

// Image finds a normalised reference on a platform. Its Source is "cache" where no registry was asked.
func (c *Client) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	found, err := c.find(ctx, ref, platform)
	return found.Image, err
}

// find looks an image up and says who is to blame where that fails.
func (c *Client) find(ctx context.Context, ref, platform string) (manifest.Found, error) {
	if _, err := name.ParseReference(ref); err != nil {
		return manifest.Found{}, fmt.Errorf("%q is no image reference; write e.g. docker.io/library/alpine:3.24", manifest.Clip(ref))
	}
	if _, err := registrysize.NormalizePlatform(platform); err != nil {
		return manifest.Found{}, err
	}
	l := &lookup{client: c, session: c.session(registrysize.Host(ref)), ref: ref, repo: repositoryPath(ref)}
	var found manifest.Found
	err := l.session.turn(ctx, func(ctx context.Context) error {
		root, read, err := l.root(ctx)
		if err != nil {
			return err
		}
		if found, err = manifest.Image(ctx, root, platform, l.fetch); err != nil {
			return err
		}
		found.Observed = c.day(read)
		l.keep(root, read)
		return nil
	})
	if err != nil {
		return manifest.Found{}, l.session.blame(ctx, err, ref)
	}
	found.Ref, found.Source = ref, "registry"
	if !l.asked {
		found.Source = "cache"
	}
	for i, w := range found.Warnings {
		found.Warnings[i] = ref + ": " + w
	}
	return found, nil
}

// day writes a moment as a day; "" where the client has no clock.
func (c *Client) day(t time.Time) string {
	if c.o.Now == nil {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func (c *Client) now() time.Time {
	if c.o.Now == nil {
		return time.Time{}
	}
	return c.o.Now()
}

// repositoryPath is a normalised reference without host, tag and digest.
func repositoryPath(ref string) string {
	return registrysize.Repository(ref)[len(registrysize.Host(ref))+1:]
}
