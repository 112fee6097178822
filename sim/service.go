package sim

// A Layer is a compressed blob with its identity.
type Layer struct {
	Digest    string // equal digests are one blob
	Bytes     int64  // compressed
	DiskBytes int64  // unpacked; 0: unknown, see UnpackRatio
}

// A Base is an image that services stand on.
type Base struct {
	Ref     string    // labels results
	Layers  [][]Layer // per platform, bottom first; none for scratch
	Rebuild float64   // seconds between rebuilds upstream; 0: never rebuilt
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
	Random                  // each deploy draws a node for every instance
)

// PackLimit is how many instances Pack puts on a node: the kubelet's default maxPods.
const PackLimit = 110

// An Amount is a number of instances, absolute or a share of a service's instances.
type Amount struct {
	Value   float64 // a count, or a fraction when Share is set
	Share   bool
	Default bool // not stated: the workload's own default holds
}

// A Window is a stretch of time.
type Window struct{ From, To float64 } // seconds since t=0

// A Service is one image run many times.
type Service struct {
	Name     string
	Registry int          // index into Model.Registries: where nodes pull it from
	Base     int          // index into Model.Bases; -1 for scratch
	Layers   [][]OwnLayer // per platform, above the base, bottom first
	Versions [][][]Layer  // instead of Base and Layers: whole images, by version and platform; each deploy takes the next, and after the last there are no more

	Workload  Workload
	Instances []int // per datacenter; a DaemonSet's are one a node
	PerNode   int   // > 0: that many on every node there is, and Instances agrees
	Placement Placement

	DeployInterval float64   // seconds; 0: never deployed
	DeployTimes    []float64 // ascending, instead of DeployInterval; nil: none
	DeployWindows  []Window  // ascending, apart; each takes the deploys of a day, spread over it, of which those before t=0 are past; nil: deploys fall at any time

	MaxSurge       Amount
	MaxUnavailable Amount
	Startup        float64 // seconds from image to ready
	Sequential     bool    // a deploy goes to one datacenter after another

	AlwaysPull     bool    // every start of an instance asks the registry whether the tag has moved
	RestartsPerDay float64 // of each instance
	RSS            int64   // bytes an instance keeps for itself
	PageCache      int64   // bytes shared by a node's instances of one image
}
