package remote

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/crypto/bcrypt"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	user     = "fleet"
	password = "correct horse battery staple"
)

// A distribution is a CNCF distribution registry with a certificate of the test's own.
type distribution struct {
	host string
	ca   []byte       // who signed its certificate, PEM
	http *http.Client // trusts it
}

// startDistribution runs a real registry with TLS; auth is that part of its configuration. In CI the program
// must be there; elsewhere the test is skipped without it.
func startDistribution(t *testing.T, auth string) *distribution {
	t.Helper()
	program, err := exec.LookPath("docker-registry")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("docker-registry is not installed; apt-get install docker-registry")
		}
		t.Skip("docker-registry is not installed; apt-get install docker-registry")
	}
	dir, host := t.TempDir(), freePort(t)
	authority := newAuthority(t)
	d := &distribution{host: host, ca: authority.pem, http: authority.client()}
	cert, key := authority.sign(t)
	write(t, filepath.Join(dir, "cert.pem"), cert)
	write(t, filepath.Join(dir, "key.pem"), key)
	write(t, filepath.Join(dir, "config.yml"), fmt.Sprintf(`version: 0.1
storage: {filesystem: {rootdirectory: %[1]s/data}}
http: {addr: %[2]s, tls: {certificate: %[1]s/cert.pem, key: %[1]s/key.pem}}
auth: %[3]s
`, dir, host, auth))
	cmd := exec.Command(program, "serve", filepath.Join(dir, "config.yml"))
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		log.Close()
	})
	for range 100 {
		if res, err := d.http.Get("https://" + host + "/v2/"); err == nil {
			res.Body.Close()
			return d
		}
		time.Sleep(100 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("docker-registry does not answer on %s:\n%s", host, text)
	return nil
}

// withPasswords is the configuration of a registry that knows one user.
func withPasswords(t *testing.T) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "htpasswd")
	write(t, file, fmt.Sprintf("%s:%s\n", user, hash))
	return fmt.Sprintf("{htpasswd: {realm: test, path: %s}}", file)
}

// client returns a client that trusts the registry.
func (d *distribution) client(t *testing.T) *Client {
	t.Helper()
	return newClient(t, Options{Timeout: 10 * time.Second, Now: fixed, CA: d.ca})
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// dockerLogin makes a Docker configuration with a password for a host.
func dockerLogin(t *testing.T, host, password string) {
	t.Helper()
	dir := t.TempDir()
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	write(t, filepath.Join(dir, "config.json"), fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, host, auth))
	t.Setenv("DOCKER_CONFIG", dir)
}

// served is what the registry sends for a path, byte for byte.
func (d *distribution) served(t *testing.T, path, accept, auth string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+d.host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", auth)
	req.Header.Set("Accept", accept)
	res, err := d.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, res.Status, err)
	}
	return body
}

func digestOf(body []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(body)) }

// asServed checks every size and digest of an image against the bytes that the registry serves.
func (d *distribution) asServed(t *testing.T, repo string, got registrysize.Image, auth string) {
	t.Helper()
	manifest := d.served(t, "/v2/"+repo+"/manifests/"+got.Digest, string(types.DockerManifestSchema2)+", "+string(types.OCIManifestSchema1), auth)
	if digest := digestOf(manifest); digest != got.Digest {
		t.Errorf("%s: manifest is served as %s, said to be %s", repo, digest, got.Digest)
	}
	for _, l := range got.Layers {
		body := d.served(t, "/v2/"+repo+"/blobs/"+l.Digest, "*/*", auth)
		if int64(len(body)) != l.Bytes || digestOf(body) != l.Digest {
			t.Errorf("%s: layer %s of %d bytes is served as %s of %d", repo, l.Digest, l.Bytes, digestOf(body), len(body))
		}
	}
}

// pushKinds pushes images of every kind and returns them by repository and platform.
func pushKinds(t *testing.T, host string, options ...remote.Option) map[[2]string]v1.Image {
	t.Helper()
	out := map[[2]string]v1.Image{}
	for name, img := range map[string]v1.Image{
		"one": newImage(t, 70000, 1, amd64), "three": newImage(t, 9000, 3, amd64), "none": newImage(t, 0, 0, amd64), "empty": newImage(t, 0, 1, amd64), "zstd": zstdImage(t),
	} {
		push(t, host+"/kinds/"+name+":1", img, options...)
		out[[2]string{"kinds/" + name, "linux/amd64"}] = img
	}
	arm := v1.Platform{OS: "linux", Architecture: "arm64"}
	images := map[string]v1.Image{"linux/amd64": newImage(t, 9000, 3, amd64), "linux/arm64": newImage(t, 8000, 2, arm)}
	if err := remote.WriteIndex(parse(t, host+"/kinds/multi:1"), indexOf(images), options...); err != nil {
		t.Fatal(err)
	}
	for platform, img := range images {
		out[[2]string{"kinds/multi", platform}] = img
	}
	return out
}

