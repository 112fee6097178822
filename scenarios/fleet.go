package scenarios

// A Registry is where images live. The registry with the longest matching prefix serves a
// reference; see Scenario.RegistryFor.
type Registry struct {
	Name          string     `yaml:"name,required"`                     // required; unique
	Prefixes      []string   `yaml:"prefixes,required" max:"1000"`      // of normalised references, e.g. docker.io/; required
	Location      Location   `yaml:"location"`                          // default internet
	Bandwidth     Rate       `yaml:"bandwidth"`                         // all it can send at once; default 10Gbps
	PerConnection Rate       `yaml:"perConnection"`                     // what one connection carries; default 1Gbps on the internet, else none
	Latency       Duration   `yaml:"latency" min:"0" max:"10s"`         // one request's round trip; default 50ms on the internet, 5ms in a region, 1ms in a datacenter; 0 to 10s
	PullLimit     *PullLimit `yaml:"pullLimit"`                         // nil: none
	Replicas      []string   `yaml:"replicas"`                          // datacenters' names
	KeepVersions  int        `yaml:"keepVersions" min:"1" max:"100000"` // versions of each service kept in storage; default 10; 1 to 100,000

	Service RegistryService `yaml:"service"`                      // whose terms hold; default by the location's provider, on the internet by the host; filled in
	Plan    string          `yaml:"plan"`                         // of the service, e.g. premium; default the least that does; filled in
	Seats   int             `yaml:"seats" min:"0" max:"10000000"` // users that the plan is paid for; default 1
}

// A Location is where a registry stands: internet, a datacenter's name, or {provider, region}. The
// zero value is the internet.
type Location struct {
	Datacenter string `yaml:"-"`                 // a datacenter's name; "": not in one
	Provider   string `yaml:"provider,required"` // with Region: a cloud region's managed registry
	Region     string `yaml:"region,required"`
}

// Internet tells whether the registry is somebody else's, reached over the internet.
func (l Location) Internet() bool { return l == Location{} }

// A PullLimit bounds manifest requests per address.
type PullLimit struct {
	Pulls int      `yaml:"pulls,required" min:"1"`           // required; at least 1
	Per   Duration `yaml:"per,required" min:"1s" max:"365d"` // required
}

// A Datacenter is a site with one uplink.
type Datacenter struct {
	Name        string `yaml:"name,required"`                 // required; unique
	Provider    string `yaml:"provider"`                      // e.g. aws; transit for own hardware that pays for its uplink by the Mbps; default none, own hardware
	Region      string `yaml:"region"`                        // e.g. eu-central-1; required with a cloud
	Zones       int    `yaml:"zones" min:"1" max:"100"`       // nodes are spread over them evenly; default 1; 1 to 100
	Uplink      Rate   `yaml:"uplink"`                        // to everything outside; default 10Gbps
	Egress      Egress `yaml:"egress"`                        // default direct
	NATGateways int    `yaml:"natGateways" min:"1" max:"100"` // with egress nat; default 0: one in every zone; at most zones
	Nodes       int    `yaml:"nodes" min:"1" max:"10000000"`  // shorthand for one pool named default; this or pools
	Pools       []Pool `yaml:"pools" max:"1000"`              // filled in where nodes was written
	Cache       *Cache `yaml:"cache"`                         // nil: none
	P2P         *P2P   `yaml:"p2p"`                           // nil: none
}

// NodeCount counts the datacenter's nodes.
func (d *Datacenter) NodeCount() int {
	n := 0
	for i := range d.Pools {
		n += d.Pools[i].Nodes
	}
	return n
}

// Egress is how a datacenter's nodes reach what is outside it.
type Egress string

// The ways out.
const (
	EgressDirect   Egress = "direct"   // own public addresses
	EgressNAT      Egress = "nat"      // NAT gateways, one a zone unless natGateways says fewer
	EgressEndpoint Egress = "endpoint" // private endpoints, one set a zone; needs provider and region, and no registry on the internet
)

