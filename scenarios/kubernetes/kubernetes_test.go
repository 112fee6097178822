package kubernetes

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/fleetcost/fleetcost/scenarios"
)

// shop is a cluster of every kind: two regions, five zones, three runtimes, old and new labels, all
// controllers, revisions, and what is left out.
func shop() *cluster {
	c := &cluster{}
	web := []string{"docker.io/library/nginx@sha256:" + strings.Repeat("a", 64), "docker.io/library/nginx:1.29"}
	c.node("a1", "eu-central-1a", "containerd://2.2.1", 100, has(60_000_000, web...))
	c.node("a2", "eu-central-1a", "containerd://2.2.1", 100, has(60_000_000, web...))
	c.node("b1", "eu-central-1b", "containerd://1.7.29", 100)
	c.node("c1", "eu-central-1c", "cri-o://1.34.2", 100, has(260_000_000, "quay.io/acme/db:17"))
	old := func(n *corev1.Node) { // as before Kubernetes 1.17
		n.Labels = map[string]string{
			corev1.LabelFailureDomainBetaZone: "us-west-2a", corev1.LabelFailureDomainBetaRegion: "us-west-2",
			corev1.LabelInstanceType: "m3.medium", "beta.kubernetes.io/arch": "amd64",
		}
		n.Status.Addresses = append(n.Status.Addresses, corev1.NodeAddress{Type: corev1.NodeExternalIP, Address: "198.51.100.7"})
	}
	c.node("w1", "us-west-2a", "docker://1.12.6", 100, old, has(130_000_000, "ghcr.io/acme/agent:3"))
	c.node("w2", "us-west-2b", "docker://1.12.6", 100, func(n *corev1.Node) { n.Labels = nil }) // told by its provider ID alone

	all := []string{"a1", "a2", "b1", "c1", "w1", "w2"}
	c.deployment("shop", "web", runs("web=nginx:1.29", "proxy=envoyproxy/envoy:v1.36.0", "init:migrate=ghcr.io/acme/migrate:7"), "a1", "a2", "b1", "w1")
	c.deployment("shop", "api", runs("api=123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/api:latest"), "a1", "c1")
	c.statefulSet("shop", "db", runs("db=quay.io/acme/db:17"), "a1", "a2", "c1")
	c.daemonSet("kube-system", "agent", runs("agent=ghcr.io/acme/agent:3"), all...)
	c.daemonSet("kube-system", "gpu", runs("gpu=ghcr.io/acme/gpu:1"), "c1")
	c.pod(nil, "", "tools", "shell", "b1", runs("shell=busybox:1.37"))
	c.pod(nil, "", "kube-system", "etcd-a1", "a1", runs("etcd=registry.k8s.io/etcd:3.6.6-0"), func(p *corev1.Pod) {
		p.Annotations[corev1.MirrorPodAnnotationKey] = "x"
	})
	job := &metav1.ObjectMeta{Name: "nightly", UID: types.UID("job")}
	c.pod(job, "Job", "shop", "nightly-1", "a1", runs("nightly=ghcr.io/acme/nightly:1"), func(p *corev1.Pod) { p.Status.Phase = corev1.PodSucceeded })
	c.pod(job, "Job", "shop", "nightly-2", "a1", runs("nightly=ghcr.io/acme/nightly:1"), func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed })
	idle, _ := c.deployment("shop", "idle", runs("idle=ghcr.io/acme/idle:1"))
	*idle.Spec.Replicas = 0
	return c
}

