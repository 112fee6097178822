package kubernetes

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// A controller is what is kept of a Deployment, ReplicaSet, DaemonSet or StatefulSet.
type controller struct {
	self       owner // its own kind, namespace and name
	owner      owner // of a ReplicaSet: what made it; zero: nobody
	created    time.Time
	generation int64 // how often its template was changed, and once for its making; 0: not told
	wanted     int   // instances
	strategy   string
	surge      *intstr.IntOrString // nil: not told
	missing    *intstr.IntOrString // at most so many unavailable; nil: not told
	minReady   int32               // seconds that an instance must be ready before it counts
	containers []container
}

// A revision is a template that a controller had.
type revision struct {
	owner   owner // whose
	created time.Time
	times   int               // how often it was deployed: once, and once for each return to it
	images  map[string]string // by container
	always  map[string]bool   // by container, whether its pull policy is Always
}

// generationKey is where a DaemonSet counts the changes of its template.
const generationKey = "deprecated.daemonset.template.generation"

// historyKey is where a ReplicaSet lists the earlier numbers of its revision: a rollback gives it another.
const historyKey = "deployment.kubernetes.io/revision-history"

// maxReplicas bounds what a controller may ask for; clusters have 150,000 pods at most (Kubernetes, "Considerations
// for large clusters").
const maxReplicas = 10_000_000

func (d *Dump) addController(o *object, kind string) {
	m := &o.Metadata
	c := controller{
		self:     owner{kind, d.intern(m.Namespace), d.intern(m.Name)},
		owner:    d.podOwner(m),
		created:  m.CreationTimestamp.UTC(),
		wanted:   1, // the API's default
		minReady: max(0, o.Spec.MinReadySeconds),
	}
	if o.Spec.Replicas != nil {
		c.wanted = min(max(0, int(*o.Spec.Replicas)), maxReplicas)
	}
	switch kind {
	case kindDaemonSet:
		c.wanted = min(max(0, int(o.Status.DesiredNumberScheduled)), maxReplicas)
		c.generation, _ = strconv.ParseInt(m.Annotations[generationKey], 10, 64)
	case kindStatefulSet:
		c.generation = m.Generation
	}
	for _, s := range []*strategy{o.Spec.Strategy, o.Spec.UpdateStrategy} {
		if s == nil {
			continue
		}
		c.strategy = s.Type
		if s.RollingUpdate != nil {
			c.surge, c.missing = s.RollingUpdate.MaxSurge, s.RollingUpdate.MaxUnavailable
		}
	}
	if o.Spec.Template != nil {
		c.containers = d.templateContainers(o.Spec.Template)
	}
	d.controllers = append(d.controllers, c)
}

func (d *Dump) templateContainers(t *template) []container {
	return append(d.containers(t.Spec.Containers, false), d.containers(t.Spec.InitContainers, true)...)
}

// addRevision takes a ReplicaSet that a Deployment made, or a ControllerRevision.
func (d *Dump) addRevision(o *object) {
	t := o.Spec.Template
	if len(o.Data) > 0 { // a patch that holds the template, as DaemonSets and StatefulSets keep them
		var patch struct{ Spec struct{ Template *template } }
		if json.Unmarshal(o.Data, &patch) == nil && patch.Spec.Template != nil {
			t = patch.Spec.Template
		}
	}
	maker := d.podOwner(&o.Metadata)
	if t == nil || maker == (owner{}) {
		return
	}
	r := revision{
		owner: maker, created: o.Metadata.CreationTimestamp.UTC(), times: 1,
		images: map[string]string{}, always: map[string]bool{},
	}
	const most = 10_000
	if history := o.Metadata.Annotations[historyKey]; history != "" && len(history) < most {
		r.times += 1 + strings.Count(history, ",")
	}
	for _, c := range d.templateContainers(t) {
		r.images[c.name], r.always[c.name] = c.image, c.always
	}
	d.revisions = append(d.revisions, r)
}
