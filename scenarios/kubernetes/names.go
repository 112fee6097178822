package kubernetes

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// names gives what a scenario calls things. Anonymous names say nothing of the cluster and are the same
// wherever the same thing is meant. What is public stays: the regions and machine types of clouds, and the hosts
// of registries that anyone may use.
type names struct {
	anonymous bool
	given     map[string]string // anonymous names by kind and name
	counts    map[string]int    // of anonymous names by kind
	services  map[string]bool   // taken
}

func newNames(anonymous bool) *names {
	return &names{anonymous: anonymous, given: map[string]string{}, counts: map[string]int{}, services: map[string]bool{}}
}

// stand is the anonymous name that stands for something: its kind and a number, e.g. app-3.
func (n *names) stand(kind, name string) string {
	key := kind + "\x00" + name
	if n.given[key] == "" {
		n.counts[kind]++
		n.given[key] = fmt.Sprintf("%s-%d", kind, n.counts[kind])
	}
	return n.given[key]
}

// service names a container's service: namespace.workload for the first container of a workload,
// namespace.workload.container for others; with the datacenter where the workload differs between them.
func (n *names) service(s *service, first bool, site string) string {
	o := s.workload.self
	parts := []string{o.namespace, o.name, s.container}
	if n.anonymous {
		parts = []string{n.stand("ns", o.namespace), n.stand("app", o.name), n.stand("container", s.container)}
	}
	if first {
		parts = parts[:2]
	}
	var clean []string
	for _, p := range append(parts, site) {
		if p = nameFrom(p); p != "" {
			clean = append(clean, p)
		}
	}
	return unique(or(nameFrom(strings.Join(clean, ".")), "service"), n.services)
}

// site names a datacenter. A region that is no cloud's is the owner's own word.
func (n *names) site(s *site) string {
	if n.anonymous && s.name != clusterName && !publicCloud(s.cloud) {
		return n.stand("datacenter", s.name)
	}
	return s.name
}

// pool names a pool. A machine type that is no cloud's is the owner's own word.
func (n *names) pool(s *site, p *pool) string {
	if n.anonymous && p.key.instanceType != "" && !publicCloud(s.cloud) {
		return n.stand("pool", s.name+"/"+p.name)
	}
	return p.name
}

// publicCloud tells whether a provider ID's scheme is that of a cloud, whose regions and machine types have
// public names.
func publicCloud(scheme string) bool {
	return slices.Contains([]string{
		"aws", "gce", "azure", "digitalocean", "ibm", "ibmpowervs", "oci", "linode", "hcloud", "scaleway", "alicloud", "exoscale", "vultr", "civo",
	}, scheme)
}

// publicHosts are registries that anyone may use, so that their names say nothing of who does.
var publicHosts = []string{
	"docker.io", "quay.io", "ghcr.io", "gcr.io", "k8s.gcr.io", "registry.k8s.io", "public.ecr.aws", "mcr.microsoft.com",
	"registry.access.redhat.com", "registry.redhat.io", "nvcr.io", "registry.gitlab.com", "docker.elastic.co",
}

// host names a registry's host.
func (n *names) host(host string) string {
	if !n.anonymous || slices.Contains(publicHosts, host) {
		return host
	}
	return n.stand("registry", host) + ".example"
}

// image names an image by its normalised reference.
func (n *names) image(ref string) string {
	if !n.anonymous {
		return ref
	}
	host := registrysize.Host(ref)
	repository, version := ref, ""
	if i := strings.IndexAny(ref[len(host):], ":@"); i >= 0 {
		repository, version = ref[:len(host)+i], ref[len(host)+i:]
	}
	name := n.stand("image", repository)
	// Versions are numbered image by image.
	number := strings.TrimPrefix(n.stand("version of "+name, version), "version of "+name+"-")
	return n.host(host) + "/anonymous/" + name + ":v" + number
}

// cloudHosts are the hosts of clouds' own registries in a region, Amazon's ECR and Google's Artifact Registry.
var cloudHosts = []struct {
	host           *regexp.Regexp
	provider, name string
}{
	{regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$`), "aws", "ecr"},
	{regexp.MustCompile(`^([a-z]+-[a-z]+[0-9]+)-docker\.pkg\.dev$`), "gcp", "artifact-registry"},
}

// A place is where a cloud's own registry stands.
type place struct{ provider, region, registry string }

// placeOf tells the place of a registry from its host's name.
func placeOf(host string) (place, bool) {
	for _, c := range cloudHosts {
		if m := c.host.FindStringSubmatch(host); m != nil && scenarios.IsRegion(c.provider, m[1]) {
			return place{c.provider, m[1], c.name}, true
		}
	}
	return place{}, false
}
