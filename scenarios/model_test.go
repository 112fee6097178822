package scenarios

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/sim"
)

// loadOne loads a scenario of one variant.
func loadOne(t *testing.T, text string) *Scenario {
	t.Helper()
	all, err := Load("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

const alpine = "docker.io/library/alpine:3.24"

// alpineFound is what a source would have found for alpine: two layers.
func alpineFound() Found {
	return Found{"linux/amd64": {alpine: {
		Ref: alpine, Platform: "linux/amd64", Source: "catalog",
		Layers: []registrysize.Layer{{Digest: "sha256:a", Bytes: 100}, {Digest: "sha256:b", Bytes: 20}},
	}}}
}

// TestModelOfEverything checks each field of the model against a scenario that sets them all.
func TestModelOfEverything(t *testing.T) {
	s := loadOne(t, `
version: 1
simulate: {duration: 2h, start: cold, arrivals: poisson, seed: 7, wireOverhead: 5%}
registries:
  - {name: near, prefixes: [near.example/], location: fra, bandwidth: none, keepVersions: 3}
  - {name: ecr, prefixes: [ecr.example/], location: {provider: aws, region: eu-central-1}, bandwidth: 8Gbps}
datacenters:
  - name: fra
    provider: aws
    region: eu-central-1
    zones: 3
    uplink: 16Gbps
    egress: nat
    pools:
      - {name: a, nodes: 2, nic: none, concurrentDownloads: 4, keepBlobs: false, unpack: 50MB/s, replace: {every: 1d}}
      - {name: b, nodes: 1, nic: 1Gbps, unpack: none}
  - {name: own, nodes: 5, uplink: none}
services:
  - name: web
    base: alpine:3.24
    registry: ecr
    baseRebuild: 3d
    layers:
      - {name: deps, size: 15MB, changes: {every: 14d}, rebase: keep}
      - {name: config, size: 4KB, changes: never}
      - {name: app, size: 3MB}
    workload: statefulset
    placement: pack
    instances: {perNode: 3}
    deploysPerDay: 8
    rollout: {maxUnavailable: 50%, startup: 9s}
    memory: {rss: 2MB, cache: 1MB}
  - {name: agent, image: "alpine:3.24", workload: daemonset, datacenters: [own], deploysPerDay: 0}
`)
	got, err := s.Model(alpineFound())
	if err != nil {
		t.Fatal(err)
	}
	a, b := sim.Layer{Digest: "sha256:a", Bytes: 100}, sim.Layer{Digest: "sha256:b", Bytes: 20}
	want := &sim.Model{
		Duration: 7200, Cold: true, Arrivals: sim.Poisson, Seed: 7, WireOverhead: 0.05,
		Registries: []sim.Registry{
			{Name: "near", Location: sim.Location{Kind: sim.InDatacenter, Datacenter: 0}, Latency: 0.001, KeepVersions: 3},
			// 8 Gbit/s are 1e9 bytes/s.
			{Name: "ecr", Location: sim.Location{Kind: sim.InRegion, Provider: "aws", Region: "eu-central-1"}, Bandwidth: 1e9, Latency: 0.005, KeepVersions: 10},
			// agent's alpine implies Docker Hub, after the listed ones.
			{Name: "hub", Location: sim.Location{Provider: "docker_hub"}, Bandwidth: 1.25e9, PerConnection: 1.25e8, Latency: 0.05, KeepVersions: 10},
		},
		Datacenters: []sim.Datacenter{
			{Name: "fra", Provider: "aws", Region: "eu-central-1", Zones: 3, Uplink: 2e9, Egress: sim.NAT, Pools: []sim.Pool{
				{Name: "a", Nodes: 2, NIC: 1e15, Slots: 4, Unpack: 5e7, Replace: 86400},
				{Name: "b", Nodes: 1, NIC: 1.25e8, Slots: 3, KeepBlobs: true},
			}},
			{Name: "own", Zones: 1, Pools: []sim.Pool{{Name: "default", Nodes: 5, NIC: 1.25e9, Slots: 3, KeepBlobs: true, Unpack: 104857600}}},
		},
		Bases: []sim.Base{
			{Ref: alpine, Layers: [][]sim.Layer{{a, b}}, Rebuild: 259200},
			{Ref: alpine, Layers: [][]sim.Layer{{a}}}, // what agent keeps of alpine when a deploy replaces the top layer
		},
		Services: []sim.Service{
			{
				Name: "web", Registry: 1, Base: 0, Workload: sim.StatefulSet, Placement: sim.Pack,
				Layers: [][]sim.OwnLayer{{
					{Layer: sim.Layer{Digest: "web/deps", Bytes: 15_000_000}, Change: sim.Periodic, Every: 1209600, RebaseKeep: true},
					{Layer: sim.Layer{Digest: "web/config", Bytes: 4000}, Change: sim.Never},
					{Layer: sim.Layer{Digest: "web/app", Bytes: 3_000_000}, Change: sim.OnDeploy},
				}},
				Instances: []int{9, 15}, PerNode: 3, DeployInterval: 10800,
				MaxUnavailable: sim.Amount{Value: 0.5, Share: true}, Startup: 9,
				RSS: 2_000_000, PageCache: 1_000_000,
			},
			{
				Name: "agent", Registry: 2, Base: 1, Workload: sim.DaemonSet, Layers: [][]sim.OwnLayer{{{Layer: b, Change: sim.OnDeploy}}},
				Instances: []int{0, 5}, MaxUnavailable: sim.Amount{Value: 1}, Startup: 5,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	if err := got.Validate(); err != nil {
		t.Errorf("the engine refuses the model: %v", err)
	}
}

// services is a scenario of one datacenter and the services given.
func services(list string) string {
	return "version: 1\ndatacenters: [{name: fra, nodes: 4}]\nservices:\n" + list
}

func TestChangedLayers(t *testing.T) {
	for _, c := range []struct {
		changed      string
		base, layers int
	}{
		{"0", 2, 0}, // nothing of the image ever changes
		{"1", 1, 1},
		{"2", 0, 2}, // a deploy replaces all of it: no base
	} {
		m, err := loadOne(t, services("  - {name: a, image: \"alpine:3.24\", changedLayers: "+c.changed+"}\n")).Model(alpineFound())
		if err != nil {
			t.Fatal(err)
		}
		base := 0
		if i := m.Services[0].Base; i >= 0 {
			base = len(m.Bases[i].Layers[0])
		}
		if base != c.base || len(m.Services[0].Layers[0]) != c.layers {
			t.Errorf("changedLayers %s: a base of %d layers and %d above, want %d and %d", c.changed, base, len(m.Services[0].Layers[0]), c.base, c.layers)
		}
	}
}

// Of a whole image, what lies below the changed layers is rebuilt.
func TestRebuiltImage(t *testing.T) {
	m, err := loadOne(t, services("  - {name: a, image: \"alpine:3.24\", baseRebuild: 2d}\n")).Model(alpineFound())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Bases) != 1 || m.Bases[0].Rebuild != 2*86400 || len(m.Bases[0].Layers[0]) != 1 {
		t.Errorf("bases %+v", m.Bases)
	}
}

// TestSharedBase checks that services on one reference, however it is written, stand on one base, and
// that their own layers stay apart though they bear one name.
func TestSharedBase(t *testing.T) {
	m, err := loadOne(t, services(`
  - {name: a, base: "alpine:3.24", layers: [{name: app, size: 1B}]}
  - {name: b, base: "docker.io/library/alpine:3.24", layers: [{name: app, size: 1B}]}
  - {name: c, base: scratch, layers: [{name: app, size: 1B}]}
`)).Model(alpineFound())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Bases) != 1 || m.Services[0].Base != 0 || m.Services[1].Base != 0 || m.Services[2].Base != -1 {
		t.Errorf("%d bases; services stand on %d, %d and %d, want 1; 0, 0 and -1",
			len(m.Bases), m.Services[0].Base, m.Services[1].Base, m.Services[2].Base)
	}
	if a, b := m.Services[0].Layers[0][0].Digest, m.Services[1].Layers[0][0].Digest; a != "a/app" || b != "b/app" {
		t.Errorf("own layers %q and %q, want a/app and b/app", a, b)
	}
}

// TestByHand checks that sizes the scenario states win, and that no two layers of theirs are one blob.
func TestByHand(t *testing.T) {
	s := loadOne(t, services(`
  - {name: a, image: "alpine:3.24"}
  - {name: b, image: busybox}
`)+`
images:
  - {ref: "docker.io/library/alpine:3.24", layers: [{size: 7MB}, {size: 8MB}]}
`)
	if diff := cmp.Diff([]string{"docker.io/library/busybox:latest"}, s.References()); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	found := alpineFound()
	found["linux/amd64"]["docker.io/library/busybox:latest"] = registrysize.Image{Ref: "docker.io/library/busybox:latest",
		Layers: []registrysize.Layer{{Digest: "sha256:c", Bytes: 5}}}
	m, err := s.Model(found)
	if err != nil {
		t.Fatal(err)
	}
	bottom, top := m.Bases[0].Layers[0][0], m.Services[0].Layers[0][0].Layer
	if (bottom != sim.Layer{Digest: alpine + "#0", Bytes: 7_000_000}) || (top != sim.Layer{Digest: alpine + "#1", Bytes: 8_000_000}) {
		t.Errorf("layers %v and %v", bottom, top)
	}
	images := s.AllImages(found)
	if len(images) != 2 || images[0].Source != ByHand || images[0].Bytes() != 15_000_000 || images[1].Bytes() != 5 {
		t.Errorf("images %v, want alpine by hand and busybox as found", images)
	}
}

func TestInstances(t *testing.T) {
	s := loadOne(t, `
version: 1
datacenters: [{name: x, nodes: 3}, {name: y, nodes: 4}, {name: z, nodes: 3}]
services:
  - {name: per-node, image: "alpine:3.24", instances: {perNode: 2}, datacenters: [x, z]}
  - {name: per-datacenter, image: "alpine:3.24", instances: {perDatacenter: 8}, datacenters: [y, z]}
  - {name: total, image: "alpine:3.24", instances: {total: 5}}
  - {name: daemon, image: "alpine:3.24", workload: daemonset}
`)
	m, err := s.Model(alpineFound())
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{
		{6, 0, 6},
		{0, 8, 8},
		{2, 2, 1}, // 5 × 3/10 = 1.5, 5 × 4/10 = 2, 1.5: the one left over goes to the earlier half
		{3, 4, 3},
	}
	for i := range want {
		if diff := cmp.Diff(want[i], m.Services[i].Instances); diff != "" {
			t.Errorf("%s (-want +got):\n%s", m.Services[i].Name, diff)
		}
	}
}

func TestApportion(t *testing.T) {
	for _, c := range []struct {
		total   int
		weights []int
		want    []int
	}{
		{160, []int{400}, []int{160}},
		{10, []int{1, 1, 1}, []int{4, 3, 3}}, // 3.33 each
		{7, []int{2, 0, 5}, []int{2, 0, 5}},
		{1, []int{1, 2, 3}, []int{0, 0, 1}}, // 0.17, 0.33, 0.5
		{1_000_000_000, []int{10_000_000_000, 10_000_000_001}, []int{500_000_000, 500_000_000}}, // products beyond 64 bits
	} {
		if diff := cmp.Diff(c.want, apportion(c.total, c.weights)); diff != "" {
			t.Errorf("apportion(%d, %v) (-want +got):\n%s", c.total, c.weights, diff)
		}
	}
}

// TestModelMistakes checks what only shows once sizes are known.
func TestModelMistakes(t *testing.T) {
	s := loadOne(t, `version: 1
datacenters: [{name: own, nodes: 1}]
services:
  - {name: a, image: "alpine:3.24", changedLayers: 3}
  - {name: b, base: "debian:13", layers: [{name: app, size: 1B}]}
`)
	_, err := s.Model(alpineFound())
	if _, ok := errors.AsType[Errors](err); !ok {
		t.Fatalf("got %v, want an Errors", err)
	}
	want := strings.Join([]string{
		`test.yaml:4:52: services.a.changedLayers: is 3, but docker.io/library/alpine:3.24 has only 2 layers; write at most 2`,
		`test.yaml:5:5: services.b: the size of docker.io/library/debian:13 is not known; describe it under images`,
	}, "\n")
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// Price books know who runs a registry on the internet by its host.
func TestHostOfRegistry(t *testing.T) {
	for _, c := range []struct {
		prefixes []string
		want     string
	}{
		{[]string{"docker.io/"}, "docker_hub"},
		{[]string{"quay.io/", "ghcr.io/org"}, "quay_io"},
		{[]string{"registry.example/docker.io/"}, ""},
		{nil, ""},
	} {
		r := Registry{Prefixes: c.prefixes}
		r.Service = r.impliedService()
		if got, _ := r.terms(); got != c.want {
			t.Errorf("%v: %q, want %q", c.prefixes, got, c.want)
		}
	}
}
