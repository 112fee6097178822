package sim

import "math"

// A product is a service while it is simulated: what its next version will be made of.
type product struct {
	index   int
	spec    *Service
	base    *Base // nil: scratch
	deploys clockwork
	last    float64  // when the present version was deployed; 0: the first one
	own     []blobID // the present version's own layers
	kept    []*version
}

// buildAt returns the base's newest build at t. Build k ≥ 1 comes out at (k - 1/2) × its interval.
func (b *Base) buildAt(t float64) build {
	if b == nil || b.Rebuild <= 0 || t < b.Rebuild/2 {
		return build{}
	}
	return build{int(math.Floor(t/b.Rebuild + 0.5)), b.Rebuild}
}

// first makes the version that a service starts with.
func (p *product) first(t *content) *version {
	for _, l := range p.spec.Layers {
		p.own = append(p.own, t.blob(l.Layer, build{}))
	}
	v := p.stack(t, build{})
	t.want(v)
	p.kept = append(p.kept, v)
	return v
}

// stack puts the service's own layers on a build of its base.
func (p *product) stack(t *content, in build) *version {
	var blobs []blobID
	if p.base != nil {
		for _, l := range p.base.Layers {
			blobs = append(blobs, t.blob(l, in))
		}
	}
	return t.version(p.index, p.spec.Registry, append(blobs, p.own...))
}

// release makes the version that is deployed at now. New identities go to the layers that change at
// every deploy, those whose period has ended since the last one, and, if the base was rebuilt since,
// to the base and everything above it but the layers kept when rebased.
func (p *product) release(t *content, now float64) *version {
	newest := p.base.buildAt(now)
	rebuilt := newest != p.base.buildAt(p.last)
	own := make([]blobID, len(p.own))
	for i, l := range p.spec.Layers {
		changed := rebuilt && !l.RebaseKeep
		switch l.Change {
		case OnDeploy:
			changed = true
		case Periodic:
			changed = changed || math.Floor(now/l.Every) > math.Floor(p.last/l.Every)
		}
		own[i] = p.own[i]
		if changed {
			own[i] = t.newBlob(l.Layer)
		}
	}
	p.own, p.last = own, now
	v := p.stack(t, newest)
	t.want(v)
	t.drop(p.kept[len(p.kept)-1])
	return v
}

// push stores a version, forgets the oldest one kept, and returns the bytes that were new.
func (p *product) push(t *content, v *version, keep int) int64 {
	pushed := t.distinct([]*version{p.kept[len(p.kept)-1], v}) - t.distinct(p.kept[len(p.kept)-1:])
	p.kept = append(p.kept, v)
	if len(p.kept) > keep {
		p.kept = p.kept[1:]
	}
	return pushed
}

// distinct sums the bytes of the versions' blobs, each counted once.
func (t *content) distinct(versions []*version) int64 {
	seen := map[blobID]bool{}
	sum := int64(0)
	for _, v := range versions {
		for _, b := range v.blobs {
			if !seen[b] {
				seen[b] = true
				sum += t.blobs[b].bytes
			}
		}
	}
	return sum
}
