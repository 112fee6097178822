package sim

import (
	"container/list"
	"slices"
)

// A cache is a datacenter's pull-through cache while it is simulated. What it does with a blob that it
// does not hold depends on its kind; the behaviours are those of distribution 2.8.2 and 3.1.2
// (registry/proxy/proxyblobstore.go), Harbor 2.15 (src/controller/proxy), zot 2.1 (pkg/extensions/sync)
// and nginx with proxy_cache_lock.
type cache struct {
	spec      *Cache
	hit       *route   // from the cache to its nodes
	pass      []*route // per registry: through the cache to a node as it comes
	upstream  []*route // per registry: to the cache itself
	entries   map[blobID]*entry
	order     *list.List // of *entry that are stored, least recently used first
	bytes     int64
	streaming []*entry        // stored as they pass on their way to their fillers
	manifests map[*image]bool // that it has fetched
}

// An entry is a blob that a cache holds or is about to.
type entry struct {
	id      blobID
	bytes   int64
	asked   float64       // when it was first asked for
	used    float64       // when it was last asked for
	expires float64       // when stored; 0: never
	place   *list.Element // in order; nil: it is not stored yet
	filler  filler        // whose copy is stored on its way
	fill    *fill         // what fetches it; nil: nothing does
}

// A filler is the node, or the task, whose copy of a blob is stored as it passes.
type filler struct {
	node int
	task *cohort // nil: it is a node
}

func (x filler) in(c *cohort) bool {
	if c.task || x.task != nil {
		return x.task == c
	}
	return c.nodes.contains(x.node)
}

func (e *engine) newCache(s *site) *cache {
	k := &cache{spec: s.dc.Cache, entries: map[blobID]*entry{}, order: list.New(), manifests: map[*image]bool{}}
	link := e.wire.cache[s.index]
	here := End{Kind: AtCache, Datacenter: s.index}
	k.hit = &route{from: here, to: End{Kind: AtNodes, Datacenter: s.index}, links: []int{link}, latency: nearLatency}
	e.finish(k.hit, s.index, 0)
	for i := range e.model.Registries {
		pass := e.newRoute(i, s.index, AtNodes, link)
		pass.through = &here
		k.pass = append(k.pass, pass)
		k.upstream = append(k.upstream, e.newRoute(i, s.index, AtCache))
	}
	return k
}

// find returns a blob's entry, nil if there is none that still counts.
func (k *cache) find(id blobID, now float64) *entry {
	x := k.entries[id]
	if x != nil && x.place != nil && x.expires > 0 && now >= x.expires {
		k.remove(x)
		return nil
	}
	return x
}

func (k *cache) remove(x *entry) {
	delete(k.entries, x.id)
	if x.place != nil {
		k.order.Remove(x.place)
		k.bytes -= x.bytes
	}
}

// store keeps a blob, and makes room for it.
func (k *cache) store(x *entry, now float64) {
	x.fill = nil
	if k.spec.Disk > 0 && x.bytes > k.spec.Disk {
		k.remove(x)
		return
	}
	if k.spec.TTL > 0 {
		x.expires = now + k.spec.TTL
	}
	x.place = k.order.PushBack(x)
	k.touch(x, now)
	k.bytes += x.bytes
	for k.spec.Disk > 0 && k.bytes > k.spec.Disk {
		k.remove(k.order.Front().Value.(*entry))
	}
}

// touch makes a stored blob the one that was used last. Of those used at one instant the order is by number,
// however they were asked for.
func (k *cache) touch(x *entry, now float64) {
	x.used = now
	k.order.MoveToBack(x.place)
	for before := x.place.Prev(); before != nil; before = x.place.Prev() {
		if other := before.Value.(*entry); other.used < now || other.id < x.id {
			return
		}
		k.order.MoveBefore(x.place, before)
	}
}

// askCache decides how a layer comes through the cache.
func (e *engine) askCache(c *cohort, p *pull, f *flight) {
	k, id, registry := c.site.cache, p.blob(f.layer), p.image.version.registry
	x := k.find(id, e.now)
	if x != nil && x.place != nil {
		k.touch(x, e.now)
		f.route = k.hit
		e.connect(c, p, f)
		return
	}
	if x == nil {
		x = &entry{id: id, bytes: e.content.blobs[id].bytes, asked: e.now}
		k.entries[id] = x
		switch k.spec.Kind {
		case Distribution:
			x.filler = filler{node: c.nodes[0].lo, task: c}
			if !c.task {
				x.filler.task = nil
			}
			k.streaming = append(k.streaming, x)
		default:
			x.fill = e.newFill(c, p, f, k.upstream[registry], func() { k.store(x, e.now) })
		}
	}
	if x.asked == e.now && !c.task && x.filler.task == nil {
		x.filler.node = min(x.filler.node, c.nodes[0].lo) // of those who ask at one instant the lowest is first
	}
	switch k.spec.Kind {
	case Distribution, Distribution28, Harbor:
		f.route = k.pass[registry]
		e.connect(c, p, f)
	case Zot, Nginx:
		f.route, f.fill, f.held = k.hit, x.fill, true
		e.remindFlight(c, p, f)
	case Ideal:
		f.route, f.fill = k.hit, x.fill
		e.connect(c, p, f)
	}
}

// passed stores the blob that has come through to its filler, if that is among the cohort.
func (k *cache) passed(c *cohort, id blobID, now float64) {
	for i, x := range k.streaming {
		if x.id == id && x.filler.in(c) {
			k.streaming = slices.Delete(k.streaming, i, i+1)
			k.store(x, now)
			return
		}
	}
}

// abandon forgets what was on its way to a node that is gone.
func (k *cache) abandon(node int) {
	k.streaming = slices.DeleteFunc(k.streaming, func(x *entry) bool {
		gone := x.filler.task == nil && x.filler.node == node
		if gone {
			k.remove(x)
		}
		return gone
	})
}
