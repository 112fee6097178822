package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// scopesAtOnce is how many repositories one token is asked for: each takes about a hundred bytes of a header
// that servers take 8 kB of.
const scopesAtOnce = 32

// A login is what a session shows a registry. It starts without any, and learns from what it is refused.
type login struct {
	session *session

	mu       sync.Mutex
	expected []string          // repositories that will be asked for, in that order
	basic    string            // the header for all repositories; "": none
	tokens   map[string]string // headers by repository
	tried    map[string]bool   // repositories that a token of their own was asked for
	secrets  []string          // what must never be shown
}

func newLogin(s *session) *login {
	return &login{session: s, tokens: map[string]string{}, tried: map[string]bool{}}
}

func (l *login) expect(repo string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.expected, repo) {
		l.expected = append(l.expected, repo)
	}
}

// header is what to show for a repository; "": nothing yet.
func (l *login) header(repo string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.basic != "" {
		return l.basic
	}
	return l.tokens[repo]
}

// improve learns from a refusal of what was shown, and tells whether there is now something better to show.
// One goroutine at a time logs in, and the others take what it was given.
func (l *login) improve(ctx context.Context, repo, shown string, refusal *http.Response) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := cmpHeader(l.basic, l.tokens[repo]); now != shown {
		return true, nil
	}
	reg, err := name.NewRegistry(l.session.host)
	if err != nil {
		return false, nil //nolint:nilerr // it is the refusal that counts
	}
	challenge, err := challengeOf(ctx, reg, refusal)
	if err != nil || challenge.Parameters == nil && !strings.EqualFold(challenge.Scheme, "basic") {
		return false, nil //nolint:nilerr // likewise
	}
	auth, err := l.credentials(ctx, reg, repo)
	if err != nil {
		return false, err
	}
	if strings.EqualFold(challenge.Scheme, "bearer") {
		return l.token(ctx, reg, auth, challenge, repo, shown)
	}
	l.basic = basicHeader(auth)
	return l.basic != shown, nil
}

func cmpHeader(basic, token string) string {
	if basic != "" {
		return basic
	}
	return token
}

// challengeOf reads what a refusal asks for. The library's reader of it can only be had through Ping, which
// is given the refusal in place of a network.
func challengeOf(ctx context.Context, reg name.Registry, refusal *http.Response) (*transport.Challenge, error) {
	return transport.Ping(ctx, reg, canned{refusal})
}

// canned answers every request with a copy of one refusal.
type canned struct{ refusal *http.Response }

func (c canned) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.refusal.StatusCode, Header: c.refusal.Header, Body: http.NoBody,
		Request: &http.Request{Method: http.MethodGet, URL: c.refusal.Request.URL},
	}, nil
}

// token asks the token server: at first for all repositories that are expected, since one request is gentler
// than many; then, as some servers hear of the first only, for this one alone.
func (l *login) token(ctx context.Context, reg name.Registry, auth *authn.AuthConfig, ch *transport.Challenge, repo, shown string) (bool, error) {
	if auth.RegistryToken != "" {
		l.tokens[repo] = "Bearer " + auth.RegistryToken
		return l.tokens[repo] != shown, nil
	}
	repos := []string{repo}
	if shown == "" {
		for _, r := range l.expected {
			if r != repo && l.tokens[r] == "" && len(repos) < scopesAtOnce {
				repos = append(repos, r)
			}
		}
	} else if l.tried[repo] {
		return false, nil
	}
	if len(repos) == 1 {
		l.tried[repo] = true
	}
	var scopes []string
	for _, r := range repos {
		scopes = append(scopes, "repository:"+r+":pull")
	}
	t, err := transport.Exchange(markToken(ctx), reg, authn.FromConfig(*auth), l.session.tokenTransport(), scopes, ch)
	if err != nil {
		return false, tokenError(err)
	}
	text := t.Token
	if t.AccessToken != "" {
		text = t.AccessToken
	}
	l.hide(text)
	l.hide(t.RefreshToken)
	for _, r := range repos {
		l.tokens[r] = "Bearer " + text
	}
	return true, nil
}

// tokenError keeps what a token server said to itself, but for its refusal: it may hold secrets.
func tokenError(err error) error {
	var wrong manifest.Wrong
	switch {
	case refusal(err) != nil, errors.As(err, &wrong), unreachable(err):
		return err
	case strings.Contains(err.Error(), "realm"):
		return manifest.Wrongf("names a token server that is not to be trusted: it has no TLS, or a private address other than the registry's")
	}
	return manifest.Wrongf("has a token server that sent no token; check that it is a container registry")
}

// credentials finds the password for a repository, and does not wait for a helper longer than for a registry.
func (l *login) credentials(ctx context.Context, reg name.Registry, repo string) (*authn.AuthConfig, error) {
	type outcome struct {
		auth *authn.AuthConfig
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		a, err := authn.Resolve(ctx, l.session.client.o.Keychain, reg.Repo(repo))
		if err != nil {
			done <- outcome{err: err}
			return
		}
		auth, err := authn.Authorization(ctx, a)
		done <- outcome{auth, err}
	}()
	select {
	case <-ctx.Done():
		return nil, loginError{"no password came in time; check the credential helper"}
	case o := <-done:
		if o.err != nil {
			return nil, loginError{helperWords(o.err)}
		}
		l.hideAll(o.auth)
		return o.auth, nil
	}
}

// basicHeader writes user and password as HTTP does (RFC 7617); "" without them.
func basicHeader(a *authn.AuthConfig) string {
	switch {
	case a.Username != "" && a.Password != "":
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password))
	case a.Auth != "":
		return "Basic " + a.Auth
	case a.RegistryToken != "":
		return "Bearer " + a.RegistryToken
	}
	return ""
}

// tokenKey marks requests to a token server, which are counted apart.
type tokenKey struct{}

func markToken(ctx context.Context) context.Context { return context.WithValue(ctx, tokenKey{}, true) }

func tokenRequest(ctx context.Context) bool { return ctx.Value(tokenKey{}) != nil }

// tokenTransport carries requests to the token server. What they carry is secret, and follows no redirect to
// another host.
func (s *session) tokenTransport() http.RoundTripper { return staying{s.polite} }

// staying refuses redirects to other hosts.
type staying struct{ next http.RoundTripper }

func (s staying) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := s.next.RoundTrip(req)
	if err != nil || res.StatusCode < 300 || res.StatusCode > 399 {
		return res, err
	}
	if to, err := res.Location(); err == nil && to.Host != req.URL.Host {
		_ = res.Body.Close()
		return nil, manifest.Wrongf("has a token server that sends its visitors on to %s; do not trust it", manifest.Clip(to.Host))
	}
	return res, nil
}
