package sim

import (
	"errors"
	"fmt"
	"slices"
)

// The engine's limits: within them every figure about a node is exact, and every wait ends.
const (
	maxNodes     = 10_000_000
	maxInstances = 1_000_000_000
	maxPlaces    = 1000          // zones of a datacenter, platforms of a fleet
	maxBytes     = 1 << 44       // of a layer, or of an instance's memory
	maxDisk      = 1 << 50       // of a node or a cache
	maxSeconds   = 1_000_000_000 // 31 years
	maxRate      = 1e18          // bytes/s; the lowest is 1
)

// Validate reports everything in which a model contradicts itself or the engine's limits, or nil. The limits
// are 10 million nodes, a billion instances, 1000 zones and platforms, layers of 16 TiB, disks of 1 PiB, spans of
// 31 years, and rates from 1 to 10^18 bytes/s.
func (m *Model) Validate() error {
	v := &validator{}
	oneOf(v, "the kind of arrivals", "the model", m.Arrivals, Poisson)
	v.check(m.Duration > 0 && isSpan(m.Duration), "duration of %v s", m.Duration)
	v.check(m.WireOverhead >= 0 && m.WireOverhead < 10, "wire overhead of %v", m.WireOverhead)
	for i := range m.Registries {
		v.registry(m, &m.Registries[i])
	}
	for i := range m.Datacenters {
		v.datacenter(&m.Datacenters[i])
	}
	for i := range m.Bases {
		b := &m.Bases[i]
		v.check(isSpan(b.Rebuild), "base %q is rebuilt every %v s", b.Ref, b.Rebuild)
		for _, layers := range b.Layers {
			v.layers("base "+b.Ref, layers)
		}
	}
	for i := range m.Services {
		v.service(m, &m.Services[i])
	}
	v.size(m)
	return errors.Join(v.errs...)
}

// size checks what the whole fleet comes to.
func (v *validator) size(m *Model) {
	var nodes, instances, memory tally
	for i := range m.Datacenters {
		for _, p := range m.Datacenters[i].Pools {
			nodes.add(int64(p.Nodes), 1)
		}
	}
	for i := range m.Services {
		s := &m.Services[i]
		for _, n := range s.Instances {
			instances.add(int64(n), 1)
			memory.add(s.RSS, int64(n))
			memory.add(s.PageCache, int64(n))
		}
	}
	v.check(!nodes.over && nodes.sum <= maxNodes, "more than %d nodes", maxNodes)
	v.check(!instances.over && instances.sum <= maxInstances, "more than %d instances", maxInstances)
	v.check(!memory.over, "the instances take more than %d bytes of memory", int64(most))
}

type validator struct{ errs []error }

func (v *validator) check(ok bool, format string, args ...any) {
	if !ok {
		v.errs = append(v.errs, fmt.Errorf("model: "+format, args...))
	}
}

// oneOf checks a value of a list of names that ends with last.
func oneOf[T ~int](v *validator, what, of string, x, last T) {
	v.check(x >= 0 && x <= last, "%s %d of %q is none", what, x, of)
}

// isSpan says whether x is a span of time, 0 included; isRate whether x is a rate, or 0 for no limit; isBytes
// whether x is what a layer or an instance may take.
func isSpan(x float64) bool { return x >= 0 && x <= maxSeconds }

func isRate(x float64) bool { return x == 0 || x >= 1 && x <= maxRate }

func isBytes(x int64) bool { return x >= 0 && x <= maxBytes }

func isAmount(a Amount) bool { return a.Value >= 0 && a.Value <= maxInstances }

func (v *validator) registry(m *Model, r *Registry) {
	v.check(isRate(r.Bandwidth) && isRate(r.PerConnection) && isSpan(r.Latency),
		"registry %q has bandwidth %v, %v a connection, latency %v", r.Name, r.Bandwidth, r.PerConnection, r.Latency)
	v.check(r.PullLimit.Pulls == 0 || r.PullLimit.Pulls > 0 && r.PullLimit.Per > 0 && isSpan(r.PullLimit.Per),
		"registry %q allows %d pulls in %v s", r.Name, r.PullLimit.Pulls, r.PullLimit.Per)
	oneOf(v, "the kind of location", r.Name, r.Location.Kind, InRegion)
	v.check(r.KeepVersions >= 0, "registry %q keeps %d versions", r.Name, r.KeepVersions)
	where := slices.Clone(r.Replicas)
	if r.Location.Kind == InDatacenter {
		where = append(where, r.Location.Datacenter)
	}
	for _, d := range where {
		v.check(d >= 0 && d < len(m.Datacenters), "registry %q stands in datacenter %d of %d", r.Name, d, len(m.Datacenters))
	}
}

func (v *validator) datacenter(d *Datacenter) {
	v.check(d.Zones >= 1 && d.Zones <= maxPlaces && isRate(d.Uplink), "datacenter %q has %d zones and an uplink of %v", d.Name, d.Zones, d.Uplink)
	oneOf(v, "the way out", d.Name, d.Egress, Endpoint)
	if k := d.Cache; k != nil {
		oneOf(v, "the kind of cache", d.Name, k.Kind, Ideal)
		v.check(isRate(k.Bandwidth) && k.Disk >= 0 && k.Disk <= maxDisk && isSpan(k.TTL), "the cache of %q: bandwidth %v, disk %d, ttl %v s", d.Name, k.Bandwidth, k.Disk, k.TTL)
	}
	if d.P2P != nil {
		oneOf(v, "the kind of peers", d.Name, d.P2P.Kind, Dragonfly)
		v.check(isRate(d.P2P.Upload), "the peers of %q upload %v", d.Name, d.P2P.Upload)
	}
	for i := range d.Pools {
		v.pool(d, &d.Pools[i])
	}
}

