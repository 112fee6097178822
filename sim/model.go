package sim

// A Model is the whole input of the engine: the plan of a fleet, its images and what happens
// to them. It is plain data: slices are addressed by index and names only label results.
//
// Sizes are bytes, times are seconds, rates are payload-independent bytes per second.
// Run never changes a Model, so one Model may serve several runs at once.
type Model struct {
	Duration     float64  // seconds simulated, > 0; deploys, rebuilds and replacements happen in [0, Duration)
	Cold         bool     // true: at t=0 every node is empty and pulls; false: it holds its services' first versions
	Arrivals     Arrivals // of deploys and node replacements
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
	Bandwidth     float64 // all it can send at once; 0: no limit
	PerConnection float64 // what one connection carries; 0: no limit
	Latency       float64 // seconds, one request's round trip
	KeepVersions  int     // versions of each service kept in storage, ≥ 1; 0 counts as 1
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

// A Datacenter is a site with one uplink.
type Datacenter struct {
	Name     string
	Provider string  // e.g. "aws"; "" for own hardware
	Region   string  // e.g. "eu-central-1"
	Zones    int     // ≥ 1; node j stands in zone j mod Zones
	Uplink   float64 // to everything outside; 0: no limit
	Egress   Egress
	Pools    []Pool // nodes are numbered through the pools in order
}

// Nodes counts the datacenter's nodes.
func (d *Datacenter) Nodes() int {
	n := 0
	for i := range d.Pools {
		n += d.Pools[i].Nodes
	}
	return n
}

// A Pool is a set of equal nodes.
type Pool struct {
	Name      string
	Nodes     int
	NIC       float64 // a node's own link, > 0 and finite: it gives every flow a rate
	Slots     int     // layers a node downloads at once, ≥ 1
	KeepBlobs bool    // a blob stays usable after it was unpacked
	Unpack    float64 // compressed bytes in per second, one layer at a time; 0: takes no time
	Replace   float64 // seconds, a node's mean life; 0: nodes live for ever
}

// A Layer is a compressed blob with its identity.
type Layer struct {
	Digest    string // equal digests are one blob
	Bytes     int64  // compressed
	DiskBytes int64  // unpacked; 0: unknown, see UnpackRatio
}

// A Base is an image that services stand on.
type Base struct {
	Ref     string  // labels results
	Layers  []Layer // bottom first; empty for scratch
	Rebuild float64 // seconds between rebuilds upstream; 0: never rebuilt
}

// Change says when one of a service's own layers gets a new identity.
type Change int

// The zero value is Never.
const (
	Never    Change = iota // only when something below it was rebuilt
	OnDeploy               // at every deploy
	Periodic               // at the first deploy after each multiple of OwnLayer.Every
)

// An OwnLayer is a layer that a service adds to its base.
type OwnLayer struct {
	Layer
	Change     Change
	Every      float64 // seconds, for Periodic
	RebaseKeep bool    // keeps its digest over a new base (COPY --link)
}

// Workload is the kind of controller that rolls a service out.
type Workload int

// The zero value is Deployment.
const (
	Deployment  Workload = iota
	DaemonSet            // one instance a node
	StatefulSet          // highest ordinal first
)

// Placement is how instances are laid on nodes.
type Placement int

// The zero value is Spread.
const (
	Spread Placement = iota // consecutive instances on consecutive nodes, services one after another
	Pack                    // a node takes PackLimit instances before the next one does
)

// PackLimit is how many instances Pack puts on a node: the kubelet's default maxPods.
const PackLimit = 110

// An Amount is a number of instances, absolute or a share of a service's instances.
type Amount struct {
	Value   float64 // a count, or a fraction when Share is set
	Share   bool
	Default bool // not stated: the workload's own default holds
}

// A Service is one image run many times.
type Service struct {
	Name           string
	Registry       int        // index into Model.Registries: where nodes pull it from
	Base           int        // index into Model.Bases; -1 for scratch
	Layers         []OwnLayer // above the base, bottom first
	Workload       Workload
	Instances      []int // per datacenter; a DaemonSet's are one a node
	PerNode        int   // > 0: that many on every node, and Instances agrees
	Placement      Placement
	DeployInterval float64 // seconds; 0: never deployed
	MaxSurge       Amount
	MaxUnavailable Amount
	Startup        float64 // seconds from image to ready
	RSS            int64   // bytes an instance keeps for itself
	PageCache      int64   // bytes shared by a node's instances of one image
}

// UnpackRatio is unpacked over compressed size where the unpacked size is unknown: the median of
// Docker Hub's layers in "Large-Scale Analysis of the Docker Hub Dataset" (CLUSTER 2019), at second hand.
const UnpackRatio = 2.6
