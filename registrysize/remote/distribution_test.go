package remote

import (
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
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/bcrypt"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	user     = "fleet"
	password = "correct horse battery staple"
)

// startDistribution runs a real CNCF distribution registry that asks for a password, and returns its host.
// In CI the program must be there; elsewhere the test is skipped without it.
func startDistribution(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("docker-registry")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("docker-registry is not installed; apt-get install docker-registry")
		}
		t.Skip("docker-registry is not installed; apt-get install docker-registry")
	}
	dir, host := t.TempDir(), freePort(t)
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "htpasswd"), fmt.Sprintf("%s:%s\n", user, hash))
	write(t, filepath.Join(dir, "config.yml"), fmt.Sprintf(`version: 0.1
storage: {filesystem: {rootdirectory: %s}}
http: {addr: %s}
auth: {htpasswd: {realm: test, path: %s}}
`, filepath.Join(dir, "data"), host, filepath.Join(dir, "htpasswd")))
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
		if res, err := http.Get("http://" + host + "/v2/"); err == nil {
			res.Body.Close()
			return host
		}
		time.Sleep(100 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("docker-registry does not answer on %s:\n%s", host, text)
	return ""
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

// login makes a Docker configuration with a password for a host.
func login(t *testing.T, host, password string) {
	t.Helper()
	dir := t.TempDir()
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	write(t, filepath.Join(dir, "config.json"), fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, host, auth))
	t.Setenv("DOCKER_CONFIG", dir)
}

// served is what the registry sends for a path, byte for byte.
func served(t *testing.T, host, path, accept string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, password)
	req.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(req)
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

// TestDistribution pushes images to a real registry, logs in as Docker's configuration says, and checks every
// size against the bytes that the registry serves.
func TestDistribution(t *testing.T) {
	host := startDistribution(t)
	login(t, host, password)
	keys := remote.WithAuthFromKeychain(authn.DefaultKeychain)

	single := newImage(t, 70000, 4, amd64)
	push(t, host+"/team/app:1", single, keys)
	arm := v1.Platform{OS: "linux", Architecture: "arm64"}
	images := map[string]v1.Image{"linux/amd64": newImage(t, 9000, 3, amd64), "linux/arm64": newImage(t, 8000, 2, arm)}
	if err := remote.WriteIndex(parse(t, host+"/team/multi:1"), indexOf(images), keys); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ repo, platform string }{{"team/app", "linux/amd64"}, {"team/multi", "linux/amd64"}, {"team/multi", "linux/arm64"}} {
		want := single
		if c.repo == "team/multi" {
			want = images[c.platform]
		}
		got, err := newSource().Image(t.Context(), host+"/"+c.repo+":1", c.platform)
		if err != nil {
			t.Fatalf("%s %s: %v", c.repo, c.platform, err)
		}
		same(t, got, want)
		manifest := served(t, host, "/v2/"+c.repo+"/manifests/"+got.Digest, string(types.DockerManifestSchema2))
		if digest := digestOf(manifest); digest != got.Digest {
			t.Errorf("%s: manifest is served as %s, said to be %s", c.repo, digest, got.Digest)
		}
		for _, l := range got.Layers {
			body := served(t, host, "/v2/"+c.repo+"/blobs/"+l.Digest, "*/*")
			if int64(len(body)) != l.Bytes || digestOf(body) != l.Digest {
				t.Errorf("%s: layer %s of %d bytes is served as %s of %d", c.repo, l.Digest, l.Bytes, digestOf(body), len(body))
			}
		}
	}
}

func TestDistributionRefuses(t *testing.T) {
	host := startDistribution(t)
	login(t, host, "wrong secret")
	_, err := newSource().Image(t.Context(), host+"/team/app:1", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "it answered 401 (UNAUTHORIZED authentication required); log in with docker login "+host) {
		t.Error(err)
	}
	if err != nil && (strings.Contains(err.Error(), "wrong secret") || strings.Contains(err.Error(), user)) {
		t.Errorf("the error tells secrets: %v", err)
	}
	login(t, host, password)
	_, err = newSource().Image(t.Context(), host+"/team/nowhere:1", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "it answered 404") || !errors.Is(err, registrysize.ErrNotFound) {
		t.Error(err)
	}
}