func TestFleet(t *testing.T) {
	s, made := imported(t, shop(), Options{})
	type pool struct {
		Name       string
		Nodes      int
		Concurrent int
		Scope      scenarios.DownloadScope
		Keep       bool
	}
	type site struct {
		Name, Provider, Region string
		Zones                  int
		Egress                 scenarios.Egress
		Pools                  []pool
	}
	var got []site
	for _, d := range s.Datacenters {
		w := site{Name: d.Name, Provider: d.Provider, Region: d.Region, Zones: d.Zones, Egress: d.Egress}
		for _, p := range d.Pools {
			w.Pools = append(w.Pools, pool{p.Name, p.Nodes, p.ConcurrentDownloads, p.DownloadScope, p.KeepBlobs})
		}
		got = append(got, w)
	}
	want := []site{
		// Three zones with addresses inside only; containerd from 2.1 on and before, CRI-O.
		{"eu-central-1", "aws", "eu-central-1", 3, scenarios.EgressNAT, []pool{
			{"m6i.large", 2, 3, scenarios.ScopeNode, true},
			{"m6i.large-2", 1, 3, scenarios.ScopeImage, true},
			{"m6i.large-3", 1, 6, scenarios.ScopeImage, true},
		}},
		// The second node has no labels: neither an instance type nor, but for its provider ID, a zone. One
		// node has an address outside. 7,935,516 KiB are 7.57 GiB.
		{"us-west-2", "aws", "us-west-2", 2, scenarios.EgressDirect, []pool{
			{"amd64-2cpu-8gib", 1, 3, scenarios.ScopeNode, false},
			{"m3.medium", 1, 3, scenarios.ScopeNode, false},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("datacenters (-want +got):\n%s", diff)
	}
	if s.Sizes.Platform != "linux/amd64" || len(s.Registries) == 0 || s.Registries[0].Location != (scenarios.Location{Provider: "aws", Region: "eu-central-1"}) {
		t.Errorf("platform %s, registries %v", s.Sizes.Platform, s.Registries)
	}
	// Services: web, proxy and migrate, each in two datacenters with 3 and 1 instances, so twice; api, db, agent,
	// gpu, shell, etcd. Instances: 3 × 4 + 2 + 3 + 6 + 1 + 1 + 1.
	if made.Nodes != 6 || made.Services != 12 || made.Instances != 26 || made.Images != 9 {
		t.Errorf("%d nodes, %d services, %d instances, %d images; want 6, 12, 26, 9", made.Nodes, made.Services, made.Instances, made.Images)
	}
	for _, want := range []string{
		"2 pods ran to their end and were left out; jobs are not simulated",
		"1 workload has no instances of an image and was left out", // idle
		"1 daemonset's container runs on some nodes only and is written as a deployment of as many instances",
		"6 images are on no node's list of its 50 largest and have a default size",
	} {
		if !slices.Contains(made.Warnings, want) {
			t.Errorf("no warning %q in %q", want, made.Warnings)
		}
	}
}

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

// TestSizes: containerd's are compressed, docker's and CRI-O's unpacked and 2.6 times as large, and what no
// node lists has the default.
func TestSizes(t *testing.T) {
	s, made := imported(t, shop(), Options{})
	got := map[string]scenarios.Bytes{}
	for _, i := range s.Images {
		got[i.Ref] = i.Layers[0].Size
	}
	for ref, want := range map[string]scenarios.Bytes{
		"docker.io/library/nginx:1.29": 60_000_000,
		"quay.io/acme/db:17":           100_000_000, // 260 / 2.6
		"ghcr.io/acme/agent:3":         50_000_000,  // 130 / 2.6
		"ghcr.io/acme/gpu:1":           17_000_000,
	} {
		if got[ref] != want {
			t.Errorf("%s: %d bytes, want %d", ref, got[ref], want)
		}
	}
	for _, want := range []string{
		"layers: [{size: 60MB}] # compressed, as containerd reports it on 2 nodes\n",
		"layers: [{size: 100MB}] # estimate: unpacked 260MB, as cri-o reports it on 1 node, / 2.6\n",
		"layers: [{size: 17MB}] # default: on no node's list; the median of Docker Hub's images\n",
	} {
		if !strings.Contains(string(made.YAML), want) {
			t.Errorf("no %q", want)
		}
	}
	if s, _ := imported(t, shop(), Options{RegistrySizes: true}); len(s.Images) > 0 {
		t.Errorf("with registry sizes, %d images", len(s.Images))
	}
}

// TestSizeByID: a size is found by what the runtime calls the image, and by either part of a reference with
// a tag and a digest.
func TestSizeByID(t *testing.T) {
	digest := "@sha256:" + strings.Repeat("b", 64)
	c := &cluster{}
	c.node("n", "eu-central-1a", "containerd://2.2.1", 100,
		has(1_000_000, "quay.io/a/by-id"+digest), has(2_000_000, "quay.io/a/both:1"), has(3_000_000, "quay.io/a/both2"+digest))
	c.pod(nil, "", "x", "a", "n", runs("a=quay.io/a/by-id:moved"), func(p *corev1.Pod) {
		p.Status.ContainerStatuses[0].ImageID = "docker-pullable://quay.io/a/by-id" + digest
	})
	c.pod(nil, "", "x", "b", "n", runs("b=quay.io/a/both:1"+digest))
	c.pod(nil, "", "x", "c", "n", runs("c=quay.io/a/both2:1"+digest))
	s, _ := imported(t, c, Options{})
	for i, want := range []scenarios.Bytes{3_000_000, 2_000_000, 1_000_000} { // in the order of references
		if got := s.Images[i].Layers[0].Size; got != want {
			t.Errorf("%s: %d, want %d", s.Images[i].Ref, got, want)
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

// TestClouds tells clouds, systems and kinds of node apart.
func TestClouds(t *testing.T) {
	c := &cluster{}
	place := func(region, zone, id string) func(*corev1.Node) {
		return func(n *corev1.Node) {
			n.Labels[corev1.LabelTopologyRegion], n.Labels[corev1.LabelTopologyZone], n.Spec.ProviderID = region, zone, id
		}
	}
	system := func(kubelet, image string) func(*corev1.Node) {
		return func(n *corev1.Node) { n.Status.NodeInfo.KubeletVersion, n.Status.NodeInfo.OSImage = kubelet, image }
	}
	const ctd = "containerd://2.2.1"
	c.node("eks", "eu-central-1a", ctd, 100, system("v1.34.1-eks-113cf36", "Amazon Linux 2023.9.20260601"))
	c.node("rocket", "eu-central-1a", ctd, 100, system("v1.34.1-eks-113cf36", "Bottlerocket OS 1.40.0"))
	c.node("fargate", "eu-central-1a", ctd, 100, func(n *corev1.Node) { n.Labels["eks.amazonaws.com/compute-type"] = "fargate" })
	c.node("arm", "eu-central-1a", ctd, 100, func(n *corev1.Node) {
		n.Status.NodeInfo.Architecture = "arm64"
		n.Labels[corev1.LabelInstanceTypeStable] = "m8g.large"
	})
	c.node("gke", "", ctd, 100, place("", "", "gce://project/europe-west3-a/name"))
	c.node("aks", "", ctd, 100, place("westeurope", "westeurope-1", "azure:///subscriptions/x"))
	c.node("hall", "", ctd, 100, place("hall-7", "", "vsphere://4203"))
	c.node("kind", "", ctd, 100, place("", "", "kind://docker/kind/kind-control-plane"))
	c.pod(nil, "", "x", "a", "eks", runs("a=europe-west3-docker.pkg.dev/acme/a:1"))
	s, _ := imported(t, c, Options{})
	type site struct{ Name, Provider, Region string }
	var sites []site
	for _, d := range s.Datacenters {
		sites = append(sites, site{d.Name, d.Provider, d.Region})
	}
	want := []site{
		{"cluster", "none", ""}, {"eu-central-1", "aws", "eu-central-1"}, {"europe-west3", "gcp", "europe-west3"}, {"hall-7", "none", ""}, {"westeurope", "azure", "westeurope"},
	}
	if diff := cmp.Diff(want, sites); diff != "" {
		t.Errorf("datacenters (-want +got):\n%s", diff)
	}
	type pool struct {
		Name, Platform             string
		Serialize, Keep, Ephemeral bool
	}
	var pools []pool
	for _, p := range s.Datacenters[1].Pools {
		pools = append(pools, pool{p.Name, p.Platform, p.SerializePulls, p.KeepBlobs, p.Ephemeral})
	}
	if diff := cmp.Diff([]pool{
		{"m6i.large", "linux/amd64", false, false, false}, // Amazon Linux
		{"m6i.large-2", "linux/amd64", false, true, false},
		{"m6i.large-serverless", "linux/amd64", true, true, true},
		{"m8g.large", "linux/arm64", true, true, false},
	}, pools); diff != "" {
		t.Errorf("pools (-want +got):\n%s", diff)
	}
	if s.Datacenters[0].Pools[0].KeepBlobs {
		t.Error("kind keeps blobs")
	}
	// 83,873,772 KiB are 85.89 GB.
	if got := s.Datacenters[0].Pools[0].ImageDisk; got != 85_000_000_000 {
		t.Errorf("disk %d", got)
	}
	if l := s.Registries[0].Location; l != (scenarios.Location{Provider: "gcp", Region: "europe-west3"}) {
		t.Errorf("registry in %v", l)
	}
}

// TestMerge: of several reports of an image a compressed size goes before an unpacked one, then the largest.
func TestMerge(t *testing.T) {
	packed, larger := imageSize{bytes: 50, runtime: "containerd", nodes: 1}, imageSize{bytes: 60, runtime: "containerd", nodes: 1}
	unpacked := imageSize{bytes: 130, unpacked: true, runtime: "docker", nodes: 1}
	for _, k := range []struct {
		reports []imageSize
		want    imageSize
	}{
		{[]imageSize{unpacked, packed}, imageSize{50, false, "containerd", 2}},
		{[]imageSize{packed, unpacked}, imageSize{50, false, "containerd", 2}},
		{[]imageSize{packed, larger, packed}, imageSize{60, false, "containerd", 3}},
		{[]imageSize{larger, packed}, imageSize{60, false, "containerd", 2}},
	} {
		var got imageSize
		for _, r := range k.reports {
			got = merge(got, r)
		}
		if got != k.want {
			t.Errorf("%v: %v, want %v", k.reports, got, k.want)
		}
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
