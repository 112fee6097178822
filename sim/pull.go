package sim

import "slices"

// A pull makes one image ready on each node of a cohort: resolve the manifest, fetch the layers that
// are missing, bottom first and a few at once, and unpack from the lowest chain that is missing
// upwards, one layer at a time, as soon as a layer and all below it are there.
type pull struct {
	request
	id        int      // among the cohort's pulls
	known     int      // layers from the bottom whose chain is there already
	here      []bool   // per layer, its blob is on the node
	missing   []int    // layers to fetch
	asked     int      // of missing, those whose fetch has begun or is another pull's
	fetched   int      // layers this pull fetched itself
	flights   []flight // fetches under way
	conns     int      // connections opened so far; a slot keeps its connection for its next layer
	resolve   float64  // when the manifest is there; -1: it is
	unpack    int      // next layer to unpack
	unpackEnd float64  // when the layer being unpacked is done; 0: none is
}

// A flight is a layer on its way to every node of a cohort.
type flight struct {
	layer   int
	askAt   float64 // when its source is chosen; -1: it is
	startAt float64 // when its bytes begin to flow; -1: they do, or it waits for its fill
	fresh   bool    // on a new connection
	route   *route  // how it comes; nil until chosen
	fill    *fill   // what must end before it can begin, or before it is complete; nil: nothing
	held    bool    // it cannot begin before its fill has ended
	landed  bool    // its own bytes are there; its fill is not
	near    portion // of its bytes, what peers in the same zone send
}

func (p *pull) clone() *pull {
	q := *p
	q.here = slices.Clone(p.here)
	q.flights = slices.Clone(p.flights)
	return &q
}

// flight finds a fetch under way.
func (p *pull) flight(layer int) *flight {
	return &p.flights[slices.IndexFunc(p.flights, func(f flight) bool { return f.layer == layer })]
}

// blob is the blob of a layer.
func (p *pull) blob(layer int) blobID { return p.image.blobs[layer] }

// request asks for an image on every node of an idle or busy cohort.
func (e *engine) request(c *cohort, r request) {
	c.wake()
	c.queue = append(c.queue, r)
	e.nextPull(c)
}

// nextPull starts what may start of the queue, or lets the cohort rest.
func (e *engine) nextPull(c *cohort) {
	for len(c.queue) > 0 && (c.spec().ParallelPulls || len(c.pulls) == 0) {
		rq, wanted := c.renew(c.queue[0])
		c.queue = c.queue[1:]
		if !wanted {
			continue
		}
		if !c.task && c.store.holds(rq.image) {
			e.imageReady(c, rq)
			continue
		}
		e.begin(c, rq)
	}
	if !c.resting() {
		return
	}
	e.leaveNetwork(c)
	if c.task {
		e.retire(c)
		return
	}
	e.join(c)
}

// renew says what is still wanted of a request whose turn has come: a later version takes the place of the
// one that a new node was to have, and a rollout that was superseded wants nothing any more, since its
// instances are gone. But others may wait for what it asked for: a later version that is the same image, or
// another service on that image.
func (c *cohort) renew(rq request) (request, bool) {
	run := &c.site.running[rq.image.version.service]
	if rq.image.version == run.current || !c.task && c.site.runs(c, rq.image) {
		return rq, true
	}
	if rq.cause == "" {
		return rq, false
	}
	rq.image = c.image(run.current)
	return rq, !c.pending(rq.image)
}

// begin asks for a manifest.
func (e *engine) begin(c *cohort, rq request) {
	p := &pull{request: rq, id: c.pulled, here: make([]bool, len(rq.image.blobs))}
	c.pulled++
	c.pulls = append(c.pulls, p)
	e.pulls.Requests += int64(c.n)
	p.resolve = e.now + c.site.routes[rq.image.version.registry].latency
	e.agenda.add(p.resolve, resolved, event{cohort: c, pull: p})
}

// resolved finds out which layers the nodes lack, if the registry let them have the manifest.
func (e *engine) resolved(c *cohort, p *pull) {
	p.resolve = -1
	c, p = e.admit(c, p)
	if p == nil {
		return
	}
	g := p.image
	for p.known < len(g.chains) && c.store.chains.has(g.chains[p.known]) {
		p.known++
	}
	p.unpack = p.known
	for i, b := range g.blobs {
		switch {
		case i < p.known || c.spec().KeepBlobs && c.store.blobs.has(b):
			p.here[i] = true
		case !slices.Contains(g.blobs[p.known:i], b):
			p.missing = append(p.missing, i)
		}
	}
	e.fetch(c)
	e.unpackNext(c, p)
}

