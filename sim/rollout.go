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
	began    float64
	window   int         // instances being replaced at once
	started  int         // positions [0, started) have begun
	ready    int         // of those, up
	counted  map[int]int // replaced node → positions there that its predecessor had made ready
	finished bool        // done or superseded
}

// startRollout sends a version to a site, in place of what is rolling out there for that service.
func (e *engine) startRollout(s *site, service int, v *version) {
	l := &s.layouts[service]
	if l.total == 0 {
		return
	}
	if i := slices.IndexFunc(s.rolling, func(r *rollout) bool { return r.service == service }); i >= 0 {
		s.rolling[i].finished = true
		s.rolling = slices.Delete(s.rolling, i, i+1)
		e.rollouts.Superseded++
	}
	r := &rollout{site: s, service: service, version: v, began: e.now, counted: map[int]int{}}
	r.window = window(&e.model.Services[service], l.total)
	s.rolling = append(s.rolling, r)
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
	l := &r.site.layouts[r.service]
	k := min(r.window-(r.started-r.ready), l.total-r.started)
	if k <= 0 {
		return
	}
	from := r.started
	r.started += k
	up := 0
	for _, part := range e.partsOf(r.site, l.nodesOf(from, r.started)) {
		c, v := part.cohort, r.version
		switch {
		case c.pending(v):
		case c.store.holds(v):
			for _, sp := range part.nodes {
				up += l.on(sp, from, r.started)
			}
		default:
			if part.nodes.count() < c.n {
				c = e.split(c, part.nodes)
			}
			e.request(c, v)
		}
	}
	e.expectReady(r, up)
}

// A part is some nodes of one cohort.
type part struct {
	cohort *cohort
	nodes  spans
}

// partsOf groups nodes by the cohort they belong to, in the order of their lowest nodes.
func (e *engine) partsOf(s *site, nodes spans) []part {
	var parts []part
	seen := map[*cohort]int{}
	for _, sp := range nodes {
		for _, o := range s.owners.within(sp) {
			i, ok := seen[o.cohort]
			if !ok {
				i = len(parts)
				seen[o.cohort] = i
				parts = append(parts, part{cohort: o.cohort})
			}
			parts[i].nodes = append(parts[i].nodes, o.span)
		}
	}
	return parts
}

// expectReady lets that many instances be ready after their start-up time.
func (e *engine) expectReady(r *rollout, instances int) {
	if instances > 0 {
		at := e.now + e.model.Services[r.service].Startup
		e.agenda.add(event{at: at, kind: ready, rollout: r, index: instances})
	}
}

// imageReady tells the rollouts that wait for an image on a cohort's nodes that it is there. All
// instances started on these nodes have waited for it, but those that had been ready before the node
// was replaced.
func (e *engine) imageReady(c *cohort, v *version) {
	for _, r := range c.site.rolling {
		if r.version.top() != v.top() {
			continue
		}
		l, waiting := &c.site.layouts[r.service], 0
		for _, sp := range c.nodes {
			waiting += l.on(sp, 0, r.started)
		}
		for node, n := range r.counted {
			if c.nodes.contains(node) {
				waiting -= n
			}
		}
		e.expectReady(r, waiting)
	}
}

// instancesReady counts instances that are up; the last one ends the rollout.
func (e *engine) instancesReady(r *rollout, instances int) {
	if r.finished {
		return
	}
	r.ready += instances
	if r.ready < r.site.layouts[r.service].total {
		e.advance(r)
		return
	}
	r.finished = true
	r.site.rolling = slices.DeleteFunc(r.site.rolling, func(x *rollout) bool { return x == r })
	e.rollouts.Count++
	e.rolloutSeconds.add(e.now-r.began, 1)
}
