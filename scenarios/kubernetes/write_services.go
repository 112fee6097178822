package kubernetes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func (w *writer) serviceBlocks() []*block {
	var list []*block
	partial := 0
	for _, s := range w.services {
		if s.workload.self.kind == kindDaemonSet && !s.everyNode {
			partial++
		}
		list = append(list, w.service(s))
	}
	w.warn(partial, "daemonset's container", "runs on some nodes only and is written as a deployment of as many instances",
		"run on some nodes only and are written as deployments of as many instances")
	return list
}

func (w *writer) service(s *service) *block {
	b := newBlock()
	kind := s.workload.self.kind
	b.text("name", s.name, "")
	b.text("image", w.names.image(s.image), s.imageComment())
	b.text("workload", s.kind(), s.kindComment(w.sites))
	if !s.everyNode {
		w.writeInstances(b, s)
	}
	if len(s.sites) < len(w.sites) {
		var names []string
		for _, i := range s.sites {
			names = append(names, w.names.site(w.sites[i]))
		}
		b.list("datacenters", names, "the nodes that its pods are on")
	}
	policy := corev1.PullIfNotPresent
	if s.always {
		policy = corev1.PullAlways
	}
	b.text("pullPolicy", string(policy), "as deployed")
	w.writeRestarts(b, s)
	w.writeDeploys(b, s)
	if kind != podKind && kind != staticKind && kind != jobKind {
		w.writeRollout(b, s)
	}
	return b
}

// kind is the workload that a scenario knows. A DaemonSet on some of the nodes is a deployment that
// replaces as many at once.
func (s *service) kind() string {
	switch {
	case s.everyNode:
		return "daemonset"
	case s.workload.self.kind == kindStatefulSet:
		return "statefulset"
	}
	return "deployment"
}

func (s *service) kindComment(sites []*site) string {
	kind := s.workload.self.kind
	switch {
	case kind == kindDaemonSet && !s.everyNode:
		nodes := 0
		for _, i := range s.sites {
			nodes += sites[i].nodes
		}
		return fmt.Sprintf("a DaemonSet on %d of %s", s.count*len(s.sites), plural(nodes, "node"))
	case kind == podKind, kind == staticKind, kind == jobKind:
		return byDefault + ": " + kind
	}
	return clip(kind)
}

func (s *service) imageComment() string {
	switch {
	case s.wanted:
		return "the image of its template"
	case s.initial:
		return "the init container of its pods"
	}
	return "the image of its pods"
}

func (w *writer) writeInstances(b *block, s *service) {
	from := "pods that run or wait"
	if s.wanted {
		from = "replicas that it asks for; no pod of it was read"
	}
	n := newBlock()
	if len(s.sites) == 1 {
		n.plain("total", strconv.Itoa(s.count), "")
	} else {
		n.plain("perDatacenter", strconv.Itoa(s.count), "")
	}
	b.flow("instances", n, from)
}

func (w *writer) writeRestarts(b *block, s *service) {
	r := w.dump.restarts(s.workload, s.container)
	if !r.known {
		b.plain("restartsPerDay", "0", byDefault+": "+r.from)
		return
	}
	const most = 100_000
	b.plain("restartsPerDay", number(min(r.perDay, most)), r.from)
}

func (w *writer) writeDeploys(b *block, s *service) {
	p := w.dump.deploys(s.workload, s.container, w.history)
	switch {
	case !p.known:
		b.plain("deploysPerDay", "1", byDefault+": "+p.from)
	case p.perDay < minDeploysPerDay:
		b.plain("deploysPerDay", "0", p.from)
	case p.perDay > maxDeploysPerDay:
		b.plain("deploysPerDay", strconv.Itoa(maxDeploysPerDay), p.from+"; no more can be said")
	default:
		b.plain("deploysPerDay", number(p.perDay), p.from)
	}
}

// writeRollout writes how a controller replaces instances.
func (w *writer) writeRollout(b *block, s *service) {
	c := s.workload.controller
	r := newBlock()
	var from []string
	if c != nil {
		surge, missing := share(c.surge), share(c.missing)
		switch {
		case c.strategy == "Recreate":
			surge, missing = "0", "100%"
			from = append(from, "Recreate")
		case c.strategy == "OnDelete":
			surge, missing = "0", "1"
			from = append(from, "OnDelete: when somebody deletes its pods, here one by one")
		case surge != "" || missing != "":
			from = append(from, "as deployed")
		}
		if s.kind() == "statefulset" {
			surge = ""
		} else if s.workload.self.kind == kindDaemonSet && !s.everyNode {
			surge, missing = or(surge, "0"), or(missing, "1")
		}
		if isNone(missing) && isNone(surge) && (surge != "" || s.kind() != "deployment") && missing != "" {
			missing = "1" // one of the two must move
		}
		if surge != "" {
			r.plain("maxSurge", surge, "")
		}
		if missing != "" {
			r.plain("maxUnavailable", missing, "")
		}
	}
	if seconds, pods, ok := s.workload.startup(); ok {
		r.plain("startup", number(seconds)+"s", "")
		from = append(from, "startup: median of "+plural(pods, "pod"))
	}
	if len(r.node.Content) > 0 {
		b.flow("rollout", r, strings.Join(from, "; "))
	}
}

var percent = regexp.MustCompile(`^(100|[0-9]{1,2})%$`)

// share writes a number or percentage of instances as scenarios do, "" where it is none.
func share(v *intstr.IntOrString) string {
	switch {
	case v == nil:
		return ""
	case v.Type == intstr.String && percent.MatchString(v.StrVal):
		n, _ := strconv.Atoi(strings.TrimSuffix(v.StrVal, "%"))
		return strconv.Itoa(n) + "%"
	case v.Type == intstr.Int && v.IntVal >= 0:
		return strconv.Itoa(int(v.IntVal))
	}
	return ""
}

func isNone(share string) bool { return share == "" || share == "0" || share == "0%" }
