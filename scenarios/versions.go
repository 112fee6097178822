package scenarios

import (
	"fmt"
	"path"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/registrysize"
)

// Versions are a service's real history. A file lists references, or names a repository whose tags are read
// from its registry: versions: {repository: app, match: "v*", last: 20}.
type Versions struct {
	Repository string `yaml:"repository,required"`     // whose tags are the versions; "": List says
	Match      string `yaml:"match"`                   // a glob that tags fit; default *
	Last       int    `yaml:"last" min:"1" max:"1000"` // the newest of them; default 20; 1 to 1000

	List []string `yaml:"-"` // references, oldest first; empty for a repository until WithReleases
}

// none tells whether a service has no versions.
func (v *Versions) none() bool { return v.Repository == "" && len(v.List) == 0 }

// History is what is asked of the repository's registry.
func (v *Versions) History() registrysize.History {
	full, err := registrysize.Normalize(v.Repository)
	if err != nil {
		panic(fmt.Sprintf("scenarios: versions were loaded with repository %q: %v", v.Repository, err))
	}
	return registrysize.History{Repository: registrysize.Repository(full), Match: v.Match, Last: v.Last}
}

func (v *Versions) decode(d *decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode {
		v.Match, v.Last = "*", 20
		d.structure(n, reflect.ValueOf(v).Elem(), path)
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fail(n, path, "is %s; write a list of references, or {repository: app, match: \"v*\", last: 20}", describe(n))
		return
	}
	d.list(n, reflect.ValueOf(&v.List).Elem(), path, "1000")
}

// Histories lists the repositories whose tags are versions, in the services' order, none twice.
func (s *Scenario) Histories() []registrysize.History {
	var out []registrysize.History
	for i := range s.Services {
		if v := &s.Services[i].Versions; v.Repository != "" && !slices.Contains(out, v.History()) {
			out = append(out, v.History())
		}
	}
	return out
}

// WithReleases returns the scenario with the versions of its repositories filled in: references, oldest first.
func (s *Scenario) WithReleases(found map[registrysize.History][]string) *Scenario {
	out := *s
	out.Services = slices.Clone(s.Services)
	for i := range out.Services {
		if v := &out.Services[i].Versions; v.Repository != "" {
			v.List = slices.Clone(found[v.History()])
		}
	}
	return &out
}

// versions checks a service's history.
func (v *validator) versions(service string, s *Service) {
	at := service + ".versions"
	if !v.has("%s", at) {
		return
	}
	if p, _ := v.tree.nearest(at); p.node.Kind == yaml.SequenceNode && len(p.node.Content) == 0 {
		v.fail(at, "are empty; name a version, e.g. [app:v1, app:v2]")
	}
	for i, ref := range s.Versions.List {
		v.reference(fmt.Sprintf("%s[%d]", at, i), ref)
	}
	if repo := s.Versions.Repository; repo != "" {
		full, err := registrysize.Normalize(repo)
		if err == nil && (registrysize.Pinned(full) || full != registrysize.Repository(full)+":latest") {
			v.fail(at+".repository", "%q has a tag; remove it, match says which tags count", clip(repo))
		} else {
			v.reference(at+".repository", repo)
		}
	}
	if _, err := path.Match(s.Versions.Match, ""); err != nil {
		v.fail(at+".match", "is %q, which is no pattern; write e.g. \"v*\"", clip(s.Versions.Match))
	}
	if s.BaseRebuild > 0 {
		v.fail(service+".baseRebuild", "stands beside versions, which say what each release is made of; remove one of the two")
	}
	if v.has("%s.changedLayers", service) {
		v.fail(service+".changedLayers", "stands beside versions, which say what each release is made of; remove one of the two")
	}
}
