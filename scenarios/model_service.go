package scenarios

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/sim"
)

// service adds a service and what it stands on to the model.
func (b *bridge) service(i int) {
	v := &b.Services[i]
	out := sim.Service{
		Name: v.Name, Registry: b.RegistryIndex(v.Registry), Base: -1,
		Instances: b.instances(v), PerNode: v.Instances.PerNode,
		MaxSurge: simAmount(v.Rollout.MaxSurge), MaxUnavailable: simAmount(v.Rollout.MaxUnavailable),
		Startup: float64(v.Rollout.Startup), RSS: int64(v.Memory.RSS), PageCache: int64(v.Memory.Cache),
	}
	switch v.Workload {
	case WorkloadDaemonSet:
		out.Workload = sim.DaemonSet
	case WorkloadStatefulSet:
		out.Workload = sim.StatefulSet
	case WorkloadDeployment:
		out.Workload = sim.Deployment
	}
	switch v.Placement {
	case PlacementPack:
		out.Placement = sim.Pack
	case PlacementRandom:
		out.Placement = sim.Random
	case PlacementSpread:
		out.Placement = sim.Spread
	}
	out.Sequential, out.AlwaysPull = v.Rollout.Datacenters == RolloutSequential, v.PullPolicy == PullAlways
	out.RestartsPerDay = v.RestartsPerDay
	b.schedule(v, &out)
	if !v.Versions.none() {
		b.versions(i, &out)
	} else {
		b.content(i, &out)
	}
	b.model.Services = append(b.model.Services, out)
}

func simAmount(a Amount) sim.Amount { return sim.Amount{Value: a.Value, Share: a.Share} }

// schedule says when a service is deployed. Files and windows were checked when the scenario was loaded.
func (b *bridge) schedule(v *Service, out *sim.Service) {
	if v.DeployTimes != "" {
		out.DeployTimes, _ = b.deployTimes(v.DeployTimes)
		return
	}
	if v.DeploysPerDay > 0 {
		out.DeployInterval = day / v.DeploysPerDay
	}
	if v.DeployWindow != nil {
		out.DeployWindows = b.windows(v.DeployWindow)
	}
}

// versions gives a service its history.
func (b *bridge) versions(i int, out *sim.Service) {
	if b.Services[i].Versions.List == nil {
		b.fail(fmt.Sprintf("services[%d].versions", i), "its releases are not known; read them from its registry first")
	}
	for k, ref := range b.Services[i].references() {
		var version [][]sim.Layer
		for _, platform := range b.platforms {
			img, ok := b.image(ref, platform, b.found)
			if !ok {
				b.unknown(fmt.Sprintf("services[%d].versions[%d]", i, k), ref, platform)
			}
			version = append(version, simLayers(img.Layers))
		}
		out.Versions = append(out.Versions, version)
	}
}

func (b *bridge) unknown(path, ref, platform string) {
	on := ""
	if len(b.platforms) > 1 {
		on = " on " + platform
	}
	b.fail(path, "the size of %s%s is not known; describe it under images", ref, on)
}

// content gives a service its base and its own layers. Of a whole image, the top layers that a deploy
// replaces are its own, and what is below them is its base.
func (b *bridge) content(i int, out *sim.Service) {
	v := &b.Services[i]
	ref := v.reference()
	var stacks [][]sim.Layer // per platform
	for _, platform := range b.platforms {
		img, ok := b.image(ref, platform, b.found)
		if !ok {
			b.unknown(fmt.Sprintf("services[%d]", i), ref, platform)
			return
		}
		stacks = append(stacks, simLayers(img.Layers))
	}
	if v.Image == "" {
		out.Base = b.base(v, stacks)
		var own []sim.OwnLayer
		for _, l := range v.Layers {
			own = append(own, ownLayer(v, l))
		}
		for range stacks {
			out.Layers = append(out.Layers, own)
		}
		return
	}
	b.divide(i, stacks, out)
}

