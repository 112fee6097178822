package whatif

import (
	"context"
	"sync"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// remembering are options whose sources are asked once for each image, however many runs share them.
func remembering(o Options) Options {
	inner := o
	var mu sync.Mutex
	sources := map[scenarios.SizesFrom]*remembered{}
	o.Sizes = func(from scenarios.SizesFrom) registrysize.Source {
		mu.Lock()
		defer mu.Unlock()
		if sources[from] == nil {
			source, err := inner.source(from)
			sources[from] = &remembered{source: source, err: err, images: map[[2]string]func() (registrysize.Image, error){}}
		}
		return sources[from]
	}
	o.OnProgress = nil
	return o
}

// remembered is a source that keeps its answers, mistakes too.
type remembered struct {
	source registrysize.Source
	err    error // why there is no source

	mu     sync.Mutex
	images map[[2]string]func() (registrysize.Image, error)
}

// Expect tells the source what it will be asked for.
func (r *remembered) Expect(refs []string) { registrysize.Expect(r.source, refs) }

// Releases asks the source.
func (r *remembered) Releases(ctx context.Context, want registrysize.History, platform string) ([]string, error) {
	if r.err != nil {
		return nil, r.err
	}
	return registrysize.ReleasesFrom(ctx, r.source, want, platform)
}

// Image asks the source, or waits for whoever asks already.
func (r *remembered) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	if r.err != nil {
		return registrysize.Image{}, r.err
	}
	key := [2]string{ref, platform}
	r.mu.Lock()
	get := r.images[key]
	if get == nil {
		get = sync.OnceValues(func() (registrysize.Image, error) { return r.source.Image(ctx, ref, platform) })
		r.images[key] = get
	}
	r.mu.Unlock()
	return get()
}
