package remote

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Registries that send requests elsewhere, or more than anybody wants to hear.
func TestHostileRegistries(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 100 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		manifest http.HandlerFunc
		want     string
	}{
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		},
			"redirects in circles, more than 5 times; check that it is a container registry"},
		{"redirect to plain HTTP elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://registry.example/v2/", http.StatusTemporaryRedirect)
		}, "speaks plain HTTP, which is accepted from loopback addresses only; use TLS, or allow it with --plain-http registry.example"},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
			_, _ = w.Write(bomb.Bytes())
		}, "sent more than 4194304 bytes for a manifest; name an image"},
		{"100 MB", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(100<<20))
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
			chunk := bytes.Repeat([]byte(" "), 1<<20)
			for range 100 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, "sent more than 4194304 bytes for a manifest; name an image"},
		{"10,000 layers", answer(200, strings.Replace(noLayers, "[]", "["+strings.TrimSuffix(strings.Repeat(`{"size":1,"digest":"sha256:`+strings.Repeat("b", 64)+`"},`, 10_000), ",")+"]", 1)),
			"sent a manifest with 10000 layers, where no machine can stack more than 500; do not trust it"},
		{"slow first byte", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(3 * time.Second):
			}
		}, "it did not answer within 1s"},
		{"drip", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
			for i := 0; i < 30 && r.Context().Err() == nil; i++ {
				_, _ = w.Write([]byte(" "))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(100 * time.Millisecond)
			}
		}, "it did not answer within 1s"},
		{"less than it says", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(noLayers)-5))
			w.Header().Set("Docker-Content-Digest", digestOf([]byte(noLayers)))
			answer(200, noLayers[:len(noLayers)-5])(w, r)
		}, "sent bytes of digest "},
		{"closed", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, "EOF; check that it is a container registry"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host := faulty(t, c.manifest)
			checkFault(t, Options{Timeout: time.Second}, host+"/test/app:1", host, c.want)
		})
	}
}

// A registry that never has enough of logins is left after three tries, and two tokens.
func TestLoginLoop(t *testing.T) {
	var asked, tokens atomic.Int64
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			fmt.Fprintf(w, `{"token":"token-%d"}`, tokens.Add(1))
			return
		}
		asked.Add(1)
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s/token",service="test"`, server.URL))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	dockerLogin(t, host, password)
	checkFault(t, Options{Timeout: 5 * time.Second}, host+"/test/app:1", host, "it answered 401 (Unauthorized); log in with docker login "+host)
	if asked.Load() > 6 || tokens.Load() > 3 {
		t.Errorf("asked %d times, with %d tokens", asked.Load(), tokens.Load())
	}
}

// Where a registry redirects to another host, the image is read from there, and no password and no token
// follow: not by another port either.
func TestCredentialsDoNotFollow(t *testing.T) {
	img := newImage(t, 100, 1, amd64)
	for _, scheme := range []string{"Basic", "Bearer"} {
		plain, shown := serve(t), atomic.Int64{}
		push(t, plain+"/test/app:1", img)
		elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				shown.Add(1)
			}
			http.Redirect(w, r, "http://"+plain+r.URL.Path, http.StatusTemporaryRedirect)
		}))
		t.Cleanup(elsewhere.Close)
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/token":
				fmt.Fprint(w, `{"token":"open-sesame"}`)
			case r.Header.Get("Authorization") == "":
				w.Header().Set("WWW-Authenticate", fmt.Sprintf(`%s realm="%s/token"`, scheme, server.URL))
				w.WriteHeader(http.StatusUnauthorized)
			default:
				http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
			}
		}))
		t.Cleanup(server.Close)
		host := strings.TrimPrefix(server.URL, "http://")
		dockerLogin(t, host, password)
		got, err := newSource(t).Image(t.Context(), host+"/test/app:1", "linux/amd64")
		if err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		same(t, got, img)
		if shown.Load() > 0 {
			t.Errorf("%s: credentials followed %d times", scheme, shown.Load())
		}
	}
}

// A registry on the internet may not send its readers to where only their machine can reach.
func TestRedirectToPrivateAddress(t *testing.T) {
	internet := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Hostname() != "registry.example" {
			t.Errorf("%s was asked", req.URL)
		}
		return &http.Response{
			StatusCode: http.StatusTemporaryRedirect, Body: http.NoBody, Request: req,
			Header: http.Header{"Location": {"https://169.254.169.254/latest/meta-data"}},
		}, nil
	})
	checkFault(t, Options{Transport: internet}, "registry.example/test/app:1", "registry.example",
		"redirects to a private address, 169.254.169.254; do not trust it")
}

