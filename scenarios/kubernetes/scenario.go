package kubernetes

import (
	"fmt"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios"
)

// Options says how a scenario is written. The zero value names everything as the cluster does and takes the
// sizes that nodes report.
type Options struct {
	Name          string // the scenario's; "": cluster
	Anonymize     bool   // replace the names of namespaces, workloads, containers, images and private hosts
	RegistrySizes bool   // leave sizes out, so that registries are asked when the scenario runs; not with Anonymize
}

// An Imported is a scenario made of a dump.
type Imported struct {
	YAML      []byte // the scenario file
	Nodes     int
	Services  int
	Instances int
	Images    int      // distinct references
	Warnings  []string // what was left out or guessed
}

// Scenario makes a scenario of what was read: a file that loads, with a comment behind each value that says
// what it was inferred from. Equal dumps give equal bytes, in whatever order their files are read. An error
// is the dump's fault: it holds no nodes, or nothing that runs, or more than a scenario may.
func (d *Dump) Scenario(o Options) (*Imported, error) {
	w := &writer{dump: d, options: o, names: newNames(o.Anonymize), history: d.historyOf()}
	if err := w.collect(); err != nil {
		return nil, err
	}
	w.countResult()
	text, err := w.document().encode(
		"Imported by fleetcost from what kubectl printed of a cluster as of "+d.observed.Format("2006-01-02 15:04")+" UTC,",
		"the latest time in it. A comment behind a value says what it was inferred from; default marks what",
		"the dump does not tell.",
	)
	if err != nil {
		return nil, fmt.Errorf("writing the scenario: %w", err)
	}
	if _, err := scenarios.Load("the imported scenario", text); err != nil {
		return nil, err
	}
	w.result.YAML = text
	return &w.result, nil
}

// A writer makes a scenario's document.
type writer struct {
	dump     *Dump
	options  Options
	names    *names
	history  map[owner][]*revision
	sites    []*site
	services []*service
	images   []imageUse
	result   Imported
}

// What a scenario may have at most.
const (
	maxServices    = 20_000
	maxDatacenters = 1000
	maxPools       = 1000 // of a datacenter
)

// collect makes datacenters, pools, services and images.
func (w *writer) collect() error {
	d := w.dump
	if len(d.nodes) == 0 {
		return d.missing("nodes")
	}
	var at map[string]int
	w.sites, at = d.sites()
	if len(w.sites) > maxDatacenters {
		return fmt.Errorf("the nodes tell %d regions, and a scenario may have %d datacenters; import some of the nodes only", len(w.sites), maxDatacenters)
	}
	for _, s := range w.sites {
		if len(s.pools) > maxPools {
			return fmt.Errorf("the nodes of region %s are of %d kinds, and a datacenter may have %d pools; import some of the nodes only", clip(s.name), len(s.pools), maxPools)
		}
	}
	workloads, over := d.workloads()
	idle := 0
	for _, l := range workloads {
		list := l.services(w.sites, at)
		if len(list) == 0 {
			idle++
		}
		w.services = append(w.services, list...)
	}
	if len(w.services) == 0 {
		return d.missing("pods, deployments, replicasets, daemonsets, statefulsets")
	}
	if len(w.services) > maxServices {
		return fmt.Errorf("the containers of %d workloads would be %d services, and a scenario may have %d; import some of the namespaces only",
			len(workloads), len(w.services), maxServices)
	}
	w.warn(over, "pod", "ran to its end and was left out; jobs are not simulated", "ran to their end and were left out; jobs are not simulated")
	w.warn(idle, "workload", "has no instances of an image and was left out", "have no instances of an image and were left out")
	w.nameServices()
	w.collectImages()
	return nil
}

// nameServices gives services their names, in order.
func (w *writer) nameServices() {
	firsts := map[*workload]string{}
	several := map[*workload]map[string]int{}
	for _, s := range w.services {
		if _, known := firsts[s.workload]; !known {
			firsts[s.workload], several[s.workload] = s.container, map[string]int{}
		}
		several[s.workload][s.container]++
	}
	for _, s := range w.services {
		site := ""
		if several[s.workload][s.container] > 1 {
			site = w.names.site(w.sites[s.sites[0]])
		}
		s.name = w.names.service(s, firsts[s.workload] == s.container, site)
	}
}

func (w *writer) countResult() {
	r := &w.result
	r.Nodes, r.Services, r.Images = len(w.dump.nodes), len(w.services), len(w.images)
	for _, s := range w.services {
		for _, i := range s.sites {
			if s.everyNode {
				r.Instances += w.sites[i].nodes
			} else {
				r.Instances += s.count
			}
		}
	}
}

// missing says what a dump lacks.
func (d *Dump) missing(what string) error {
	read := d.Counts()
	if read == "" {
		read = "nothing of use"
	}
	if odd := d.NotUnderstood(); odd != "" {
		read += ", and not used: " + odd
	}
	return fmt.Errorf("no %s in what was read (%s); add the output of kubectl get %s -A -o json",
		strings.ReplaceAll(what, ", ", " or "), read, strings.ReplaceAll(what, ", ", ","))
}

// warn adds a warning about n things.
func (w *writer) warn(n int, noun, one, many string) {
	switch {
	case n == 1:
		w.result.Warnings = append(w.result.Warnings, "1 "+noun+" "+one)
	case n > 1:
		w.result.Warnings = append(w.result.Warnings, fmt.Sprintf("%d %ss %s", n, noun, many))
	}
}

func (w *writer) document() *block {
	root := newBlock()
	root.plain("version", "1", "")
	root.text("name", or(w.options.Name, clusterName), "")
	platform, share := w.platform()
	sizes := newBlock()
	sizes.text("platform", platform, share)
	root.add("sizes", sizes.node, "")
	if list := w.registries(); len(list) > 0 {
		root.blocks("registries", list)
	}
	root.blocks("datacenters", w.datacenters(platform))
	root.note("One service for each container of a workload. Placement on some nodes only is not told apart:")
	root.note("instances are spread over all nodes of their datacenter.")
	root.blocks("services", w.serviceBlocks())
	if list := w.imageBlocks(); len(list) > 0 {
		root.note("Sizes as nodes report them, one layer each: until a registry is asked, a deploy moves the whole image and")
		root.note("no image shares layers with another. Remove an entry, or all of images, to have its registry asked.")
		root.blocks("images", list)
	}
	return root
}
