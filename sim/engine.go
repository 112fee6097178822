package sim

import (
	"context"
	"fmt"

	"math/rand/v2"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// maxEvents ends a run that cannot be meant: a fleet that never comes to rest.
const maxEvents = 1_000_000_000

// An engine is one run under way.
type engine struct {
	model     *Model
	maxEvents int64 // a run that takes more is given up
	alone     bool  // every node is a cohort of its own for ever, to check that cohorts change nothing
	now       float64
	agenda    agenda
	net       *flow.Network
	overhead  float64 // link capacity that a payload byte takes
	meters    []meter // of the shared links that are there from the start
	wire      wire
	byGroup   []owner // per flow.Group
	done      []flow.Done

	content  content
	ledger   ledger
	products []product
	sites    []*site
	quotas   map[[2]int]*quota     // by site and registry
	lots     map[[2]int]*rand.Rand // by site and service

	groupings      int // times that partsOf was asked
	cohorts        int
	pulls          pullLog
	rollouts       Rollouts
	rolloutSeconds durations
	bounds         Bounds
	naive          tally
	storage        []Storage
	services       []ServiceImage
	replaced       int64
	gcEvictions    int64
	diskPeak       int64
	stats          Stats
}

func newEngine(m *Model, alone bool) *engine {
	e := &engine{
		model: m, maxEvents: maxEvents, alone: alone, overhead: 1 + m.WireOverhead, content: *newContent(), ledger: ledger{sums: map[Transfer]*sum{}},
		quotas: map[[2]int]*quota{}, lots: map[[2]int]*rand.Rand{},
		storage: make([]Storage, len(m.Registries)), services: make([]ServiceImage, len(m.Services)),
	}
	e.lay()
	for i := range m.Datacenters {
		e.sites = append(e.sites, e.newSite(i))
	}
	for i := range m.Services {
		e.offer(i)
	}
	for _, s := range e.sites {
		for r := range m.Registries {
			s.routes = append(s.routes, e.newRoute(r, s.index, AtNodes))
		}
		if s.dc.Cache != nil {
			s.cache = e.newCache(s)
		}
		if s.dc.P2P != nil {
			s.peers = e.newPeers(s)
		}
		e.newRestarts(s)
	}
	for _, s := range e.sites {
		e.populate(s)
	}
	return e
}

// offer makes a service's first version and lets every site that runs it begin with that.
func (e *engine) offer(service int) {
	m := e.model
	spec := &m.Services[service]
	p := product{index: service, spec: spec, platforms: m.platforms()}
	if spec.Base >= 0 {
		p.base = &m.Bases[spec.Base]
	}
	p.deploys = e.newSchedule(spec, float64(service+1)/float64(len(m.Services)+1))
	v := p.first(&e.content)
	e.services[service] = ServiceImage{Bytes: v.images[0].bytes, Layers: len(v.images[0].blobs)}
	e.products = append(e.products, p)
	for _, s := range e.sites {
		s.running[service].current, s.running[service].settled = v, v
		if spec.Instances[s.index] > 0 {
			e.content.want(v)
			v.place(s.index, len(e.sites))
		}
	}
}

// platforms counts the platforms of the fleet.
func (m *Model) platforms() int {
	n := 1
	for i := range m.Datacenters {
		for _, p := range m.Datacenters[i].Pools {
			n = max(n, p.Platform+1)
		}
	}
	return n
}

// run plays the model to its end: arrivals stop at Duration, and what is under way then is finished.
func (e *engine) run(ctx context.Context) error {
	e.expectAll()
	for {
		end, flowing := e.net.Next()
		due, planned := e.agenda.next()
		if !flowing && !planned {
			return e.bounded()
		}
		e.stats.Events++
		if e.stats.Events%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := e.bounded(); err != nil {
			return err
		}
		if flowing && (!planned || end <= due) {
			e.advanceTo(end)
			for _, d := range e.done {
				e.flowEnded(d)
			}
			continue
		}
		e.advanceTo(due)
		e.handle(e.agenda.pop())
	}
}

// bounded says what has outgrown the engine, if anything has.
func (e *engine) bounded() error {
	switch {
	case e.stats.Events > e.maxEvents:
		return fmt.Errorf("simulating stopped at %.0f s after %d events: the fleet never comes to rest; simulate less time", e.now, e.stats.Events)
	case e.ledger.total.over || e.naive.over:
		return fmt.Errorf("simulating stopped at %.0f s: more than %d bytes have moved, or would by the naive sum, and are no longer counted exactly; simulate less time or fewer nodes", e.now, int64(most))
	}
	return nil
}

// expectAll puts the first of everything that recurs on the agenda.
func (e *engine) expectAll() {
	for i := range e.products {
		e.expectDeploy(i)
	}
	for _, s := range e.sites {
		for pool := range s.turnovers {
			e.expectReplacement(s, pool)
		}
		for i := range s.scales {
			e.expectScaling(s, i)
		}
		for i := range s.restarts {
			e.expectRestart(s, i)
		}
	}
}

// advanceTo moves the clock and meters the links on the way.
func (e *engine) advanceTo(t float64) {
	if t > e.now {
		for i := range e.meters {
			if load := e.net.Load(i); load > 0 {
				e.meters[i].run(load*e.overhead, e.now, t)
			}
		}
	}
	e.done = e.net.Advance(t, e.done[:0])
	e.now = t
}

func (e *engine) flowEnded(d flow.Done) {
	o := e.byGroup[d.Group]
	if o.fill != nil {
		e.net.Resize(d.Group, 0)
		e.filled(o.fill)
		return
	}
	e.landed(o.cohort, d.Tag)
}

func (e *engine) handle(k kind, ev event) {
	c := ev.cohort
	if c != nil && c.n == 0 {
		return // its nodes are gone
	}
	switch k {
	case resolved:
		e.resolved(c, ev.pull)
	case asked:
		e.asked(c, ev.pull, ev.index)
	case filling:
		e.filling(ev.fill)
	case connected:
		e.connected(c, ev.pull, ev.index)
	case unpacked:
		e.unpacked(c, ev.pull)
	case ready:
		e.instancesReady(ev.rollout, ev.index)
	case retry:
		e.retried(c)
	case restart:
		e.restarted(e.sites[ev.site], ev.index)
		e.expectRestart(e.sites[ev.site], ev.index)
	case replace:
		s := e.sites[ev.site]
		e.replaceNode(s, s.turnovers[ev.index].victim)
		e.expectReplacement(s, ev.index)
	case scale:
		e.scaled(e.sites[ev.site], ev.index)
		e.expectScaling(e.sites[ev.site], ev.index)
	case deploy:
		e.deploy(ev.index)
		e.expectDeploy(ev.index)
	}
}

// expectDeploy puts a service's next deploy on the agenda if it falls within the simulated time.
func (e *engine) expectDeploy(service int) {
	if at := e.products[service].deploys.next(); at < e.model.Duration {
		e.agenda.add(at, deploy, event{index: service})
	}
}

// deploy releases a version, stores it and rolls it out everywhere.
func (e *engine) deploy(service int) {
	p := &e.products[service]
	v := p.release(&e.content, e.now)
	if v == nil {
		return // its history is at its end
	}
	e.push(p, v)
	e.services[service].Deploys++
	e.rollOut(service, v)
}

// push stores a version in its registry and copies what is new to the replicas. That is over before the
// rollout begins.
func (e *engine) push(p *product, v *version) {
	reg := &e.model.Registries[v.registry]
	sum := &e.storage[v.registry]
	for platform, places := range p.push(max(1, reg.KeepVersions)) {
		g := v.images[platform]
		for _, i := range places {
			b := &e.content.blobs[g.blobs[i]]
			sum.Pushed += b.bytes
			for _, d := range reg.Replicas {
				from, to := End{Registry: v.registry}, End{Kind: AtReplica, Registry: v.registry, Datacenter: d}
				t := Transfer{From: from, To: to, Class: e.model.class(from, to, true), Service: p.index, Platform: platform, Layer: i, Cause: CausePush}
				e.ledger.book(t, b.bytes, 1)
				sum.Replicated += b.bytes
			}
		}
	}
}