func (v *validator) pool(d *Datacenter, p *Pool) {
	v.check(p.Nodes >= 0 && p.Platform >= 0 && p.Platform < maxPlaces && p.NIC > 0 && isRate(p.NIC) && p.Slots >= 1 && isRate(p.Unpack) && isSpan(p.Replace),
		"pool %q of %q: %d nodes on platform %d, NIC %v, %d slots, unpack %v, replaced every %v s",
		p.Name, d.Name, p.Nodes, p.Platform, p.NIC, p.Slots, p.Unpack, p.Replace)
	v.check(p.ImageDisk == 0 || p.ImageDisk > 0 && p.ImageDisk <= maxDisk && p.GCLow >= 0 && p.GCLow <= p.GCHigh && p.GCHigh <= 1,
		"pool %q of %q: disk of %d, thrown away above %v until %v", p.Name, d.Name, p.ImageDisk, p.GCHigh, p.GCLow)
	if a := p.Autoscale; a != nil {
		const day = 86400
		ok := a.Min >= 0 && a.Min <= p.Nodes && a.Up >= 0 && a.Up < day && a.Down >= 0 && a.Down < day
		v.check(ok, "pool %q of %q scales from %d to %d nodes between %v and %v s", p.Name, d.Name, a.Min, p.Nodes, a.Up, a.Down)
	}
}

func (v *validator) layers(of string, layers []Layer) {
	v.check(len(layers) < maxLayers, "%s: %d layers", of, len(layers))
	for _, l := range layers {
		v.check(isBytes(l.Bytes) && isBytes(l.DiskBytes) && l.Digest != "", "%s: layer %q of %d bytes, %d unpacked", of, l.Digest, l.Bytes, l.DiskBytes)
	}
}

func (v *validator) service(m *Model, s *Service) {
	v.check(s.Registry >= 0 && s.Registry < len(m.Registries), "service %q is in registry %d of %d", s.Name, s.Registry, len(m.Registries))
	v.check(s.Base >= -1 && s.Base < len(m.Bases), "service %q stands on base %d of %d", s.Name, s.Base, len(m.Bases))
	v.check(isSpan(s.DeployInterval) && isSpan(s.Startup) && s.RestartsPerDay >= 0 && s.RestartsPerDay <= 1e6,
		"service %q is deployed every %v s, takes %v s to start and restarts %v times a day", s.Name, s.DeployInterval, s.Startup, s.RestartsPerDay)
	v.check(isBytes(s.RSS) && isBytes(s.PageCache), "service %q: instances take %d bytes and %d of page cache", s.Name, s.RSS, s.PageCache)
	oneOf(v, "the workload", s.Name, s.Workload, StatefulSet)
	oneOf(v, "the placement", s.Name, s.Placement, Random)
	v.check(s.PerNode >= 0, "service %q has %d instances a node", s.Name, s.PerNode)
	v.check(isAmount(s.MaxSurge) && isAmount(s.MaxUnavailable), "service %q: surge of %v, %v unavailable", s.Name, s.MaxSurge.Value, s.MaxUnavailable.Value)
	v.check(!slices.ContainsFunc(s.DeployTimes, func(t float64) bool { return !isSpan(t) }), "service %q: a deploy time is not within %d s", s.Name, maxSeconds)
	v.check(slices.IsSorted(s.DeployTimes), "service %q: deploy times are not in order", s.Name)
	for i, w := range s.DeployWindows {
		v.check(w.From <= w.To && (i == 0 || s.DeployWindows[i-1].To <= w.From), "service %q: deploy window %d is from %v to %v s", s.Name, i, w.From, w.To)
	}
	v.content(m, s)
	if len(s.Instances) != len(m.Datacenters) {
		v.check(false, "service %q has instances for %d of %d datacenters", s.Name, len(s.Instances), len(m.Datacenters))
		return
	}
	for i, n := range s.Instances {
		nodes := m.Datacenters[i].Nodes()
		v.check(n >= 0 && (n == 0 || nodes > 0), "service %q has %d instances on the %d nodes of %q", s.Name, n, nodes, m.Datacenters[i].Name)
		v.check(s.Workload != DaemonSet || n == 0 || n == nodes, "daemonset %q has %d instances on the %d nodes of %q", s.Name, n, nodes, m.Datacenters[i].Name)
		v.check(s.PerNode == 0 || n == 0 || n == s.PerNode*nodes, "service %q has %d instances a node but %d on the %d nodes of %q", s.Name, s.PerNode, n, nodes, m.Datacenters[i].Name)
	}
}

func (v *validator) content(m *Model, s *Service) {
	for _, layers := range s.Layers {
		for _, l := range layers {
			v.layers("service "+s.Name, []Layer{l.Layer})
			oneOf(v, "the change", l.Digest, l.Change, Periodic)
			v.check(l.Change != Periodic || l.Every > 0 && isSpan(l.Every), "service %q: layer %q changes every %v s", s.Name, l.Digest, l.Every)
		}
		v.check(len(layers) < maxLayers/2, "service %q: %d layers", s.Name, len(layers))
	}
	v.check(s.Versions == nil || s.Base < 0 && len(s.Versions) > 0, "service %q has versions and a base, or none of both", s.Name)
	for i, version := range s.Versions {
		v.check(len(version) >= m.platforms(), "service %q: version %d is for %d of %d platforms", s.Name, i, len(version), m.platforms())
		for _, layers := range version {
			v.layers("service "+s.Name, layers)
		}
	}
}