// fetch asks for missing layers while slots are free, for the oldest pull first.
func (e *engine) fetch(c *cohort) {
	spec := c.spec()
	busy := 0
	for _, p := range c.pulls {
		busy += len(p.flights)
	}
	for _, p := range c.pulls {
		if spec.SlotsPerImage {
			busy = len(p.flights)
		}
		for ; busy < spec.Slots && p.asked < len(p.missing); p.asked++ {
			layer := p.missing[p.asked]
			if p.here[layer] || e.coming(c, p, layer) {
				continue
			}
			p.fetched++
			busy++
			e.ask(c, p, layer)
		}
	}
}

// coming says whether another pull is fetching a layer's blob.
func (e *engine) coming(c *cohort, p *pull, layer int) bool {
	for _, q := range c.pulls {
		if q != p && slices.ContainsFunc(q.flights, func(f flight) bool { return q.blob(f.layer) == p.blob(layer) }) {
			return true
		}
	}
	return false
}

// arrived takes in a layer that is on every node of the cohort.
func (e *engine) arrived(c *cohort, p *pull, layer int) {
	id := p.blob(layer)
	f := p.flight(layer)
	e.credit(c, p, f)
	if f.route.from.Kind == AtPeers {
		e.release(c.site.peers, id, c.n)
	} else if f.route.through != nil {
		c.site.cache.passed(c, id, e.now)
	}
	p.flights = slices.DeleteFunc(p.flights, func(f flight) bool { return f.layer == layer })
	for _, q := range c.pulls {
		for i, b := range q.image.blobs {
			if b == id {
				q.here[i] = true
			}
		}
	}
	if !c.task {
		e.receive(c, id)
	}
	e.fetch(c)
	e.unpackAll(c)
}

// unpackAll lets every pull go on that can.
func (e *engine) unpackAll(c *cohort) {
	if len(c.pulls) == 1 {
		e.unpackNext(c, c.pulls[0])
		return
	}
	for _, p := range slices.Clone(c.pulls) {
		e.unpackNext(c, p)
	}
}

// receive notes a blob that the nodes did not have.
func (e *engine) receive(c *cohort, id blobID) {
	if c.spec().KeepBlobs {
		c.disk += e.content.blobs[id].bytes
		e.gainHolder(c, id)
	}
	c.store.blobs.add(id)
	c.store.lost.remove(id)
	e.flush(c)
}

// unpackNext begins to unpack a pull's next layer if it is there, and ends the pull after the last.
func (e *engine) unpackNext(c *cohort, p *pull) {
	if p.resolve >= 0 || c.n == 0 {
		return
	}
	for p.unpackEnd == 0 && p.unpack < len(p.here) && p.here[p.unpack] {
		if !c.task && c.store.chains.has(p.image.chains[p.unpack]) {
			p.unpack++ // another pull was faster
			continue
		}
		if e.unpacking(c, p) {
			return
		}
		takes := 0.0
		if rate := c.spec().Unpack; rate > 0 {
			takes = float64(e.content.blobs[p.blob(p.unpack)].bytes) / rate
		}
		if takes > 0 {
			p.unpackEnd = e.now + takes
			e.agenda.add(p.unpackEnd, unpacked, event{cohort: c, pull: p})
			return
		}
		e.keep(c, p)
	}
	if p.unpack == len(p.here) && p.unpackEnd == 0 && slices.Contains(c.pulls, p) {
		e.complete(c, p)
	}
}

// unpacking says whether another pull is at the same layer.
func (e *engine) unpacking(c *cohort, p *pull) bool {
	return slices.ContainsFunc(c.pulls, func(q *pull) bool {
		return q != p && q.unpackEnd > 0 && q.image.chains[q.unpack] == p.image.chains[p.unpack]
	})
}

func (e *engine) unpacked(c *cohort, p *pull) {
	p.unpackEnd = 0
	e.keep(c, p)
	e.unpackAll(c)
}

// keep notes that the layer just unpacked is there, with all below it.
func (e *engine) keep(c *cohort, p *pull) {
	i := p.unpack
	p.unpack++
	if c.task {
		return
	}
	c.store.chains.add(p.image.chains[i])
	c.disk += e.content.blobs[p.blob(i)].disk
	e.flush(c)
}

// complete ends a pull and starts the next.
func (e *engine) complete(c *cohort, p *pull) {
	c.pulls = slices.DeleteFunc(c.pulls, func(q *pull) bool { return q == p })
	e.pulls.add(p, c.n, e.now)
	e.collect(c)
	e.imageReady(c, p.request)
	e.nextPull(c)
}

// remind puts the pending times of a copied cohort on the agenda.
func (e *engine) remind(c *cohort) {
	for _, r := range c.refused {
		e.agenda.add(r.again, retry, event{cohort: c})
	}
	for _, p := range c.pulls {
		if p.resolve >= 0 {
			e.agenda.add(p.resolve, resolved, event{cohort: c, pull: p})
		}
		if p.unpackEnd > 0 {
			e.agenda.add(p.unpackEnd, unpacked, event{cohort: c, pull: p})
		}
		for i := range p.flights {
			e.remindFlight(c, p, &p.flights[i])
		}
	}
}
