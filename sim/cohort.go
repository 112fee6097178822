package sim

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// A cohort is nodes of one pool in the same state: same content, same work under way. They behave
// alike until something singles one out, so they are simulated once and counted n times.
//
// Instances that start on ephemeral nodes are cohorts of their own, of tasks: no node is theirs, and
// they end with their pull.
type cohort struct {
	site    *site
	pool    int
	nodes   spans
	n       int
	task    bool // one on each of nodes
	store   store
	disk    int64 // bytes each node has taken on top of its own site.disk
	used    []quota
	queue   []request // waiting for their turn
	refused []request // waiting to ask again
	pulls   []*pull   // under way, oldest first
	pulled  int       // pulls begun so far
	key     key
	idle    bool // in site.idle, by key

	group   flow.Group
	grouped bool

	grouping, part int // where partsOf last put the nodes
}

// A request is an image wanted on a node since some time.
type request struct {
	image   *image
	at      float64
	cause   Cause    // "": a rollout's
	tries   int      // that a pull limit refused
	again   float64  // when the next try is due
	rollout *rollout // of tasks: whose instances they are; nil: nobody counts them
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

// image returns what of a version the nodes run.
func (c *cohort) image(v *version) *image { return v.images[c.spec().Platform] }

// resting says whether the nodes have nothing to do.
func (c *cohort) resting() bool { return len(c.pulls)+len(c.queue)+len(c.refused) == 0 }

// pending says whether the image is queued or being pulled.
func (c *cohort) pending(g *image) bool {
	same := func(r request) bool { return r.image.top() == g.top() }
	return slices.ContainsFunc(c.pulls, func(p *pull) bool { return same(p.request) }) ||
		slices.ContainsFunc(c.queue, same) || slices.ContainsFunc(c.refused, same)
}

// present says whether the image is there and nobody waits for it.
func (c *cohort) present(g *image) bool { return !c.pending(g) && c.store.holds(g) }

// split moves some of the cohort's nodes, but not all, into a new cohort in the same state.
func (e *engine) split(c *cohort, nodes spans) *cohort {
	d := e.newCohort(c.site, c.pool, nodes)
	c.nodes = c.nodes.minus(nodes)
	c.n -= d.n
	d.store, d.disk, d.pulled = c.store.clone(), c.disk, c.pulled
	d.queue, d.refused, d.used = slices.Clone(c.queue), slices.Clone(c.refused), slices.Clone(c.used)
	if c.grouped {
		d.group, d.grouped = e.net.Split(c.group, d.n), true
		e.own(d.group, owner{cohort: d})
	}
	for _, p := range c.pulls {
		d.pulls = append(d.pulls, p.clone())
	}
	e.remind(d)
	return d
}

// join puts a resting cohort together with the one that is equal to it, if there is one.
func (e *engine) join(c *cohort) {
	if !c.collects() {
		c.store.forget(&e.content)
	}
	if e.alone {
		return
	}
	c.key = e.key(c)
	other := c.site.idle[c.key]
	if other == nil {
		c.site.idle[c.key], c.idle = c, true
		return
	}
	if !other.store.equals(&c.store) {
		return
	}
	if len(other.nodes) < len(c.nodes) {
		other, c = c, other
		c.idle, other.idle = false, true
		c.site.idle[other.key] = other
	}
	for _, sp := range c.nodes {
		if by := c.disk - other.disk; by != 0 {
			c.site.disk.change(sp, func(v int64) int64 { return v + by })
		}
		c.site.owners.assign(sp, other)
	}
	other.nodes = other.nodes.union(c.nodes)
	other.n += c.n
	e.retire(c)
}

// A key tells resting cohorts apart: those with equal keys may hold the same.
type key struct {
	pool  int
	sum   uint64
	quota string // what the nodes have used of pull limits
	runs  string // which services they run, where that decides what is thrown away
}

func (e *engine) key(c *cohort) key {
	k := key{pool: c.pool, sum: c.store.sum()}
	for _, q := range c.used {
		if q.window == e.window(q.registry) {
			k.quota += fmt.Sprint(q)
		}
	}
	if c.collects() {
		k.runs = c.placement()
	}
	return k
}

// wake takes a resting cohort out of the index before its state changes.
func (c *cohort) wake() {
	if c.idle {
		delete(c.site.idle, c.key)
		c.idle = false
	}
}

// retire ends a cohort whose nodes are all gone to others.
func (e *engine) retire(c *cohort) {
	c.wake()
	e.leaveNetwork(c)
	c.n, c.nodes, c.pulls, c.queue, c.refused = 0, nil, nil, nil, nil
	e.cohorts--
}

// withdraw takes one node out of its cohort, whatever it was doing, and notes the disk it had filled.
func (e *engine) withdraw(s *site, node int) (pool int) {
	c := s.owners.at(node)
	e.diskPeak = max(e.diskPeak, s.disk.at(node)+c.disk)
	s.disk.change(span{node, node + 1}, func(int64) int64 { return 0 })
	e.loseNode(c, node)
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
		e.own(c.group, owner{cohort: c})
	}
}

func (e *engine) leaveNetwork(c *cohort) {
	if c.grouped {
		e.net.Resize(c.group, 0)
		c.grouped = false
	}
}

// An owner is whose flows a group's are.
type owner struct {
	cohort *cohort
	fill   *fill
}

func (e *engine) own(g flow.Group, o owner) {
	for len(e.byGroup) <= int(g) {
		e.byGroup = append(e.byGroup, owner{})
	}
	e.byGroup[g] = o
}
