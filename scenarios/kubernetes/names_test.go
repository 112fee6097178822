package kubernetes

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/fleetcost/fleetcost/scenarios"
)

// TestAnonymize: no name that the cluster's owner chose is left, all figures stay, and what was equal is.
func TestAnonymize(t *testing.T) {
	c := shop()
	c.pod(nil, "", "shop", "second-shell", "a1", runs("shell=busybox:1.37"))
	c.pod(nil, "", "shop", "third-shell", "a1", runs("shell=registry.acme.test:5000/secret/busybox:feature-x"))
	c.node("own1", "hall-7a", "containerd://2.2.1", 100, func(n *corev1.Node) {
		n.Spec.ProviderID = ""
		n.Labels[corev1.LabelTopologyRegion] = "hall-7"
		n.Labels[corev1.LabelInstanceTypeStable] = "bigbox"
	})
	open, _ := imported(t, c, Options{})
	s, made := imported(t, c, Options{Anonymize: true})

	secret := []string{
		"shop", "web", "api", "db", "agent", "gpu", "shell", "tools", "acme", "nginx", "envoy", "envoyproxy", "proxy", "migrate", "busybox", "etcd",
		"123456789012", "hall", "bigbox", "system", "secret", "feature", "kube", "a1", "own1",
	}
	word := regexp.MustCompile(`[a-z0-9]+`)
	for line := range strings.Lines(string(made.YAML)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range word.FindAllString(line, -1) {
			for _, s := range secret {
				if w == s {
					t.Errorf("%q is left in %q", s, line)
				}
			}
		}
	}
	type figures struct {
		Instances scenarios.Instances
		Deploys   float64
		Rollout   scenarios.Rollout
	}
	of := func(s *scenarios.Scenario) (list []figures) {
		for _, v := range s.Services {
			list = append(list, figures{v.Instances, v.DeploysPerDay, v.Rollout})
		}
		return list
	}
	if diff := cmp.Diff(of(open), of(s)); diff != "" {
		t.Errorf("figures (-open +anonymous):\n%s", diff)
	}
	same := func(service string) int {
		for i := range open.Services {
			if open.Services[i].Name == service {
				return i
			}
		}
		t.Fatalf("no service %s", service)
		return 0
	}
	shell, second, third := &s.Services[same("tools.shell")], &s.Services[same("shop.second-shell")], &s.Services[same("shop.third-shell")]
	if shell.Image != second.Image || shell.Image == third.Image {
		t.Errorf("images %s, %s, %s; want the first two equal", shell.Image, second.Image, third.Image)
	}
	if !strings.HasPrefix(third.Image, "registry-") || !strings.HasPrefix(shell.Image, "docker.io/") {
		t.Errorf("hosts of %s and %s", third.Image, shell.Image)
	}
	prefix := func(i int) string { before, _, _ := strings.Cut(s.Services[i].Name, "."); return before }
	if prefix(same("shop.db")) != prefix(same("shop.second-shell")) || prefix(same("shop.db")) == prefix(same("tools.shell")) {
		t.Error("namespaces do not keep together")
	}
	if got, want := s.Registries[0].Location.Region, "eu-central-1"; got != want {
		t.Errorf("the region of the registry is %q, want %q", got, want)
	}
}

// TestHostileNames makes names and comments of what is no name.
func TestHostileNames(t *testing.T) {
	c := &cluster{}
	evil := "x\nservices: []\n# \u2028 \x00 \"'{}[]: é"
	c.node(evil, "eu-central-1a", "containerd://2.2.1", 100, func(n *corev1.Node) {
		n.Labels[corev1.LabelInstanceTypeStable] = evil
		n.Labels[corev1.LabelTopologyRegion] = evil
		n.Status.NodeInfo.ContainerRuntimeVersion = evil + "://" + evil
		n.Status.NodeInfo.Architecture = evil
	})
	for range 3 { // of one name, which are one workload
		c.pod(nil, "", evil, evil, evil, runs("a=acme/a:1"))
	}
	c.pod(nil, "", "...", "---", evil, runs("a=acme/a:1"))
	c.pod(nil, "", strings.Repeat("n", 300), strings.Repeat("p", 300), evil, runs("a=acme/a:1", "bad="+evil))
	s, made := imported(t, c, Options{Name: evil[:1]})
	if made.Services != 3 {
		t.Errorf("%d services, want 3", made.Services)
	}
	if got := s.Services[0].Name; got != "service" {
		t.Errorf("first service %q", got)
	}
}
