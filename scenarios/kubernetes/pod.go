package kubernetes

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A pod is what is kept of a Pod.
type pod struct {
	namespace, name string
	node            string // "": not scheduled
	owner           owner  // who made it; zero: nobody
	created         time.Time
	ready           time.Time // when it became ready for the last time; zero: it is not
	over            bool      // it ran to its end
	static          bool      // its node made it from a file
	leaving         bool      // it is being deleted
	containers      []container
}

// An owner is the object that made another.
type owner struct{ kind, namespace, name string }

// A container is one of a pod, or of a controller's template.
type container struct {
	name     string
	image    string // as written
	imageID  string // with its digest, as the runtime tells it; "": not told
	always   bool   // its pull policy
	initial  bool   // it runs before the others
	restarts int64
	started  time.Time // zero: it does not run
}

func (d *Dump) addPod(o *object) {
	m := &o.Metadata
	p := pod{
		namespace: d.intern(m.Namespace), name: m.Name, node: d.intern(o.Spec.NodeName),
		owner:   d.podOwner(m),
		created: m.CreationTimestamp.UTC(),
		over:    o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed,
		static:  m.Annotations[corev1.MirrorPodAnnotationKey] != "",
		leaving: m.DeletionTimestamp != nil,
	}
	for _, c := range o.Status.Conditions {
		d.see(c.LastTransitionTime.Time)
		if c.Type == string(corev1.PodReady) && c.Status == corev1.ConditionTrue {
			p.ready = c.LastTransitionTime.UTC()
		}
	}
	if p.owner.kind == kindNode {
		p.static, p.owner = true, owner{}
	}
	p.containers = append(d.containers(o.Spec.Containers, false), d.containers(o.Spec.InitContainers, true)...)
	for i := range p.containers {
		c := &p.containers[i]
		statuses := o.Status.ContainerStatuses
		if c.initial {
			statuses = o.Status.InitContainerStatuses
		}
		for _, s := range statuses {
			if s.Name != c.name {
				continue
			}
			c.restarts = max(0, int64(s.RestartCount))
			c.imageID = d.intern(bareImageID(s.ImageID))
			if s.State.Running != nil {
				c.started = s.State.Running.StartedAt.UTC()
				d.see(c.started)
			}
		}
	}
	d.pods = append(d.pods, p)
}

// podOwner is who made a pod; a ReplicaSet's own owner is looked up later.
func (d *Dump) podOwner(m *metadata) owner {
	if o, ok := controllerOf(m.OwnerReferences); ok {
		return owner{d.intern(o.Kind), d.intern(m.Namespace), d.intern(o.Name)}
	}
	return owner{}
}

// controllerOf is the owner that controls, else the first of several.
func controllerOf(refs []metav1.OwnerReference) (metav1.OwnerReference, bool) {
	for _, r := range refs {
		if r.Controller != nil && *r.Controller {
			return r, true
		}
	}
	if len(refs) > 0 {
		return refs[0], true
	}
	return metav1.OwnerReference{}, false
}

// containers takes containers as a pod or a template lists them.
func (d *Dump) containers(specs []containerSpec, initial bool) []container {
	var list []container
	for _, c := range specs {
		list = append(list, container{
			name: d.intern(c.Name), image: d.intern(c.Image), always: c.ImagePullPolicy == corev1.PullAlways, initial: initial,
		})
	}
	return list
}

// bareImageID takes off what docker puts before a reference.
func bareImageID(id string) string {
	_, ref, ok := strings.Cut(id, "://")
	if !ok {
		return id
	}
	return ref
}
