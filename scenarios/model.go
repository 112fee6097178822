package scenarios

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/sim"
)

// ByHand is the source of images whose sizes a scenario states itself.
const ByHand = "scenario"

// References lists the normalised references whose sizes the scenario needs from elsewhere: those of
// its services' images and bases that Images does not describe. Sorted, none twice.
func (s *Scenario) References() []string {
	return slices.DeleteFunc(s.references(), func(ref string) bool {
		_, ok := s.byHand(ref, s.Sizes.Platform)
		return ok
	})
}

// Found holds images by platform and by normalised reference.
type Found map[string]map[string]registrysize.Image

// Platforms lists the platforms of the scenario's pools in the order of their first pools, that of its
// sizes first where a pool has it. None twice.
func (s *Scenario) Platforms() []string {
	var out []string
	for i := range s.Datacenters {
		for _, p := range s.Datacenters[i].Pools {
			if !slices.Contains(out, p.Platform) {
				out = append(out, p.Platform)
			}
		}
	}
	if i := slices.Index(out, s.Sizes.Platform); i > 0 {
		out = slices.Insert(slices.Delete(out, i, i+1), 0, s.Sizes.Platform)
	}
	return out
}

// AllImages returns the images of the scenario's services, by hand or from found, in the order of
// their references and platforms. found holds those that References lists, for each of Platforms.
func (s *Scenario) AllImages(found Found) []registrysize.Image {
	var images []registrysize.Image
	for _, ref := range s.references() {
		for _, platform := range s.Platforms() {
			if img, ok := s.image(ref, platform, found); ok {
				images = append(images, img)
			}
		}
	}
	return images
}

// references lists the normalised references of all images and bases, sorted, none twice.
func (s *Scenario) references() []string {
	var refs []string
	for i := range s.Services {
		refs = append(refs, s.Services[i].references()...)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// references lists the normalised references of a service: its versions, or its image or base; none for
// scratch.
func (v *Service) references() []string {
	var out []string
	for _, ref := range v.Versions.List {
		out = append(out, v.normalize(ref))
	}
	if ref := v.reference(); ref != "" && v.Versions.none() {
		out = append(out, ref)
	}
	return out
}

// reference is the normalised reference of a service's image or base, "" for scratch.
func (v *Service) reference() string {
	ref := v.Image
	if ref == "" {
		ref = v.Base
	}
	if ref == Scratch || ref == "" {
		return ""
	}
	return v.normalize(ref)
}

func (v *Service) normalize(ref string) string {
	full, err := registrysize.Normalize(ref)
	if err != nil {
		panic(fmt.Sprintf("scenarios: service %s was loaded with reference %q: %v", v.Name, ref, err))
	}
	return full
}

// image finds an image by its normalised reference: the scenario's own first. "" is scratch.
func (s *Scenario) image(ref, platform string, found Found) (registrysize.Image, bool) {
	if ref == "" {
		return registrysize.Image{}, true
	}
	if img, ok := s.byHand(ref, platform); ok {
		return img, true
	}
	img, ok := found[platform][ref]
	return img, ok
}

// byHand finds an image among those the scenario describes. Its layers have identities of their own.
func (s *Scenario) byHand(ref, platform string) (registrysize.Image, bool) {
	for _, img := range s.Images {
		if full, err := registrysize.Normalize(img.Ref); err != nil || full != ref {
			continue
		}
		out := registrysize.Image{Ref: ref, Platform: platform, Source: ByHand}
		name := ref
		if platform != s.Sizes.Platform {
			name += " on " + platform
		}
		for i, l := range img.Layers {
			out.Layers = append(out.Layers, registrysize.Layer{Digest: fmt.Sprintf("%s#%d", name, i), Bytes: int64(l.Size)})
		}
		return out, true
	}
	return registrysize.Image{}, false
}

// Model turns the scenario into the engine's input. found holds the images that References lists, for each
// of Platforms. The error is an Errors with what only shows once sizes are known.
func (s *Scenario) Model(found Found) (*sim.Model, error) {
	b := &bridge{Scenario: s, found: found, platforms: s.Platforms(), bases: map[string]int{}}
	b.model = &sim.Model{
		Duration:     float64(s.Simulate.Duration),
		Cold:         s.Simulate.Start == StartCold,
		Seed:         s.Simulate.Seed,
		WireOverhead: float64(s.Simulate.WireOverhead),
	}
	if s.Simulate.Arrivals == ArrivalsPoisson {
		b.model.Arrivals = sim.Poisson
	}
	for i := range s.Registries {
		b.model.Registries = append(b.model.Registries, s.simRegistry(i))
	}
	for i := range s.Datacenters {
		b.model.Datacenters = append(b.model.Datacenters, b.datacenter(&s.Datacenters[i]))
	}
	for i := range s.Services {
		b.service(i)
	}
	if err := join(s.tree.file, b.errs); err != nil {
		return nil, err
	}
	return b.model, nil
}

// A bridge builds one model.
type bridge struct {
	*Scenario
	found     Found
	platforms []string
	bases     map[string]int // what tells bases apart → index in model.Bases
	model     *sim.Model
	errs      []*Error
}

func (b *bridge) fail(path, format string, args ...any) {
	b.errs = append(b.errs, b.Mistake(path, format, args...))
}
