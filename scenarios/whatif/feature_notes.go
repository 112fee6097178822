package whatif

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim"
)

// featureNotes are what the simulation of what a scenario switches on rests on.
func (r *run) featureNotes() []string {
	s := r.scenario
	notes := []string{restraints(r.model)}
	note := func(is bool, format string, args ...any) {
		if is {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	datacenter := func(has func(*scenarios.Datacenter) bool) bool {
		return slices.ContainsFunc(s.Datacenters, func(d scenarios.Datacenter) bool { return has(&d) })
	}
	service := func(has func(*scenarios.Service) bool) bool {
		return slices.ContainsFunc(s.Services, func(v scenarios.Service) bool { return has(&v) })
	}
	pool := func(has func(*scenarios.Pool) bool) bool {
		return datacenter(func(d *scenarios.Datacenter) bool {
			return slices.ContainsFunc(d.Pools, func(p scenarios.Pool) bool { return has(&p) })
		})
	}
	warm := s.Simulate.Start == scenarios.StartWarm
	note(datacenter(func(d *scenarios.Datacenter) bool { return d.Cache != nil }) && warm,
		"caches hold what their nodes hold at the start")
	note(datacenter(func(d *scenarios.Datacenter) bool { return d.P2P != nil }),
		"peers are chosen whatever their zones, and share what they can upload evenly")
	note(slices.ContainsFunc(s.Registries, func(g scenarios.Registry) bool { return len(g.Replicas) > 0 }),
		"a version is at every replica before its rollout begins")
	note(pool(func(p *scenarios.Pool) bool { return p.Ephemeral }),
		"on ephemeral nodes each start of an instance pulls over a network interface of its own")
	note(pool(func(p *scenarios.Pool) bool { return p.Autoscale != nil }),
		"when nodes come or go, instances are laid anew on those there are, and a rollout under way begins again")
	note(service(func(v *scenarios.Service) bool { return len(v.Versions.List) > 0 }),
		"a service with a history is not deployed any more after its last version")
	note(s.Simulate.Replications > 1, "figures are those of the first of %d replications; statistics are over all, with seeds from %d on",
		s.Simulate.Replications, s.Simulate.Seed)
	return notes
}

// restraints says what keeps pulls and images in bounds, or that nothing does.
func restraints(m *sim.Model) string {
	limited := slices.ContainsFunc(m.Registries, func(g sim.Registry) bool { return g.PullLimit.Pulls > 0 })
	collected := slices.ContainsFunc(m.Datacenters, func(d sim.Datacenter) bool {
		return slices.ContainsFunc(d.Pools, func(p sim.Pool) bool { return p.ImageDisk > 0 })
	})
	registries, nodes := "registries never refuse or slow down", "nodes never collect images"
	if limited {
		registries = "registries never slow down, and refuse only what is above a pull limit, whose windows begin at multiples of their length"
	}
	if collected {
		nodes = "nodes collect images after a pull and when a disk is full"
	}
	return registries + ", and " + nodes
}

// crowded warns of disks that are too small for what must be on them, and of large ones without limit.
func (r *run) crowded() []string {
	peak := r.result.Nodes.DiskPeak
	least := int64(0)
	for _, d := range r.model.Datacenters {
		for _, p := range d.Pools {
			if p.ImageDisk > 0 && (least == 0 || p.ImageDisk < least) {
				least = p.ImageDisk
			}
		}
	}
	switch {
	case least == 0 && peak > evictionBytes:
		return []string{fmt.Sprintf("a node's images come to fill %s; at 85 GB a kubelet with 100 GB of disk would have collected some, "+
			"and pulled them again; imageDisk says how much there is", bytesText(peak))}
	case least > 0 && peak > least:
		return []string{fmt.Sprintf("a node's images come to fill %s, more than the smallest imageDisk, %s: "+
			"such a node would be evicting its pods", bytesText(peak), bytesText(least))}
	}
	return nil
}

// exhausted warns of histories that end before the run does.
func (r *run) exhausted() []string {
	var out []string
	for i := range r.model.Services {
		s := &r.model.Services[i]
		wanted := r.model.Duration / s.DeployInterval
		if len(s.DeployTimes) > 0 {
			wanted = float64(len(s.DeployTimes))
		}
		if n := len(s.Versions); n > 0 && s.DeployInterval+float64(len(s.DeployTimes)) > 0 && float64(n) <= wanted {
			out = append(out, fmt.Sprintf("the history of %s has %d versions and ends before the run does: the later deploys do not happen", s.Name, n))
		}
	}
	return out
}

// congested warns of links that could not carry within the simulated time what went over them: bytes and
// costs of a month are then more than a month can see.
func (r *run) congested() []string {
	var out []string
	late := r.result.End - r.model.Duration
	for _, l := range r.result.Links {
		if l.Capacity > 0 && float64(l.Bytes)*(1+r.model.WireOverhead) > l.Capacity*r.model.Duration {
			out = append(out, fmt.Sprintf("%s never catches up: what was under way at the end took %s more, %d of %d rollouts were superseded, "+
				"and the bytes of a month are more than it can carry in one", l.Name, days(late),
				r.result.Rollouts.Superseded, r.result.Rollouts.Superseded+r.result.Rollouts.Count))
		}
	}
	return out
}
