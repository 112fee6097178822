package kubernetes

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// A workload is a controller's pods, or pods without a controller, that are the same.
type workload struct {
	self       owner       // the controller that somebody deploys; its kind is podKind, staticKind or any
	controller *controller // nil: not in the dump
	pods       []*pod
}

// The kinds of workloads that no controller deploys.
const (
	podKind    = "pod without a controller"
	staticKind = "static pod"
	jobKind    = "Job"
)

// workloads puts pods to those who made them, in the order of names. over tells how many pods had run to
// their end.
func (d *Dump) workloads() (list []*workload, over int) {
	controllers := map[owner]*controller{}
	for i := range d.controllers {
		c := &d.controllers[i]
		if controllers[c.self] == nil {
			controllers[c.self] = c
		}
	}
	byOwner := map[owner]*workload{}
	get := func(o owner) *workload {
		w := byOwner[o]
		if w == nil {
			w = &workload{self: o, controller: controllers[o]}
			byOwner[o] = w
		}
		return w
	}
	for i := range d.pods {
		p := &d.pods[i]
		if p.over {
			over++
		} else if !p.leaving {
			w := get(topOwner(p, controllers))
			w.pods = append(w.pods, p)
		}
	}
	for o, c := range controllers {
		if o.kind != kindReplicaSet || c.owner == (owner{}) {
			get(o)
		}
	}
	for _, o := range slices.SortedFunc(maps.Keys(byOwner), compareOwners) {
		w := byOwner[o]
		slices.SortFunc(w.pods, func(a, b *pod) int { return strings.Compare(a.name, b.name) })
		list = append(list, w)
	}
	return list, over
}

func compareOwners(a, b owner) int {
	return cmp.Or(strings.Compare(a.namespace, b.namespace), strings.Compare(a.name, b.name), strings.Compare(a.kind, b.kind))
}

// topOwner is the object that somebody deploys: of a ReplicaSet its Deployment.
func topOwner(p *pod, controllers map[owner]*controller) owner {
	switch {
	case p.static:
		return owner{staticKind, p.namespace, strings.TrimSuffix(p.name, "-"+p.node)}
	case p.owner == (owner{}):
		return owner{podKind, p.namespace, p.name}
	case p.owner.kind == jobKind:
		return owner{jobKind, p.namespace, p.owner.name}
	case p.owner.kind != kindReplicaSet:
		return p.owner
	}
	if set := controllers[p.owner]; set != nil {
		if set.owner == (owner{}) {
			return p.owner
		}
		return set.owner
	}
	// The ReplicaSet is not in the dump. A Deployment names it after itself, a hyphen and a hash.
	if i := strings.LastIndexByte(p.owner.name, '-'); i > 0 {
		return owner{kindDeployment, p.namespace, p.owner.name[:i]}
	}
	return p.owner
}

// startup is the median time from a pod's last container having started to its being ready, of pods that
// never restarted; ok is false where there is none.
func (w *workload) startup() (seconds float64, pods int, ok bool) {
	const most = time.Hour // beyond it a readiness check failed later on
	var all []time.Duration
	for _, p := range w.pods {
		var started time.Time
		restarts := int64(0)
		for _, c := range p.containers {
			restarts += c.restarts
			if c.started.After(started) {
				started = c.started
			}
		}
		took := p.ready.Sub(started)
		if restarts == 0 && !started.IsZero() && !p.ready.IsZero() && took >= 0 && took <= most {
			all = append(all, took)
		}
	}
	if len(all) == 0 {
		return 0, 0, false
	}
	slices.Sort(all)
	median := all[(len(all)-1)/2]
	if w.controller != nil {
		median += time.Duration(min(w.controller.minReady, 3600)) * time.Second
	}
	return median.Seconds(), len(all), true
}
