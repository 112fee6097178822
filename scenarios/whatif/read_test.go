package whatif

import (
	"strings"
	"testing"
)

// TestIncompleteResults reads results that lack figures, none of which may be taken for 0.
func TestIncompleteResults(t *testing.T) {
	const head = `{"schema": "fleetcost.result/v1", "scenario": {"name": "s", "digest": ""}, "duration_seconds": 1, "seed": 1, "replications": 1,
		"baseline": "a", "assumptions": [], "warnings": [], "images": [], "budgets": [], "variants": [`
	const most = `"image": {"compressed_bytes": 1, "layers": 1, "packages": null},
		"transfer": {"delivered_bytes": 1, "registry_bytes": 1, "peer_bytes": 0, "cache_bytes": 0, "paths": [], "links": [], "causes": []},
		"bounds": {"naive_bytes": 1, "floor_node_bytes": 1, "floor_registry_bytes": 1},
		"pulls": {"count": 1, "cold": 1, "refused": 0, "requests": 1, "layers_fetched": 1, "layers_reused": 0, "seconds": {"p50": 1, "p95": 1, "p99": 1, "max": 1}},
		"rollouts": {"count": 1, "superseded": 0, "seconds": {"p50": 1, "p95": 1, "p99": 1, "max": 1}},
		"nodes": {"disk_peak_bytes": 1, "gc_evictions": 0, "replaced": 0}, "memory": {"rss_bytes": 0, "cache_bytes": 0}`
	const registry = `"registry": {"pushed_bytes": 0, "replicated_bytes": 0, "stored_bytes": 0}`
	const cost = `"cost": {"currency": "USD", "monthly": 2.8e-05, "usage": 2.8e-05, "fixed": 0, "at_least": false, "items": []}`
	for _, c := range []struct{ variants, want string }{
		{`{"name": "a", ` + most + `, ` + registry + `, ` + cost + `}]}`, ""},
		{`{"name": "a"}]}`, "reading result: it is not whole: /variants/0: missing properties 'image', 'transfer', 'bounds', 'cost', 'pulls', 'rollouts', 'nodes', 'memory', 'registry'; save it anew with run -o json"},
		{`{"name": "a", ` + most + `, ` + registry + `, "cost": {"currency": "USD", "usage": 1, "fixed": 0, "at_least": false, "items": []}}]}`, "/variants/0/cost: missing property 'monthly'"},
		{`{"name": "a", ` + most + `, "registry": null, ` + cost + `}]}`, "/variants/0/registry: got null, want object"},
	} {
		_, err := ReadResult([]byte(head + c.variants))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("a whole result: %v", err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%.60s: %v, want %s", c.variants, err, c.want)
		}
	}
}
