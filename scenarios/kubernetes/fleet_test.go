package kubernetes

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/fleetcost/fleetcost/scenarios"
)

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
