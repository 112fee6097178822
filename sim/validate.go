package sim

import (
	"errors"
	"fmt"
	"math"
)

// Validate reports everything in which a model contradicts itself or the engine's limits, or nil.
func (m *Model) Validate() error {
	v := &validator{}
	v.check(m.Duration > 0 && !math.IsInf(m.Duration, 1), "duration of %v s", m.Duration)
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
		for _, l := range b.Layers {
			v.layer("base "+b.Ref, l)
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

func (v *validator) registry(m *Model, r *Registry) {
	v.check(r.Bandwidth >= 0 && r.PerConnection >= 0 && r.Latency >= 0,
		"registry %q has bandwidth %v, %v a connection, latency %v", r.Name, r.Bandwidth, r.PerConnection, r.Latency)
	if r.Location.Kind == InDatacenter {
		d := r.Location.Datacenter
		v.check(d >= 0 && d < len(m.Datacenters), "registry %q stands in datacenter %d of %d", r.Name, d, len(m.Datacenters))
	}
}

func (v *validator) datacenter(d *Datacenter) {
	v.check(d.Zones >= 1 && d.Uplink >= 0, "datacenter %q has %d zones and an uplink of %v", d.Name, d.Zones, d.Uplink)
	for i := range d.Pools {
		p := &d.Pools[i]
		v.check(p.Nodes >= 0 && p.NIC > 0 && !math.IsInf(p.NIC, 1) && p.Slots >= 1 && p.Unpack >= 0 && p.Replace >= 0,
			"pool %q of %q: %d nodes, NIC %v, %d slots, unpack %v, replaced every %v s", p.Name, d.Name, p.Nodes, p.NIC, p.Slots, p.Unpack, p.Replace)
	}
}

func (v *validator) layer(of string, l Layer) {
	v.check(l.Bytes >= 0 && l.DiskBytes >= 0 && l.Digest != "", "%s: layer %q of %d bytes, %d unpacked", of, l.Digest, l.Bytes, l.DiskBytes)
}

func (v *validator) service(m *Model, s *Service) {
	v.check(s.Registry >= 0 && s.Registry < len(m.Registries), "service %q is in registry %d of %d", s.Name, s.Registry, len(m.Registries))
	v.check(s.Base >= -1 && s.Base < len(m.Bases), "service %q stands on base %d of %d", s.Name, s.Base, len(m.Bases))
	v.check(s.DeployInterval >= 0 && s.Startup >= 0, "service %q is deployed every %v s and takes %v s to start", s.Name, s.DeployInterval, s.Startup)
	for _, l := range s.Layers {
		v.layer("service "+s.Name, l.Layer)
		v.check(l.Change != Periodic || l.Every > 0, "service %q: layer %q changes every %v s", s.Name, l.Digest, l.Every)
	}
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
