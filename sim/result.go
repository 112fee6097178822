package sim

// A Result is what a run moved and how long it took. All sums are over Duration, exact integers of
// layer sizes; percentiles are nearest rank, weighted by nodes. Slices are sorted as stated.
type Result struct {
	Duration  float64 // seconds, Model.Duration
	Delivered int64   // bytes that arrived at nodes
	Registry  int64   // bytes that left registries

	Paths    []Path // sorted by From, To, Class; their bytes add up to Registry
	Links    []Link // sorted by name
	Bounds   Bounds
	Pulls    Pulls
	Rollouts Rollouts
	Nodes    Nodes
	Memory   Memory
	Storage  []Storage      // one per Model.Registries, same order
	Images   []ServiceImage // one per Model.Services, same order
	Stats    Stats
}

// Class is the kind of path a transfer takes, named by where its two ends are.
type Class string

// The classes of a path.
const (
	SameZone        Class = "same-zone" // also a managed registry of the node's own region: it is present in each zone
	InterZone       Class = "inter-zone"
	InterRegion     Class = "inter-region"
	InternetEgress  Class = "internet-egress" // from a cloud's or a datacenter's registry to another provider
	InternetIngress Class = "internet-ingress"
)

// A Path is all that moved one way between two places.
type Path struct {
	Class    Class
	Registry int // index into Model.Registries, the sender
	To       int // index into Model.Datacenters, the receiver
	Bytes    int64
}

// A Link is a shared link's load. Rates include wire overhead; bytes do not.
type Link struct {
	Name     string  // "fra/uplink", "hub/bandwidth"
	Bytes    int64   // payload of the layers that were completed over it
	Capacity float64 // bytes per second; 0: no limit
	Peak     float64 // highest rate at any instant, bytes per second
	P95      float64 // 95th percentile of 5-minute averages, nearest rank, bytes per second
}

// Bounds put what was simulated in its place.
type Bounds struct {
	Naive         int64 // deploys × nodes × whole image: what a calculator says
	FloorNode     int64 // each node receives each blob it needs once
	FloorRegistry int64 // each blob leaves its registry once
}

// Dist is a distribution of seconds.
type Dist struct{ P50, P95, P99, Max float64 }

// Pulls counts nodes that made an image ready.
type Pulls struct {
	Count         int64 // fetched at least one layer
	Cold          int64 // fetched every layer
	Refused       int64
	Requests      int64 // manifests asked for plus layers fetched
	LayersFetched int64
	LayersReused  int64 // of the images in Count, layers that were there already
	Seconds       Dist  // of Count, from the request to unpacked
}

// Rollouts counts deploys, one per service and datacenter.
type Rollouts struct {
	Count      int64 // finished
	Superseded int64 // overtaken by the service's next deploy
	Seconds    Dist  // of Count, from the deploy to the last instance ready
}

// Nodes sums what happened to nodes.
type Nodes struct {
	DiskPeak    int64 // bytes of images on the fullest node: unpacked, plus compressed where blobs are kept
	GCEvictions int64
	Replaced    int64
}

// Memory is what all instances hold at once.
type Memory struct{ RSS, PageCache int64 }

// Storage is one registry's.
type Storage struct {
	Pushed int64 // new blobs pushed by deploys
	Stored int64 // at the end: distinct blobs of the versions kept, per service
}

// ServiceImage sums up a service's first image.
type ServiceImage struct {
	Bytes   int64 // compressed, all layers
	Layers  int
	Deploys int64 // within Duration
	Nodes   int   // that run it
}

// Stats tells how hard the engine worked.
type Stats struct {
	Events int64 // handled
	States int   // most distinct node states at one time
	Flows  int64 // started, each for any number of equal nodes
}
