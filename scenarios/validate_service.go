package scenarios

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
)

// minDeploysPerDay is the fewest deploys that are not none: the engine counts times up to 10^9 seconds.
const minDeploysPerDay = 0.0001

// content checks what image a service runs.
func (v *validator) content(at string, s *Service, registries []string) {
	image, base := v.has("%s.image", at), v.has("%s.base", at)
	switch {
	case image && base:
		v.fail(at+".base", "stands beside image; remove base (and layers) to run the whole image, or image to build on the base")
	case !s.Versions.none() && base:
		v.fail(at+".versions", "are whole images; remove base and layers, or versions")
	case !image && !base && s.Versions.none() && !v.has("%s.versions", at):
		v.fail(at, "has neither image nor base; add image: REFERENCE, or base: REFERENCE and layers")
	}
	if image && s.Image == Scratch {
		v.fail(at+".image", "scratch is empty and cannot run; write base: scratch and layers")
	} else if image {
		if v.has("%s.layers", at) && !base {
			v.fail(at+".layers", "need a base; write base in place of image, or remove layers and say changedLayers")
		}
		if v.has("%s.registry", at) {
			v.fail(at+".registry", "is for images built on a base; remove it, the image's reference says where it lives")
		}
		v.reference(at+".image", s.Image)
		if s.Image != "" && s.Registry == "" && !base {
			if full, err := registrysize.Normalize(s.Image); err == nil {
				v.fail(at+".image", "no registry serves %s, and one of another host has its name; add the host to a registry's prefixes", clip(full))
			}
		}
	}
	if base {
		if v.has("%s.changedLayers", at) && !image {
			v.fail(at+".changedLayers", "needs an image; say changes in each of the layers, or write image in place of base")
		}
		if s.Base != Scratch {
			v.reference(at+".base", s.Base)
		} else if s.BaseRebuild > 0 {
			v.fail(at+".baseRebuild", "scratch is empty and never rebuilt; remove it")
		} else if !image && len(s.Layers) == 0 {
			v.fail(at, "stands on scratch and has no layers; add layers")
		}
		if v.has("%s.registry", at) && !image && (s.Registry != hubName || v.RegistryIndex(hubName) < 0) {
			v.known(at+".registry", "registry", s.Registry, registries)
		}
	}
}

// history checks the versions and the times of a service's deploys.
func (v *validator) history(at string, s *Service) {
	v.versions(at, s)
	if s.DeployTimes != "" {
		for _, other := range []string{"deploysPerDay", "deployWindow"} {
			if v.has("%s.%s", at, other) {
				v.fail(at+"."+other, "stands beside deployTimes; remove one of the two")
			}
		}
		times, errs := v.deployTimes(s.DeployTimes)
		for _, err := range errs {
			v.fail(at+".deployTimes", "%s", err)
		}
		if len(times) == 0 && len(errs) == 0 {
			v.fail(at+".deployTimes", "%s has no time within the simulated time; set simulate.date and duration to it, or write deploysPerDay: 0", clip(s.DeployTimes))
		}
	}
	if s.DeploysPerDay > 0 && s.DeploysPerDay < minDeploysPerDay {
		v.fail(at+".deploysPerDay", "is less than once in 27 years; write at least %v, or 0 for never", minDeploysPerDay)
	}
	if s.DeployWindow != nil {
		v.window(at+".deployWindow", s.DeployWindow)
	}
}

// rebuild checks that a base is rebuilt upstream at one interval only.
func (v *validator) rebuild(i int, first map[string]int) {
	s := &v.Services[i]
	full, err := registrysize.Normalize(s.Base)
	if err != nil || s.Base == Scratch {
		return
	}
	j, ok := first[full]
	if !ok {
		first[full] = i
		return
	}
	if other := &v.Services[j]; other.BaseRebuild != s.BaseRebuild {
		v.fail(fmt.Sprintf("services[%d].baseRebuild", i),
			"differs from that of %s, which stands on the same base; a base is rebuilt once for all, write the same", other.Name)
	}
}

func (v *validator) layers(at string, s *Service) {
	names := map[string]int{}
	for j, l := range s.Layers {
		v.name(at+".layers", j, l.Name, names)
	}
}

func (v *validator) instances(at string, s *Service) {
	at += ".instances"
	if !v.has("%s", at) {
		return
	}
	if s.Workload == WorkloadDaemonSet {
		v.fail(at, "a daemonset runs one instance on every node; remove instances")
		return
	}
	stated := 0
	for _, key := range []string{"perNode", "total", "perDatacenter"} {
		if v.has("%s.%s", at, key) {
			stated++
		}
	}
	if stated != 1 {
		v.fail(at, "states %d counts; write one of perNode, total or perDatacenter", stated)
	}
}

func (v *validator) rollout(at string, s *Service) {
	r := s.Rollout
	at += ".rollout"
	for _, a := range []struct {
		key    string
		amount Amount
	}{{"maxSurge", r.MaxSurge}, {"maxUnavailable", r.MaxUnavailable}} {
		if a.amount.Share && a.amount.Value > 1 {
			written, _ := v.tree.nearest(at + "." + a.key)
			v.fail(at+"."+a.key, "%s is out of range; write 0%% to 100%%", clip(written.node.Value))
		}
	}
	if r.MaxSurge.Value == 0 && r.MaxUnavailable.Value == 0 {
		v.fail(at, "maxSurge and maxUnavailable are both 0, so that no instance may be replaced; raise one")
	}
	if s.Workload == WorkloadStatefulSet && v.has("%s.maxSurge", at) && r.MaxSurge.Value != 0 {
		v.fail(at+".maxSurge", "a statefulset never runs more instances than it has; remove it")
	}
}

// endpoints refuses ways out that do not lead to a service's registry: a private endpoint does not reach
// the internet.
func (v *validator) endpoints(s *Service) {
	at := v.RegistryIndex(s.Registry)
	if at < 0 || !v.Registries[at].Location.Internet() {
		return
	}
	for i := range v.Datacenters {
		d := &v.Datacenters[i]
		if d.Egress == EgressEndpoint && isCloud(d.Provider) && slices.Contains(s.Datacenters, d.Name) {
			v.fail(fmt.Sprintf("datacenters[%d].egress", i),
				"an endpoint does not lead to registry %s of service %s, which is on the internet; write nat or direct", v.Registries[at].Name, s.Name)
		}
	}
}
