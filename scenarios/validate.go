package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/registrysize"
)

// scenario decodes one variant and finds all of its mistakes.
func (d *Document) scenario(overlay variant, sets []Set) (*Scenario, []*Error) {
	t, errs := d.overlaid(overlay, sets)
	s := &Scenario{tree: t}
	dec := decoder{tree: t, failed: map[*yaml.Node]bool{}}
	dec.structure(t.root, reflect.ValueOf(s).Elem(), "")
	s.complete(d.file, overlay.name)
	v := validator{Scenario: s, failed: dec.failed}
	v.top()
	v.registries()
	v.datacenters()
	v.services()
	return s, append(append(errs, dec.errs...), v.errs...)
}

// top checks what is of the whole file.
func (v *validator) top() {
	if v.has("version") && v.Version != 1 {
		v.fail("version", "%d is no version of the format; write 1", v.Version)
	}
	if _, err := registrysize.NormalizePlatform(v.Sizes.Platform); err != nil {
		v.fail("sizes.platform", "is %q; write os/architecture, e.g. linux/amd64", clip(v.Sizes.Platform))
	}
	v.title()
	v.prices()
	v.variants()
	v.images()
}

// title checks the scenario's name, which heads results. A name taken from the file's own is left as it is.
func (v *validator) title() {
	n := utf8.RuneCountInString(v.Name)
	switch {
	case !v.has("name"):
	case n > maxTitle:
		v.fail("name", "has %d characters; write at most %d", n, maxTitle)
	case Printable(v.Name) != v.Name:
		v.fail("name", "%q has a line break or another character that cannot be printed; write one line", clip(v.Name))
	}
}

func (v *validator) variants() {
	var names []string
	earlier := map[string]int{}
	for i, variant := range v.Variants {
		v.name("variants", i, variant.Name, earlier)
		names = append(names, variant.Name)
	}
	if len(names) == 0 {
		names = []string{v.Variant}
	}
	if !slices.Contains(names, v.Baseline) {
		v.fail("baseline", "%s", unknownName("variant", v.Baseline, names))
	}
	for i, b := range v.Budgets {
		if b.Variant != "" && !slices.Contains(names, b.Variant) {
			v.fail(fmt.Sprintf("budgets[%d]", i), "%s", unknownName("variant", b.Variant, names))
		}
	}
}

func (v *validator) images() {
	first := map[string]int{}
	if v.has("images") && len(v.Images) == 0 {
		v.fail("images", "is empty; add an image or remove the key")
	}
	for i, image := range v.Images {
		at := fmt.Sprintf("images[%d]", i)
		if v.has("%s.layers", at) && len(image.Layers) == 0 {
			v.fail(at+".layers", "is empty; add a layer, e.g. {size: 15.11MB}")
		}
		full, ok := v.reference(at+".ref", image.Ref)
		if j, twice := first[full]; ok && twice {
			v.fail(at+".ref", "describes the same image as images[%d]; remove one", j)
		} else if ok {
			first[full] = i
		}
	}
}

// reference checks an image reference and writes it out in full.
func (v *validator) reference(path, ref string) (string, bool) {
	if ref == "" {
		return "", false
	}
	full, err := registrysize.Normalize(ref)
	if err != nil {
		v.fail(path, "%s", err)
	}
	return full, err == nil
}

// name checks the name of list[i], its form and that none of the earlier names is equal, and adds
// it to them.
func (v *validator) name(list string, i int, name string, earlier map[string]int) {
	if name == "" {
		return
	}
	at := fmt.Sprintf("%s[%d].name", list, i)
	first, taken := earlier[name]
	most := maxName
	if list == "variants" {
		most = maxTitle
	}
	switch {
	case len(name) > most:
		v.fail(at, "has %d characters; write at most %d", utf8.RuneCountInString(name), most)
	case !namePattern.MatchString(name):
		v.fail(at, "%q is not a valid name; write letters, digits, dots, underscores and hyphens, a letter or digit first", clip(name))
	case taken:
		v.fail(at, "the name %s is already taken by %s[%d]; write another", clip(name), list, first)
	default:
		earlier[name] = i
	}
}

func (v *validator) registries() {
	datacenters := v.datacenterNames()
	names := map[string]int{}
	prefixes := map[string]string{}
	for i, r := range v.Registries {
		if !v.has("registries[%d]", i) {
			return // implied by a reference
		}
		at := fmt.Sprintf("registries[%d]", i)
		v.name("registries", i, r.Name, names)
		if v.has("%s.prefixes", at) && len(r.Prefixes) == 0 {
			v.fail(at+".prefixes", "is empty; write the references it serves, e.g. [docker.io/]")
		}
		for j, p := range r.Prefixes {
			path := fmt.Sprintf("%s.prefixes[%d]", at, j)
			host, _, slash := strings.Cut(p, "/")
			switch {
			case p == "":
			case host == "index.docker.io" || host == "registry-1.docker.io":
				v.fail(path, "%s is Docker Hub, which references call docker.io; write docker.io/", host)
			case !slash || !registrysize.IsHost(host):
				v.fail(path, "%q is not a prefix of a reference; write HOST/ or HOST/PATH, e.g. docker.io/", clip(p))
			case prefixes[p] != "":
				v.fail(path, "%s is already a prefix of registry %s; remove one", clip(p), prefixes[p])
			}
			prefixes[p] = r.Name
		}
		if l := r.Location; l.Datacenter != "" && !slices.Contains(datacenters, l.Datacenter) {
			v.fail(at+".location", "%s", unknownName("datacenter", l.Datacenter, append([]string{"internet"}, datacenters...)))
		} else if l.Datacenter == "" && !l.Internet() {
			v.provider(at+".location.provider", l.Provider)
			v.region(at+".location.region", l.Provider, l.Region)
		}
		v.terms(at, &r)
		v.replicas(at, &r, datacenters)
	}
}

// replicas checks the datacenters that hold a copy of a registry.
func (v *validator) replicas(at string, r *Registry, datacenters []string) {
	for j, name := range r.Replicas {
		path := fmt.Sprintf("%s.replicas[%d]", at, j)
		switch {
		case !v.known(path, "datacenter", name, datacenters):
		case slices.Contains(r.Replicas[:j], name):
			v.fail(path, "%s is named twice; remove one", name)
		case name == r.Location.Datacenter:
			v.fail(path, "%s is where the registry itself stands; remove it", name)
		}
	}
}

// known checks that a name is one of those that exist.
func (v *validator) known(path, kind, name string, names []string) bool {
	if name != "" && !slices.Contains(names, name) {
		v.fail(path, "%s", unknownName(kind, name, names))
		return false
	}
	return name != ""
}

func (v *validator) datacenterNames() []string {
	var names []string
	for _, d := range v.Datacenters {
		names = append(names, d.Name)
	}
	return names
}
