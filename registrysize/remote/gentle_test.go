package remote

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
)

// A counter stands before a registry, slows it down and counts who asks.
type counter struct {
	next    http.Handler
	latency time.Duration

	mu       sync.Mutex
	requests map[string]int // by kind: token, HEAD, GET
	now, top int            // at once
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := r.Method
	if strings.HasPrefix(r.URL.Path, "/token") {
		kind = "token"
	}
	c.mu.Lock()
	c.requests[kind]++
	c.now++
	c.top = max(c.top, c.now)
	c.mu.Unlock()
	time.Sleep(c.latency)
	c.next.ServeHTTP(w, r)
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
}

// reset forgets what was counted.
func (c *counter) reset() { c.requests, c.now, c.top = map[string]int{}, 0, 0 }

// serveCounted starts a registry of n lone images, in as many repositories, that asks for a token where it is
// to. It returns the images' references and who counts.
func serveCounted(t testing.TB, n int, tokens bool) ([]string, *counter) {
	t.Helper()
	images := registry.New(registry.Logger(quiet()))
	mux := http.NewServeMux()
	c := &counter{next: mux, requests: map[string]int{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	back := httptest.NewServer(images)
	t.Cleanup(back.Close)
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"token":%q}`, strings.Join(r.URL.Query()["scope"], " "))
	})
	mux.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) {
		repo, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/"), "/manifests/")
		repo, _, _ = strings.Cut(repo, "/blobs/")
		if tokens && !strings.Contains(r.Header.Get("Authorization"), "repository:"+repo+":pull") {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s/token",service="test"`, server.URL))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		images.ServeHTTP(w, r)
	})
	img := newImage(t, 100, 1, amd64)
	var refs []string
	for i := range n {
		repo := fmt.Sprintf("team/app%d", i)
		if err := remote.Write(parse(t, strings.TrimPrefix(back.URL, "http://")+"/"+repo+":1"), own(t, img, i)); err != nil {
			t.Fatal(err)
		}
		refs = append(refs, strings.TrimPrefix(server.URL, "http://")+"/"+repo+":1")
	}
	return refs, c
}

// kept returns a client with a cache, and its clock.
func kept(t testing.TB, dir string, now *time.Time) *Client {
	t.Helper()
	clock := func() time.Time { return *now }
	return newClient(t, Options{Timeout: 10 * time.Second, Now: clock, Cache: cache.Open(dir, clock), TagsKept: time.Hour})
}

// Cold, K images of one registry take at most one token, K HEAD and 2 K GET, and its own count says the same;
// warm they take nothing, from another client neither; once the tags are old, K HEAD and no GET.
func TestRequests(t *testing.T) {
	const k = 20
	for _, tokens := range []bool{true, false} {
		refs, c := serveCounted(t, k, tokens)
		dir, now := filepath.Join(t.TempDir(), "cache"), time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
		token := 0
		if tokens {
			token = 1
		}
		for _, step := range []struct {
			name   string
			wait   time.Duration
			want   map[string]int
			source string
		}{
			{"cold", 0, map[string]int{"token": token, "HEAD": k, "GET": 2 * k}, "registry"},
			{"warm", 59 * time.Minute, map[string]int{}, "cache"},
			{"old", 2 * time.Minute, map[string]int{"token": token, "HEAD": k}, "registry"},
		} {
			c.reset()
			now = now.Add(step.wait)
			client := kept(t, dir, &now)
			images, err := registrysize.Resolve(t.Context(), client, refs, "linux/amd64")
			if err != nil {
				t.Fatal(err)
			}
			if images[0].Source != step.source || images[0].Observed != "2026-01-02" {
				t.Errorf("%s: %+v", step.name, images[0])
			}
			got := maps.Clone(c.requests)
			if tokens && step.name == "old" {
				// HEADs that met no login yet were sent again; at most all of those that were sent at once.
				if extra := got["HEAD"] - k; extra < 1 || extra > atOnce {
					t.Errorf("old: %d HEAD", got["HEAD"])
				}
				got["HEAD"] = k
			}
			for kind, n := range step.want {
				if n == 0 {
					delete(step.want, kind)
				}
			}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("tokens %v, %s: %s", tokens, step.name, diff)
			}
			if c.top > atOnce {
				t.Errorf("%d requests at once", c.top)
			}
			if n := total(client); n != c.requests["token"]+c.requests["HEAD"]+c.requests["GET"] {
				t.Errorf("the client counts %d requests, the registry %v", n, c.requests)
			}
		}
	}
}

func total(c *Client) int {
	n := 0
	for _, count := range c.Counts() {
		n += count.Requests()
	}
	return n
}

// A token server that hears of one repository only is asked again for each.
func TestTokensOneByOne(t *testing.T) {
	const k = 3
	refs, c := serveCounted(t, k, true)
	inner := c.next
	c.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/token") {
			r.URL.RawQuery = "scope=" + r.URL.Query()["scope"][0]
		}
		inner.ServeHTTP(w, r)
	})
	if _, err := registrysize.Resolve(t.Context(), newSource(t), refs, "linux/amd64"); err != nil {
		t.Fatal(err)
	}
	if n := c.requests["token"]; n != k {
		t.Errorf("%d tokens for %d repositories", n, k)
	}
}

