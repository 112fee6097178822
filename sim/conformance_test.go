package sim

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A way is how layers reach nodes: straight from the registry, through a cache, from peers, or both.
type way struct {
	name  string
	cache *Cache
	p2p   *P2P
}

// cacheNames are in the order of CacheKind, as scenarios write them.
var cacheNames = []string{"distribution", "distribution-2.8", "harbor", "zot", "nginx", "ideal"}

// ways lists all of them. Those with a cache have the plain one's name in front.
func ways() []way {
	out := []way{{name: "direct"}}
	for _, p := range []way{{}, {name: "+spegel", p2p: &P2P{Kind: Spegel}}, {name: "+dragonfly", p2p: &P2P{Kind: Dragonfly}}} {
		if p.p2p != nil {
			out = append(out, way{name: p.name[1:], p2p: p.p2p})
		}
		for kind, name := range cacheNames {
			out = append(out, way{name + p.name, &Cache{Kind: CacheKind(kind)}, p.p2p})
		}
	}
	return out
}

// by lets the layers of a model come by a way, everywhere.
func (w way) by(m *Model) *Model {
	out := *m
	out.Datacenters = slices.Clone(m.Datacenters)
	for i := range out.Datacenters {
		out.Datacenters[i].Cache, out.Datacenters[i].P2P = w.cache, w.p2p
	}
	return &out
}

// upstream sums what registries send to caches.
func upstream(r *Result) int64 {
	sum := int64(0)
	for _, t := range r.Transfers {
		if t.To.Kind == AtCache {
			sum += t.Bytes
		}
	}
	return sum
}

// TestConformance runs generated fleets every way. Their pulls are over before anything else happens, so that what the
// nodes need does not depend on how they get it:
//   - what arrives, what no scheme could avoid at the nodes, and how often a rollout and a pull happened, is the same;
//   - the sums agree, and registries send no less than the floor and, but for 2.8 and Harbor, no more than without;
//   - zot, nginx and the ideal cache fetch the same; distribution fetches more by what is missed at one time; 2.8 and
//     Harbor at most one copy more for every time that these fetch one;
//   - Spegel takes load off the registry and off any cache; Dragonfly's seeds ask the registry whether there is a cache or not.
//
// A cache's disk and time to live have no limits here: blobs that it forgets are fetched again (see cache_test.go).
func TestConformance(t *testing.T) {
	eachSeed(t, 10, func(t *testing.T, seed uint64) {
		m := instantModel(seed)
		for i := range m.Datacenters {
			for k := range m.Datacenters[i].Pools {
				m.Datacenters[i].Pools[k].NIC = 1e12 // a cache's own copy is no slower than a node's
			}
		}
		got := map[string]*Result{}
		for _, w := range ways() {
			r := mustRun(t, w.by(m))
			got[w.name] = r
			conforms(t, w, got)
			if t.Failed() {
				t.Fatalf("seed %d, %s", seed, w.name)
			}
		}
	})
}

// conforms checks the result of a way against those before it.
func conforms(t *testing.T, w way, got map[string]*Result) {
	t.Helper()
	r, direct := got[w.name], got["direct"]
	same := func(r *Result) any {
		return []int64{r.Delivered, r.Bounds.FloorNode, r.Bounds.Naive, r.Pulls.Count, r.Pulls.LayersFetched, r.Pulls.Requests, r.Rollouts.Count, r.Nodes.Replaced, r.Nodes.DiskPeak}
	}
	if diff := cmp.Diff(same(direct), same(r)); diff != "" {
		t.Errorf("direct (-) and this (+) differ:\n%s", diff)
	}
	if diff := cmp.Diff(causes(direct), causes(r)); diff != "" {
		t.Errorf("causes, direct (-) and this (+):\n%s", diff)
	}
	without := direct // peers
	if plain, _, _ := strings.Cut(w.name, "+"); w.cache != nil {
		without = got[plain]
	}
	switch {
	case w.p2p != nil && w.p2p.Kind == Dragonfly:
		atMost(t, "registries", r.Registry, direct.Registry)
		if w.cache != nil {
			wantBytes(t, "registries beside a cache", r.Registry, got["dragonfly"].Registry)
			wantBytes(t, "through that", r.Cache, 0)
		}
	case w.p2p != nil:
		atMost(t, "registries", r.Registry, without.Registry)
		atMost(t, "caches", r.Cache, without.Cache)
	case w.cache != nil && (w.cache.Kind == Distribution28 || w.cache.Kind == Harbor):
		atMost(t, "registries", r.Registry, 2*direct.Registry)
	default:
		atMost(t, "registries", r.Registry, direct.Registry)
	}
	if w.name == "ideal" {
		amplify(t, got)
	}
}

// amplify compares the cache kinds with each other.
func amplify(t *testing.T, got map[string]*Result) {
	t.Helper()
	one, each := upstream(got["zot"]), upstream(got["distribution"])
	wantBytes(t, "nginx upstream", upstream(got["nginx"]), one)
	wantBytes(t, "ideal upstream", upstream(got["ideal"]), one)
	atMost(t, "zot upstream", one, each)
	wantBytes(t, "harbor upstream", upstream(got["harbor"]), upstream(got["distribution-2.8"]))
	atMost(t, "2.8 upstream", upstream(got["distribution-2.8"]), each+one)
	atMost(t, "zot upstream, twice", 2*one, upstream(got["distribution-2.8"]))
}

func atMost(t *testing.T, what string, got, most int64) {
	t.Helper()
	if got > most {
		t.Errorf("%s: %d bytes, want at most %d", what, got, most)
	}
}

// A wave is 12 equal nodes in three zones that start empty and pull an image at once. It ends within the time simulated, so that
// what links carried in all is what was completed over them, with the overhead.
func wave(layers ...OwnLayer) *Model {
	m := coldStart(oneSite(12, service("hello", 0, layers...)))
	m.WireOverhead = 0.046
	m.Datacenters[0].Zones, m.Datacenters[0].Uplink = 3, 200*mb
	m.Registries[0].Bandwidth, m.Registries[0].PerConnection = 300*mb, 60*mb
	return m
}

// What flows over a link in all is what was completed over it, times the overhead: no byte gets lost on the way.
func TestLinksCarryWhatIsCompleted(t *testing.T) {
	for _, w := range ways() {
		m := w.by(wave(static("a", 100*mb), static("b", 40*mb), static("c", 7*mb)))
		r := mustRun(t, m)
		for _, l := range r.Links {
			sum := 0.0
			for _, rate := range l.Samples {
				sum += rate * SampleSeconds
			}
			if want := float64(l.Bytes) * 1.046; sum < want*(1-1e-9) || sum > want*(1+1e-9) {
				t.Errorf("%s: %s carries %.0f bytes, want %.0f", w.name, l.Name, sum, want)
			}
			if l.Capacity > 0 && l.Peak > l.Capacity*(1+1e-9) {
				t.Errorf("%s: %s peaks at %v of %v", w.name, l.Name, l.Peak, l.Capacity)
			}
		}
	}
}
