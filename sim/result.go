package sim

// A Result is what a run moved and how long it took. All sums are over Duration, exact integers of
// layer sizes; percentiles are nearest rank, weighted by nodes. Slices are sorted as stated.
type Result struct {
	Duration  float64 // seconds, Model.Duration
	End       float64 // seconds, when the last that began before Duration was finished
	Delivered int64   // bytes that arrived at nodes: from registries, Cache and Peer
	Registry  int64   // bytes that left registries, to nodes, caches and peers' seeds
	Cache     int64   // bytes from caches to nodes
	Peer      int64   // bytes from peers to nodes

	Transfers []Transfer // sorted by From, To, Class, Service, Platform, Layer, Cause
	Links     []Link     // sorted by name
	Bounds    Bounds
	Pulls     Pulls
	Rollouts  Rollouts
	Nodes     Nodes
	Memory    Memory
	Storage   []Storage      // one per Model.Registries, same order
	Images    []ServiceImage // one per Model.Services, same order
	Stats     Stats
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

// An End is where a transfer begins or ends.
type End struct {
	Kind       EndKind
	Registry   int // index into Model.Registries, for AtRegistry and AtReplica; else 0
	Datacenter int // index into Model.Datacenters, for all kinds but AtRegistry; else 0
}

// EndKind tells the kinds of End apart.
type EndKind int

// The zero value is AtRegistry.
const (
	AtRegistry EndKind = iota // a registry, at Registry.Location
	AtReplica                 // a registry's replica in a datacenter
	AtCache                   // a datacenter's pull-through cache, in its first zone
	AtPeers                   // a datacenter's nodes, or their seed, as senders; as receiver the seed alone
	AtNodes                   // a datacenter's nodes as receivers
)

// A Cause says why a layer moved.
type Cause string

// The causes.
const (
	CauseStart     Cause = "start"     // the fleet began empty
	CauseDeploy    Cause = "deploy"    // a deploy changed the layer
	CauseRebuild   Cause = "rebuild"   // the base was rebuilt under it, or is it
	CauseChurn     Cause = "churn"     // the node was new
	CausePlacement Cause = "placement" // an instance came to a node that had none
	CauseEviction  Cause = "eviction"  // the node had it and threw it away
	CauseRestart   Cause = "restart"   // an instance started on a node without a store
	CausePush      Cause = "push"      // a version was copied to a replica
)

// A Transfer is all that moved one way between two ends for one layer of one service and one reason.
type Transfer struct {
	Class    Class
	From     End
	To       End
	Service  int // index into Model.Services: whose pull it was first
	Platform int // of the nodes, as Pool.Platform
	Layer    int // place in that service's image, bottom first: the base's layers come before its own; see Model.Layer
	Cause    Cause
	Bytes    int64
	Layers   int64 // times that the layer moved
}

// Layer finds what a transfer moved as the model describes it, and says whether the service's base brings
// it. Of a service with a history it is the zero value: its versions differ.
func (m *Model) Layer(t Transfer) (l Layer, ofBase bool) {
	s, at := &m.Services[t.Service], t.Layer
	if s.Versions != nil {
		return Layer{}, false
	}
	if s.Base >= 0 && t.Platform < len(m.Bases[s.Base].Layers) {
		base := m.Bases[s.Base].Layers[t.Platform]
		if at < len(base) {
			return base[at], true
		}
		at -= len(base)
	}
	return s.Layers[t.Platform][at].Layer, false
}

// A Path is all that moved one way between two ends.
type Path struct {
	Class    Class
	From, To End
	Bytes    int64
}

// Paths sums the transfers up by class and ends, in their order.
func (r *Result) Paths() []Path {
	var out []Path
	for _, t := range r.Transfers {
		p := Path{t.Class, t.From, t.To, t.Bytes}
		if last := len(out) - 1; last >= 0 && out[last].Class == p.Class && out[last].From == p.From && out[last].To == p.To {
			out[last].Bytes += p.Bytes
			continue
		}
		out = append(out, p)
	}
	return out
}

// A Link is a shared link's load. Rates include wire overhead; bytes do not.
type Link struct {
	Name     string    // "fra/uplink", "hub/bandwidth"
	Bytes    int64     // payload of the layers that were completed over it
	Capacity float64   // bytes per second; 0: no limit
	Peak     float64   // highest rate at any instant, bytes per second
	P95      float64   // 95th percentile of Samples, nearest rank
	Samples  []float64 // bytes per second, averaged over each SampleSeconds of Duration; what is idle at the end may be left out
}

// Bounds put what was simulated in its place.
type Bounds struct {
	Naive         int64 // deploys × nodes × whole image: what a calculator says; an instance on an ephemeral pool is a node of its own
	FloorNode     int64 // each node receives each blob it needs once
	FloorRegistry int64 // each blob leaves its registry once
}

// Dist is a distribution of seconds.
type Dist struct{ P50, P95, P99, Max float64 }

// Pulls counts nodes that made an image ready.
type Pulls struct {
	Count         int64 // fetched at least one layer
	Cold          int64 // fetched every layer, each once
	Refused       int64 // manifests that a pull limit refused
	Requests      int64 // manifests asked for plus layers fetched; with AlwaysPull every start of an instance asks besides
	LayersFetched int64
	LayersReused  int64 // of the images in Count, layers that were there already, or on their way for another image
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
	GCEvictions int64 // images thrown away to make room
	Replaced    int64
}

// Memory is what all instances hold at once.
type Memory struct{ RSS, PageCache int64 }

// Storage is one registry's.
type Storage struct {
	Pushed     int64 // new blobs pushed by deploys
	Replicated int64 // of those, copied to replicas, each copy counted
	Stored     int64 // at the end: distinct blobs of the versions kept, per service; replicas hold as much again
}

// ServiceImage sums up a service's first image.
type ServiceImage struct {
	Bytes   int64 // compressed, all layers, on the first platform
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