// A Pool is a set of equal nodes.
type Pool struct {
	Name                string        `yaml:"name,required"`                          // required; unique in its datacenter
	Nodes               int           `yaml:"nodes,required" min:"1" max:"10000000"`  // required; 1 to 10,000,000
	Platform            string        `yaml:"platform"`                               // default sizes.platform
	NIC                 Rate          `yaml:"nic"`                                    // a node's own link; default 10Gbps
	ConcurrentDownloads int           `yaml:"concurrentDownloads" min:"1" max:"1000"` // layers a node downloads at once; default 3; 1 to 1000
	DownloadScope       DownloadScope `yaml:"downloadScope"`                          // what concurrentDownloads counts over; default node
	SerializePulls      bool          `yaml:"serializePulls"`                         // one image at a time; default true
	KeepBlobs           bool          `yaml:"keepBlobs"`                              // a blob stays usable after it was unpacked; default true
	Unpack              Rate          `yaml:"unpack"`                                 // compressed bytes in, one layer at a time; default 100MiB/s
	ImageDisk           Bytes         `yaml:"imageDisk" min:"1GB" max:"1000TB"`       // 0: no limit
	GC                  *GC           `yaml:"gc"`                                     // nil: none
	Replace             *Replace      `yaml:"replace"`                                // nil: nodes live for ever
	Autoscale           *Autoscale    `yaml:"autoscale"`                              // nil: none
	Ephemeral           bool          `yaml:"ephemeral"`                              // nodes keep nothing; default false
}

// DownloadScope is what Pool.ConcurrentDownloads counts over.
type DownloadScope string

// The scopes. They mean the same while pulls are serialized.
const (
	ScopeNode  DownloadScope = "node"  // containerd 2.1 and later, dockerd
	ScopeImage DownloadScope = "image" // containerd 2.0 and earlier
)

// GC is the kubelet's image garbage collection.
type GC struct {
	High Fraction `yaml:"high" min:"0%" max:"100%"` // usage that starts it; default 85%
	Low  Fraction `yaml:"low" min:"0%" max:"100%"`  // usage that ends it; default 80%; not above high
}

// Replace says how often nodes are replaced by empty ones.
type Replace struct {
	Every Duration `yaml:"every,required" min:"1m" max:"3650d"` // a node's mean life; required; at least 1m
}

// Autoscale adds nodes in the morning and removes them at night.
type Autoscale struct {
	Min  int       `yaml:"min,required" min:"0" max:"10000000"` // nodes at night; required
	Max  int       `yaml:"max,required" min:"1" max:"10000000"` // nodes by day; required; not below min
	Up   TimeOfDay `yaml:"up,required"`                         // UTC; required
	Down TimeOfDay `yaml:"down,required"`                       // UTC; required
}

// A Cache is a datacenter's pull-through cache.
type Cache struct {
	Kind      CacheKind `yaml:"kind,required"`                         // required
	Bandwidth Rate      `yaml:"bandwidth"`                             // default 10Gbps
	Disk      Bytes     `yaml:"disk" min:"1GB" max:"1000TB"`           // 0: no limit
	TTL       Duration  `yaml:"ttl" min:"1m" max:"3650d" none:"never"` // how long a blob is kept after it was stored; default 7d for distribution, distribution-2.8 and harbor, else never forgotten (0)
	Cost      float64   `yaml:"costPerMonth" min:"0"`                  // USD, of its machine; default 0
}

// CacheKind is whose behaviour a Cache has.
type CacheKind string

// The caches.
const (
	CacheDistribution   CacheKind = "distribution"     // CNCF distribution 3.x
	CacheDistribution28 CacheKind = "distribution-2.8" // its last series before 3.0
	CacheHarbor         CacheKind = "harbor"           // a proxy project of Harbor
	CacheZot            CacheKind = "zot"              // zot, syncing on demand
	CacheNginx          CacheKind = "nginx"            // nginx with proxy_cache_lock
	CacheIdeal          CacheKind = "ideal"            // fetches each blob once: as good as a cache can be
)

// P2P lets nodes serve each other.
type P2P struct {
	Kind   P2PKind `yaml:"kind,required"`            // required
	Upload Rate    `yaml:"upload"`                   // a node's; default 1Gbps
	Cost   float64 `yaml:"costPerNodeMonth" min:"0"` // USD that serving its peers costs a node; default 0
}

// P2PKind is whose behaviour P2P has.
type P2PKind string

// The peer-to-peer schemes.
const (
	P2PSpegel    P2PKind = "spegel"    // whole layers from nodes that hold them
	P2PDragonfly P2PKind = "dragonfly" // pieces as they arrive
)
