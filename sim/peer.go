package sim

import "math/bits"

// Peers are a site's nodes when they serve each other. Any holder of a blob can send any part of it, so
// all holders together are one link; and all nodes together are another.
type peers struct {
	spec   *P2P
	site   *site
	seed   []*route // per registry: to the seed
	swarms map[blobID]*swarm
	free   []lane // of swarms that nobody uses
}

// A swarm is the nodes of a site that hold one blob, in so far as they keep blobs.
type swarm struct {
	holders int
	zones   []int   // holders by zone
	seeded  float64 // until when the seed has it
	fill    *fill   // to the seed; nil: none is under way
	users   int     // nodes that are fetching it from its holders
	lane    lane    // while there are users
}

// A lane is a link with a route over it.
type lane struct {
	link  int
	route *route
}

// seedTTL is how long a Dragonfly seed keeps a blob, in seconds: the task TTL of its scheduler.
const seedTTL = 30 * 86400

func (e *engine) newPeers(s *site) *peers {
	p := &peers{spec: s.dc.P2P, site: s, swarms: map[blobID]*swarm{}}
	if p.spec.Kind == Dragonfly {
		for i := range e.model.Registries {
			p.seed = append(p.seed, e.newRoute(i, s.index, AtPeers))
		}
	}
	return p
}

func (p *peers) swarm(id blobID) *swarm {
	w := p.swarms[id]
	if w == nil {
		w = &swarm{zones: make([]int, max(1, p.site.dc.Zones))}
		p.swarms[id] = w
	}
	return w
}

// askPeers lets a layer come from peers if it can.
func (e *engine) askPeers(c *cohort, p *pull, f *flight) bool {
	s := c.site.peers
	id := p.blob(f.layer)
	w := s.swarm(id)
	if s.spec.Kind == Spegel && w.holders == 0 {
		return false
	}
	if s.spec.Kind == Dragonfly && w.holders == 0 && w.seeded <= e.now {
		if w.fill == nil {
			w.fill = e.newFill(c, p, f, s.seed[p.image.version.registry], func() {
				w.fill, w.seeded = nil, e.now+seedTTL
			})
		}
		f.fill = w.fill
	}
	if w.users == 0 {
		w.lane = e.borrow(s)
	}
	w.users += c.n
	e.widen(s, w)
	f.route = w.lane.route
	f.near = s.portion(w)
	e.connect(c, p, f)
	return true
}

// borrow takes a link for a swarm, with a route over it and the nodes' common one.
func (e *engine) borrow(s *peers) lane {
	if n := len(s.free); n > 0 {
		l := s.free[n-1]
		s.free = s.free[:n-1]
		return l
	}
	limit := 0.0
	if s.spec.Kind == Spegel {
		limit = s.spec.Upload // a layer comes whole from one node
	}
	at, shared := s.site.index, e.wire.peers[s.site.index]
	l := lane{link: e.net.AddLink(0)}
	l.route = &route{
		from: End{Kind: AtPeers, Datacenter: at}, to: End{Kind: AtNodes, Datacenter: at},
		links: []int{shared}, latency: nearLatency,
	}
	for i := range s.site.dc.Pools {
		l.route.slowStart = append(l.route.slowStart, slowStart(s.site.dc.Pools[i].NIC, nearLatency))
	}
	l.route.flow = e.net.AddRoute([]int{shared, l.link}, limit/e.overhead)
	return l
}

// widen sets what a swarm can send. Who fetches pieces sends them too, and so does the seed.
func (e *engine) widen(s *peers, w *swarm) {
	if w.users == 0 {
		return
	}
	senders := w.holders
	if s.spec.Kind == Dragonfly {
		senders += w.users + 1
	}
	e.net.SetCapacity(w.lane.link, s.spec.Upload*float64(max(1, senders))/e.overhead)
}

// release notes that so many nodes have got a blob from its swarm, or have gone.
func (e *engine) release(s *peers, id blobID, nodes int) {
	w := s.swarms[id]
	w.users -= nodes
	if w.users > 0 {
		e.widen(s, w)
		return
	}
	s.free = append(s.free, w.lane)
	w.lane = lane{}
}

// gainHolder and loseHolder count the nodes that hold a blob.
func (e *engine) gainHolder(c *cohort, id blobID) { e.countHolders(c.site, c.nodes, id, 1) }
func (e *engine) loseHolder(c *cohort, id blobID) { e.countHolders(c.site, c.nodes, id, -1) }

func (e *engine) countHolders(s *site, nodes spans, id blobID, by int) {
	if s.peers == nil {
		return
	}
	w := s.peers.swarm(id)
	for z, n := range s.inZones(nodes) {
		w.zones[z] += by * n
		w.holders += by * n
	}
	e.widen(s.peers, w)
}

// A portion says how much of a layer comes to a node from senders in the node's own zone: their share of
// all senders, since peers are chosen whatever their zones.
type portion struct {
	zones []int
	total int
}

// portion is the holders' for whole layers. Where pieces are handed on, any node may be a sender.
func (s *peers) portion(w *swarm) portion {
	if s.spec.Kind == Spegel {
		p := portion{total: w.holders}
		p.zones = append(p.zones, w.zones...)
		return p
	}
	p := portion{zones: s.site.inZones(s.site.roster.present)}
	for _, n := range p.zones {
		p.total += n
	}
	if p.total == 0 { // ephemeral instances outlive nodes that the clock takes: only the seed is left
		p.zones[0], p.total = 1, 1
	}
	return p
}

// near is how many of a layer's bytes come to a node in a zone from its own zone, rounded down.
func (p portion) near(zone int, bytes int64) int64 {
	high, low := bits.Mul64(uint64(bytes), uint64(p.zones[zone]))
	quotient, _ := bits.Div64(high, low, uint64(p.total))
	return int64(quotient)
}

// loseNode forgets what a node that goes held and fetched.
func (e *engine) loseNode(c *cohort, node int) {
	s := c.site
	if s.cache != nil {
		s.cache.abandon(node)
	}
	if s.peers == nil {
		return
	}
	for _, p := range c.pulls {
		for _, f := range p.flights {
			if f.route != nil && f.route.from.Kind == AtPeers {
				e.release(s.peers, p.blob(f.layer), 1)
			}
		}
	}
	if c.spec().KeepBlobs {
		for _, id := range c.store.blobs.ids {
			e.countHolders(s, spans{{node, node + 1}}, id, -1)
		}
	}
}
