package scenarios

import (
	"regexp"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
)

// The providers that are no clouds.
const (
	ProviderNone    = "none"    // own hardware
	ProviderTransit = "transit" // own hardware whose uplink is paid for by the Mbps
)

// clouds are the providers whose prices are built in, with the form of their regions and an example.
var clouds = []struct {
	name    string
	regions *regexp.Regexp
	example string
}{
	{"aws", regexp.MustCompile(`^[a-z]{2,3}(-[a-z]+)+-[0-9]+$`), "eu-central-1"},
	{"azure", regexp.MustCompile(`^[a-z]+[0-9]?$`), "westeurope"},
	{"digitalocean", regexp.MustCompile(`^[a-z]{3}[0-9]$`), "fra1"},
	{"fly_io", regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), "north-america-europe, the group it is priced in"},
	{"gcp", regexp.MustCompile(`^(us|europe|asia|[a-z]+-[a-z]+[0-9]+)$`), "europe-west3"},
	{"hetzner", regexp.MustCompile(`^[a-z]{3}[0-9]*$`), "fsn1"},
	{"linode", regexp.MustCompile(`^[a-z]{2}-[a-z]+(-[0-9]+)?$`), "eu-central"},
	{"oracle", regexp.MustCompile(`^[a-z]{2}-[a-z]+-[0-9]+$`), "eu-frankfurt-1"},
	{"ovhcloud", regexp.MustCompile(`^[a-zA-Z]+[0-9]*$`), "GRA11"},
}

// cloudNames lists the clouds in alphabetical order.
func cloudNames() []string {
	var names []string
	for _, c := range clouds {
		names = append(names, c.name)
	}
	return names
}

// IsRegion tells whether a cloud's prices are built in and a region has the form of its regions.
func IsRegion(cloud, region string) bool {
	for _, c := range clouds {
		if c.name == cloud {
			return c.regions.MatchString(region)
		}
	}
	return false
}

// isCloud tells a provider that charges for bytes from own hardware.
func isCloud(provider string) bool {
	return provider != "" && provider != ProviderNone && provider != ProviderTransit
}

// provider checks the name of a cloud; an own book may have clouds of its own.
func (v *validator) provider(path, name string, others ...string) {
	own := slices.ContainsFunc(v.Prices.Book, isBookFile)
	if names := append(cloudNames(), others...); name != "" && !own && !slices.Contains(names, name) {
		v.fail(path, "%s", unknownName("provider", name, names))
	}
}

// region checks the form of a cloud's region.
func (v *validator) region(path, provider, region string) {
	for _, c := range clouds {
		if c.name == provider && region != "" && !c.regions.MatchString(region) {
			v.fail(path, "%q is not a region of %s; write e.g. %s", clip(region), provider, c.example)
		}
	}
}

// RegistryService is on whose terms a registry is used.
type RegistryService string

// registryServices lists the services: which provider they are of as price books have it, and the host that
// is theirs. A managed one stands in a region of its provider, a hosted one on the internet.
var registryServices = []struct {
	name     RegistryService
	provider string
	managed  bool
	host     string
	plan     string // that is taken where none is stated
}{
	{name: "ecr", provider: "aws", managed: true},
	{name: "s3", provider: "aws", managed: true}, // a registry of one's own, its layers in the bucket
	{name: "artifact-registry", provider: "gcp", managed: true},
	{name: "acr", provider: "azure", managed: true, plan: "basic"},
	{name: "docr", provider: "digitalocean", managed: true, plan: "basic"},
	{name: "docker-hub", provider: "docker_hub", host: hubHost},
	{name: "ghcr", provider: "github", host: "ghcr.io"},
	{name: "quay", provider: "quay_io", host: "quay.io"},
	{name: "gitlab", provider: "gitlab_com", host: "registry.gitlab.com"},
	{name: "ecr-public", provider: "ecr_public", host: "public.ecr.aws"},
	{name: "r2", provider: "cloudflare_r2"}, // a registry of one's own, its layers in the bucket
}

func (RegistryService) choices() []string {
	var names []string
	for _, s := range registryServices {
		names = append(names, string(s.name))
	}
	return names
}

// impliedService is the service of a registry that states none: the first of its location's provider, or the
// one whose host its first prefix of any has. "" where there is none.
func (r *Registry) impliedService() RegistryService {
	for _, s := range registryServices {
		if s.managed && s.provider == r.Location.Provider {
			return s.name
		}
	}
	for _, prefix := range r.Prefixes {
		for _, s := range registryServices {
			if r.Location.Internet() && s.host != "" && s.host == registrysize.Host(prefix) {
				return s.name
			}
		}
	}
	return ""
}

// completeTerms fills in the service and the plan of a registry.
func (s *Scenario) completeTerms(r *Registry) {
	if r.Service == "" {
		r.Service = r.impliedService()
	}
	for _, known := range registryServices {
		if known.name != r.Service || r.Plan != "" {
			continue
		}
		r.Plan = known.plan
		private := slices.ContainsFunc(s.Datacenters, func(d Datacenter) bool { return d.Egress == EgressEndpoint && d.Provider == known.provider })
		if r.Service == "acr" && (len(r.Replicas) > 0 || private) {
			r.Plan = "premium" // which replicas and private endpoints need
		}
	}
}

// terms checks that a registry's service stands where it can.
func (v *validator) terms(at string, r *Registry) {
	for _, s := range registryServices {
		switch {
		case s.name != r.Service:
		case s.managed && r.Location.Provider != s.provider:
			v.fail(at+".service", "%s is a service of %s; write location: {provider: %s, region: …}", s.name, s.provider, s.provider)
		case !s.managed && !r.Location.Internet():
			v.fail(at+".service", "%s is on the internet; write location: internet", s.name)
		}
	}
}
