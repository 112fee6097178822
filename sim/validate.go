package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Validate reports everything in which a model contradicts itself or the engine's limits, or nil.
func (m *Model) Validate() error {
	v := &validator{}
	v.check(positive(m.Duration), "duration of %v s", m.Duration)
	v.check(m.WireOverhead >= 0 && m.WireOverhead < 10, "wire overhead of %v", m.WireOverhead)
	for i := range m.Registries {
		v.registry(m, &m.Registries[i])
	}
	for i := range m.Datacenters {
		v.datacenter(&m.Datacenters[i])
	}
	for i := range m.Bases {
		b := &m.Bases[i]
		v.check(b.Rebuild >= 0, "base %q is rebuilt every %v s", b.Ref, b.Rebuild)
		for _, layers := range b.Layers {
			v.layers("base "+b.Ref, layers)
		}
	}
	for i := range m.Services {
		v.service(m, &m.Services[i])
	}
	return errors.Join(v.errs...)
}

type validator struct{ errs []error }

func (v *validator) check(ok bool, format string, args ...any) {
	if !ok {
		v.errs = append(v.errs, fmt.Errorf("model: "+format, args...))
	}
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

func (v *validator) registry(m *Model, r *Registry) {
	v.check(r.Bandwidth >= 0 && r.PerConnection >= 0 && r.Latency >= 0,
		"registry %q has bandwidth %v, %v a connection, latency %v", r.Name, r.Bandwidth, r.PerConnection, r.Latency)
	v.check(r.PullLimit.Pulls == 0 || r.PullLimit.Pulls > 0 && positive(r.PullLimit.Per),
		"registry %q allows %d pulls in %v s", r.Name, r.PullLimit.Pulls, r.PullLimit.Per)
	where := slices.Clone(r.Replicas)
	if r.Location.Kind == InDatacenter {
		where = append(where, r.Location.Datacenter)
	}
	for _, d := range where {
		v.check(d >= 0 && d < len(m.Datacenters), "registry %q stands in datacenter %d of %d", r.Name, d, len(m.Datacenters))
	}
}

func (v *validator) datacenter(d *Datacenter) {
	v.check(d.Zones >= 1 && d.Uplink >= 0, "datacenter %q has %d zones and an uplink of %v", d.Name, d.Zones, d.Uplink)
	if k := d.Cache; k != nil {
		v.check(k.Bandwidth >= 0 && k.Disk >= 0 && k.TTL >= 0, "the cache of %q: bandwidth %v, disk %d, ttl %v s", d.Name, k.Bandwidth, k.Disk, k.TTL)
	}
	v.check(d.P2P == nil || d.P2P.Upload >= 0, "the peers of %q upload a negative rate", d.Name)
	for i := range d.Pools {
		v.pool(d, &d.Pools[i])
	}
}

func (v *validator) pool(d *Datacenter, p *Pool) {
	v.check(p.Nodes >= 0 && p.Platform >= 0 && positive(p.NIC) && p.Slots >= 1 && p.Unpack >= 0 && p.Replace >= 0,
		"pool %q of %q: %d nodes on platform %d, NIC %v, %d slots, unpack %v, replaced every %v s",
		p.Name, d.Name, p.Nodes, p.Platform, p.NIC, p.Slots, p.Unpack, p.Replace)
	v.check(p.ImageDisk == 0 || p.ImageDisk > 0 && p.GCLow >= 0 && p.GCLow <= p.GCHigh && p.GCHigh <= 1,
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
		v.check(l.Bytes >= 0 && l.DiskBytes >= 0 && l.Digest != "", "%s: layer %q of %d bytes, %d unpacked", of, l.Digest, l.Bytes, l.DiskBytes)
	}
}

func (v *validator) service(m *Model, s *Service) {
	v.check(s.Registry >= 0 && s.Registry < len(m.Registries), "service %q is in registry %d of %d", s.Name, s.Registry, len(m.Registries))
	v.check(s.Base >= -1 && s.Base < len(m.Bases), "service %q stands on base %d of %d", s.Name, s.Base, len(m.Bases))
	v.check(s.DeployInterval >= 0 && s.Startup >= 0 && s.RestartsPerDay >= 0,
		"service %q is deployed every %v s, takes %v s to start and restarts %v times a day", s.Name, s.DeployInterval, s.Startup, s.RestartsPerDay)
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
			v.check(l.Change != Periodic || l.Every > 0, "service %q: layer %q changes every %v s", s.Name, l.Digest, l.Every)
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
