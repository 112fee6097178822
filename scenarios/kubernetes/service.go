package kubernetes

import (
	"cmp"
	"slices"
	"strings"
)

// A service is one container of a workload, as a scenario describes it.
type service struct {
	name      string
	workload  *workload
	container string
	image     string // normalised
	imageID   string // as a runtime told it, "" where none did
	always    bool   // its pull policy
	sites     []int  // datacenters, by index, ascending
	count     int    // instances in each of them
	everyNode bool   // a DaemonSet that has a pod on each of their nodes
	initial   bool   // it runs before the workload's other containers
	wanted    bool   // count is what the controller asks for: there is no pod of it in the dump
}

// A use is how often a container's image runs in one datacenter.
type use struct {
	site    int
	count   int
	image   string
	imageID string
	always  bool
	initial bool
	nodes   map[string]bool // those that run it; nil where no pod was seen
}

// services makes services of a workload's containers, the first container's first. Datacenters that run the
// same number of the same image share one; it is none where there are no instances.
func (w *workload) services(sites []*site, at map[string]int) []*service {
	var list []*service
	for _, name := range w.containerNames() {
		uses := w.uses(name, sites, at)
		var made []*service
		for _, u := range uses {
			s := &service{
				workload: w, container: name, image: u.image, imageID: u.imageID, always: u.always, count: u.count,
				sites: []int{u.site}, initial: u.initial, wanted: u.nodes == nil,
			}
			s.everyNode = w.self.kind == kindDaemonSet && u.count == sites[u.site].nodes && (u.nodes == nil || len(u.nodes) == u.count)
			made = addUse(made, s)
		}
		list = append(list, made...)
	}
	return list
}

// addUse joins a service to one that is the same in other datacenters.
func addUse(made []*service, s *service) []*service {
	for _, m := range made {
		if m.image == s.image && m.always == s.always && m.everyNode == s.everyNode && (m.count == s.count || m.everyNode) {
			m.sites = append(m.sites, s.sites...)
			m.imageID = cmp.Or(m.imageID, s.imageID)
			return made
		}
	}
	return append(made, s)
}

// containerNames lists the workload's containers: the template's, then what was added to pods.
func (w *workload) containerNames() []string {
	var names []string
	add := func(list []container) {
		for _, c := range list {
			if !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		}
	}
	if w.controller != nil {
		add(w.controller.containers)
	}
	for _, p := range w.pods {
		add(p.containers)
	}
	return names
}

// uses counts a container's instances by datacenter and picks its image: the template's where a pod runs it,
// else the one that most pods run. Pods that are on no known node are counted where most of the others are.
func (w *workload) uses(name string, sites []*site, at map[string]int) []use {
	if len(w.pods) == 0 {
		return w.wantedUses(name, sites)
	}
	bySite := map[int][]*container{}
	nodes := map[int]map[string]bool{}
	var unplaced []*container
	for _, p := range w.pods {
		i := slices.IndexFunc(p.containers, func(c container) bool { return c.name == name })
		if i < 0 {
			continue
		}
		site, known := at[p.node]
		if !known {
			unplaced = append(unplaced, &p.containers[i])
			continue
		}
		bySite[site] = append(bySite[site], &p.containers[i])
		if nodes[site] == nil {
			nodes[site] = map[string]bool{}
		}
		nodes[site][p.node] = true
	}
	if len(unplaced) > 0 {
		home := 0
		for i := range sites {
			if len(bySite[i]) > len(bySite[home]) {
				home = i
			}
		}
		bySite[home] = append(bySite[home], unplaced...)
	}
	var uses []use
	for i := range sites {
		if list := bySite[i]; len(list) > 0 {
			u := use{site: i, count: len(list), nodes: nodes[i]}
			if u.nodes == nil {
				u.nodes = map[string]bool{}
			}
			if w.pick(&u, name, list) {
				uses = append(uses, u)
			}
		}
	}
	return uses
}

// wantedUses is what a controller asks for: its instances, in the datacenter with the most nodes, and a
// DaemonSet's on each node where it asks for as many.
func (w *workload) wantedUses(name string, sites []*site) []use {
	if w.controller == nil || w.controller.wanted == 0 {
		return nil
	}
	i := slices.IndexFunc(w.controller.containers, func(c container) bool { return c.name == name })
	all, largest := 0, 0
	for j, s := range sites {
		if all += s.nodes; s.nodes > sites[largest].nodes {
			largest = j
		}
	}
	var uses []use
	for j, s := range sites {
		u := use{site: j, count: w.controller.wanted}
		everywhere := w.self.kind == kindDaemonSet && w.controller.wanted == all
		if everywhere {
			u.count = s.nodes
		}
		if (everywhere || j == largest) && w.pick(&u, name, []*container{&w.controller.containers[i]}) {
			uses = append(uses, u)
		}
	}
	return uses
}

// pick sets the image that a use has; false where no container has one that is a reference.
func (w *workload) pick(u *use, name string, list []*container) bool {
	votes := map[string]int{}
	template := ""
	if w.controller != nil {
		for _, c := range w.controller.containers {
			if ref, ok := normalized(c.image); ok && c.name == name {
				template = ref
			}
		}
	}
	for _, c := range list {
		if ref, ok := normalized(c.image); ok {
			votes[ref]++
		}
	}
	for ref, n := range votes {
		best := votes[u.image]
		if u.image == "" || n > best || n == best && strings.Compare(ref, u.image) < 0 {
			u.image = ref
		}
	}
	if votes[template] > 0 {
		u.image = template
	}
	for _, c := range list {
		if ref, _ := normalized(c.image); ref == u.image {
			u.always = u.always || c.always
			u.initial = c.initial
			u.imageID = cmp.Or(u.imageID, c.imageID)
		}
	}
	return u.image != ""
}
