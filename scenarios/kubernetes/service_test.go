package kubernetes

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/fleetcost/fleetcost/scenarios"
)

func TestServices(t *testing.T) {
	s, _ := imported(t, shop(), Options{})
	type service struct {
		Image       string
		Workload    scenarios.Workload
		Instances   scenarios.Instances
		Datacenters []string
		Rollout     scenarios.Rollout
	}
	share := func(x float64) scenarios.Amount { return scenarios.Amount{Value: x, Share: true} }
	count := func(x float64) scenarios.Amount { return scenarios.Amount{Value: x} }
	both := []string{"eu-central-1", "us-west-2"}
	rollout := func(surge, missing scenarios.Amount, startup scenarios.Duration) scenarios.Rollout {
		return scenarios.Rollout{MaxSurge: surge, MaxUnavailable: missing, Startup: startup, Datacenters: scenarios.RolloutParallel}
	}
	for name, want := range map[string]service{
		"shop.web.eu-central-1": {"docker.io/library/nginx:1.29", "deployment", scenarios.Instances{Total: 3}, both[:1], rollout(share(.25), count(1), 7)},
		"shop.web.us-west-2":    {"docker.io/library/nginx:1.29", "deployment", scenarios.Instances{Total: 1}, both[1:], rollout(share(.25), count(1), 7)},
		"shop.web.migrate.us-west-2": {
			"ghcr.io/acme/migrate:7", "deployment", scenarios.Instances{Total: 1}, both[1:], rollout(share(.25), count(1), 7),
		},
		"shop.db":           {"quay.io/acme/db:17", "statefulset", scenarios.Instances{Total: 3}, both[:1], rollout(count(0), count(1), 7)},
		"kube-system.agent": {"ghcr.io/acme/agent:3", "daemonset", scenarios.Instances{}, both, rollout(count(0), count(1), 7)},
		"kube-system.gpu":   {"ghcr.io/acme/gpu:1", "deployment", scenarios.Instances{Total: 1}, both[:1], rollout(count(0), count(1), 7)},
		"kube-system.etcd":  {"registry.k8s.io/etcd:3.6.6-0", "deployment", scenarios.Instances{Total: 1}, both[:1], rollout(share(.25), share(.25), 5)},
		"tools.shell":       {"docker.io/library/busybox:1.37", "deployment", scenarios.Instances{Total: 1}, both[:1], rollout(share(.25), share(.25), 5)},
	} {
		v := byName(t, s, name)
		got := service{v.Image, v.Workload, v.Instances, v.Datacenters, v.Rollout}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestUnusual takes what a cluster in the middle of things shows.
func TestUnusual(t *testing.T) {
	c := &cluster{}
	c.node("n1", "eu-central-1a", "containerd://2.2.1", 100)
	c.node("n2", "eu-central-1a", "containerd://2.2.1", 100)

	// A rollout under way: the template's image counts, and the pods that leave do not.
	moving, set := c.deployment("x", "moving", runs("m=acme/m:2"), "n1")
	before := c.replicaSet(moving, 0, 100, runs("m=acme/m:1"))
	for _, n := range []string{"n1", "n2"} {
		c.pod(before, "ReplicaSet", "x", "moving-old-"+n, n, runs("m=acme/m:1"))
	}
	leaving := ago(0.001)
	c.pod(set, "ReplicaSet", "x", "moving-leaving", "n1", runs("m=acme/m:2"), func(p *corev1.Pod) { p.DeletionTimestamp = &leaving })

	// Sidecars that were put into pods, and pods that wait for a node.
	c.deployment("x", "injected", runs("app=acme/app:1"), "n1")
	pod := c.pods[len(c.pods)-1]
	pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: "mesh", Image: "acme/mesh:1"})
	c.deployment("x", "waiting", runs("w=acme/w:1"), "", "")

	// Recreate, a surge in a DaemonSet, nothing read of the controller, a ReplicaSet nobody made.
	all, _ := c.deployment("x", "recreate", runs("r=acme/r:1"), "n1", "n2")
	all.Spec.Strategy.Type, all.Spec.Strategy.RollingUpdate = "Recreate", nil
	daemon := c.daemonSet("x", "daemon", runs("d=acme/d:1"), "n1", "n2")
	half, none := intstr.FromString("50%"), intstr.FromInt32(0)
	daemon.Spec.UpdateStrategy.RollingUpdate.MaxSurge, daemon.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable = &half, &none
	c.pod(&metav1.ObjectMeta{Name: "gone-5d4f"}, "ReplicaSet", "x", "gone-5d4f-x", "n1", runs("g=acme/g:1"))
	alone := c.replicaSet(moving, 9, 100, runs("a=acme/alone:1"))
	alone.Name, alone.OwnerReferences = "alone", nil
	c.pod(alone, "ReplicaSet", "x", "alone-x", "n1", runs("a=acme/alone:1"))

	s, _ := imported(t, c, Options{})
	if v := byName(t, s, "x.moving"); v.Image != "docker.io/acme/m:2" || v.Instances.Total != 3 {
		t.Errorf("moving: %s, %d instances", v.Image, v.Instances.Total)
	}
	if v := byName(t, s, "x.injected.mesh"); v.Instances.Total != 1 {
		t.Errorf("mesh: %d instances", v.Instances.Total)
	}
	if v := byName(t, s, "x.waiting"); v.Instances.Total != 2 {
		t.Errorf("waiting: %d instances", v.Instances.Total)
	}
	if r := byName(t, s, "x.recreate").Rollout; r.MaxSurge.Value != 0 || r.MaxUnavailable != (scenarios.Amount{Value: 1, Share: true}) {
		t.Errorf("recreate: %v", r)
	}
	if r := byName(t, s, "x.daemon").Rollout; r.MaxSurge != (scenarios.Amount{Value: .5, Share: true}) || r.MaxUnavailable.Value != 0 {
		t.Errorf("daemon: %v", r)
	}
	byName(t, s, "x.gone")
	byName(t, s, "x.alone")
}

