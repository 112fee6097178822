package scenarios

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	gbps = 1e9 / 8 // bytes per second
	day  = 86400   // seconds
)

func (s *Simulate) setDefaults() {
	*s = Simulate{
		Duration: 30 * day, Start: StartWarm, Date: "2026-01-05", Arrivals: ArrivalsRegular,
		Seed: 1, Replications: 1, WireOverhead: 0.046,
	}
}

func (s *Sizes) setDefaults() { *s = Sizes{From: SizesAuto, Platform: "linux/amd64"} }

func (r *Registry) setDefaults() {
	*r = Registry{Bandwidth: 10 * gbps, PerConnection: 1 * gbps, Latency: 0.05, KeepVersions: 10}
}

func (d *Datacenter) setDefaults() {
	*d = Datacenter{Provider: ProviderNone, Zones: 1, Uplink: 10 * gbps, Egress: EgressDirect}
}

func (p *Pool) setDefaults() {
	*p = Pool{
		NIC: 10 * gbps, ConcurrentDownloads: 3, DownloadScope: ScopeNode,
		SerializePulls: true, KeepBlobs: true, Unpack: 100 << 20,
	}
}

func (g *GC) setDefaults()           { *g = GC{High: 0.85, Low: 0.80} }
func (c *Cache) setDefaults()        { *c = Cache{Bandwidth: 10 * gbps, TTL: 7 * day} }
func (p *P2P) setDefaults()          { *p = P2P{Upload: 1 * gbps} }
func (w *DeployWindow) setDefaults() { *w = DeployWindow{Timezone: "UTC"} }

func (s *Service) setDefaults() {
	*s = Service{
		ChangedLayers: 1, Workload: WorkloadDeployment, Placement: PlacementSpread,
		DeploysPerDay: 1, PullPolicy: PullIfNotPresent,
	}
}

func (l *Layer) setDefaults() { *l = Layer{Changes: Changes{Deploy: true}, Rebase: RebaseRebuild} }

func (r *Rollout) setDefaults() {
	*r = Rollout{
		MaxSurge: Amount{Value: 0.25, Share: true}, MaxUnavailable: Amount{Value: 0.25, Share: true},
		Startup: 5, Datacenters: RolloutParallel,
	}
}

// complete fills in the defaults that depend on other values, and the names that may be left out.
func (s *Scenario) complete(file, variant string) {
	if s.Name == "" {
		base := filepath.Base(file)
		if s.Name = strings.TrimSuffix(base, filepath.Ext(base)); s.Name == "" || s.Name == "-" {
			s.Name = "scenario"
		}
	}
	if s.Variant = variant; variant == "" {
		s.Variant = s.Name
	}
	if s.Baseline == "" {
		s.Baseline = s.Variant
		if len(s.Variants) > 0 {
			s.Baseline = s.Variants[0].Name
		}
	}
	s.Sizes.Platform = usualPlatform(s.Sizes.Platform)
	for i := range s.Registries {
		s.completeRegistry(i)
	}
	for i := range s.Datacenters {
		s.completeDatacenter(i)
	}
	var datacenters []string
	for _, d := range s.Datacenters {
		datacenters = append(datacenters, d.Name)
	}
	listed := len(s.Registries)
	for i := range s.Services {
		s.completeService(i, datacenters)
		s.completeServiceRegistry(&s.Services[i], listed)
	}
	if len(s.Prices.Book) == 0 {
		s.Prices.Book = s.impliedBooks()
	}
	for i := range s.Registries {
		s.completeTerms(&s.Registries[i])
	}
}

// impliedBooks are those of the clouds that datacenters and registries stand in, in the file's order.
func (s *Scenario) impliedBooks() Books {
	var list Books
	add := func(provider string) {
		if slices.Contains(BookNames(), provider) && !slices.Contains(list, provider) && isCloud(provider) {
			list = append(list, provider)
		}
	}
	for i := range s.Datacenters {
		add(s.Datacenters[i].Provider)
	}
	for i := range s.Registries {
		add(s.Registries[i].Location.Provider)
	}
	if len(list) == 0 {
		return Books{BookNone}
	}
	return list
}

// completeRegistry sets what a registry near the nodes has instead of the internet's defaults.
func (s *Scenario) completeRegistry(i int) {
	r := &s.Registries[i]
	path := fmt.Sprintf("registries[%d]", i)
	if r.Location.Internet() {
		return
	}
	if !s.Stated(path + ".perConnection") {
		r.PerConnection = 0
	}
	if !s.Stated(path + ".latency") {
		if r.Latency = 0.005; r.Location.Datacenter != "" {
			r.Latency = 0.001
		}
	}
}

func (s *Scenario) completeDatacenter(i int) {
	d := &s.Datacenters[i]
	if s.Stated(fmt.Sprintf("datacenters[%d].nodes", i)) && len(d.Pools) == 0 {
		p := Pool{}
		p.setDefaults()
		p.Name, p.Nodes = "default", d.Nodes
		d.Pools = []Pool{p}
	}
	if c := d.Cache; c != nil && !s.Stated(fmt.Sprintf("datacenters[%d].cache.ttl", i)) {
		switch c.Kind {
		case CacheZot, CacheNginx, CacheIdeal:
			c.TTL = 0
		case CacheDistribution, CacheDistribution28, CacheHarbor:
		}
	}
	for j := range d.Pools {
		if d.Pools[j].Platform == "" {
			d.Pools[j].Platform = s.Sizes.Platform
		}
		d.Pools[j].Platform = usualPlatform(d.Pools[j].Platform)
	}
}

func (s *Scenario) completeService(i int, datacenters []string) {
	v := &s.Services[i]
	if v.Image == "" && v.Base == "" && len(v.Versions.List) > 0 {
		v.Image = v.Versions.List[0]
	} else if v.Image == "" && v.Base == "" {
		v.Image = v.Versions.Repository
	}
	path := fmt.Sprintf("services[%d]", i)
	if v.Workload != WorkloadDaemonSet && !s.Stated(path+".instances") {
		v.Instances.PerNode = 1
	}
	if !s.Stated(path + ".datacenters") {
		v.Datacenters = datacenters
	}
	if v.Workload != WorkloadDeployment {
		if !s.Stated(path + ".rollout.maxSurge") {
			v.Rollout.MaxSurge = Amount{}
		}
		if !s.Stated(path + ".rollout.maxUnavailable") {
			v.Rollout.MaxUnavailable = Amount{Value: 1}
		}
	}
}

// usualPlatform writes a platform as registries do, and leaves what is none for validation.
func usualPlatform(platform string) string {
	if usual, err := registrysize.NormalizePlatform(platform); err == nil {
		return usual
	}
	return platform
}