// Who is told to wait waits, and with it all who ask the same registry; then it goes on.
func TestRetryAfter(t *testing.T) {
	refs, c := serveCounted(t, 4, false)
	var refused atomic.Int64
	var last atomic.Int64
	started := time.Now()
	inner := c.next
	c.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if time.Since(started) < time.Second {
			refused.Add(1)
			last.Store(int64(time.Since(started)))
			w.Header().Set("Retry-After", "1")
			w.Header().Set("RateLimit-Limit", "100;w=21600")
			w.Header().Set("RateLimit-Remaining", "0;w=21600")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		inner.ServeHTTP(w, r)
	})
	client := newSource(t)
	if _, err := registrysize.Resolve(t.Context(), client, refs, "linux/amd64"); err != nil {
		t.Fatal(err)
	}
	if n := refused.Load(); n > 4 || time.Duration(last.Load()) > 500*time.Millisecond {
		t.Errorf("%d requests were sent within the second that was to be waited, the last after %v", n, time.Duration(last.Load()))
	}
	n := client.Counts()[0]
	if n.Retries == 0 || n.Quota.String() != "0 of 100 pulls left in 6h" {
		t.Errorf("%+v: %s", n, n.Quota)
	}
}

// Where nobody says how long, waits double, and are spread by half of each in both directions.
func TestBackOff(t *testing.T) {
	for _, status := range []int{429, 503, 500, 502, 504, 408} {
		for _, c := range []struct {
			draw float64
			want [3]time.Duration
		}{{0, [3]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}},
			{0.5, [3]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}},
			{1, [3]time.Duration{750 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second}}} {
			p := polite{jitter: func() float64 { return c.draw }}
			for i, want := range c.want {
				if got, again := p.again(&http.Response{StatusCode: status, Header: http.Header{}}, nil, i+1); !again || got != want {
					t.Errorf("%d, try %d: %v, %v; want %v", status, i+1, got, again, want)
				}
			}
			if _, again := p.again(&http.Response{StatusCode: status}, nil, tries); again {
				t.Errorf("%d is tried a fifth time", status)
			}
		}
	}
}

// A wait beyond the time-out is not begun: the error says how long.
func TestRetryAfterTooLong(t *testing.T) {
	host := faulty(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.Header().Set("RateLimit-Remaining", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	started := time.Now()
	checkFault(t, Options{Timeout: 5 * time.Second}, host+"/test/app:1", host,
		"it answered 429 (Too Many Requests), asks to wait 1h0m0s, 0 pulls left; wait, or log in with docker login "+host)
	if took := time.Since(started); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

// Moments are waited for by the registry's own clock.
func TestRetryAfterMoment(t *testing.T) {
	h := http.Header{}
	h.Set("Date", "Fri, 02 Jan 2026 03:00:00 GMT")
	for text, want := range map[string]time.Duration{
		"Fri, 02 Jan 2026 03:00:07 GMT": 7 * time.Second, "Fri, 02 Jan 2026 02:00:00 GMT": 0, "120": 2 * time.Minute, "0": 0,
	} {
		h.Set("Retry-After", text)
		if got, ok := retryAfter(h); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-1", "soon", "99999999999"} {
		h.Set("Retry-After", text)
		if got, ok := retryAfter(h); ok {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// slowRegistries starts five registries of twenty images each, which take 50 ms for every answer.
func slowRegistries(t testing.TB) []string {
	t.Helper()
	var refs []string
	for range 5 {
		more, c := serveCounted(t, 20, false)
		c.latency = 50 * time.Millisecond
		refs = append(refs, more...)
	}
	return refs
}

// With 50 ms for every request, a hundred images of five registries take at most six times as long as one:
// each registry has twenty of them, eight at once, so that three rounds of three requests follow one another.
// Of one registry they could not: eight at once make thirteen rounds. A busy machine gets three tries.
func TestLatency(t *testing.T) {
	refs := slowRegistries(t)
	best := math.Inf(1)
	for range 3 {
		one, all := timed(t, refs[:1]), timed(t, refs)
		t.Logf("one image %v, a hundred %v: %.1f times", one, all, all.Seconds()/one.Seconds())
		if one < 150*time.Millisecond {
			t.Fatalf("one image took %v, less than three answers", one)
		}
		if best = min(best, all.Seconds()/one.Seconds()); best <= 6 {
			return
		}
	}
	t.Errorf("a hundred images took %.1f times as long as one", best)
}

func timed(t testing.TB, refs []string) time.Duration {
	t.Helper()
	client := newClient(t, Options{})
	started := time.Now()
	if _, err := registrysize.Resolve(t.Context(), client, refs, "linux/amd64"); err != nil {
		t.Fatal(err)
	}
	return time.Since(started)
}

// BenchmarkResolve reads a hundred images of five registries that take 50 ms for every answer.
func BenchmarkResolve(b *testing.B) {
	refs := slowRegistries(b)
	for b.Loop() {
		timed(b, refs)
	}
}