// Registries and token servers that repeat what they were sent, or put it into their errors, do not get it
// printed.
func TestSecretsAreNotRepeated(t *testing.T) {
	const token = "token-that-nobody-may-see"
	for _, scheme := range []string{"Basic", "Bearer"} {
		for _, where := range []string{"manifest", "long", "token", "no token", "digest", "platform"} {
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				said := r.Header.Get("Authorization") + " " + password + " " + r.URL.String()
				if where == "long" {
					said = strings.Repeat("x", 130) + said // so that what is shown of it ends in the middle of a secret
				}
				switch {
				case r.URL.Path == "/token" && where == "token":
					w.WriteHeader(http.StatusForbidden)
					fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":%q}]}`, said)
				case r.URL.Path == "/token" && where == "no token":
					fmt.Fprintf(w, `{"refresh_token":%q}`, said)
				case r.URL.Path == "/token":
					fmt.Fprintf(w, `{"token":%q}`, token)
				case r.Header.Get("Authorization") == "":
					w.Header().Set("WWW-Authenticate", fmt.Sprintf(`%s realm="%s/token"`, scheme, server.URL))
					w.WriteHeader(http.StatusUnauthorized)
				case where == "digest":
					w.Header().Set("Docker-Content-Digest", "sha256:"+(said + strings.Repeat("x", 64))[:64])
					answer(200, noLayers)(w, r)
				case where == "platform":
					answer(200, fmt.Sprintf(`{"manifests":[{"platform":{"os":%q,"architecture":"x"}}]}`, said))(w, r)
				default:
					w.WriteHeader(http.StatusForbidden)
					fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q,"detail":%q}]}`, said, said, said)
				}
			}))
			t.Cleanup(server.Close)
			host := strings.TrimPrefix(server.URL, "http://")
			dockerLogin(t, host, password)
			client := newSource(t)
			_, err := client.Image(t.Context(), host+"/test/app:1", "linux/amd64")
			if err == nil {
				t.Fatalf("%s, %s: no error", scheme, where)
			}
			for _, secret := range []string{password, token, basicText(), password[:12], token[:12], basicText()[:12]} {
				if text := fmt.Sprintf("%v %+v %#v", err, client.Counts(), err.Error()); strings.Contains(text, secret) {
					t.Errorf("%s, %s: %s", scheme, where, text)
				}
			}
		}
	}
}

// Hosts may be spoken to without TLS where that is asked for, and only those.
func TestPlainHTTPWhenAsked(t *testing.T) {
	plain := serve(t)
	img := newImage(t, 100, 1, amd64)
	push(t, plain+"/test/app:1", img, remote.WithUserAgent("test"))
	lan := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Scheme != "http" {
			return nil, fmt.Errorf("%s was asked by %s", req.URL.Host, req.URL.Scheme)
		}
		req = req.Clone(req.Context())
		req.URL.Host = plain
		return http.DefaultTransport.RoundTrip(req)
	})
	client := newClient(t, Options{Transport: lan, PlainHTTP: []string{"registry.lan:5000"}, Now: fixed})
	got, err := client.Image(t.Context(), "registry.lan:5000/test/app:1", "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, img)
	if _, err := client.Image(t.Context(), "other.lan:5000/test/app:1", "linux/amd64"); err == nil {
		t.Error("another host was spoken to without TLS")
	}
}

// A certificate that cannot be read is told before anything is asked.
func TestBadCA(t *testing.T) {
	if _, err := New(Options{CA: []byte("hello")}); err == nil || !strings.Contains(err.Error(), "-----BEGIN CERTIFICATE-----") {
		t.Error(err)
	}
}

// A token server that sends its visitors on to another host, or in circles, gets no password there.
func TestTokenServersThatRedirect(t *testing.T) {
	var shown atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "" || strings.Contains(string(body), "refresh") {
			shown.Add(1)
		}
		fmt.Fprint(w, `{"token":"open-sesame"}`)
	}))
	t.Cleanup(elsewhere.Close)
	for _, c := range []struct{ to, login, want string }{
		{elsewhere.URL, `"auth":"` + basicText() + `"`, "has a token server that sends its visitors on to " + strings.TrimPrefix(elsewhere.URL, "http://") + "; do not trust it"},
		{elsewhere.URL, `"identitytoken":"refresh-secret"`, "has a token server that sends its visitors on to " + strings.TrimPrefix(elsewhere.URL, "http://") + "; do not trust it"},
		{"", `"auth":"` + basicText() + `"`, "has a token server that sent no token"},
	} {
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/token") {
				http.Redirect(w, r, c.to+"/token", http.StatusTemporaryRedirect)
				return
			}
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s/token",service="test"`, server.URL))
			w.WriteHeader(http.StatusUnauthorized)
		}))
		t.Cleanup(server.Close)
		host := strings.TrimPrefix(server.URL, "http://")
		dir := t.TempDir()
		write(t, filepath.Join(dir, "config.json"), fmt.Sprintf(`{"auths":{%q:{%s}}}`, host, c.login))
		t.Setenv("DOCKER_CONFIG", dir)
		checkFault(t, Options{Timeout: 5 * time.Second}, host+"/test/app:1", host, c.want)
	}
	if shown.Load() > 0 {
		t.Errorf("secrets followed %d times", shown.Load())
	}
}
