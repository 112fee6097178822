package whatif

import "strings"

// meaning says in a line how a figure is computed.
func meaning(f Figure) string {
	if f.link != "" {
		return linkMeanings[f.Path[strings.LastIndexByte(f.Path, '.')+1:]]
	}
	return meanings[f.Path]
}

var linkMeanings = map[string]string{
	"bytes":        "payload of the layers that were completed over the link, without headers",
	"capacity_bps": "as the scenario has it; 0: no limit",
	"peak_bps":     "the highest rate at any instant, with headers",
	"p95_bps":      "of the averages of five minutes over the simulated time, headers included, the highest that is left once the top 5 % (rounded down) are dropped",
}

var meanings = map[string]string{
	"image.compressed_bytes":      "the largest image of the services, base included, as it crosses the wire",
	"image.layers":                "layers of the largest image",
	"transfer.delivered_bytes":    "what arrived at nodes: from registries, caches and peers",
	"transfer.registry_bytes":     "what left registries and their replicas, to nodes, caches and peers' seeds",
	"transfer.peer_bytes":         "what nodes had from other nodes",
	"transfer.cache_bytes":        "what nodes had from pull-through caches",
	"bounds.naive_bytes":          "what a calculator says: deploys × nodes × whole image",
	"bounds.floor_node_bytes":     "what no scheme can beat at nodes: each receives each blob that it needs once in its life",
	"bounds.floor_registry_bytes": "what no scheme can beat at registries: each blob leaves once",
	"cost.monthly":                "a month's usage and fixed costs; the simulated time is scaled to 730 h",
	"cost.usage":                  "what follows bytes and requests",
	"cost.fixed":                  "what is owed without any",
	"pulls.count":                 "pulls that fetched at least one layer: one node making one image ready",
	"pulls.cold":                  "of those, pulls that fetched every layer",
	"pulls.refused":               "manifests that a pull limit refused",
	"pulls.requests":              "manifests asked for and layers fetched",
	"pulls.layers_fetched":        "layers that pulls fetched",
	"pulls.layers_reused":         "layers of the pulled images that nodes had already",
	"pulls.seconds.p50":           "nearest rank over the pulls that fetched, from the request to unpacked",
	"pulls.seconds.p95":           "nearest rank over the pulls that fetched, from the request to unpacked",
	"pulls.seconds.p99":           "nearest rank over the pulls that fetched, from the request to unpacked",
	"pulls.seconds.max":           "the slowest pull, from the request to unpacked",
	"rollouts.count":              "deploys that were finished, one a service and datacenter",
	"rollouts.superseded":         "deploys that the service's next one overtook",
	"rollouts.seconds.p50":        "nearest rank over the finished rollouts, from the deploy to the last instance ready",
	"rollouts.seconds.p95":        "nearest rank over the finished rollouts, from the deploy to the last instance ready",
	"rollouts.seconds.p99":        "nearest rank over the finished rollouts, from the deploy to the last instance ready",
	"rollouts.seconds.max":        "the slowest rollout, from the deploy to the last instance ready",
	"nodes.disk_peak_bytes":       "images on the fullest node: unpacked, and compressed where blobs are kept",
	"nodes.gc_evictions":          "images that nodes threw away to make room",
	"nodes.replaced":              "nodes that were replaced by empty ones",
	"memory.rss_bytes":            "what all instances hold for themselves",
	"memory.cache_bytes":          "page cache, shared by the instances of one image on a node",
	"registry.pushed_bytes":       "new blobs that deploys pushed",
	"registry.replicated_bytes":   "of those, what was copied to replicas, each copy counted",
	"registry.stored_bytes":       "distinct blobs of the versions kept at the end, by service; each replica holds as much again",
}
