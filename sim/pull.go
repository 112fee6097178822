package sim

import (
	"math"
	"slices"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// A pull makes one image ready on each node of a cohort: resolve the manifest, fetch the layers that
// are missing, bottom first and a few at once, and unpack from the lowest chain that is missing
// upwards, one layer at a time, as soon as a layer and all below it are there.
type pull struct {
	request
	known      int     // layers from the bottom whose chain is there already
	here       []bool  // per layer, its blob is on the node
	missing    []int   // layers to fetch
	asked      int     // of missing, those whose fetch has begun
	active     int     // fetches under way
	conns      int     // connections opened so far; a slot keeps its connection for its next layer
	resolve    float64 // when the manifest is there; -1: it is
	connecting []timer // asked for, not flowing yet
	unpack     int     // next layer to unpack
	unpackEnd  float64 // when the layer being unpacked is done; 0: none is
}

type timer struct {
	at    float64
	layer int
}

func (p *pull) clone() *pull {
	q := *p
	q.here = slices.Clone(p.here)
	q.connecting = slices.Clone(p.connecting)
	return &q
}

// A route is how a site's nodes reach a registry.
type route struct {
	flow      flow.Route
	links     []int     // shared links, by index into engine.links
	latency   float64   // one round trip
	slowStart []float64 // per pool, what a new connection's ramp-up costs
}

// initialWindow is how many segments a new connection sends at first (RFC 6928), segment how many
// payload bytes one carries at an MTU of 1500 with timestamps.
const (
	initialWindow = 10
	segment       = 1448
)

// slowStart returns the seconds a new connection loses while its window doubles each round trip from
// the initial one to bandwidth × delay: latency × log2(bandwidth·latency / (10 segments)).
func slowStart(bandwidth, latency float64) float64 {
	// Not math.Log2, which some machines compute with a fused multiply-add.
	rounds := math.Log(bandwidth*latency/(initialWindow*segment)) / math.Ln2
	return latency * max(0, rounds)
}

// request asks for an image on every node of an idle or busy cohort.
func (e *engine) request(c *cohort, v *version) {
	c.wake()
	c.queue = append(c.queue, request{v, e.now})
	if c.pull == nil {
		e.nextPull(c)
	}
}

// nextPull starts the next image in the queue, or lets the cohort rest.
func (e *engine) nextPull(c *cohort) {
	for len(c.queue) > 0 {
		rq := c.queue[0]
		c.queue = c.queue[1:]
		if c.store.holds(rq.version) {
			e.imageReady(c, rq.version)
			continue
		}
		c.pull = e.plan(c, rq)
		e.pulls.Requests += int64(c.n)
		c.pull.resolve = e.now + c.site.routes[rq.version.registry].latency
		e.agenda.add(event{at: c.pull.resolve, kind: resolved, cohort: c})
		return
	}
	e.leaveNetwork(c)
	e.join(c)
}

// plan finds out which layers the nodes lack.
func (e *engine) plan(c *cohort, rq request) *pull {
	v := rq.version
	p := &pull{request: rq, here: make([]bool, len(v.blobs))}
	for p.known < len(v.chains) && has(c.store.chains, v.chains[p.known]) {
		p.known++
	}
	p.unpack = p.known
	for i, b := range v.blobs {
		switch {
		case i < p.known || c.spec().KeepBlobs && has(c.store.blobs, b):
			p.here[i] = true
		case !slices.Contains(v.blobs[p.known:i], b):
			p.missing = append(p.missing, i)
		}
	}
	return p
}

func (e *engine) resolved(c *cohort) {
	c.pull.resolve = -1
	e.fetch(c)
	e.unpackNext(c)
}

// fetch asks for missing layers while slots are free.
func (e *engine) fetch(c *cohort) {
	p, slots := c.pull, c.spec().Slots
	r := &c.site.routes[p.version.registry]
	for p.active < slots && p.asked < len(p.missing) {
		t := timer{e.now + r.latency, p.missing[p.asked]}
		if p.conns < slots {
			p.conns++
			t.at += r.slowStart[c.pool]
		}
		p.asked++
		p.active++
		p.connecting = append(p.connecting, t)
		e.pulls.Requests += int64(c.n)
		e.agenda.add(event{at: t.at, kind: connected, cohort: c, index: t.layer})
	}
}

func (e *engine) connected(c *cohort, layer int) {
	p := c.pull
	p.connecting = slices.DeleteFunc(p.connecting, func(t timer) bool { return t.layer == layer })
	e.joinNetwork(c)
	e.stats.Flows++
	r := &c.site.routes[p.version.registry]
	e.net.Start(c.group, r.flow, float64(e.content.blobs[p.version.blobs[layer]].bytes), layer)
}

// fetched takes in a layer that has arrived on every node of the cohort.
func (e *engine) fetched(c *cohort, layer int) {
	p := c.pull
	id := p.version.blobs[layer]
	e.credit(c, p.version, layer)
	for i, b := range p.version.blobs {
		if b == id {
			p.here[i] = true
		}
	}
	if c.spec().KeepBlobs {
		c.disk += e.content.blobs[id].bytes
	}
	c.store.blobs = add(c.store.blobs, id)
	p.active--
	e.fetch(c)
	e.unpackNext(c)
}

// unpackNext begins to unpack the next layer if it is there, and ends the pull after the last.
func (e *engine) unpackNext(c *cohort) {
	p := c.pull
	for p.unpackEnd == 0 && p.unpack < len(p.here) && p.here[p.unpack] {
		takes := 0.0
		if rate := c.spec().Unpack; rate > 0 {
			takes = float64(e.content.blobs[p.version.blobs[p.unpack]].bytes) / rate
		}
		if takes > 0 {
			p.unpackEnd = e.now + takes
			e.agenda.add(event{at: p.unpackEnd, kind: unpacked, cohort: c})
			return
		}
		e.keep(c)
	}
	if p.unpack == len(p.here) {
		e.complete(c)
	}
}

func (e *engine) unpacked(c *cohort) {
	c.pull.unpackEnd = 0
	e.keep(c)
	e.unpackNext(c)
}

// keep notes that the layer just unpacked is there, with all below it.
func (e *engine) keep(c *cohort) {
	v, i := c.pull.version, c.pull.unpack
	c.store.chains = add(c.store.chains, v.chains[i])
	c.disk += e.content.blobs[v.blobs[i]].disk
	c.pull.unpack++
}

// complete ends a pull and starts the next.
func (e *engine) complete(c *cohort) {
	p := c.pull
	c.pull = nil
	e.pulls.add(p, c.n, e.now)
	e.imageReady(c, p.version)
	e.nextPull(c)
}

// remind puts the pending times of a copied pull on the agenda.
func (e *engine) remind(c *cohort) {
	p := c.pull
	if p.resolve >= 0 {
		e.agenda.add(event{at: p.resolve, kind: resolved, cohort: c})
	}
	for _, t := range p.connecting {
		e.agenda.add(event{at: t.at, kind: connected, cohort: c, index: t.layer})
	}
	if p.unpackEnd > 0 {
		e.agenda.add(event{at: p.unpackEnd, kind: unpacked, cohort: c})
	}
}
