package sim

import "math"

// A product is a service while it is simulated: what its next version will be made of.
type product struct {
	index     int
	spec      *Service
	base      *Base // nil: scratch
	deploys   schedule
	history   []*version // of spec.Versions
	next      int        // of history
	last      float64    // when the newest version was deployed; 0: the first one
	own       [][]blobID
	platforms int
	kept      []*version
}

// buildAt returns the base's newest build at t. Build k ≥ 1 comes out at (k - 1/2) × its interval.
func (b *Base) buildAt(t float64) build {
	if b == nil || b.Rebuild <= 0 || t < b.Rebuild/2 {
		return build{}
	}
	return build{int(math.Floor(t/b.Rebuild + 0.5)), b.Rebuild}
}

// older is when what is there before the run was made.
const older = -1

// first makes the version that a service starts with.
func (p *product) first(t *content) *version {
	if p.spec.Versions != nil {
		p.record(t)
		return p.tagged(t, older)
	}
	for platform := range p.platforms {
		var own []blobID
		for _, l := range p.layers(platform) {
			own = append(own, t.blob(identity{digest: l.Digest, platform: platform}, l.Layer, older, CauseDeploy))
		}
		p.own = append(p.own, own)
	}
	return p.stack(t, build{}, older)
}

// layers returns the service's own layers on a platform.
func (p *product) layers(platform int) []OwnLayer {
	if platform >= len(p.spec.Layers) {
		return nil
	}
	return p.spec.Layers[platform]
}

// stack puts the service's own layers on a build of its base.
func (p *product) stack(t *content, in build, now float64) *version {
	v := &version{service: p.index, registry: p.spec.Registry, born: now}
	for platform := range p.platforms {
		var blobs []blobID
		if p.base != nil && platform < len(p.base.Layers) {
			for _, l := range p.base.Layers[platform] {
				blobs = append(blobs, t.blob(identity{digest: l.Digest, build: in}, l, now, CauseRebuild))
			}
		}
		v.images = append(v.images, t.image(v, append(blobs, p.own[platform]...)))
	}
	p.kept = append(p.kept, v)
	return v
}

// record makes the versions of a history. All stay wanted to the end: a layer may come back in a later one.
func (p *product) record(t *content) {
	for _, tag := range p.spec.Versions {
		v := &version{service: p.index, registry: p.spec.Registry}
		for platform := range p.platforms {
			var blobs []blobID
			for _, l := range tag[platform] {
				blobs = append(blobs, t.blob(identity{digest: l.Digest}, l, unborn, CauseDeploy))
			}
			v.images = append(v.images, t.image(v, blobs))
		}
		t.want(v)
		p.history = append(p.history, v)
	}
}

// unborn is when what no release has brought yet was made: later than all that is.
const unborn = 1e300

// tagged takes the next version of the history, or nil after the last.
func (p *product) tagged(t *content, now float64) *version {
	if p.next == len(p.history) {
		return nil
	}
	v := p.history[p.next]
	v.born = now
	for _, g := range v.images {
		for _, id := range g.blobs {
			t.blobs[id].born = min(t.blobs[id].born, now)
		}
	}
	p.next++
	p.kept = append(p.kept, v)
	return v
}

// release makes the version that is deployed at now, nil when there are no more. New identities go to
// the layers that change at every deploy, those whose period has ended since the last one, and, if the
// base was rebuilt since, to the base and everything above it but the layers kept when rebased.
func (p *product) release(t *content, now float64) *version {
	if p.spec.Versions != nil {
		return p.tagged(t, now)
	}
	newest := p.base.buildAt(now)
	rebuilt := newest != p.base.buildAt(p.last)
	for platform := range p.platforms {
		own := make([]blobID, len(p.own[platform]))
		for i, l := range p.layers(platform) {
			own[i] = p.own[platform][i]
			if cause := p.changes(l, rebuilt, now); cause != "" {
				own[i] = t.newBlob(l.Layer, now, cause)
			}
		}
		p.own[platform] = own
	}
	p.last = now
	return p.stack(t, newest, now)
}

// changes says why a layer gets a new identity at now, or "".
func (p *product) changes(l OwnLayer, rebuilt bool, now float64) Cause {
	switch {
	case l.Change == OnDeploy:
		return CauseDeploy
	case l.Change == Periodic && math.Floor(now/l.Every) > math.Floor(p.last/l.Every):
		return CauseDeploy
	case rebuilt && !l.RebaseKeep:
		return CauseRebuild
	}
	return ""
}

// push stores the newest version, forgets the oldest one kept, and returns the newest's blobs that are new,
// by platform and place.
func (p *product) push(keep int) [][]int {
	newest := len(p.kept) - 1
	var pushed [][]int
	had := map[blobID]bool{}
	before := p.kept[max(0, newest-1):newest]
	if p.history != nil {
		before = p.kept[:newest] // it may go back to any
	}
	for _, v := range before {
		for _, g := range v.images {
			for _, b := range g.blobs {
				had[b] = true
			}
		}
	}
	for _, g := range p.kept[newest].images {
		var places []int
		for i, b := range g.blobs {
			if !had[b] {
				had[b] = true
				places = append(places, i)
			}
		}
		pushed = append(pushed, places)
	}
	if len(p.kept) > keep {
		p.kept = p.kept[1:]
	}
	return pushed
}
