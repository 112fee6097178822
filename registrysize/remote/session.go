package remote

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// A session is all dealings with one registry: its address, its login, who is asking now and what was asked.
type session struct {
	client *Client
	host   string // as references write it, e.g. docker.io
	addr   string // who is asked, e.g. registry-1.docker.io
	slots  chan struct{}
	polite *polite
	login  *login

	mu     sync.Mutex
	scheme string // http or https; "": not known yet
}

func newSession(c *Client, host string) *session {
	s := &session{client: c, host: host, addr: host, slots: make(chan struct{}, atOnce)}
	if host == "docker.io" {
		s.addr = "registry-1.docker.io" // where Docker's own client goes
	}
	s.polite = &polite{next: guarded{c.transport, s.mayBePlain}, jitter: c.o.Jitter}
	s.login = newLogin(s)
	switch {
	case c.plain(host):
		s.scheme = "http"
	case !loopback(host):
		s.scheme = "https"
	}
	return s
}

// expect adds a repository to those that one token is asked for.
func (s *session) expect(repo string) { s.login.expect(repo) }

// turn runs a look-up when one of the registry's slots is free, within the client's time-out.
func (s *session) turn(ctx context.Context, look func(context.Context) error) error {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.slots }()
	ctx, cancel := context.WithTimeout(ctx, s.client.o.Timeout)
	defer cancel()
	return look(ctx)
}

// A request is one question to a registry.
type request struct {
	method string
	repo   string
	path   string // below the repository, or with query whole
	once   bool   // where it makes a login needed, log in but do not repeat it
	stream bool   // the answer is a layer
}

// do sends a request, logging in where that is asked for. A refusal is an answer, not an error.
func (s *session) do(ctx context.Context, r request) (*http.Response, error) {
	const most = 3 // the login may need one token for many repositories, then one for this
	for try := 1; ; try++ {
		auth := s.login.header(r.repo)
		res, err := s.send(ctx, r, auth)
		if err != nil || res.StatusCode != http.StatusUnauthorized || try == most {
			return res, err
		}
		better, err := s.login.improve(ctx, r.repo, auth, res)
		switch {
		case err != nil:
			_ = res.Body.Close()
			return nil, err
		case !better || r.once:
			return res, nil
		}
		_ = res.Body.Close()
	}
}

// read sends a request and returns the answer's whole body. A refusal is an error.
func (s *session) read(ctx context.Context, r request) (*http.Response, []byte, error) {
	res, err := s.do(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if err := transport.CheckError(res, http.StatusOK); err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, manifest.MaxBytes+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, nil, manifest.Wrongf("broke its answer off after %d bytes (%v); try again later", len(body), err)
	case len(body) > manifest.MaxBytes:
		return nil, nil, manifest.Wrongf("sent more than %d bytes for a manifest; name an image", manifest.MaxBytes)
	}
	s.polite.received(len(body))
	return res, body, nil
}

// send sends a request once, by https, or by http to those who may be spoken to so and do not know better.
func (s *session) send(ctx context.Context, r request, auth string) (*http.Response, error) {
	s.mu.Lock()
	scheme := s.scheme
	if scheme != "" {
		s.mu.Unlock()
		return s.roundTrip(ctx, scheme, r, auth)
	}
	defer s.mu.Unlock() // the first request finds out for all
	res, err := s.roundTrip(ctx, "https", r, auth)
	switch {
	case err == nil:
		s.scheme = "https"
	case speaksPlain(err):
		if res, err = s.roundTrip(ctx, "http", r, auth); err == nil {
			s.scheme = "http"
		}
	}
	return res, err
}

// speaksPlain tells a server without TLS by how the handshake ends.
func speaksPlain(err error) bool {
	return saysPlain(err) || errors.Is(err, io.EOF)
}

// saysPlain tells the HTTP client's words for a server that answered a handshake in plain HTTP: it has no
// type for them.
func saysPlain(err error) bool {
	return strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") ||
		strings.Contains(err.Error(), "first record does not look like a TLS handshake")
}

func (s *session) roundTrip(ctx context.Context, scheme string, r request, auth string) (*http.Response, error) {
	address := scheme + "://" + s.addr + "/v2/" + r.repo + "/" + r.path
	req, err := http.NewRequestWithContext(ctx, r.method, address, nil)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(r.path, "manifests/") {
		req.Header.Set("Accept", strings.Join(manifest.Accept(), ", "))
	}
	req.Header.Set("User-Agent", userAgent)
	if r.stream {
		req.Header.Set("Accept-Encoding", "identity") // a layer is its bytes
	}
	client := http.Client{Transport: bearing{s.polite, scheme, s.addr, auth}, CheckRedirect: s.checkRedirect}
	return client.Do(req)
}

const userAgent = "fleetcost"

// bearing adds the login to requests to the registry itself: where it redirects to, credentials do not follow.
type bearing struct {
	next         http.RoundTripper
	scheme, host string
	auth         string
}

func (b bearing) RoundTrip(req *http.Request) (*http.Response, error) {
	if b.auth != "" && req.URL.Host == b.host && req.URL.Scheme == b.scheme {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", b.auth)
	}
	return b.next.RoundTrip(req)
}

// checkRedirect follows few redirects, and none from the internet to where only this machine can reach.
func (s *session) checkRedirect(req *http.Request, via []*http.Request) error {
	const most = 5
	from := via[0].URL.Hostname()
	switch {
	case len(via) > most:
		return manifest.Wrongf("redirects in circles, more than %d times; check that it is a container registry", most)
	case req.URL.Hostname() != from && private(req.URL.Hostname()) && !private(from):
		return manifest.Wrongf("redirects to a private address, %s; do not trust it", manifest.Clip(req.URL.Hostname()))
	}
	return nil
}

// discard drains a short answer so that its connection serves again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 1<<16)
	_ = body.Close()
}

// sleep waits, or says that the time is up.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
