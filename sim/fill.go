package sim

import "slices"

// A fill is one copy of a layer on its way to a cache or to the seed of a site's peers.
type fill struct {
	site    *site
	route   *route
	id      blobID
	book    Transfer // what the copy is booked as
	waiting []waiter
	done    func() // what else happens when it is there
}

// A waiter is a flight that cannot begin, or not end, before a fill.
type waiter struct {
	cohort *cohort
	pull   *pull
	layer  int
}

func (x *fill) wait(c *cohort, p *pull, layer int) {
	x.waiting = append(x.waiting, waiter{c, p, layer})
}

// wideNIC stands for the network interface of a cache or a seed, in bytes per second: their other limits
// are links of their own.
const wideNIC = 1e15

// newFill begins to fetch the blob that a flight asks for.
func (e *engine) newFill(c *cohort, p *pull, f *flight, r *route, done func()) *fill {
	x := &fill{site: c.site, route: r, id: p.blob(f.layer), book: e.transfer(c, p, f.layer), done: done}
	at := e.now + r.latency + slowStart(r.narrowest, r.latency)
	e.agenda.add(at, filling, event{fill: x})
	return x
}

func (e *engine) filling(x *fill) {
	g := e.net.AddGroup(1, wideNIC)
	e.own(g, owner{fill: x})
	e.stats.Flows++
	e.net.Start(g, x.route.flow, float64(e.content.blobs[x.id].bytes), 0)
}

// filled takes in the copy: those who had to wait for it begin to fetch it, those to whom it was handed
// on as it came have it too.
func (e *engine) filled(x *fill) {
	bytes := e.content.blobs[x.id].bytes
	x.book.From, x.book.To = x.route.from, x.route.to
	x.book.Class = e.model.class(x.route.from, x.route.to, true)
	e.ledger.book(x.book, bytes, 1)
	e.meterBytes(x.route, bytes)
	x.done()
	for _, w := range x.waiting {
		if w.cohort.n == 0 || !slices.Contains(w.cohort.pulls, w.pull) {
			continue
		}
		f := w.pull.flight(w.layer)
		f.fill = nil
		switch {
		case f.landed:
			e.arrived(w.cohort, w.pull, w.layer)
		case f.held:
			f.held = false
			e.connect(w.cohort, w.pull, f)
		}
	}
}
