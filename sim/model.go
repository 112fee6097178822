package sim

// A Model is the whole input of the engine: the plan of a fleet, its images and what happens
// to them. It is plain data: slices are addressed by index and names only label results.
//
// Sizes are bytes, times are seconds, rates are payload-independent bytes per second.
// Run never changes a Model, so one Model may serve several runs at once.
type Model struct {
	Duration     float64  // seconds simulated, > 0; deploys, rebuilds and replacements happen in [0, Duration)
	Cold         bool     // true: at t=0 every node is empty and pulls; false: it holds its services' first versions
	Arrivals     Arrivals // of deploys, restarts and node replacements
	Seed         uint64   // of every random stream
	WireOverhead float64  // headers as a fraction of payload, e.g. 0.046; takes link capacity, never bytes

	Registries  []Registry
	Datacenters []Datacenter
	Bases       []Base
	Services    []Service
}

// Arrivals says how events spread over time.
type Arrivals int

// The zero value is Regular.
const (
	Regular Arrivals = iota // evenly spaced
	Poisson                 // exponential gaps
)

// A Registry is where images live.
type Registry struct {
	Name          string
	Location      Location
	Bandwidth     float64   // all it can send at once, and each replica again; 0: no limit
	PerConnection float64   // what one connection carries; 0: no limit
	Latency       float64   // seconds, one request's round trip
	PullLimit     PullLimit // the zero value: none
	Replicas      []int     // datacenters that hold a copy of every version; nodes pull from what is nearest
	KeepVersions  int       // versions of each service kept in storage, ≥ 1; 0 counts as 1
}

// A PullLimit bounds the manifests that one address may fetch in each window of Per seconds; windows
// begin at multiples of it. All nodes of a datacenter behind NAT or a cache are one address, others are
// one each.
type PullLimit struct {
	Pulls int     // 0: no limit
	Per   float64 // seconds, > 0 with Pulls
}

// A Location is where a registry stands.
type Location struct {
	Kind       LocationKind
	Datacenter int    // index into Model.Datacenters, for InDatacenter
	Provider   string // for InRegion; OnInternet: who runs it, "" where that does not matter
	Region     string // for InRegion
}

// LocationKind tells the three kinds of Location apart.
type LocationKind int

// The zero value is OnInternet.
const (
	OnInternet   LocationKind = iota // somebody else's, reached over the internet
	InDatacenter                     // inside one of the model's datacenters
	InRegion                         // a cloud region's managed registry, present in all its zones
)

// Egress is how the nodes of a datacenter reach what is outside it.
type Egress int

// The zero value is Direct.
const (
	Direct   Egress = iota // own public addresses
	NAT                    // through NAT gateways, one a zone
	Endpoint               // through private endpoints, one set a zone
)

// A Datacenter is a site with one uplink, which carries as much each way.
type Datacenter struct {
	Name     string
	Provider string  // e.g. "aws"; "" for own hardware
	Region   string  // e.g. "eu-central-1"
	Zones    int     // ≥ 1; node j stands in zone j mod Zones
	Uplink   float64 // to everything outside; 0: no limit
	Egress   Egress
	Pools    []Pool // nodes are numbered through the pools in order
	Cache    *Cache // between the nodes and every registry that is not in this datacenter; nil: none
	P2P      *P2P   // asked before the cache; nil: none
}

// Nodes counts the datacenter's nodes, with autoscaled pools at their largest.
func (d *Datacenter) Nodes() int {
	n := 0
	for i := range d.Pools {
		n += d.Pools[i].Nodes
	}
	return n
}

// A Pool is a set of equal nodes.
type Pool struct {
	Name          string
	Nodes         int        // with Autoscale the most there are
	Platform      int        // index into what has one entry per platform
	NIC           float64    // a node's own link, > 0 and finite: it gives every flow a rate
	Slots         int        // layers downloaded at once, ≥ 1
	SlotsPerImage bool       // Slots bounds each image being pulled; false: the node
	ParallelPulls bool       // images are pulled at once; false: one after another
	KeepBlobs     bool       // a blob stays usable after it was unpacked
	Unpack        float64    // compressed bytes in per second, one layer of an image at a time; 0: takes no time
	ImageDisk     int64      // bytes for images; 0: no limit, and nothing is ever thrown away
	GCHigh, GCLow float64    // shares of ImageDisk: usage above the first throws images away until the second is met
	Replace       float64    // seconds, a node's mean life; 0: nodes live for ever
	Autoscale     *Autoscale // nil: Nodes is what there is
	Ephemeral     bool       // nodes keep nothing: every instance that starts pulls its image, over a NIC of its own
}

// Autoscale lets a pool have its full number of nodes from Up to Down each day, and Min otherwise. What
// is removed has the highest numbers.
type Autoscale struct {
	Min      int
	Up, Down float64 // seconds of the day, in [0, 86400); t=0 is midnight
}

// A Cache is a datacenter's pull-through cache. It stands in the first zone.
type Cache struct {
	Kind      CacheKind
	Bandwidth float64 // to nodes; 0: no limit
	Disk      int64   // bytes; 0: no limit; least recently used blobs go first
	TTL       float64 // seconds a blob is kept after it was stored; 0: for ever
}

// CacheKind is whose behaviour a Cache has with blobs that it does not hold.
type CacheKind int

// The zero value is Distribution.
const (
	Distribution   CacheKind = iota // CNCF distribution 3.x: each miss streams its own copy until the first is stored
	Distribution28                  // likewise, and one copy more to store
	Harbor                          // as Distribution28
	Zot                             // one copy; whoever asks waits until it is stored
	Nginx                           // with a lock: as Zot
	Ideal                           // one copy, handed on as it arrives
)

// P2P lets the nodes of a datacenter serve each other, whatever their zones.
type P2P struct {
	Kind   P2PKind
	Upload float64 // what a node can send; 0: no limit
}

// P2PKind is whose behaviour P2P has.
type P2PKind int

// The zero value is Spegel.
const (
	Spegel    P2PKind = iota // whole layers from nodes that hold them; until one does, everyone goes outside
	Dragonfly                // a seed fetches one copy, and pieces are handed on as they arrive
)

// UnpackRatio is unpacked over compressed size where the unpacked size is unknown: the median of
// Docker Hub's layers in "Large-Scale Analysis of the Docker Hub Dataset" (CLUSTER 2019), at second hand.
const UnpackRatio = 2.6
