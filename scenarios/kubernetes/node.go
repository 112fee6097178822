package kubernetes

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// A node is what is kept of a Node.
type node struct {
	name         string
	created      time.Time // zero: not told
	provider     string    // the scheme of its provider ID, "" for none
	region       string    // "": not told
	zone         string    // "": not told
	instanceType string    // "": not told
	platform     string    // os/architecture
	cpus         int64     // 0: not told
	memory       int64     // bytes; 0: not told
	disk         int64     // bytes for images and more; 0: not told
	runtime      string    // docker, containerd, cri-o; "": not told
	version      string    // of the runtime
	osImage      string
	kubelet      string
	spot         bool
	serverless   bool // a pod each, as Fargate's; nothing is kept from pod to pod
	external     bool // it has an address of its own on the internet
}

func (d *Dump) addNode(o *object) {
	labels, info := o.Metadata.Labels, o.Status.NodeInfo
	if info == nil {
		info = &corev1.NodeSystemInfo{}
	}
	n := node{
		name:         o.Metadata.Name,
		created:      o.Metadata.CreationTimestamp.UTC(),
		zone:         d.intern(first(labels, corev1.LabelTopologyZone, corev1.LabelFailureDomainBetaZone)),
		region:       d.intern(first(labels, corev1.LabelTopologyRegion, corev1.LabelFailureDomainBetaRegion)),
		instanceType: d.intern(first(labels, corev1.LabelInstanceTypeStable, corev1.LabelInstanceType)),
		cpus:         quantity(o.Status.Capacity[corev1.ResourceCPU]),
		memory:       quantity(o.Status.Capacity[corev1.ResourceMemory]),
		disk:         quantity(o.Status.Capacity[corev1.ResourceEphemeralStorage]),
		osImage:      d.intern(info.OSImage),
		kubelet:      d.intern(info.KubeletVersion),
		spot:         isSpot(labels),
		serverless:   labels["eks.amazonaws.com/compute-type"] == "fargate" || labels["type"] == "virtual-kubelet",
	}
	arch := or(info.Architecture, first(labels, corev1.LabelArchStable, "beta.kubernetes.io/arch"))
	os := or(info.OperatingSystem, first(labels, corev1.LabelOSStable, "beta.kubernetes.io/os"))
	n.platform = d.intern(or(os, "linux") + "/" + or(arch, "amd64"))
	runtime, version, _ := strings.Cut(info.ContainerRuntimeVersion, "://")
	n.runtime, n.version = d.intern(strings.ToLower(runtime)), d.intern(version)
	n.locate(d.intern, o.Spec.ProviderID)
	for _, a := range o.Status.Addresses {
		n.external = n.external || a.Type == corev1.NodeExternalIP && a.Address != ""
	}
	for _, c := range o.Status.Conditions {
		d.see(c.LastHeartbeatTime.Time)
		d.see(c.LastTransitionTime.Time)
	}
	d.addImages(&n, o.Status.Images)
	d.nodes = append(d.nodes, n)
}

// locate takes the provider, and where labels do not tell it the zone and the region, from a provider ID:
// aws:///us-west-2a/i-03d1462f90fa9fe39, gce://project/europe-west1-b/name, azure:///subscriptions/….
func (n *node) locate(intern func(string) string, id string) {
	scheme, rest, ok := strings.Cut(id, "://")
	if !ok {
		return
	}
	n.provider = intern(scheme)
	if parts := strings.Split(rest, "/"); n.zone == "" && len(parts) == 3 && (scheme == "aws" || scheme == "gce") {
		n.zone = intern(parts[1])
	}
	if n.region != "" || n.zone == "" {
		return
	}
	switch scheme {
	case "aws":
		n.region = intern(strings.TrimRight(n.zone, "abcdefghijklmnopqrstuvwxyz"))
	case "gce":
		n.region = intern(n.zone[:max(0, strings.LastIndex(n.zone, "-"))])
	}
}

// isSpot tells whether a node's labels say that its provider may take it back.
func isSpot(labels map[string]string) bool {
	return strings.EqualFold(first(labels, "karpenter.sh/capacity-type", "eks.amazonaws.com/capacityType"), "spot") ||
		labels["cloud.google.com/gke-spot"] == "true" || labels["cloud.google.com/gke-preemptible"] == "true" ||
		labels["kubernetes.azure.com/scalesetpriority"] == "spot" || labels["node.kubernetes.io/lifecycle"] == "spot"
}

// suffixes are those of quantities that capacities use.
var suffixes = map[string]int64{
	"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50,
}

// quantity reads a whole number with a suffix, as capacities are written; 0 is anything else.
func quantity(a amount) int64 {
	digits := strings.TrimRight(string(a), "kKMGTPi")
	n, err := strconv.ParseInt(digits, 10, 64)
	factor := suffixes[string(a)[len(digits):]]
	if err != nil || n < 0 || factor == 0 || n > (1<<62)/factor {
		return 0
	}
	return n * factor
}

// atLeast tells whether a version such as 2.1.3 is not before major.minor.
func atLeast(version string, major, minor int) bool {
	var a, b int
	if n, _ := fmt.Sscanf(strings.TrimPrefix(version, "v"), "%d.%d", &a, &b); n < 2 {
		return false
	}
	return a > major || a == major && b >= minor
}

// first is the first label of several names that is there.
func first(labels map[string]string, names ...string) string {
	for _, name := range names {
		if v := labels[name]; v != "" {
			return v
		}
	}
	return ""
}

func or(text, other string) string {
	if text != "" {
		return text
	}
	return other
}