// TestWithoutPods: controllers alone say what they ask for.
func TestWithoutPods(t *testing.T) {
	c := shop()
	c.pods = nil
	s, _ := imported(t, c, Options{})
	if v := byName(t, s, "shop.web"); v.Instances.Total != 4 || v.Image != "docker.io/library/nginx:1.29" {
		t.Errorf("web: %v of %s", v.Instances, v.Image)
	}
	if v := byName(t, s, "kube-system.agent"); v.Workload != scenarios.WorkloadDaemonSet || len(v.Datacenters) != 2 {
		t.Errorf("agent: %s in %v", v.Workload, v.Datacenters)
	}
	if v := byName(t, s, "kube-system.gpu"); v.Workload != scenarios.WorkloadDeployment || v.Instances.Total != 1 {
		t.Errorf("gpu: %s, %v", v.Workload, v.Instances)
	}
}

// TestStartup: the median of pods that never restarted, plus what they must stay ready.
func TestStartup(t *testing.T) {
	c := &cluster{}
	c.node("n", "eu-central-1a", "containerd://2.2.1", 100)
	d, _ := c.deployment("x", "app", runs("app=acme/app:1"), "n", "n", "n", "n", "n")
	d.Spec.MinReadySeconds = 3
	for i, seconds := range []float64{1, 4, 20, 9000, 2} { // the fourth failed its readiness check later on
		c.pods[i].Status.Conditions[0].LastTransitionTime = metav1.NewTime(ago(9).Add(time.Duration(seconds * 1e9)))
	}
	c.pods[4].Status.ContainerStatuses[0].RestartCount = 1 // it started anew since
	s, _ := imported(t, c, Options{})
	if got := byName(t, s, "x.app").Rollout.Startup; got != 7 { // the median of 1, 4 and 20, and 3
		t.Errorf("%v s, want 7", got)
	}
}

// TestOddOwners: the owner that controls counts, and a StatefulSet never has a surge.
func TestOddOwners(t *testing.T) {
	const text = `[{"kind": "Node", "metadata": {"name": "n"}},
 {"kind": "StatefulSet", "metadata": {"name": "db", "namespace": "x"}, "spec": {"replicas": 1, "serviceName": "db",
  "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2, "maxUnavailable": "40%"}}, "template": {"spec": {"containers": [{"name": "db", "image": "db:1"}]}}}},
 {"kind": "Pod", "metadata": {"name": "db-0", "namespace": "x", "ownerReferences": [{"kind": "Cluster", "name": "pg"}, {"kind": "StatefulSet", "name": "db", "controller": true}]},
  "spec": {"nodeName": "n", "containers": [{"name": "db", "image": "db:1"}]}}]`
	made, err := read(t, "x.json", text).Scenario(Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := scenarios.Load("made.yaml", made.YAML)
	if err != nil {
		t.Fatal(err)
	}
	if len(all[0].Services) != 1 || all[0].Services[0].Name != "x.db" {
		t.Errorf("services %v", all[0].Services)
	}
	if r := all[0].Services[0].Rollout; r.MaxSurge.Value != 0 || r.MaxUnavailable != (scenarios.Amount{Value: .4, Share: true}) {
		t.Errorf("rollout %v", r)
	}
}
