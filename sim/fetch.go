package sim

import "slices"

// ask begins to fetch a layer: it chooses where from, or, where that depends on what others do at the
// same instant, lets all that ends now end first.
func (e *engine) ask(c *cohort, p *pull, layer int) {
	spec := c.spec()
	f := flight{layer: layer, askAt: -1, startAt: -1}
	if p.conns < spec.Slots {
		p.conns++
		f.fresh = true
	}
	e.pulls.Requests += int64(c.n)
	if c.site.cache != nil || c.site.peers != nil {
		f.askAt = e.now
		p.flights = append(p.flights, f)
		e.remindFlight(c, p, &p.flights[len(p.flights)-1])
		return
	}
	f.route = c.site.routes[p.image.version.registry]
	p.flights = append(p.flights, f)
	e.connect(c, p, &p.flights[len(p.flights)-1])
}

// asked chooses where a layer comes from: peers before the cache before the registry.
func (e *engine) asked(c *cohort, p *pull, layer int) {
	f := p.flight(layer)
	f.askAt = -1
	s := c.site
	switch {
	case s.peers != nil && e.askPeers(c, p, f):
	case s.cache != nil && s.routes[p.image.version.registry].outside:
		e.askCache(c, p, f)
	default:
		f.route = s.routes[p.image.version.registry]
		e.connect(c, p, f)
	}
}

// connect lets a layer's bytes flow after a round trip, and slow start on a new connection.
func (e *engine) connect(c *cohort, p *pull, f *flight) {
	f.startAt = e.now + f.route.latency
	if f.fresh {
		f.startAt += f.route.slowStart[c.pool]
	}
	e.remindFlight(c, p, f)
}

func (e *engine) connected(c *cohort, p *pull, layer int) {
	f := p.flight(layer)
	f.startAt = -1
	e.joinNetwork(c)
	e.stats.Flows++
	e.net.Start(c.group, f.route.flow, float64(e.content.blobs[p.blob(layer)].bytes), tag(p, layer))
}

// remindFlight puts what a flight waits for on the agenda.
func (e *engine) remindFlight(c *cohort, p *pull, f *flight) {
	if f.askAt >= 0 {
		e.agenda.add(f.askAt, asked, event{cohort: c, pull: p, index: f.layer})
	}
	if f.startAt >= 0 {
		e.agenda.add(f.startAt, connected, event{cohort: c, pull: p, index: f.layer})
	}
	if f.fill != nil {
		f.fill.wait(c, p, f.layer)
	}
}

// maxLayers bounds the layers of an image, so that a flow's tag can hold pull and layer.
const maxLayers = 1 << 16

func tag(p *pull, layer int) int { return p.id*maxLayers + layer }

// landed takes in the bytes of one flow on every node of the cohort.
func (e *engine) landed(c *cohort, tag int) {
	i := slices.IndexFunc(c.pulls, func(p *pull) bool { return p.id == tag/maxLayers })
	p, layer := c.pulls[i], tag%maxLayers
	if f := p.flight(layer); f.fill != nil {
		f.landed = true // handed on as it arrives: not before the one it comes from has it
		return
	}
	e.arrived(c, p, layer)
}