// zstdImage is an OCI image of one layer by zstd.
func zstdImage(t *testing.T) v1.Image {
	t.Helper()
	var buf bytes.Buffer
	z, err := zstd.NewWriter(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, strings.Repeat("not quite a tar file ", 1000)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	img := mutate.ConfigMediaType(mutate.MediaType(newImage(t, 0, 0, amd64), types.OCIManifestSchema1), types.OCIConfigJSON)
	layer := static.NewLayer(buf.Bytes(), types.OCILayerZStd)
	if img, err = mutate.Append(img, mutate.Addendum{Layer: layer, MediaType: types.OCILayerZStd}); err != nil {
		t.Fatal(err)
	}
	return img
}

// TestDistribution pushes images to a real registry, logs in as Docker's configuration says, and checks every
// size against the bytes that the registry serves.
func TestDistribution(t *testing.T) {
	d := startDistribution(t, withPasswords(t))
	dockerLogin(t, d.host, password)
	pushed := pushKinds(t, d.host, remote.WithAuthFromKeychain(authn.DefaultKeychain), remote.WithTransport(d.http.Transport))
	auth := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	client := d.client(t)
	many := newImage(t, 10, 127, amd64)
	push(t, d.host+"/kinds/many:1", many, remote.WithAuthFromKeychain(authn.DefaultKeychain), remote.WithTransport(d.http.Transport), remote.WithJobs(8))
	pushed[[2]string{"kinds/many", "linux/amd64"}] = many
	for key, want := range pushed {
		got, err := client.Image(t.Context(), d.host+"/"+key[0]+":1", key[1])
		if err != nil {
			t.Fatalf("%s %s: %v", key[0], key[1], err)
		}
		same(t, got, want)
		d.asServed(t, key[0], got, auth)
		asStated(t, client, got)
		root := got.Digest
		if got.Index != "" {
			root = got.Index
		}
		pinned, err := client.Image(t.Context(), d.host+"/"+key[0]+"@"+root, key[1])
		if err != nil || pinned.Digest != got.Digest {
			t.Errorf("%s pinned to %s: %+v, %v", key[0], root, pinned, err)
		}
	}
}

func TestDistributionRefuses(t *testing.T) {
	d := startDistribution(t, withPasswords(t))
	dockerLogin(t, d.host, "wrong secret")
	_, err := d.client(t).Image(t.Context(), d.host+"/team/app:1", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "it answered 401 (UNAUTHORIZED authentication required); log in with docker login "+d.host) {
		t.Error(err)
	}
	if err != nil && (strings.Contains(err.Error(), "wrong secret") || strings.Contains(err.Error(), user)) {
		t.Errorf("the error tells secrets: %v", err)
	}
	dockerLogin(t, d.host, password)
	_, err = d.client(t).Image(t.Context(), d.host+"/team/nowhere:1", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "it answered 404") || !errors.Is(err, registrysize.ErrNotFound) {
		t.Error(err)
	}
	_, err = newSource(t).Image(t.Context(), d.host+"/team/app:1", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "its certificate cannot be verified (x509: certificate signed by unknown authority)") {
		t.Error(err)
	}
}

// TestDistributionTokens reads from a real registry that wants tokens of a server of the test's own: one token
// serves all repositories.
func TestDistributionTokens(t *testing.T) {
	tokens := newTokenServer(t)
	d := startDistribution(t, tokens.config())
	dockerLogin(t, d.host, password)
	push := remote.WithTransport(trustBoth(d, tokens))
	pushed := pushKinds(t, d.host, remote.WithAuthFromKeychain(authn.DefaultKeychain), push)
	tokens.asked.Store(0)
	client := newClient(t, Options{Timeout: 10 * time.Second, Now: fixed, CA: append(d.ca, tokens.ca...)})
	var refs []string
	for key := range pushed {
		refs = append(refs, d.host+"/"+key[0]+":1")
	}
	client.Expect(refs)
	for key, want := range pushed {
		got, err := client.Image(t.Context(), d.host+"/"+key[0]+":1", key[1])
		if err != nil {
			t.Fatalf("%s %s: %v", key[0], key[1], err)
		}
		same(t, got, want)
		d.asServed(t, key[0], got, "Bearer "+tokens.token(key[0]))
	}
	if n := tokens.asked.Load(); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
	if _, err := client.Image(t.Context(), d.host+"/forbidden/app:1", "linux/amd64"); err == nil || !strings.Contains(err.Error(), "it answered 401 (UNAUTHORIZED ") {
		t.Error(err)
	}
}

// basicText is the password as it crosses the wire.
func basicText() string { return base64.StdEncoding.EncodeToString([]byte(user + ":" + password)) }
