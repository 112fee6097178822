package sim

import (
	"slices"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// A cohort is nodes of one pool in the same state: same content, same work under way. They behave
// alike until something singles one out, so they are simulated once and counted n times.
type cohort struct {
	site  *site
	pool  int
	nodes spans
	n     int
	store store
	disk  int64 // bytes each node has taken on top of its own site.disk
	queue []request
	pull  *pull // nil: idle
	key   string

	group   flow.Group
	grouped bool
}

// A request is an image wanted on a node since some time.
type request struct {
	version *version
	at      float64
}

// A site is a datacenter while it is simulated.
type site struct {
	index     int
	dc        *Datacenter
	layouts   []layout // per service
	owners    owners
	idle      map[string]*cohort // by key
	disk      []int64            // per node, what its present cohort's disk does not say
	rolling   []*rollout         // under way, oldest first
	routes    []route            // per registry
	turnovers []turnover         // per pool
}

// newCohort makes a cohort of the nodes, which must be of one pool, and owns them.
func (e *engine) newCohort(s *site, pool int, nodes spans) *cohort {
	c := &cohort{site: s, pool: pool, nodes: nodes, n: nodes.count()}
	for _, sp := range nodes {
		s.owners.assign(sp, c)
	}
	e.cohorts++
	e.stats.States = max(e.stats.States, e.cohorts)
	return c
}

func (c *cohort) spec() *Pool { return &c.site.dc.Pools[c.pool] }

// pending says whether the image is queued or being pulled.
func (c *cohort) pending(v *version) bool {
	if c.pull != nil && c.pull.version.top() == v.top() {
		return true
	}
	return slices.ContainsFunc(c.queue, func(r request) bool { return r.version.top() == v.top() })
}

// present says whether the image is there and nobody waits for it.
func (c *cohort) present(v *version) bool { return !c.pending(v) && c.store.holds(v) }

// split moves some of the cohort's nodes, but not all, into a new cohort in the same state.
func (e *engine) split(c *cohort, nodes spans) *cohort {
	d := e.newCohort(c.site, c.pool, nodes)
	c.nodes = c.nodes.minus(nodes)
	c.n -= d.n
	d.store, d.disk, d.queue = c.store.clone(), c.disk, slices.Clone(c.queue)
	if c.grouped {
		d.group, d.grouped = e.net.Split(c.group, d.n), true
		e.setOwner(d)
	}
	if c.pull != nil {
		d.pull = c.pull.clone()
		e.remind(d)
	}
	return d
}

// join puts an idle cohort together with the one that is equal to it, if there is one.
func (e *engine) join(c *cohort) {
	c.store.forget(&e.content)
	if e.alone {
		return
	}
	c.key = c.store.key(c.pool)
	other := c.site.idle[c.key]
	if other == nil {
		c.site.idle[c.key] = c
		return
	}
	if other.n < c.n {
		other, c = c, other
		c.site.idle[other.key] = other
	}
	for _, sp := range c.nodes {
		for node := sp.lo; node < sp.hi && c.disk != other.disk; node++ {
			c.site.disk[node] += c.disk - other.disk
		}
		c.site.owners.assign(sp, other)
	}
	other.nodes = other.nodes.union(c.nodes)
	other.n += c.n
	e.retire(c)
}

// wake takes an idle cohort out of the index before its state changes.
func (c *cohort) wake() {
	if c.pull == nil && c.site.idle[c.key] == c {
		delete(c.site.idle, c.key)
	}
}

// retire ends a cohort whose nodes are all gone to others.
func (e *engine) retire(c *cohort) {
	c.wake()
	e.leaveNetwork(c)
	c.n, c.nodes, c.pull = 0, nil, nil
	e.cohorts--
}

// withdraw takes one node out of its cohort, whatever it was doing, and notes the disk it had filled.
func (e *engine) withdraw(s *site, node int) (pool int) {
	c := s.owners.at(node)
	e.diskPeak = max(e.diskPeak, s.disk[node]+c.disk)
	s.disk[node] = 0
	if c.n == 1 {
		e.retire(c)
		return c.pool
	}
	c.nodes = c.nodes.minus(spans{{node, node + 1}})
	c.n--
	if c.grouped {
		e.net.Resize(c.group, c.n)
	}
	return c.pool
}

func (e *engine) joinNetwork(c *cohort) {
	if !c.grouped {
		c.group, c.grouped = e.net.AddGroup(c.n, c.spec().NIC/e.overhead), true
		e.setOwner(c)
	}
}

func (e *engine) leaveNetwork(c *cohort) {
	if c.grouped {
		e.net.Resize(c.group, 0)
		c.grouped = false
	}
}

// setOwner remembers whose flows a group's are.
func (e *engine) setOwner(c *cohort) {
	for len(e.byGroup) <= int(c.group) {
		e.byGroup = append(e.byGroup, nil)
	}
	e.byGroup[c.group] = c
}
