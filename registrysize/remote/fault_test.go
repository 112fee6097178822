package remote

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// faulty starts a server that passes for a registry until a manifest is asked for.
func faulty(t *testing.T, manifest http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/manifests/"):
			manifest(w, r)
		case strings.Contains(r.URL.Path, "/blobs/"):
			fmt.Fprint(w, "{}")
		}
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// newClient returns a client without clouds' keychains, and with spread waits.
func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	o.Jitter = rand.Float64
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// noLayers is the manifest of an image without layers, whose config is {}.
const noLayers = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",` +
	`"config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}`

// Registries that refuse and registries that lie: each error names the image, the registry, what is wrong and
// what to do, and nothing else.
func TestFaultyRegistries(t *testing.T) {
	for _, c := range []struct {
		name     string
		manifest http.HandlerFunc
		want     string
	}{
		{"401", answer(401, ""), "it answered 401 (Unauthorized); log in with docker login HOST, or check the name"},
		{"403", answer(403, `{"errors":[{"code":"DENIED","message":"no\nway"}]}`), "it answered 403 (DENIED no way); log in with docker login HOST, or check the name"},
		{"404", answer(404, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`), "it answered 404 (MANIFEST_UNKNOWN manifest unknown): not found; check name and tag"},
		{"429", answer(429, ""), "it answered 429 (Too Many Requests); wait, or log in with docker login HOST"},
		{"500", answer(500, ""), "it answered 500 (Internal Server Error); try again later"},
		{"502", answer(502, "<html>"), "it answered 502 (Bad Gateway); try again later"},
		{"418", answer(418, ""), "it answered 418 (I'm a teapot); check that it is a container registry"},
		{"not JSON", answer(200, "hello"), "sent a manifest that cannot be read: invalid character 'h' looking for beginning of value; check that it is a container registry"},
		{"control characters", answer(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\\u001b[31m\\u009bred\\u202e\"}]}"), "it answered 403 (DENIED  [31m red ); log in"},
		{"strange kind", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/"+strings.Repeat("x", 1000))
			fmt.Fprint(w, "{}")
		}, "is a application/" + strings.Repeat("x", 148) + "…, not a container image; name an image"},
		{"old schema", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
			fmt.Fprint(w, `{"schemaVersion":1}`)
		}, "is an image of Docker's schema 1, which states no sizes; push it anew"},
		{"web page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<html>please log in</html>")
		}, "sent a web page instead of a manifest; check that it is a container registry"},
		{"wrong digest", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("a", 64))
			answer(200, noLayers)(w, r)
		}, "where sha256:" + strings.Repeat("a", 64) + " was said; do not trust it"},
		{"cut off", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			answer(200, noLayers)(w, r)
		}, fmt.Sprintf("broke its answer off after %d bytes (unexpected EOF); try again later", len(noLayers))},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			answer(200, noLayers+strings.Repeat(" ", manifest.MaxBytes))(w, r)
		}, "sent more than 4194304 bytes for a manifest; name an image"},
		{"monstrous layer", answer(200, strings.Replace(noLayers, "[]", `[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":9223372036854775807,"digest":"sha256:`+strings.Repeat("b", 64)+`"}]`, 1)), "of 9223372036854775807 bytes; do not trust it"},
		{"impossible layer", answer(200, strings.Replace(noLayers, "[]", `[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":-5,"digest":"sha256:`+strings.Repeat("b", 64)+`"}]`, 1)), "sent a manifest with a layer sha256:" + strings.Repeat("b", 64) + " of -5 bytes; do not trust it"},
		{"silent", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		}, "it did not answer within 300ms; check the network"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host := faulty(t, c.manifest)
			ref := host + "/test/app:1"
			o := Options{Timeout: time.Second}
			if c.name == "silent" {
				o.Timeout = 300 * time.Millisecond
			}
			checkFault(t, o, ref, host, strings.ReplaceAll(c.want, "HOST", host))
		})
	}
}

// checkFault looks an image up in vain, and checks the error, and that nothing of it is kept.
func checkFault(t *testing.T, o Options, ref, host, want string) {
	t.Helper()
	o.Cache, o.Now, o.TagsKept = cache.Open(t.TempDir(), time.Now), time.Now, time.Hour
	started := time.Now()
	_, err := newClient(t, o).Image(t.Context(), ref, "linux/amd64")
	if took := time.Since(started); o.Timeout > 0 && took > o.Timeout+time.Second {
		t.Errorf("it took %v, with a time-out of %v", took, o.Timeout)
	}
	var refused *registrysize.RegistryError
	if !errors.As(err, &refused) || refused.Ref != ref || refused.Registry != host {
		t.Fatalf("error %T %v", err, err)
	}
	if !strings.HasPrefix(err.Error(), "reading "+ref+" from registry "+host+": ") || !strings.Contains(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("error of several lines: %q", err)
	}
	if tag, ok := o.Cache.Tag(ref); ok {
		t.Errorf("cached %+v", tag)
	}
}

func TestClosedPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	l.Close()
	checkFault(t, Options{}, host+"/test/app:1", host, "it cannot be reached (connect: connection refused); check the network")
}

// Plain HTTP is for loopback addresses: a registry elsewhere that answers without TLS is not spoken to.
func TestPlainHTTPElsewhere(t *testing.T) {
	plain := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.URL.Scheme == "https" {
			return nil, errors.New("http: server gave HTTP response to HTTPS client")
		}
		t.Errorf("%s was asked over plain HTTP", req.URL.Host)
		return nil, errors.New("never")
	})
	// The address is of a private network, where the client library would try plain HTTP.
	ref := "192.168.0.1:5000/test/app:1"
	checkFault(t, Options{Transport: plain}, ref, "192.168.0.1:5000", "plain HTTP")
}

// What a user interrupts is no registry's fault.
func TestInterrupted(t *testing.T) {
	host := faulty(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := newSource(t).Image(ctx, host+"/test/app:1", "linux/amd64")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, ok := errors.AsType[*registrysize.RegistryError](err); ok {
		t.Errorf("%v blames the registry", err)
	}
}

// An image whose config or whose platform's manifest the registry has lost is the registry's fault: the name
// is right.
func TestLostParts(t *testing.T) {
	lost := "sha256:" + strings.Repeat("d", 64)
	for name, body := range map[string]string{
		"config": strings.Replace(noLayers, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", lost, 1),
		"child": `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",` +
			`"digest":"` + lost + `","platform":{"os":"linux","architecture":"amd64"}}]}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, lost) {
				answer(404, `{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]}`)(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		host := strings.TrimPrefix(server.URL, "http://")
		checkFault(t, Options{Timeout: time.Second}, host+"/test/app:1", host, "does not have "+lost+", which the image is made of; push it anew")
		if _, err := newSource(t).Image(t.Context(), host+"/test/app:1", "linux/amd64"); errors.Is(err, registrysize.ErrNotFound) {
			t.Errorf("%s: %v blames the input", name, err)
		}
	}
}

// In a private network, too, a certificate that cannot be verified is told as that, and nothing is said of
// plain HTTP.
func TestUnknownCertificateInPrivateNetwork(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	lan := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(server.URL, "https://"))
	}}
	t.Cleanup(lan.CloseIdleConnections)
	for _, host := range []string{"192.168.0.1:5000", "10.1.2.3:5000", "172.16.0.9", "registry.lan:5000"} {
		checkFault(t, Options{Transport: lan}, host+"/test/app:1", host, "its certificate cannot be verified (x509: ")
	}
}
