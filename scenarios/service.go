package scenarios

// A Service is one image run many times. It names a whole image, or a base plus layers.
type Service struct {
	Name          string   `yaml:"name,required"`                   // required; unique
	Image         string   `yaml:"image"`                           // a whole image's reference; this or base
	Base          string   `yaml:"base"`                            // the base's reference, or scratch
	Layers        []Layer  `yaml:"layers" max:"127"`                // above the base, bottom first; only with base
	ChangedLayers int      `yaml:"changedLayers" min:"0" max:"127"` // with image: how many top layers a deploy replaces; default 1; 0 to 127
	Versions      Versions `yaml:"versions"`                        // a history of references
	Registry      string   `yaml:"registry"`                        // with base: where the built image is pushed; see Scenario.RegistryFor; filled in

	Workload    Workload  `yaml:"workload"`    // default deployment
	Instances   Instances `yaml:"instances"`   // default {perNode: 1}; a daemonset has none of its own: one a node
	Datacenters []string  `yaml:"datacenters"` // names; default all; filled in
	Placement   Placement `yaml:"placement"`   // default spread

	DeploysPerDay float64       `yaml:"deploysPerDay" min:"0" max:"1440"`              // default 1; 0: never; else 0.0001 to 1440
	DeployTimes   string        `yaml:"deployTimes"`                                   // a file of times
	DeployWindow  *DeployWindow `yaml:"deployWindow"`                                  // nil: any time
	BaseRebuild   Duration      `yaml:"baseRebuild" min:"1h" max:"3650d" none:"never"` // between rebuilds of the base upstream, or of what lies below an image's changed layers; default none (0); at least 1h
	Rollout       Rollout       `yaml:"rollout"`

	PullPolicy     PullPolicy `yaml:"pullPolicy"`                          // default IfNotPresent
	RestartsPerDay float64    `yaml:"restartsPerDay" min:"0" max:"100000"` // per instance; default 0
	Memory         Memory     `yaml:"memory"`
}

// Scratch is the base that is empty.
const Scratch = "scratch"

// A Layer is one that a service adds to its base.
type Layer struct {
	Name    string  `yaml:"name,required"`            // required; unique in its service
	Size    Bytes   `yaml:"size,required" max:"10TB"` // compressed; required; 0 to 10 TB
	Changes Changes `yaml:"changes"`                  // default deploy
	Rebase  Rebase  `yaml:"rebase"`                   // default rebuild
}

// Changes says when a layer gets a new identity: never, deploy, or {every: 7d}.
type Changes struct {
	Deploy bool     `yaml:"-"`                                   // at every deploy
	Every  Duration `yaml:"every,required" min:"1m" max:"3650d"` // with Deploy false: at the first deploy after each multiple; 0: never
}

// Rebase is what a rebuilt base does to a layer above it.
type Rebase string

// The rebases.
const (
	RebaseRebuild Rebase = "rebuild" // it is built again and gets a new identity
	RebaseKeep    Rebase = "keep"    // it keeps its digest (COPY --link)
)

// Workload is the kind of controller that rolls a service out.
type Workload string

// The workloads.
const (
	WorkloadDeployment  Workload = "deployment"  // several instances are replaced at once
	WorkloadDaemonSet   Workload = "daemonset"   // an instance on every node, replaced node by node
	WorkloadStatefulSet Workload = "statefulset" // replaced instance by instance
)

// Instances counts a service's instances in one of three ways; the others are 0. All are 0 for
// a daemonset.
type Instances struct {
	PerNode       int `yaml:"perNode" min:"1" max:"10000"`            // on every node of the service's datacenters
	Total         int `yaml:"total" min:"1" max:"1000000000"`         // over all datacenters, in proportion to their nodes
	PerDatacenter int `yaml:"perDatacenter" min:"1" max:"1000000000"` // in each datacenter
}

// Placement is how instances are laid on nodes.
type Placement string

// The placements.
const (
	PlacementSpread Placement = "spread" // consecutive instances on consecutive nodes
	PlacementPack   Placement = "pack"   // a node is filled before the next
	PlacementRandom Placement = "random" // each deploy draws a node for every instance from the seed
)

// A DeployWindow is when deploys may start.
type DeployWindow struct {
	Days     string `yaml:"days"`     // e.g. mon-fri; default every day
	Hours    string `yaml:"hours"`    // e.g. 09:00-17:00; default all day
	Timezone string `yaml:"timezone"` // an IANA name; default UTC
}

// A Rollout is how a deploy goes through a datacenter's instances. A daemonset's and a
// statefulset's defaults are maxSurge 0 and maxUnavailable 1.
type Rollout struct {
	MaxSurge       Amount       `yaml:"maxSurge"`         // rounded up; default 25%
	MaxUnavailable Amount       `yaml:"maxUnavailable"`   // rounded down; default 25%
	Startup        Duration     `yaml:"startup" max:"1d"` // from image to ready; default 5s; 0 to 1d
	Datacenters    RolloutOrder `yaml:"datacenters"`      // default parallel
}

// RolloutOrder is how a deploy goes through datacenters.
type RolloutOrder string

// The orders.
const (
	RolloutParallel   RolloutOrder = "parallel"   // all at once
	RolloutSequential RolloutOrder = "sequential" // one after another, in the order of the file
)

// PullPolicy is when a node asks its registry for an image.
type PullPolicy string

// The policies.
const (
	PullIfNotPresent PullPolicy = "IfNotPresent" // only where the node does not hold it
	PullAlways       PullPolicy = "Always"       // at each start of an instance, to see whether the tag has moved
)

// Memory is what instances hold.
type Memory struct {
	RSS   Bytes `yaml:"rss" max:"10TB"`   // per instance; default 0; up to 10 TB
	Cache Bytes `yaml:"cache" max:"10TB"` // page cache, shared by instances of one image on a node; default 0; up to 10 TB
}
