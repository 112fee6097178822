package remote

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
)

// What was asked in the wrong way is no registry's fault, and no platform is guessed.
func TestWrongInput(t *testing.T) {
	ref := serve(t) + "/test/multi:1"
	pushIndex(t, ref, amd64)
	for _, c := range []struct{ ref, platform, want string }{
		{ref, "linux", `"linux" is no platform; write os/architecture[/variant], e.g. linux/amd64`},
		{ref, "", `"" is no platform; write os/architecture[/variant], e.g. linux/amd64`},
		{ref, "a/b/c/d", `"a/b/c/d" is no platform; write os/architecture[/variant], e.g. linux/amd64`},
		{"ALP ine", "linux/amd64", `"ALP ine" is no image reference; write e.g. docker.io/library/alpine:3.24`},
	} {
		_, err := newSource(t).Image(t.Context(), c.ref, c.platform)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s %q: got %v; want %s", c.ref, c.platform, err, c.want)
		}
		if _, ok := errors.AsType[*registrysize.RegistryError](err); ok {
			t.Errorf("%v blames the registry", err)
		}
	}
}

// A login that cannot be read is no registry's fault: the error says where it went wrong.
func TestBrokenDockerConfiguration(t *testing.T) {
	host, open := serveTokens(t, true)
	ref := host + "/test/app:1"
	push(t, open+"/test/app:1", newImage(t, 10, 1, amd64))
	for config, want := range map[string]string{
		"{nope":                    "invalid character 'n'",
		`{"credsStore":"nowhere"}`: `"docker-credential-nowhere": executable file not found`,
		`{"auths":{"` + host + `":{"auth":"c2VjcmV0=="}}}`: "illegal base64 data",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "config.json"), config)
		t.Setenv("DOCKER_CONFIG", dir)
		_, err := newSource(t).Image(t.Context(), ref, "linux/amd64")
		if err == nil || !strings.HasPrefix(err.Error(), "reading "+ref+": logging in to "+host+" as Docker's configuration says: ") ||
			!strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), "; correct it, or log in anew with docker login "+host) {
			t.Errorf("%s: got %v; want %s", config, err, want)
		}
		if _, ok := errors.AsType[*registrysize.RegistryError](err); ok {
			t.Errorf("%v blames the registry", err)
		}
		if err != nil && strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("the error tells secrets: %v", err)
		}
	}
}
