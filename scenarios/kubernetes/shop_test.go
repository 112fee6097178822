package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
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
