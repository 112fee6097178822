package sim

import (
	"math"
	"slices"
)

// A rollout replaces a service's instances on one site by those of a new version: a sliding window,
// so that an instance which gets ready lets the next one start.
type rollout struct {
	site     *site
	service  int
	version  *version
	layout   *layout
	began    float64
	window   int         // instances being replaced at once
	started  int         // positions [0, started) have begun
	ready    int         // of those, up
	counted  map[int]int // replaced node → positions there that its predecessor had made ready
	finished bool        // done or superseded
	then     []*site     // where the deploy goes after this, if it goes to one site after another
}

// rollOut sends a version to sites: to all at once, or to one after another.
func (e *engine) rollOut(service int, v *version) {
	var sites []*site
	for _, s := range e.sites {
		e.supersede(s, service)
		if e.model.Services[service].Instances[s.index] > 0 {
			sites = append(sites, s)
		}
	}
	if e.model.Services[service].Sequential {
		if len(sites) > 0 {
			e.startRollout(sites[0], service, v, e.now, sites[1:])
		}
		return
	}
	for _, s := range sites {
		e.startRollout(s, service, v, e.now, nil)
	}
}

// supersede ends what is rolling out at a site for a service, and where that would have gone next.
func (e *engine) supersede(s *site, service int) {
	i := slices.IndexFunc(s.rolling, func(r *rollout) bool { return r.service == service })
	if i < 0 {
		return
	}
	r := s.rolling[i]
	r.finished = true
	e.rollouts.Superseded += 1 + int64(len(r.then))
	for _, missed := range r.then {
		e.calculate(missed, service, r.version)
	}
	s.rolling = slices.Delete(s.rolling, i, i+1)
}

// startRollout begins to replace a site's instances.
func (e *engine) startRollout(s *site, service int, v *version, began float64, then []*site) {
	run := &s.running[service]
	e.content.want(v)
	v.place(s.index, len(e.sites))
	e.content.drop(run.current)
	if run.current != run.settled {
		run.current.retire(s.index, e.now)
	}
	fresh := *run.layout
	e.draw(s, service, &fresh, nil)
	run.layout, run.current = &fresh, v
	if fresh.drawn != nil {
		e.resort(s, service)
	}
	e.calculate(s, service, v)
	e.roll(s, service, v, began, then)
}

// roll takes a rollout up, from its first instance.
func (e *engine) roll(s *site, service int, v *version, began float64, then []*site) {
	r := &rollout{site: s, service: service, version: v, layout: s.running[service].layout, began: began, counted: map[int]int{}, then: then}
	r.window = window(&e.model.Services[service], r.layout.total)
	s.rolling = append(s.rolling, r)
	if r.layout.total == 0 {
		e.instancesReady(r, 0) // no nodes are there now: those to come get the new version
		return
	}
	e.advance(r)
}

// window returns how many of total instances are replaced at once: maxSurge rounded up plus
// maxUnavailable rounded down, at least one. The defaults are the workload's own: a Deployment's
// 25 % and 25 %, one at a time for the others (Kubernetes 1.36, pkg/apis/apps/v1/defaults.go).
func window(s *Service, total int) int {
	share := Amount{Value: 0.25, Share: true}
	surge, unavailable := share, share
	if s.Workload != Deployment {
		surge, unavailable = Amount{}, Amount{Value: 1}
	}
	if !s.MaxSurge.Default {
		surge = s.MaxSurge
	}
	if !s.MaxUnavailable.Default {
		unavailable = s.MaxUnavailable
	}
	return max(1, int(math.Ceil(surge.of(total)))+int(math.Floor(unavailable.of(total))))
}

func (a Amount) of(total int) float64 {
	if !a.Share {
		return a.Value
	}
	// 0.1 is a little more than a tenth: rounding to 1e-9 keeps 10 % of 30 from being 4 when rounded up.
	return math.Round(a.Value*float64(total)*1e9) / 1e9
}

