package sim

import (
	"math"
	"slices"
)

// A quota is what an address has used of a registry's pull limit in a window of time.
type quota struct {
	registry int
	window   int
	pulls    int
}

// The kubelet waits this long after a refusal, doubling from one to the other (Kubernetes 1.36,
// pkg/kubelet/kubelet.go).
const (
	backOffFirst = 10
	backOffLast  = 300
)

// window numbers the present window of a registry's limit.
func (e *engine) window(registry int) int {
	return int(math.Floor(e.now / e.model.Registries[registry].PullLimit.Per))
}

// admit counts a manifest against the registry's limit. It returns the cohort that goes on with its pull,
// which is part of the one that asked when there is not enough left for all, or nil.
func (e *engine) admit(c *cohort, p *pull) (*cohort, *pull) {
	v := p.image.version
	limit := e.model.Registries[v.registry].PullLimit
	if limit.Pulls == 0 {
		return c, p
	}
	window := e.window(v.registry)
	if s := c.site; s.cache != nil && s.routes[v.registry].outside {
		if s.cache.manifests[p.image] {
			return c, p
		}
		if e.siteQuota(s, v.registry, window).take(1, limit.Pulls) == 0 {
			e.refuse(c, p)
			return nil, nil
		}
		s.cache.manifests[p.image] = true
		return c, p
	}
	if c.site.dc.Egress == NAT && c.site.routes[v.registry].outside {
		got := e.siteQuota(c.site, v.registry, window).take(c.n, limit.Pulls)
		return e.letThrough(c, p, got)
	}
	if c.task {
		return c, p // each is an address that nobody has used before
	}
	i := slices.IndexFunc(c.used, func(q quota) bool { return q.registry == v.registry })
	if i < 0 {
		c.used = append(c.used, quota{registry: v.registry})
		i = len(c.used) - 1
	}
	c.used[i].enter(window)
	if c.used[i].take(1, limit.Pulls) == 0 {
		e.refuse(c, p)
		return nil, nil
	}
	return c, p
}

// enter begins a window if it is new.
func (q *quota) enter(window int) {
	if q.window != window {
		q.window, q.pulls = window, 0
	}
}

// take uses up to n of what is left and says how many.
func (q *quota) take(n, limit int) int {
	n = min(n, limit-q.pulls)
	q.pulls += n
	return n
}

// siteQuota is what the one address of a site has used.
func (e *engine) siteQuota(s *site, registry, window int) *quota {
	key := [2]int{s.index, registry}
	if e.quotas[key] == nil {
		e.quotas[key] = &quota{registry: registry}
	}
	e.quotas[key].enter(window)
	return e.quotas[key]
}

// letThrough goes on with the first nodes and refuses the others.
func (e *engine) letThrough(c *cohort, p *pull, nodes int) (*cohort, *pull) {
	switch nodes {
	case 0:
		e.refuse(c, p)
		return nil, nil
	case c.n:
		return c, p
	}
	i := slices.Index(c.pulls, p)
	d := e.partOf(c, nodes)
	e.refuse(c, p)
	return d, d.pulls[i]
}

// refuse sends a pull away, to come back later.
func (e *engine) refuse(c *cohort, p *pull) {
	e.pulls.Refused += int64(c.n)
	c.pulls = slices.DeleteFunc(c.pulls, func(q *pull) bool { return q == p })
	r := p.request
	r.again = e.now + float64(min(backOffLast, backOffFirst<<min(r.tries, 10)))
	r.tries++
	c.refused = append(c.refused, r)
	e.agenda.add(r.again, retry, event{cohort: c})
	e.nextPull(c)
}

// retried puts the requests that are due back in the queue.
func (e *engine) retried(c *cohort) {
	due := func(r request) bool { return r.again <= e.now }
	for _, r := range c.refused {
		if due(r) {
			c.queue = append(c.queue, r)
		}
	}
	c.refused = slices.DeleteFunc(c.refused, due)
	e.nextPull(c)
}
