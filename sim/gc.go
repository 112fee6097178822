package sim

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Images go by the kubelet's rules (Kubernetes 1.36, pkg/kubelet/images/image_gc_manager.go): above the
// high mark unused ones, least recently used first, until usage is at or below the low mark; and when
// the disk is full before that could happen, all unused ones at once (pkg/kubelet/eviction).

// collects says whether nodes throw images away.
func (c *cohort) collects() bool { return c.spec().ImageDisk > 0 && !c.spec().Ephemeral }

// collect makes room after a pull.
func (e *engine) collect(c *cohort) {
	size := float64(c.spec().ImageDisk)
	if !c.collects() || float64(c.disk) <= c.spec().GCHigh*size {
		return
	}
	for _, top := range e.unused(c) {
		if float64(c.disk) <= c.spec().GCLow*size {
			return
		}
		e.evict(c, top)
	}
}

// flush throws every unused image away when the disk is full in the middle of a pull.
func (e *engine) flush(c *cohort) {
	if c.collects() && c.disk > c.spec().ImageDisk {
		e.evict(c, e.unused(c)...)
	}
}

// unused lists the images, by their tops, that no instance on the nodes needs, least recently used first.
// An image was last used when the next version had taken its place in the datacenter.
func (e *engine) unused(c *cohort) []chainID {
	var out []chainID
	last := map[chainID]float64{}
	for _, top := range c.store.chains.ids {
		images := e.content.whole[top]
		if len(images) == 0 || slices.ContainsFunc(images, func(g *image) bool { return c.uses(g.version) || c.pending(g) }) {
			continue
		}
		for _, g := range images {
			last[top] = max(last[top], g.version.retiredAt(c.site.index))
		}
		out = append(out, top)
	}
	slices.SortStableFunc(out, func(a, b chainID) int { return cmp.Compare(last[a], last[b]) })
	return out
}

// uses says whether instances of a version may run on the nodes, which all hold the same services.
func (c *cohort) uses(v *version) bool {
	r := &c.site.running[v.service]
	node := span{c.nodes[0].lo, c.nodes[0].lo + 1}
	return v == r.current && r.layout.on(node, 0, r.layout.total) > 0 ||
		v == r.settled && r.before.on(node, 0, r.before.total) > 0
}

// placement spells out which services the nodes run, now and before the rollouts under way: images may go
// from one node and not from another that holds the same.
func (c *cohort) placement() string {
	node := span{c.nodes[0].lo, c.nodes[0].lo + 1}
	out := binary.LittleEndian.AppendUint64(nil, uint64(c.site.drawn))
	for i := range c.site.running {
		r := &c.site.running[i]
		on := byte(0)
		if r.layout.on(node, 0, r.layout.total) > 0 {
			on |= 1
		}
		if r.before.on(node, 0, r.before.total) > 0 {
			on |= 2
		}
		out = append(out, on)
	}
	return string(out)
}

// resort takes apart the cohorts whose nodes no longer run the same services, after those of one were laid
// anew, where that matters.
func (e *engine) resort(s *site, service int) {
	s.drawn++
	l := s.running[service].layout
	for _, part := range e.partsOf(s, l.nodesOf(0, l.total)) {
		c := part.cohort
		if !c.collects() || part.nodes.count() == c.n {
			continue
		}
		c.wake()
		d := e.split(c, part.nodes)
		for _, x := range []*cohort{c, d} {
			if x.resting() {
				e.join(x)
			}
		}
	}
}

// evict removes images, and with them what no other image on the nodes needs.
func (e *engine) evict(c *cohort, victims ...chainID) {
	e.diskPeak = max(e.diskPeak, c.disk)
	chains, blobs := e.needed(c, victims)
	for _, top := range victims {
		if !chains.has(top) { // else it is part of another
			e.gcEvictions += int64(c.n)
		}
	}
	for _, id := range slices.Clone(c.store.blobs.ids) {
		if blobs.has(id) {
			continue
		}
		c.store.blobs.remove(id)
		c.store.lost.add(id)
		if c.spec().KeepBlobs {
			c.disk -= e.content.blobs[id].bytes
			e.loseHolder(c, id)
		}
	}
	for _, id := range slices.Clone(c.store.chains.ids) {
		if !chains.has(id) {
			c.store.chains.remove(id)
			c.disk -= e.content.blobs[e.content.made[id].top].disk
		}
	}
}

// needed collects what the images on the nodes but the victims are made of, and what is being pulled.
func (e *engine) needed(c *cohort, victims []chainID) (chains set[chainID], blobs set[blobID]) {
	need := func(some []chainID, all []blobID) {
		for _, id := range some {
			chains.add(id)
		}
		for _, id := range all {
			blobs.add(id)
		}
	}
	for _, top := range c.store.chains.ids {
		if images := e.content.whole[top]; len(images) > 0 && !slices.Contains(victims, top) {
			need(images[0].chains, images[0].blobs)
		}
	}
	for _, p := range c.pulls {
		need(p.image.chains[:p.unpack], p.image.blobs)
	}
	return chains, blobs
}

// place and retire note when a version comes to a datacenter, and when its last instance there was replaced.
func (v *version) place(site, sites int) {
	for len(v.retired) < sites {
		v.retired = append(v.retired, 0)
	}
	v.retired[site] = inUse
}

func (v *version) retire(site int, now float64) { v.retired[site] = now }

// inUse stands for the time of last use of what is still used: later than any.
const inUse = 1e300

// retiredAt is when a version was last used in a datacenter; 0 where it never was.
func (v *version) retiredAt(site int) float64 {
	if site < len(v.retired) {
		return v.retired[site]
	}
	return 0
}
