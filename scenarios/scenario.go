// Package scenarios reads the scenario file: the YAML that describes a fleet, its images and the
// variants to compare. It parses strictly, applies overlays, fills in defaults and reports every
// mistake with its position. It carries the example scenarios that are built in.
//
// It fetches no image sizes and simulates nothing.
package scenarios

// A Scenario is one variant of a scenario file with its overlay applied, its defaults filled in
// and every name in it resolved. Values are what a file may say; a comment gives each field's
// unit, default and range. Slices keep the file's order.
//
// A Scenario is not changed after it was loaded and may be read by several goroutines.
type Scenario struct {
	Version     int    `yaml:"version,required"` // of the file format; required, 1
	Name        string `yaml:"name"`             // of the scenario; default: the file's name without folder and ending
	Description string `yaml:"description"`      // free text

	Simulate    Simulate     `yaml:"simulate"`
	Sizes       Sizes        `yaml:"sizes"`
	Registries  []Registry   `yaml:"registries" max:"1000"`           // the listed ones, then those that references imply; see RegistryFor
	Datacenters []Datacenter `yaml:"datacenters,required" max:"1000"` // required, at least one
	Services    []Service    `yaml:"services,required" max:"20000"`   // required, at least one
	Images      []Image      `yaml:"images"`                          // sizes given by hand; they win over every other source
	Prices      Prices       `yaml:"prices"`
	Variants    []Variant    `yaml:"variants" max:"1000"` // what is compared; none: the file itself is the only one
	Baseline    string       `yaml:"baseline"`            // a variant's name; default: the first variant
	Budgets     []Budget     `yaml:"budgets" max:"1000"`  // checked after the run; the same for all variants

	Variant string `yaml:"-"` // this variant's name; without variants the scenario's

	tree *tree // as read, for positions
}

// Simulate says what is simulated.
type Simulate struct {
	Duration       Duration `yaml:"duration" min:"1s" max:"3650d"`      // default 30d; 1s to 10 years
	Start          Start    `yaml:"start"`                              // default warm
	Date           Date     `yaml:"date"`                               // the calendar day of t=0, UTC; default 2026-01-05, a Monday
	Arrivals       Arrivals `yaml:"arrivals"`                           // of deploys and node replacements; default regular
	Seed           uint64   `yaml:"seed"`                               // of every random stream; default 1
	Replications   int      `yaml:"replications" min:"1" max:"10000"`   // seeds to run; default 1
	WireOverhead   Fraction `yaml:"wireOverhead" min:"0%" max:"100%"`   // headers a payload byte brings to every link; default 4.6%; 0% to 100%
	BilledOverhead Fraction `yaml:"billedOverhead" min:"0%" max:"100%"` // what per-GB meters add to payload; default 0%; 0% to 100%
}

// Start is what nodes hold at t=0.
type Start string

// The starts.
const (
	StartWarm Start = "warm" // every node holds its services' first versions
	StartCold Start = "cold" // all nodes are empty and pull
)

// Arrivals is how events spread over time.
type Arrivals string

// The arrivals.
const (
	ArrivalsRegular Arrivals = "regular" // evenly spaced
	ArrivalsPoisson Arrivals = "poisson" // exponential gaps
)

// Sizes says where image sizes come from.
type Sizes struct {
	From     SizesFrom `yaml:"from"`     // default auto
	Platform string    `yaml:"platform"` // os/architecture[/variant]; default linux/amd64
}

// SizesFrom is a source of image sizes.
type SizesFrom string

// The sources. Sizes under images win over all of them.
const (
	SizesAuto     SizesFrom = "auto"     // lock, then cache, then registry, then catalog with a warning
	SizesLock     SizesFrom = "lock"     // the lock beside the file; needs no network
	SizesRegistry SizesFrom = "registry" // the registries themselves
	SizesCatalog  SizesFrom = "catalog"  // the catalog that is built in; needs no network
)

// An Image gives the sizes of an image by hand. Each of its layers is a blob of its own: two
// images described here share nothing.
type Image struct {
	Ref    string       `yaml:"ref,required"`              // required; unique
	Layers []ImageLayer `yaml:"layers,required" max:"127"` // bottom first; required, 1 to 127
}

// An ImageLayer is one layer of an Image.
type ImageLayer struct {
	Size Bytes `yaml:"size,required" max:"10TB"` // compressed; required; 0 to 10 TB
}

// A Variant is an overlay on the file: overlay is merged first, then set is applied.
type Variant struct {
	Name    string `yaml:"name,required"` // required; unique
	Set     Raw    `yaml:"set"`           // path: value, as --set takes them
	Overlay Raw    `yaml:"overlay"`       // a partial file; list items are matched by name
}
