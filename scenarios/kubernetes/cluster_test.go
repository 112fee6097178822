package kubernetes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/fleetcost/fleetcost/scenarios"
)

// now is when the generated clusters are looked at: the nodes' last heartbeat.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// ago is a time before now.
func ago(days float64) metav1.Time {
	return metav1.NewTime(now.Add(-time.Duration(days * 24 * float64(time.Hour))))
}

// A cluster is objects made with the API's own types.
type cluster struct {
	nodes       []*corev1.Node
	pods        []*corev1.Pod
	deployments []*appsv1.Deployment
	sets        []*appsv1.ReplicaSet
	daemons     []*appsv1.DaemonSet
	stateful    []*appsv1.StatefulSet
	revisions   []*appsv1.ControllerRevision
	made        int
}

// objects are all of them, in kubectl's order.
func (c *cluster) objects() []any {
	var all []any
	all = append(all, anys(c.nodes)...)
	all = append(all, anys(c.pods)...)
	all = append(all, anys(c.deployments)...)
	all = append(all, anys(c.sets)...)
	all = append(all, anys(c.daemons)...)
	all = append(all, anys(c.stateful)...)
	return append(all, anys(c.revisions)...)
}

func anys[T any](list []T) []any {
	var all []any
	for _, x := range list {
		all = append(all, x)
	}
	return all
}

func (c *cluster) meta(namespace, name string, days float64) metav1.ObjectMeta {
	c.made++
	return metav1.ObjectMeta{
		Namespace: namespace, Name: name, UID: types.UID(fmt.Sprintf("00000000-0000-0000-0000-%012d", c.made)),
		CreationTimestamp: ago(days),
		Labels:            map[string]string{}, Annotations: map[string]string{},
	}
}

// node adds a node of so many days in a zone such as eu-central-1a.
func (c *cluster) node(name, zone, runtime string, days float64, change ...func(*corev1.Node)) *corev1.Node {
	n := &corev1.Node{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"}, ObjectMeta: c.meta("", name, days)}
	n.Labels[corev1.LabelInstanceTypeStable] = "m6i.large"
	n.Labels[corev1.LabelTopologyZone] = zone
	n.Labels[corev1.LabelTopologyRegion] = strings.TrimRight(zone, "abc")
	n.Spec.ProviderID = "aws:///" + zone + "/i-" + name
	n.Status.NodeInfo = corev1.NodeSystemInfo{
		Architecture: "amd64", OperatingSystem: "linux", ContainerRuntimeVersion: runtime,
		KubeletVersion: "v1.35.0", OSImage: "Ubuntu 24.04 LTS",
	}
	n.Status.Capacity = corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("2"), corev1.ResourceMemory: resource.MustParse("7935516Ki"),
		corev1.ResourceEphemeralStorage: resource.MustParse("83873772Ki"),
	}
	n.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.0.0.1"}}
	n.Status.Conditions = []corev1.NodeCondition{{
		Type: corev1.NodeReady, Status: corev1.ConditionTrue, LastHeartbeatTime: metav1.NewTime(now), LastTransitionTime: ago(days),
	}}
	for _, f := range change {
		f(n)
	}
	c.nodes = append(c.nodes, n)
	return n
}

// has gives a node images by name and size.
func has(bytes int64, names ...string) func(*corev1.Node) {
	return func(n *corev1.Node) {
		n.Status.Images = append(n.Status.Images, corev1.ContainerImage{Names: names, SizeBytes: bytes})
	}
}

// runs is the spec of a pod of containers named after their images: "web=nginx:1", an init container with "init:".
func runs(containers ...string) corev1.PodSpec {
	var s corev1.PodSpec
	for _, text := range containers {
		rest, initial := strings.CutPrefix(text, "init:")
		name, image, _ := strings.Cut(rest, "=")
		k := corev1.Container{Name: name, Image: image, ImagePullPolicy: corev1.PullIfNotPresent}
		if strings.HasSuffix(image, ":latest") {
			k.ImagePullPolicy = corev1.PullAlways
		}
		if initial {
			s.InitContainers = append(s.InitContainers, k)
		} else {
			s.Containers = append(s.Containers, k)
		}
	}
	return s
}

// pod adds a running pod of an owner, nil for none; node may be "".
func (c *cluster) pod(by metav1.Object, kind, namespace, name, node string, s corev1.PodSpec, change ...func(*corev1.Pod)) *corev1.Pod {
	p := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: c.meta(namespace, name, 10), Spec: s}
	p.Spec.NodeName = node
	p.Status.Phase = corev1.PodRunning
	if by != nil {
		yes := true
		p.OwnerReferences = []metav1.OwnerReference{{Kind: kind, Name: by.GetName(), UID: by.GetUID(), Controller: &yes}}
	}
	for _, k := range s.Containers {
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{
			Name: k.Name, Image: k.Image,
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(9)}},
		})
	}
	p.Status.Conditions = []corev1.PodCondition{{
		Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.NewTime(ago(9).Add(7 * time.Second)),
	}}
	for _, f := range change {
		f(p)
	}
	c.pods = append(c.pods, p)
	return p
}

