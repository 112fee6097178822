package scenarios

import (
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
)

// hubHost is Docker Hub's name in a normalised reference.
const hubHost = "docker.io"

// hubName is what Docker Hub is called where a file does not list it.
const hubName = "hub"

// RegistryFor is the index in Registries of the one that serves a reference: the one with the
// longest prefix of the normalised reference, the first of equals; -1 where there is none. For
// every image of a loaded scenario there is one: where the file lists none, its host is added as
// a registry on the internet, Docker Hub's under the name hub.
func (s *Scenario) RegistryFor(ref string) int {
	full, err := registrysize.Normalize(ref)
	if err != nil {
		return -1
	}
	best, longest := -1, 0
	for i, r := range s.Registries {
		for _, p := range r.Prefixes {
			if len(p) > longest && strings.HasPrefix(full, p) {
				best, longest = i, len(p)
			}
		}
	}
	return best
}

// RegistryIndex is the index in Registries of a name, e.g. a service's; -1 where there is none.
func (s *Scenario) RegistryIndex(name string) int {
	for i := range s.Registries {
		if s.Registries[i].Name == name {
			return i
		}
	}
	return -1
}

// completeServiceRegistry names the registry that nodes pull a service from. A whole image comes
// from the registry of its reference. A built image was pushed to the service's registry, else to
// the one that serves its base, else to the first of the listed ones, else to Docker Hub.
func (s *Scenario) completeServiceRegistry(v *Service, listed int) {
	const hub = hubHost + "/library/any"
	if v.Registry == hubName && s.RegistryIndex(hubName) < 0 && s.RegistryFor(hub) < 0 {
		v.Registry = s.registryOrImplied(hub)
	}
	if v.Registry != "" {
		return
	}
	if v.Image != "" {
		v.Registry = s.registryOrImplied(v.Image)
		return
	}
	if i := s.RegistryFor(v.Base); i >= 0 && v.Base != Scratch {
		v.Registry = s.Registries[i].Name
	} else if listed > 0 {
		v.Registry = s.Registries[0].Name
	} else {
		v.Registry = s.registryOrImplied(hub)
	}
}

// registryOrImplied names the registry that serves a reference, and adds it where none is listed.
// It is "" where the reference is none, or the name is taken by a registry that does not serve it.
func (s *Scenario) registryOrImplied(ref string) string {
	full, err := registrysize.Normalize(ref)
	if err != nil {
		return ""
	}
	if i := s.RegistryFor(full); i >= 0 {
		return s.Registries[i].Name
	}
	host := registrysize.Host(full)
	name := host
	if host == hubHost {
		name = hubName
	}
	if s.RegistryIndex(name) >= 0 {
		return ""
	}
	r := Registry{}
	r.setDefaults()
	r.Name, r.Prefixes = name, []string{host + "/"}
	s.Registries = append(s.Registries, r)
	return name
}
