package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/fleetcost/fleetcost/registrysize"
)

// serveTokens starts a registry that asks for a bearer token, as Docker Hub does, and hands one out to the
// right password; without any, where anonymous is true. It returns its host, and that of a back door to the
// same images that asks for nothing.
func serveTokens(t *testing.T, anonymous bool) (host, open string) {
	t.Helper()
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	back := httptest.NewServer(images)
	t.Cleanup(back.Close)
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		u, p, sent := r.BasicAuth()
		if sent && (u != user || p != password) || !sent && !anonymous {
			http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}`, http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"token":"open-sesame"}`)
	})
	mux.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer open-sesame" {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s/token",service="test"`, server.URL))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		images.ServeHTTP(w, r)
	})
	return strings.TrimPrefix(server.URL, "http://"), strings.TrimPrefix(back.URL, "http://")
}

// Tokens are fetched anonymously, or with the password of Docker's configuration; a wrong one is the end.
func TestTokens(t *testing.T) {
	for _, c := range []struct {
		name, password string
		anonymous      bool
		want           string // in the error
	}{
		{name: "anonymous", anonymous: true},
		{name: "logged in", password: password},
		{name: "not logged in", want: "it answered 401 (UNAUTHORIZED incorrect username or password); log in with docker login "},
		{name: "wrong password", password: "wrong secret", anonymous: true, want: "it answered 401 (UNAUTHORIZED incorrect username or password); log in with docker login "},
	} {
		t.Run(c.name, func(t *testing.T) {
			host, open := serveTokens(t, c.anonymous)
			img := newImage(t, 500, 2, amd64)
			push(t, open+"/test/app:1", img)
			if c.password != "" {
				dockerLogin(t, host, c.password)
			}
			got, err := newSource(t).Image(t.Context(), host+"/test/app:1", "linux/amd64")
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, img)
				return
			}
			if _, ok := errors.AsType[*registrysize.RegistryError](err); !ok || !strings.Contains(err.Error(), c.want+host) || strings.Contains(err.Error(), "wrong secret") {
				t.Errorf("got %v; want %s", err, c.want)
			}
		})
	}
}

// A certificate that nobody vouches for is not accepted, and the error says that it is the certificate.
func TestUnknownCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, at.Host)
	}}
	t.Cleanup(elsewhere.CloseIdleConnections)
	checkFault(t, Options{Transport: elsewhere}, "example.com/test/app:1", "example.com",
		"its certificate cannot be verified (x509: certificate signed by unknown authority); check the host, or name who signed it with --ca-file")
}
