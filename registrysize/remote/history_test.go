package remote

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/fleetcost/fleetcost/registrysize"
)

// builtOn makes an image of a day.
func builtOn(t *testing.T, day int) v1.Image {
	t.Helper()
	img, err := mutate.CreatedAt(newImage(t, 100, 1, amd64), v1.Time{Time: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// A history is read from the registry's tags: by version, else by the day of the config. A second time nothing
// is asked.
func TestHistory(t *testing.T) {
	host := serve(t)
	for tag, day := range map[string]int{"v1.0.0": 9, "v1.10.0": 8, "v1.9.0": 7, "edge": 6, "nightly": 20} {
		push(t, host+"/test/app:"+tag, builtOn(t, day))
	}
	dir, now := t.TempDir(), fixed()
	for _, c := range []struct {
		match string
		want  string
	}{
		{"v*", "v1.0.0 v1.9.0 v1.10.0"},
		{"*", "edge v1.9.0 v1.10.0 v1.0.0 nightly"},
	} {
		for _, name := range []string{"cold", "warm"} {
			client := kept(t, dir, &now)
			got, err := client.Releases(t.Context(), registrysize.History{Repository: host + "/test/app", Match: c.match, Last: 20}, "linux/amd64")
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for tag := range strings.FieldsSeq(c.want) {
				want = append(want, host+"/test/app:"+tag)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s: %s", c.match, name, diff)
			}
			if n := total(client); name == "warm" && n > 0 {
				t.Errorf("%s: %d requests for what is known", c.match, n)
			}
		}
	}
}

// Tags come in pages; a list without an end, or that leads elsewhere, is refused.
func TestTagPages(t *testing.T) {
	for _, c := range []struct {
		name string
		link func(host string, page int) string
		want string // "": all of five pages
	}{
		{"pages", func(_ string, page int) string {
			if page == 5 {
				return ""
			}
			return fmt.Sprintf(`</v2/test/app/tags/list?n=1000&last=%d>; rel="next"`, page)
		}, ""},
		{"no end", func(_ string, page int) string {
			return fmt.Sprintf(`</v2/test/app/tags/list?n=1000&last=%d>; rel="next"`, page)
		}, "has more than 50 pages of tags; name the versions one by one"},
		{"nowhere", func(string, int) string { return `</>; rel="next"` }, "sent a list of tags whose next page is nowhere"},
	} {
		var page int
		host := serveTags(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v2/test/app/tags/list" {
				t.Errorf("%s was asked", r.URL)
			}
			page++
			w.Header().Set("Link", c.link(r.Host, page))
			fmt.Fprintf(w, `{"name":"test/app","tags":["v%d"]}`, page)
		})
		tags, err := newSource(t).Tags(t.Context(), host+"/test/app")
		if c.want == "" && (err != nil || len(tags) != 5) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, %v; want %s", c.name, tags, err, c.want)
		}
	}
	host := serveTags(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })
	_, err := newSource(t).Tags(t.Context(), host+"/test/app")
	if refused, ok := errors.AsType[*registrysize.RegistryError](err); !ok || refused.Registry != host || !strings.Contains(err.Error(), "sent a list of tags that cannot be read") {
		t.Error(err)
	}
}

func serveTags(t *testing.T, list http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(list)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}