// divide makes the top layers of a whole image the service's own, and what is below them its base.
func (b *bridge) divide(i int, stacks [][]sim.Layer, out *sim.Service) {
	v := &b.Services[i]
	var below [][]sim.Layer
	for _, layers := range stacks {
		kept := len(layers) - v.ChangedLayers
		if kept < 0 {
			b.fail(fmt.Sprintf("services[%d].changedLayers", i), "is %d, but %s has only %d layers; write at most %d",
				v.ChangedLayers, v.reference(), len(layers), len(layers))
			return
		}
		below = append(below, layers[:kept])
		var own []sim.OwnLayer
		for _, l := range layers[kept:] {
			own = append(own, sim.OwnLayer{Layer: l, Change: sim.OnDeploy})
		}
		out.Layers = append(out.Layers, own)
	}
	out.Base = b.base(v, below)
}

func simLayers(layers []registrysize.Layer) []sim.Layer {
	var out []sim.Layer
	for _, l := range layers {
		out = append(out, sim.Layer{Digest: l.Digest, Bytes: l.Bytes, DiskBytes: l.DiskBytes})
	}
	return out
}

// base finds or adds what a service stands on. Services on the same layers of one reference share it.
func (b *bridge) base(v *Service, layers [][]sim.Layer) int {
	var counts []int
	for _, on := range layers {
		counts = append(counts, len(on))
	}
	if slices.Max(counts) == 0 {
		return -1
	}
	key := fmt.Sprintf("%s %d %v", v.reference(), counts, v.BaseRebuild)
	i, ok := b.bases[key]
	if !ok {
		i = len(b.model.Bases)
		b.bases[key] = i
		b.model.Bases = append(b.model.Bases, sim.Base{Ref: v.reference(), Layers: layers, Rebuild: float64(v.BaseRebuild)})
	}
	return i
}

// ownLayer makes a layer with an identity that no other service's has.
func ownLayer(v *Service, l Layer) sim.OwnLayer {
	out := sim.OwnLayer{
		Layer:      sim.Layer{Digest: v.Name + "/" + l.Name, Bytes: int64(l.Size)},
		RebaseKeep: l.Rebase == RebaseKeep,
	}
	switch {
	case l.Changes.Deploy:
		out.Change = sim.OnDeploy
	case l.Changes.Every > 0:
		out.Change, out.Every = sim.Periodic, float64(l.Changes.Every)
	}
	return out
}

// instances counts a service's instances in each datacenter of the scenario.
func (b *bridge) instances(v *Service) []int {
	out := make([]int, len(b.Datacenters))
	var nodes, where []int
	for i := range b.Datacenters {
		if !slices.Contains(v.Datacenters, b.Datacenters[i].Name) {
			continue
		}
		n := b.Datacenters[i].NodeCount()
		switch {
		case v.Workload == WorkloadDaemonSet:
			out[i] = n
		case v.Instances.PerDatacenter > 0:
			out[i] = v.Instances.PerDatacenter
		default:
			out[i] = v.Instances.PerNode * n
		}
		nodes, where = append(nodes, n), append(where, i)
	}
	if v.Instances.Total > 0 {
		for k, share := range apportion(v.Instances.Total, nodes) {
			out[where[k]] = share
		}
	}
	return out
}

// apportion shares total out in proportion to weights, which are not all 0. What whole numbers leave
// over goes to the largest remainders, the earlier of equals first.
func apportion(total int, weights []int) []int {
	sum := uint64(0)
	for _, w := range weights {
		sum += uint64(w)
	}
	type part struct {
		index     int
		remainder uint64
	}
	out, parts, left := make([]int, len(weights)), make([]part, len(weights)), total
	for i, w := range weights {
		high, low := bits.Mul64(uint64(total), uint64(w))
		quotient, remainder := bits.Div64(high, low, sum)
		out[i], parts[i] = int(quotient), part{i, remainder}
		left -= out[i]
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.remainder, a.remainder) })
	for _, p := range parts[:left] {
		out[p.index]++
	}
	return out
}
