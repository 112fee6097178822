package scenarios

import (
	"fmt"
	"regexp"
	"strings"
)

// hubHost is Docker Hub's name in a normalised reference.
const hubHost = "docker.io"

var (
	hostPattern      = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
	componentPattern = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$`)
	tagPattern       = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digestPattern    = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// NormalizeReference writes a reference out in full: alpine is docker.io/library/alpine:latest.
// The grammar is that of the CNCF distribution project.
func NormalizeReference(ref string) (string, error) {
	rest, digest, hasDigest := strings.Cut(ref, "@")
	if hasDigest && !digestPattern.MatchString(digest) {
		return "", fmt.Errorf("%q has no digest after @; write sha256: and 64 hexadecimal digits", clip(ref))
	}
	tag := ""
	if i := strings.LastIndex(rest, ":"); i > strings.LastIndex(rest, "/") {
		rest, tag = rest[:i], rest[i+1:]
		if !tagPattern.MatchString(tag) {
			return "", fmt.Errorf("%q has no valid tag; write e.g. alpine:3.24", clip(ref))
		}
	} else if !hasDigest {
		tag = "latest"
	}
	host, path, ok := strings.Cut(rest, "/")
	if !ok || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, path = hubHost, rest
	}
	if !hostPattern.MatchString(host) {
		return "", fmt.Errorf("%q has no valid host; write e.g. ghcr.io/org/app:1.0", clip(ref))
	}
	if host == "index.docker.io" || host == "registry-1.docker.io" {
		host = hubHost
	}
	if host == hubHost && !strings.Contains(path, "/") {
		path = "library/" + path
	}
	for component := range strings.SplitSeq(path, "/") {
		if !componentPattern.MatchString(component) {
			return "", fmt.Errorf("%q is no image reference; write [HOST/]NAME[:TAG][@DIGEST] in lower case, e.g. alpine:3.24", clip(ref))
		}
	}
	if tag != "" {
		tag = ":" + tag
	}
	if hasDigest {
		digest = "@" + digest
	}
	return host + "/" + path + tag + digest, nil
}

// RegistryFor is the index in Registries of the one that serves a reference: the one with the
// longest prefix of the normalised reference, the first of equals; -1 where there is none. For
// every image of a loaded scenario there is one: where the file lists none, its host is added as
// a registry on the internet, Docker Hub's under the name hub.
func (s *Scenario) RegistryFor(ref string) int {
	full, err := NormalizeReference(ref)
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
		v.Registry = s.registryOrImplied(hubHost + "/library/any")
	}
}

// registryOrImplied names the registry that serves a reference, and adds it where none is listed.
// It is "" where the reference is none, or the name is taken by a registry that does not serve it.
func (s *Scenario) registryOrImplied(ref string) string {
	full, err := NormalizeReference(ref)
	if err != nil {
		return ""
	}
	if i := s.RegistryFor(full); i >= 0 {
		return s.Registries[i].Name
	}
	host, _, _ := strings.Cut(full, "/")
	name := host
	if host == hubHost {
		name = "hub"
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
