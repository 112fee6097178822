package kubernetes

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/fleetcost/fleetcost/scenarios"
)

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