// deployment adds a Deployment, its newest ReplicaSet, and a pod on each of the nodes.
func (c *cluster) deployment(namespace, name string, s corev1.PodSpec, nodes ...string) (*appsv1.Deployment, *appsv1.ReplicaSet) {
	replicas := int32(len(nodes))
	d := &appsv1.Deployment{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: c.meta(namespace, name, 100)}
	d.Spec.Replicas = &replicas
	d.Spec.Template.Spec = s
	surge, missing := intstr.FromString("25%"), intstr.FromInt32(1)
	d.Spec.Strategy = appsv1.DeploymentStrategy{
		Type: appsv1.RollingUpdateDeploymentStrategyType, RollingUpdate: &appsv1.RollingUpdateDeployment{MaxSurge: &surge, MaxUnavailable: &missing},
	}
	c.deployments = append(c.deployments, d)
	set := c.replicaSet(d, 1, 100, s)
	for i, n := range nodes {
		c.pod(set, "ReplicaSet", namespace, fmt.Sprintf("%s-%c", set.Name, 'a'+i), n, s)
	}
	return d, set
}

// replicaSet adds a revision of a Deployment that was made so many days ago.
func (c *cluster) replicaSet(d *appsv1.Deployment, revision int, days float64, s corev1.PodSpec) *appsv1.ReplicaSet {
	r := &appsv1.ReplicaSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "ReplicaSet"},
		ObjectMeta: c.meta(d.Namespace, fmt.Sprintf("%s-%08x", d.Name, revision), days),
	}
	yes := true
	r.OwnerReferences = []metav1.OwnerReference{{Kind: "Deployment", Name: d.Name, UID: d.UID, Controller: &yes}}
	r.Annotations["deployment.kubernetes.io/revision"] = fmt.Sprint(revision)
	r.Spec.Replicas, r.Spec.Template.Spec = new(int32), s
	c.sets = append(c.sets, r)
	return r
}

// daemonSet adds a DaemonSet with a pod on each of the nodes.
func (c *cluster) daemonSet(namespace, name string, s corev1.PodSpec, nodes ...string) *appsv1.DaemonSet {
	d := &appsv1.DaemonSet{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DaemonSet"}, ObjectMeta: c.meta(namespace, name, 100)}
	d.Spec.Template.Spec = s
	one, none := intstr.FromInt32(1), intstr.FromInt32(0)
	d.Spec.UpdateStrategy = appsv1.DaemonSetUpdateStrategy{
		Type: appsv1.RollingUpdateDaemonSetStrategyType, RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxSurge: &none, MaxUnavailable: &one},
	}
	d.Status.DesiredNumberScheduled = int32(len(nodes))
	d.Annotations[generationKey] = "1"
	c.daemons = append(c.daemons, d)
	for i, n := range nodes {
		c.pod(d, "DaemonSet", namespace, fmt.Sprintf("%s-%05d", name, i), n, s)
	}
	return d
}

// statefulSet adds a StatefulSet with a pod on each of the nodes.
func (c *cluster) statefulSet(namespace, name string, s corev1.PodSpec, nodes ...string) *appsv1.StatefulSet {
	replicas := int32(len(nodes))
	d := &appsv1.StatefulSet{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"}, ObjectMeta: c.meta(namespace, name, 100)}
	d.Generation = 1
	d.Spec.Replicas, d.Spec.Template.Spec, d.Spec.ServiceName = &replicas, s, name
	d.Spec.UpdateStrategy = appsv1.StatefulSetUpdateStrategy{Type: appsv1.RollingUpdateStatefulSetStrategyType}
	c.stateful = append(c.stateful, d)
	for i, n := range nodes {
		c.pod(d, "StatefulSet", namespace, fmt.Sprintf("%s-%d", name, i), n, s)
	}
	return d
}

// list is what kubectl get -o json prints of objects.
func list(objects []any) string {
	return encoded(map[string]any{"apiVersion": "v1", "kind": "List", "items": objects, "metadata": map[string]any{"resourceVersion": ""}})
}

func encoded(v any) string {
	data, err := json.MarshalIndent(v, "", "    ")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// read reads files, in turn a name and a text.
func read(t *testing.T, files ...string) *Dump {
	t.Helper()
	var d Dump
	for file := range slices.Chunk(files, 2) {
		if err := d.Read(t.Context(), file[0], strings.NewReader(file[1])); err != nil {
			t.Fatal(err)
		}
	}
	return &d
}

// imported makes a scenario of a cluster and loads it.
func imported(t *testing.T, c *cluster, o Options) (*scenarios.Scenario, *Imported) {
	t.Helper()
	made, err := read(t, "cluster.json", list(c.objects())).Scenario(o)
	if err != nil {
		t.Fatal(err)
	}
	all, err := scenarios.Load("made.yaml", made.YAML)
	if err != nil {
		t.Fatalf("the scenario is refused: %v\n%s", err, made.YAML)
	}
	return all[0], made
}

// byName finds a service.
func byName(t *testing.T, s *scenarios.Scenario, name string) *scenarios.Service {
	t.Helper()
	for i := range s.Services {
		if s.Services[i].Name == name {
			return &s.Services[i]
		}
	}
	t.Fatalf("no service is named %s", name)
	return nil
}
