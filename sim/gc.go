package sim

import (
	"cmp"
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
	for _, top := range c.store.chains {
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
func (c *cohort) placement(out []byte) []byte {
	node := span{c.nodes[0].lo, c.nodes[0].lo + 1}
	out = put(out, int32(c.site.drawn))
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
	return out
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
		if !has(chains, top) { // else it is part of another
			e.gcEvictions += int64(c.n)
		}
	}
	for _, id := range c.store.blobs {
		if has(blobs, id) {
			continue
		}
		c.store.lost = add(c.store.lost, id)
		if c.spec().KeepBlobs {
			c.disk -= e.content.blobs[id].bytes
			e.loseHolder(c, id)
		}
	}
	for _, id := range c.store.chains {
		if !has(chains, id) {
			c.disk -= e.content.blobs[e.content.made[id].top].disk
		}
	}
	c.store.chains = slices.DeleteFunc(c.store.chains, func(id chainID) bool { return !has(chains, id) })
	c.store.blobs = slices.DeleteFunc(c.store.blobs, func(id blobID) bool { return !has(blobs, id) })
}

// needed lists what the images on the nodes but the victims are made of, and what is being pulled. Sorted.
func (e *engine) needed(c *cohort, victims []chainID) (chains []chainID, blobs []blobID) {
	for _, top := range c.store.chains {
		if images := e.content.whole[top]; len(images) > 0 && !slices.Contains(victims, top) {
			chains, blobs = append(chains, images[0].chains...), append(blobs, images[0].blobs...)
		}
	}
	for _, p := range c.pulls {
		chains, blobs = append(chains, p.image.chains[:p.unpack]...), append(blobs, p.image.blobs...)
	}
	slices.Sort(chains)
	slices.Sort(blobs)
	return slices.Compact(chains), slices.Compact(blobs)
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
