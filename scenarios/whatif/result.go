// Package whatif is the whole tool as a library: it runs a scenario's variants from image sizes to the
// bill and returns one result, which renders, gates and comparisons work from without computing again.
//
// It prints nothing and needs no network of its own: sizes come from the sources it is given.
package whatif

// Schema names the result's form. Keys are only ever added to it.
const Schema = "fleetcost.result/v1"

// A Result compares the variants of one scenario. Bytes are exact integers over DurationSeconds; seconds
// and bits per second are numbers; costs alone are scaled to a month of 730 hours.
type Result struct {
	Schema          string    `json:"schema"`
	Scenario        Source    `json:"scenario"`
	DurationSeconds float64   `json:"duration_seconds"`
	Seed            uint64    `json:"seed"`
	Replications    int       `json:"replications"`
	Baseline        string    `json:"baseline"`    // the variant that others are compared with
	Assumptions     []string  `json:"assumptions"` // what the figures rest on, each once, in a fixed order
	Warnings        []string  `json:"warnings"`    // what weakens them, likewise
	Images          []Image   `json:"images"`      // of all variants, by reference
	Variants        []Variant `json:"variants"`    // in the file's order
	Budgets         []Budget  `json:"budgets"`     // the scenario's, then those asked for; one a variant
}

// A Source says what was run.
type Source struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`         // sha256 of the file and the overlays on it
	Date   string `json:"date,omitempty"` // the day of t=0, YYYY-MM-DD
}

// An Image is what the sizes are taken from.
type Image struct {
	Ref               string  `json:"ref"`
	Platform          string  `json:"platform"`
	Digest            string  `json:"digest"`   // of the manifest; "" where the scenario states the sizes
	Source            string  `json:"source"`   // scenario, lock, cache, registry, catalog, oci or archive
	Observed          string  `json:"observed"` // YYYY-MM-DD; "" where not known
	CompressedBytes   int64   `json:"compressed_bytes"`
	UncompressedBytes *int64  `json:"uncompressed_bytes"` // null: not known
	Packages          *int64  `json:"packages"`           // that apk, dpkg or rpm have installed; null: not known
	Layers            []Layer `json:"layers"`             // bottom first
}

// A Layer is a blob as a registry serves it.
type Layer struct {
	Digest string `json:"digest"`
	Bytes  int64  `json:"bytes"`
}

// A Variant is one choice and what it leads to.
type Variant struct {
	Name     string       `json:"name"`
	Image    ServiceImage `json:"image"`
	Transfer Transfer     `json:"transfer"`
	Bounds   Bounds       `json:"bounds"`
	Cost     Cost         `json:"cost"`
	Pulls    Pulls        `json:"pulls"`
	Rollouts Rollouts     `json:"rollouts"`
	Nodes    Nodes        `json:"nodes"`
	Memory   Memory       `json:"memory"`
	Registry Registry     `json:"registry"`

	Statistics []Statistic `json:"statistics,omitempty"` // over all replications, in the order of Figures; none where there is only one
	Engine     Engine      `json:"-"`
}

// A ServiceImage is the largest image of the variant's services, base included.
type ServiceImage struct {
	CompressedBytes int64 `json:"compressed_bytes"`
	Layers          int   `json:"layers"`

	// Packages is the most that any image or base of the variant has installed; null: not known of one of them.
	Packages *int64 `json:"packages"`
}

// A Transfer is what moved.
type Transfer struct {
	DeliveredBytes int64  `json:"delivered_bytes"` // arrived at nodes
	RegistryBytes  int64  `json:"registry_bytes"`  // left registries
	PeerBytes      int64  `json:"peer_bytes"`      // came from other nodes
	CacheBytes     int64  `json:"cache_bytes"`     // came from pull-through caches
	Paths          []Path `json:"paths"`           // by from, to, class; their bytes add up to all that moved: RegistryBytes, CacheBytes, PeerBytes and what went to replicas
	Links          []Link `json:"links"`           // by name
	Causes         []Move `json:"causes"`          // why it moved: by from, to, class, service, layer, cause; adds up to Paths
}

// A Move is all that moved one way between two places for one layer of one service and one reason.
type Move struct {
	Class   string `json:"class"`
	From    string `json:"from"`
	To      string `json:"to"`
	Service string `json:"service"` // whose pull it was first
	Layer   string `json:"layer"`   // its name; what it stands on goes by the base's reference
	Cause   string `json:"cause"`   // start, deploy, rebuild, churn, placement, eviction, restart or push
	Bytes   int64  `json:"bytes"`
	Layers  int64  `json:"layers"` // times that a layer moved
}

// A Path is all that moved one way between two places.
type Path struct {
	Class string `json:"class"`
	From  string `json:"from"`
	To    string `json:"to"`
	Bytes int64  `json:"bytes"`
}

// A Link is a shared link. Rates are bits per second with wire overhead, bytes are payload.
type Link struct {
	Name        string  `json:"name"`
	Bytes       int64   `json:"bytes"`
	CapacityBPS float64 `json:"capacity_bps"` // 0: no limit
	PeakBPS     float64 `json:"peak_bps"`     // highest at any instant
	P95BPS      float64 `json:"p95_bps"`      // of 5-minute averages, nearest rank
}

// Bounds put the simulated bytes in their place.
type Bounds struct {
	NaiveBytes         int64 `json:"naive_bytes"`
	FloorNodeBytes     int64 `json:"floor_node_bytes"`
	FloorRegistryBytes int64 `json:"floor_registry_bytes"`
}

// Percentiles are seconds, by nearest rank.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Pulls counts nodes that made an image ready; see sim.Pulls.
type Pulls struct {
	Count         int64       `json:"count"`
	Cold          int64       `json:"cold"`
	Refused       int64       `json:"refused"`
	Requests      int64       `json:"requests"`
	LayersFetched int64       `json:"layers_fetched"`
	LayersReused  int64       `json:"layers_reused"`
	Seconds       Percentiles `json:"seconds"`
}

// Rollouts counts deploys, one a service and datacenter.
type Rollouts struct {
	Count      int64       `json:"count"`
	Superseded int64       `json:"superseded"`
	Seconds    Percentiles `json:"seconds"`
}

// Nodes sums up what happened to nodes.
type Nodes struct {
	DiskPeakBytes int64 `json:"disk_peak_bytes"`
	GCEvictions   int64 `json:"gc_evictions"`
	Replaced      int64 `json:"replaced"`
}

// Memory is what all instances hold at once.
type Memory struct {
	RSSBytes   int64 `json:"rss_bytes"`
	CacheBytes int64 `json:"cache_bytes"`
}

// Registry sums up what registries take in and keep.
type Registry struct {
	PushedBytes     int64 `json:"pushed_bytes"`
	ReplicatedBytes int64 `json:"replicated_bytes"`
	StoredBytes     int64 `json:"stored_bytes"`
}

// Engine tells how hard the simulation was. It is not part of the saved result.
type Engine struct {
	Events int64
	States int
	Flows  int64
}
