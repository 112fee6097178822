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
		_, ok := s.byHand(ref)
		return ok
	})
}

// AllImages returns the images of the scenario's services, by hand or from found, in the order of
// their references. found holds those that References lists, by reference.
func (s *Scenario) AllImages(found map[string]registrysize.Image) []registrysize.Image {
	var images []registrysize.Image
	for _, ref := range s.references() {
		if img, ok := s.image(ref, found); ok {
			images = append(images, img)
		}
	}
	return images
}

// references lists the normalised references of all images and bases, sorted, none twice.
func (s *Scenario) references() []string {
	var refs []string
	for i := range s.Services {
		if ref := s.Services[i].reference(); ref != "" {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// reference is the normalised reference of a service's image or base, "" for scratch.
func (v *Service) reference() string {
	ref := v.Image
	if ref == "" {
		ref = v.Base
	}
	if ref == Scratch {
		return ""
	}
	full, err := registrysize.Normalize(ref)
	if err != nil {
		panic(fmt.Sprintf("scenarios: service %s was loaded with reference %q: %v", v.Name, ref, err))
	}
	return full
}

// image finds an image by its normalised reference: the scenario's own first. "" is scratch.
func (s *Scenario) image(ref string, found map[string]registrysize.Image) (registrysize.Image, bool) {
	if ref == "" {
		return registrysize.Image{}, true
	}
	if img, ok := s.byHand(ref); ok {
		return img, true
	}
	img, ok := found[ref]
	return img, ok
}

// byHand finds an image among those the scenario describes. Its layers have identities of their own.
func (s *Scenario) byHand(ref string) (registrysize.Image, bool) {
	for _, img := range s.Images {
		if full, err := registrysize.Normalize(img.Ref); err != nil || full != ref {
			continue
		}
		out := registrysize.Image{Ref: ref, Platform: s.Sizes.Platform, Source: ByHand}
		for i, l := range img.Layers {
			out.Layers = append(out.Layers, registrysize.Layer{Digest: fmt.Sprintf("%s#%d", ref, i), Bytes: int64(l.Size)})
		}
		return out, true
	}
	return registrysize.Image{}, false
}

// Model turns the scenario into the engine's input. found holds the images that References lists, by
// reference. The error is an Errors with what only shows once sizes are known.
func (s *Scenario) Model(found map[string]registrysize.Image) (*sim.Model, error) {
	b := &bridge{Scenario: s, found: found, bases: map[string]int{}}
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
		b.model.Datacenters = append(b.model.Datacenters, simDatacenter(&s.Datacenters[i]))
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
	found map[string]registrysize.Image
	bases map[string]int // what tells bases apart → index in model.Bases
	model *sim.Model
	errs  []*Error
}

func (b *bridge) fail(path, format string, args ...any) {
	b.errs = append(b.errs, b.Mistake(path, format, args...))
}

func (s *Scenario) simRegistry(i int) sim.Registry {
	r := &s.Registries[i]
	out := sim.Registry{
		Name: r.Name, Bandwidth: float64(r.Bandwidth), PerConnection: float64(r.PerConnection),
		Latency: float64(r.Latency), KeepVersions: r.KeepVersions,
	}
	switch {
	case r.Location.Datacenter != "":
		at := slices.IndexFunc(s.Datacenters, func(d Datacenter) bool { return d.Name == r.Location.Datacenter })
		out.Location = sim.Location{Kind: sim.InDatacenter, Datacenter: at}
	case !r.Location.Internet():
		out.Location = sim.Location{Kind: sim.InRegion, Provider: r.Location.Provider, Region: r.Location.Region}
	default:
		out.Location.Provider = host(r.Prefixes)
	}
	return out
}

// host names who runs a registry on the internet, as price books do; "" for hosts they do not know.
func host(prefixes []string) string {
	for _, p := range prefixes {
		switch registrysize.Host(p) {
		case "docker.io":
			return "docker_hub"
		case "ghcr.io":
			return "github"
		}
	}
	return ""
}

func simDatacenter(d *Datacenter) sim.Datacenter {
	out := sim.Datacenter{Name: d.Name, Region: d.Region, Zones: d.Zones, Uplink: float64(d.Uplink)}
	if d.Provider != ProviderNone {
		out.Provider = d.Provider
	}
	switch d.Egress {
	case EgressNAT:
		out.Egress = sim.NAT
	case EgressEndpoint:
		out.Egress = sim.Endpoint
	case EgressDirect:
		out.Egress = sim.Direct
	}
	for i := range d.Pools {
		out.Pools = append(out.Pools, simPool(&d.Pools[i]))
	}
	return out
}

// unlimitedNIC stands for a NIC without a limit, in bytes per second: the engine wants a number, and
// this is the highest that a file can write.
const unlimitedNIC = 1e15

func simPool(p *Pool) sim.Pool {
	out := sim.Pool{
		Name: p.Name, Nodes: p.Nodes, NIC: float64(p.NIC), Slots: p.ConcurrentDownloads,
		KeepBlobs: p.KeepBlobs, Unpack: float64(p.Unpack),
	}
	if out.NIC == 0 {
		out.NIC = unlimitedNIC
	}
	if p.Replace != nil {
		out.Replace = float64(p.Replace.Every)
	}
	return out
}
