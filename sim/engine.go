package sim

import (
	"context"
	"fmt"
	"math"

	"github.com/fleetcost/fleetcost/sim/flow"
)

// maxEvents ends a run that cannot be meant: a fleet that never comes to rest.
const maxEvents = 4_000_000_000

// An engine is one run under way.
type engine struct {
	model    *Model
	alone    bool // every node is a cohort of its own for ever, to check that cohorts change nothing
	now      float64
	agenda   agenda
	net      *flow.Network
	overhead float64   // link capacity that a payload byte takes
	meters   []meter   // per link: the registries' bandwidths, then the datacenters' uplinks
	byGroup  []*cohort // per flow.Group
	done     []flow.Done

	content  content
	ledger   ledger
	products []product
	current  []*version // per service, what a new node is given
	sites    []*site

	cohorts        int
	pulls          pullLog
	rollouts       Rollouts
	rolloutSeconds durations
	bounds         Bounds
	storage        []Storage
	services       []ServiceImage
	replaced       int64
	diskPeak       int64
	stats          Stats
}

func newEngine(m *Model, alone bool) *engine {
	e := &engine{
		model: m, alone: alone, overhead: 1 + m.WireOverhead, content: *newContent(), ledger: ledger{},
		storage: make([]Storage, len(m.Registries)), services: make([]ServiceImage, len(m.Services)),
	}
	e.connect()
	for i := range m.Services {
		spec := &m.Services[i]
		p := product{index: i, spec: spec}
		if spec.Base >= 0 {
			p.base = &m.Bases[spec.Base]
		}
		phase := float64(i+1) / float64(len(m.Services)+1)
		p.deploys = e.newClockwork(spec.DeployInterval, phase, "deploys/"+spec.Name)
		v := p.first(&e.content)
		e.current = append(e.current, v)
		e.services[i] = ServiceImage{Bytes: v.bytes, Layers: len(v.blobs)}
		e.products = append(e.products, p)
	}
	for i := range e.sites {
		e.populate(e.sites[i])
	}
	return e
}

// connect lays the links and the routes between sites and registries.
func (e *engine) connect() {
	m := e.model
	for i := range m.Registries {
		e.meters = append(e.meters, meter{name: m.Registries[i].Name + "/bandwidth", capacity: m.Registries[i].Bandwidth})
	}
	for i := range m.Datacenters {
		e.meters = append(e.meters, meter{name: m.Datacenters[i].Name + "/uplink", capacity: m.Datacenters[i].Uplink})
	}
	capacities := make([]float64, len(e.meters))
	for i := range e.meters {
		capacities[i] = e.meters[i].capacity / e.overhead
	}
	e.net = flow.New(capacities)
	for i := range m.Datacenters {
		dc := &m.Datacenters[i]
		s := &site{index: i, dc: dc, idle: map[string]*cohort{}, disk: make([]int64, dc.Nodes())}
		if dc.Nodes() > 0 {
			s.layouts = layouts(m, i)
		}
		for r := range m.Registries {
			s.routes = append(s.routes, e.newRoute(i, r))
		}
		s.turnovers = e.newTurnovers(dc)
		e.sites = append(e.sites, s)
	}
}

func (e *engine) newRoute(site, registry int) route {
	m := e.model
	reg, dc := &m.Registries[registry], &m.Datacenters[site]
	uplink := func(i int) int { return len(m.Registries) + i }
	r := route{links: []int{registry}, latency: reg.Latency}
	if reg.Location.Kind != InDatacenter {
		r.links = append(r.links, uplink(site))
	} else if reg.Location.Datacenter != site {
		r.links = append(r.links, uplink(reg.Location.Datacenter), uplink(site))
	}
	narrowest := math.Inf(1)
	for _, l := range r.links {
		if c := e.meters[l].capacity; c > 0 {
			narrowest = min(narrowest, c)
		}
	}
	if reg.PerConnection > 0 {
		narrowest = min(narrowest, reg.PerConnection)
	}
	for i := range dc.Pools {
		r.slowStart = append(r.slowStart, slowStart(min(narrowest, dc.Pools[i].NIC), reg.Latency))
	}
	r.flow = e.net.AddRoute(r.links, reg.PerConnection)
	return r
}

// run plays the model to its end: arrivals stop at Duration, and what is under way then is finished.
func (e *engine) run(ctx context.Context) error {
	for i := range e.products {
		e.expectDeploy(i)
	}
	for _, s := range e.sites {
		for pool := range s.turnovers {
			e.expectReplacement(s, pool)
		}
	}
	for {
		end, flowing := e.net.Next()
		due, planned := e.agenda.next()
		if !flowing && !planned {
			return nil
		}
		e.stats.Events++
		if e.stats.Events%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if e.stats.Events > maxEvents {
			return fmt.Errorf("simulating stopped at %.0f s after %d events: the fleet never comes to rest; simulate less time", e.now, e.stats.Events)
		}
		if flowing && (!planned || end <= due) {
			e.advanceTo(end)
			for _, d := range e.done {
				e.fetched(e.byGroup[d.Group], d.Tag)
			}
			continue
		}
		e.advanceTo(due)
		e.handle(e.agenda.pop())
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

func (e *engine) handle(ev event) {
	if ev.cohort != nil && ev.cohort.n == 0 {
		return // its nodes are gone
	}
	switch ev.kind {
	case resolved:
		e.resolved(ev.cohort)
	case connected:
		e.connected(ev.cohort, ev.index)
	case unpacked:
		e.unpacked(ev.cohort)
	case ready:
		e.instancesReady(ev.rollout, ev.index)
	case replace:
		s := e.sites[ev.site]
		e.replaceNode(s, s.turnovers[ev.index].victim)
		e.expectReplacement(s, ev.index)
	case deploy:
		e.deploy(ev.index)
		e.expectDeploy(ev.index)
	}
}

// expectDeploy puts a service's next deploy on the agenda if it falls within the simulated time.
func (e *engine) expectDeploy(service int) {
	p := &e.products[service]
	if p.spec.DeployInterval <= 0 {
		return
	}
	if at := p.deploys.next(); at < e.model.Duration {
		e.agenda.add(event{at: at, kind: deploy, index: service})
	}
}

// deploy releases a version, stores it and rolls it out everywhere.
func (e *engine) deploy(service int) {
	p := &e.products[service]
	v := p.release(&e.content, e.now)
	e.current[service] = v
	registry := p.spec.Registry
	e.storage[registry].Pushed += p.push(&e.content, v, e.keepVersions(registry))
	e.services[service].Deploys++
	for _, s := range e.sites {
		if len(s.layouts) == 0 {
			continue
		}
		l := &s.layouts[service]
		e.bounds.Naive += int64(l.nodesOf(0, l.total).count()) * v.bytes
		e.startRollout(s, service, v)
	}
}

func (e *engine) keepVersions(registry int) int {
	return max(1, e.model.Registries[registry].KeepVersions)
}
