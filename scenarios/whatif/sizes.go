package whatif

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// wanted is a way of asking for sizes; references that are asked for alike are found together.
type wanted struct {
	from     scenarios.SizesFrom
	platform string
}

func wants(s *scenarios.Scenario) []wanted {
	var out []wanted
	for _, platform := range s.Platforms() {
		out = append(out, wanted{s.Sizes.From, platform})
	}
	return out
}

// found holds images by the way they were asked for and by reference.
type found map[wanted]map[string]registrysize.Image

func (f found) of(s *scenarios.Scenario) scenarios.Found {
	out := scenarios.Found{}
	for _, w := range wants(s) {
		out[w.platform] = f[w]
	}
	return out
}

// resolve finds the sizes of all variants' images, each reference once. Variants whose versions are the tags
// of a repository are replaced by ones that know them.
func resolve(ctx context.Context, variants []*scenarios.Scenario, o Options) (found, error) {
	if err := o.releases(ctx, variants); err != nil {
		return nil, err
	}
	var order []wanted
	refs := map[wanted][]string{}
	for _, s := range variants {
		for _, w := range wants(s) {
			if _, ok := refs[w]; !ok {
				order = append(order, w)
			}
			refs[w] = append(refs[w], s.References()...)
		}
	}
	steps := &steps{name: "sizes", report: o.OnProgress}
	for w, list := range refs {
		slices.Sort(list)
		refs[w] = slices.Compact(list)
		steps.total += len(refs[w])
	}
	out := found{}
	var errs []error
	var all []registrysize.Image
	for _, w := range order {
		images, err := o.find(ctx, w, refs[w], steps)
		out[w] = images
		errs = append(errs, err)
		for _, ref := range refs[w] {
			all = append(all, images[ref])
		}
	}
	if err := errors.Join(errs...); err != nil {
		return out, err
	}
	o.unpack(out)
	return out, registrysize.Agree(all) // of several platforms, too
}

// releases finds the tags that are versions.
func (o *Options) releases(ctx context.Context, variants []*scenarios.Scenario) error {
	type asked struct {
		from scenarios.SizesFrom
		h    registrysize.History
	}
	known := map[asked][]string{}
	for i, s := range variants {
		list := map[registrysize.History][]string{}
		for _, h := range s.Histories() {
			key := asked{s.Sizes.From, h}
			if known[key] == nil {
				source, err := o.source(s.Sizes.From)
				if err != nil {
					return err
				}
				if known[key], err = registrysize.ReleasesFrom(ctx, source, h, s.Sizes.Platform); err != nil {
					return err
				}
			}
			list[h] = known[key]
		}
		if len(list) > 0 {
			variants[i] = s.WithReleases(list)
		}
	}
	return nil
}

func (o *Options) find(ctx context.Context, w wanted, refs []string, steps *steps) (map[string]registrysize.Image, error) {
	out := map[string]registrysize.Image{}
	if len(refs) == 0 {
		return out, nil
	}
	source, err := o.source(w.from)
	if err != nil {
		return nil, err
	}
	images, err := registrysize.Resolve(ctx, stepping{source, steps}, refs, w.platform)
	if err != nil {
		return nil, err
	}
	for i, img := range images {
		out[refs[i]] = img
	}
	return out, nil
}

// stepping is a source whose answers are counted.
type stepping struct {
	registrysize.Source
	steps *steps
}

func (s stepping) Expect(refs []string) { registrysize.Expect(s.Source, refs) }

func (s stepping) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	img, err := s.Source.Image(ctx, ref, platform)
	s.steps.done()
	return img, err
}

func (o *Options) source(from scenarios.SizesFrom) (registrysize.Source, error) {
	if o.Sizes != nil {
		return o.Sizes(from), nil
	}
	if from == scenarios.SizesCatalog {
		return registrysize.Catalog(), nil
	}
	return nil, fmt.Errorf("finding image sizes: no source for sizes.from: %s; write catalog", from)
}