// advance starts as many instances as the window has room for.
func (e *engine) advance(r *rollout) {
	k := min(r.window-(r.started-r.ready), r.layout.total-r.started)
	if k <= 0 {
		return
	}
	from := r.started
	r.started += k
	up := 0
	for _, part := range e.partsOf(r.site, r.layout.nodesOf(from, r.started)) {
		c := part.cohort
		g := c.image(r.version)
		switch {
		case c.spec().Ephemeral:
			e.startTasks(c, part.nodes, func(node span) int { return r.layout.on(node, from, r.started) }, request{image: g, at: e.now, rollout: r})
		case c.pending(g):
		case c.store.holds(g):
			for _, sp := range part.nodes {
				up += r.layout.on(sp, from, r.started)
			}
		default:
			if part.nodes.count() < c.n {
				c = e.split(c, part.nodes)
			}
			e.request(c, request{image: g, at: e.now})
		}
	}
	e.expectReady(r, up, e.recheck(r.service, up))
}

// A part is some nodes of one cohort.
type part struct {
	cohort *cohort
	nodes  spans
}

// partsOf groups nodes by the cohort they belong to, in the order of their lowest nodes.
func (e *engine) partsOf(s *site, nodes spans) []part {
	var parts []part
	e.groupings++
	for _, sp := range nodes {
		for i := s.owners.first(sp.lo); i < len(s.owners) && s.owners[i].lo < sp.hi; i++ {
			c := s.owners[i].cohort
			if c == nil {
				continue
			}
			if c.grouping != e.groupings {
				c.grouping, c.part = e.groupings, len(parts)
				parts = append(parts, part{cohort: c})
			}
			parts[c.part].nodes = append(parts[c.part].nodes, s.owners[i].clip(sp))
		}
	}
	return parts
}

// recheck counts the requests of instances that start, if their policy is to ask every time, and returns
// how long that takes where the image is already.
func (e *engine) recheck(service, instances int) float64 {
	s := &e.model.Services[service]
	if !s.AlwaysPull {
		return 0
	}
	e.pulls.Requests += int64(instances)
	return e.model.Registries[s.Registry].Latency
}

// expectReady lets that many instances be ready after a delay and their start-up time.
func (e *engine) expectReady(r *rollout, instances int, delay float64) {
	if instances > 0 {
		at := e.now + delay + e.model.Services[r.service].Startup
		e.agenda.add(at, ready, event{rollout: r, index: instances})
	}
}

// imageReady tells the rollouts that wait for an image on a cohort's nodes that it is there. All
// instances started on these nodes have waited for it, but those that had been ready before the node
// was replaced.
func (e *engine) imageReady(c *cohort, rq request) {
	if c.task {
		if rq.rollout != nil {
			e.expectReady(rq.rollout, c.n, 0)
		}
		return
	}
	for _, r := range c.site.rolling {
		if c.image(r.version).top() != rq.image.top() {
			continue
		}
		waiting := 0
		for _, sp := range c.nodes {
			waiting += r.layout.on(sp, 0, r.started)
		}
		for node, n := range r.counted {
			if c.nodes.contains(node) {
				waiting -= n
			}
		}
		e.recheck(r.service, waiting)
		e.expectReady(r, waiting, 0)
	}
}

// instancesReady counts instances that are up; the last one ends the rollout.
func (e *engine) instancesReady(r *rollout, instances int) {
	if r.finished {
		return
	}
	r.ready += instances
	if r.ready < r.layout.total {
		e.advance(r)
		return
	}
	r.finished = true
	r.site.rolling = slices.DeleteFunc(r.site.rolling, func(x *rollout) bool { return x == r })
	e.rollouts.Count++
	e.rolloutSeconds.add(e.now-r.began, 1)
	e.settle(r.site, r.service)
	if len(r.then) > 0 {
		e.startRollout(r.then[0], r.service, r.version, r.began, r.then[1:])
	}
}

// settle notes that a site runs nothing but the current version of a service.
func (e *engine) settle(s *site, service int) {
	run := &s.running[service]
	if run.settled != run.current {
		run.settled.retire(s.index, e.now)
	}
	run.settled, run.before = run.current, run.layout
}
