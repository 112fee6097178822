package scenarios

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	maxNodesTotal = 10_000_000
	maxInstances  = 1_000_000_000
)

func (v *validator) datacenters() {
	if v.has("datacenters") && len(v.Datacenters) == 0 {
		v.fail("datacenters", "is empty; add a datacenter, e.g. {name: fra, nodes: 30}")
	}
	names := map[string]int{}
	total := 0
	for i := range v.Datacenters {
		d := &v.Datacenters[i]
		at := fmt.Sprintf("datacenters[%d]", i)
		v.name("datacenters", i, d.Name, names)
		if d.Name == "internet" {
			v.fail(at+".name", "internet is what a registry's location calls the internet; write another name")
		}
		v.site(at, d)
		v.pools(at, d)
		total += d.NodeCount()
	}
	if total > maxNodesTotal {
		v.fail("datacenters", "have %d nodes together; write at most %d", total, maxNodesTotal)
	}
}

// site checks where a datacenter stands and how it reaches the outside.
func (v *validator) site(at string, d *Datacenter) {
	v.provider(at+".provider", d.Provider, ProviderNone, ProviderTransit)
	switch {
	case isCloud(d.Provider) && !v.has("%s.region", at):
		v.fail(at, "has a provider and no region; add one, e.g. region: eu-central-1")
	case isCloud(d.Provider):
		v.region(at+".region", d.Provider, d.Region)
	case d.Egress == EgressEndpoint:
		v.fail(at+".egress", "endpoint is a cloud's private endpoint; add provider and region, or write direct")
	}
	switch {
	case d.NATGateways > 0 && d.Egress != EgressNAT:
		v.fail(at+".natGateways", "stands beside egress %s, which has none; write egress: nat", d.Egress)
	case d.NATGateways > max(1, d.Zones):
		v.fail(at+".natGateways", "is more than one in every zone; write at most %d", d.Zones)
	}
}

func (v *validator) pools(at string, d *Datacenter) {
	nodes, pools := v.has("%s.nodes", at), v.has("%s.pools", at)
	switch {
	case nodes && pools:
		v.fail(at+".nodes", "stands beside pools, which have nodes of their own; remove one of the two")
	case !nodes && !pools:
		v.fail(at, "has no nodes; add nodes: 30, or pools")
	case pools && len(d.Pools) == 0:
		v.fail(at+".pools", "is empty; add a pool, e.g. {name: default, nodes: 30}")
	}
	names := map[string]int{}
	for j, p := range d.Pools {
		pool := fmt.Sprintf("%s.pools[%d]", at, j)
		if !v.has("%s", pool) {
			continue
		}
		v.name(at+".pools", j, p.Name, names)
		if _, err := registrysize.NormalizePlatform(p.Platform); err != nil {
			v.fail(pool+".platform", "is %q; write os/architecture, e.g. linux/amd64", clip(p.Platform))
		}
		if p.GC != nil && p.GC.Low > p.GC.High {
			v.fail(pool+".gc.low", "is above high; write low at most high, e.g. {high: 85%%, low: 80%%}")
		}
		if p.GC != nil && !v.has("%s.imageDisk", pool) {
			v.fail(pool+".gc", "needs the size of a disk; add imageDisk, e.g. imageDisk: 100GB")
		}
		if p.Autoscale != nil {
			v.autoscale(pool, &p)
		}
	}
}

func (v *validator) autoscale(pool string, p *Pool) {
	a, at := p.Autoscale, pool+".autoscale"
	switch {
	case a.Min > a.Max:
		v.fail(at, "min is above max; write min at most max")
	case a.Max != p.Nodes && v.has("%s.nodes", pool):
		v.fail(at+".max", "is %d, and the pool has %d nodes; write the same number", a.Max, p.Nodes)
	}
	if a.Up == a.Down && a.Up != "" {
		v.fail(at+".down", "is the same time as up, so that nothing would change; write another")
	}
}

func (v *validator) services() {
	if v.has("services") && len(v.Services) == 0 {
		v.fail("services", "is empty; add a service, e.g. {name: hello, image: \"php:8.5.11-cli-alpine3.24\"}")
	}
	datacenters, registries := v.datacenterNames(), v.listedRegistries()
	rebuilds := map[string]int{} // by base, the first service on it
	names := map[string]int{}
	total := 0
	for i := range v.Services {
		s := &v.Services[i]
		at := fmt.Sprintf("services[%d]", i)
		v.name("services", i, s.Name, names)
		v.content(at, s, registries)
		v.history(at, s)
		v.rebuild(i, rebuilds)
		v.layers(at, s)
		v.instances(at, s)
		v.rollout(at, s)
		v.endpoints(s)
		if v.has("%s.datacenters", at) {
			v.places(at+".datacenters", s.Datacenters, datacenters)
		}
		total += v.InstanceCount(s)
	}
	if total > maxInstances {
		v.fail("services", "have %d instances together; write at most %d", total, maxInstances)
	}
}

// places checks the datacenters that a service names.
func (v *validator) places(at string, names, datacenters []string) {
	if len(names) == 0 {
		v.fail(at, "is empty; name a datacenter, or remove the key for all")
	}
	for j, name := range names {
		path := fmt.Sprintf("%s[%d]", at, j)
		if v.known(path, "datacenter", name, datacenters) && slices.Contains(names[:j], name) {
			v.fail(path, "%s is named twice; remove one", name)
		}
	}
}

func (v *validator) listedRegistries() []string {
	var names []string
	for i, r := range v.Registries {
		if v.has("registries[%d]", i) {
			names = append(names, r.Name)
		}
	}
	return names
}

// InstanceCount is how many instances a service of the scenario has in all its datacenters.
func (s *Scenario) InstanceCount(service *Service) int {
	n := service.Instances
	if n.Total > 0 {
		return n.Total
	}
	runs := map[string]bool{}
	for _, name := range service.Datacenters {
		runs[name] = true
	}
	count := 0
	for i := range s.Datacenters {
		d := &s.Datacenters[i]
		if !runs[d.Name] {
			continue
		}
		switch {
		case service.Workload == WorkloadDaemonSet:
			count += d.NodeCount()
		case n.PerDatacenter > 0:
			count += n.PerDatacenter
		default:
			count += n.PerNode * d.NodeCount()
		}
	}
	return count
}
