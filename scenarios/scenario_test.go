package scenarios

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func loadGood(t *testing.T, file string, sets ...Set) []*Scenario {
	t.Helper()
	all, err := LoadFile("testdata/good/"+file, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDefaults spells out what a short file stands for.
func TestDefaults(t *testing.T) {
	got := loadGood(t, "ten-lines.yaml")
	want := []*Scenario{{
		Version: 1, Name: "ten-lines", Variant: "ten-lines", Baseline: "ten-lines",
		Simulate: Simulate{
			Duration: 2_592_000, Start: "warm", Date: "2026-01-05", Arrivals: "regular",
			Seed: 1, Replications: 1, WireOverhead: 0.046,
		},
		Sizes: Sizes{From: "auto", Platform: "linux/amd64"},
		Registries: []Registry{{
			Name: "hub", Prefixes: []string{"docker.io/"}, Bandwidth: 1_250_000_000, PerConnection: 125_000_000,
			Latency: 0.05, KeepVersions: 10, Service: "docker-hub",
		}},
		Datacenters: []Datacenter{{
			Name: "fra", Provider: "none", Zones: 1, Uplink: 1_250_000_000, Egress: "direct", Nodes: 30,
			Pools: []Pool{{
				Name: "default", Nodes: 30, Platform: "linux/amd64", NIC: 1_250_000_000, ConcurrentDownloads: 3,
				DownloadScope: "node", SerializePulls: true, KeepBlobs: true, Unpack: 104_857_600,
			}},
		}},
		Services: []Service{{
			Name: "hello", Base: "alpine:3.24", ChangedLayers: 1, Registry: "hub",
			Layers:   []Layer{{Name: "app", Size: 3_000_000, Changes: Changes{Deploy: true}, Rebase: "rebuild"}},
			Workload: "deployment", Instances: Instances{PerNode: 1}, Datacenters: []string{"fra"}, Placement: "spread",
			DeploysPerDay: 1, PullPolicy: "IfNotPresent",
			Rollout: Rollout{
				MaxSurge: Amount{Value: 0.25, Share: true}, MaxUnavailable: Amount{Value: 0.25, Share: true},
				Startup: 5, Datacenters: "parallel",
			},
		}},
		Prices: Prices{Book: Books{"none"}},
	}}
	if diff := cmp.Diff(want, got, values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEverything checks fields whose value in the file is not their default, and what defaults
// depend on others.
func TestEverything(t *testing.T) {
	all := loadGood(t, "everything.yaml")
	if len(all) != 2 || all[0].Variant != "small" || all[1].Variant != "new-service" {
		t.Fatalf("got %d variants", len(all))
	}
	s := all[0]
	wantSimulate := Simulate{
		Duration: 604_800, Start: "warm", Date: "2026-06-01", Arrivals: "poisson", Seed: 18446744073709551615,
		Replications: 1, WireOverhead: 0.006, BilledOverhead: 0.03,
	}
	if diff := cmp.Diff(wantSimulate, s.Simulate); diff != "" {
		t.Errorf("simulate (-want +got):\n%s", diff)
	}
	wantRegistries := []Registry{
		{Name: "hub", Prefixes: []string{"docker.io/", "ghcr.io/org/"}, Bandwidth: 125_000_000, Latency: 0.02, KeepVersions: 3, Service: "docker-hub", Plan: "team", Seats: 5},
		{
			Name: "ecr", Prefixes: []string{"1.dkr.ecr.eu-central-1.amazonaws.com/"}, Location: Location{Provider: "aws", Region: "eu-central-1"},
			Bandwidth: 1_250_000_000, Latency: 0.005, KeepVersions: 10, Service: "ecr",
		},
		{
			Name: "own", Prefixes: []string{"registry.example:5000/"}, Location: Location{Datacenter: "fra"},
			Bandwidth: 1_250_000_000, Latency: 0, KeepVersions: 10,
		},
	}
	if diff := cmp.Diff(wantRegistries, s.Registries); diff != "" {
		t.Errorf("registries (-want +got):\n%s", diff)
	}
	wantPool := Pool{
		Name: "general", Nodes: 2, Platform: "linux/arm64", NIC: 25_000_000, ConcurrentDownloads: 4,
		DownloadScope: "image", SerializePulls: true, Replace: &Replace{Every: 43_200},
	}
	if diff := cmp.Diff(wantPool, s.Datacenters[0].Pools[0]); diff != "" {
		t.Errorf("pool (-want +got):\n%s", diff)
	}
	wantLayers := []Layer{
		{Name: "deps", Size: 15_110_000, Changes: Changes{Every: 1_209_600}, Rebase: "keep"},
		{Name: "config", Size: 4_096, Rebase: "rebuild"},
		{Name: "app", Size: 1_000, Changes: Changes{Deploy: true}, Rebase: "rebuild"}, // set by the variant
	}
	if diff := cmp.Diff(wantLayers, s.Services[1].Layers); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
	wantRollouts := []Rollout{
		{MaxUnavailable: Amount{Value: 2}, Startup: 90, Datacenters: "parallel"},         // a statefulset never surges
		{MaxSurge: Amount{Value: 0.5, Share: true}, Startup: 5, Datacenters: "parallel"}, // both stated
		{MaxUnavailable: Amount{Value: 1}, Startup: 5, Datacenters: "parallel"},          // a daemonset's
	}
	for i, want := range wantRollouts {
		if diff := cmp.Diff(want, s.Services[i].Rollout); diff != "" {
			t.Errorf("rollout of %s (-want +got):\n%s", s.Services[i].Name, diff)
		}
	}
	// web.front: 3 in iad alone. web: 10 in all. agent: one on each of 2 + 1 + 5 + 1 nodes.
	for i, want := range []int{3, 10, 9} {
		if got := s.InstanceCount(&s.Services[i]); got != want {
			t.Errorf("instances of %s: got %d, want %d", s.Services[i].Name, got, want)
		}
	}
	wantPrices := Prices{
		Book: Books{"aws", "hosted"}, BaselineGB: map[string]float64{"internet-egress": 5000, "nat": 0.5},
		BaselineMbps: map[string]PortRate{"colo": {In: 200, Out: 80.5}}, Discount: 0.125, Markup: 0.03, Currency: &Currency{Code: "EUR", PerUSD: 0.9},
		Rules: []PriceRule{
			{Name: "nat", Meter: "nat-processing", Provider: "aws", Region: "eu-central-1", Rate: 0.052, Source: "our contract", AsOf: "2026-10-01"},
			{Name: "dear", Use: "aws.ecr.pull_cross_region.dear"},
			{Name: "out", Meter: "internet-egress", Provider: "none", Free: 10, Tiers: []PriceTier{{UpTo: 1000, Rate: 0.01}, {Rate: 0.005}}, Unit: "GiB", Charged: "sender"},
			{Name: "seats", Meter: "registry-fee", Service: "ecr", Rate: 5, Unit: "month"},
		},
		Transit: []TransitPrice{{
			Name: "colo", PerMbps: 0.85, Commit: 62_500_000, Overage: 1.1, Minimum: 0.1, Percentile: 90, Method: "sum",
			Source: "our contract", AsOf: "2026-10-01",
		}},
	}
	if diff := cmp.Diff(wantPrices, s.Prices); diff != "" || s.Datacenters[0].NATGateways != 2 {
		t.Errorf("prices (-want +got):\n%s", diff)
	}
	if s.Services[0].Memory != (Memory{RSS: 1_000_000}) || s.Services[2].Memory != (Memory{RSS: 1_000_000}) {
		t.Errorf("services.*.memory.rss: got %v and %v", s.Services[0].Memory, s.Services[2].Memory)
	}

	added := all[1]
	if web := added.Services[1]; web.DeploysPerDay != 9 || web.BaseRebuild != 0 || web.Base != "alpine:3.24" || web.Layers[2].Size != 391 {
		t.Errorf("overlay of web: got %+v", web)
	}
	if len(added.Services) != 4 || added.Services[3].Name != "extra" || added.Services[3].Instances.PerNode != 1 {
		t.Errorf("overlay did not add a service: %+v", added.Services)
	}
	if added.Simulate.Start != StartCold || added.Datacenters[1].NodeCount() != 4 {
		t.Error("one variant's set reached another variant")
	}
}

// TestPrices checks which book holds where none is named.
func TestPrices(t *testing.T) {
	const file = "version: 1\ndatacenters: [{name: a, nodes: 1}, {name: b, nodes: 1}]\nservices: [{name: s, image: alpine}]\n"
	aws := []Set{{"datacenters.b.provider", "aws"}, {"datacenters.b.region", "us-east-1"}}
	for _, c := range []struct {
		sets []Set
		want string
	}{
		{nil, "none"},
		{aws, "aws"},
		{append(aws, Set{"prices", "none"}), "none"},
		{append(aws, Set{"prices.baselineGB.nat", "5"}), "aws"},
		{[]Set{{"prices", "aws"}}, "aws"},
	} {
		all, err := Load("f", []byte(file), c.sets...)
		if err != nil || strings.Join(all[0].Prices.Book, " ") != c.want {
			t.Errorf("%v: got %v, %v; want %s", c.sets, all, err, c.want)
		}
	}
}

// TestEmbedded loads every variant of every built-in scenario and checks what they promise.
func TestEmbedded(t *testing.T) {
	loaded := map[string][]*Scenario{}
	for _, info := range Embedded() {
		data, err := Open(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		all, err := Load(info.Name+".yaml", data)
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
			continue
		}
		if s := all[0]; s.Name != info.Name || s.Description == "" || info.Description == "" || s.Sizes.From != SizesCatalog {
			t.Errorf("%s: name %q, description %q, sizes from %s", info.Name, s.Name, s.Description, s.Sizes.From)
		}
		loaded[info.Name] = all
	}
	var bases []string
	for _, s := range loaded["base-choice"] {
		bases = append(bases, s.Services[0].Base)
		if n := s.InstanceCount(&s.Services[0]); n != 1800 { // 2 × 30 × 30
			t.Errorf("base-choice %s: %d instances", s.Variant, n)
		}
	}
	wantBases := []string{
		"scratch", "busybox:1.37-glibc", "alpine:3.24", "debian:13-slim", "debian:13", "ubuntu:26.04",
		"amazonlinux:2023", "fedora:44", "centos:7",
	}
	if diff := cmp.Diff(wantBases, bases); diff != "" {
		t.Errorf("bases of base-choice (-want +got):\n%s", diff)
	}
	for _, s := range loaded["spot-fleet"] {
		distinct, instances := map[string]bool{}, 0
		for i := range s.Services {
			distinct[s.Services[i].Base] = true
			instances += s.InstanceCount(&s.Services[i])
		}
		wantDistinct := 1
		if s.Variant == "own-base" {
			wantDistinct = 25
		}
		if len(distinct) != wantDistinct || len(s.Services) != 25 || instances != 4000 || s.Datacenters[0].NodeCount() != 400 {
			t.Errorf("spot-fleet %s: %d bases, %d services, %d instances", s.Variant, len(distinct), len(s.Services), instances)
		}
	}
	for _, s := range loaded["weave-2015"] {
		if n := s.InstanceCount(&s.Services[0]); n != 1800 || s.Services[0].DeploysPerDay != 4 || s.Prices.Book[0] != BookNone {
			t.Errorf("weave-2015 %s: %d instances", s.Variant, n)
		}
	}
	sizes := map[string]Bytes{}
	for _, image := range loaded["weave-2015"][0].Images {
		for _, l := range image.Layers {
			sizes[image.Ref] += l.Size
		}
	}
	// 225.4 / 20.14 = 11.19, the article's 11.2.
	if sizes["fintanr/ubuntu-size-php"] != 225_400_000 || sizes["fintanr/alpine-size-php"] != 20_140_000 {
		t.Errorf("weave-2015: sizes %v", sizes)
	}
	if _, err := Open("base-choise"); err == nil || !strings.Contains(err.Error(), "did you mean base-choice?") {
		t.Errorf("misspelt name: got %v", err)
	}
}

// TestEmbeddedFiles makes sure that no scenario lies in the folder without being built in, but for the one to
// start from, which has no name.
func TestEmbeddedFiles(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var files int
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok && name != "starter" {
			files++
			if _, err := Open(name); err != nil {
				t.Error(err)
			}
		}
	}
	if files != len(Embedded()) {
		t.Errorf("%d files, %d built in", files, len(Embedded()))
	}
}

// A platform is written as registries do, so that a pool's arm64/v8 is the arm64 of the sizes.
func TestPlatformsAreNormalised(t *testing.T) {
	file := "version: 1\nsizes: {platform: linux/aarch64}\ndatacenters: [{name: a, pools: [{name: p, nodes: 1, platform: linux/arm64/v8}]}]\nservices: [{name: s, base: alpine}]\n"
	all, err := Load("x.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if got := all[0].Sizes.Platform + " " + all[0].Datacenters[0].Pools[0].Platform; got != "linux/arm64 linux/arm64" {
		t.Error(got)
	}
}

// A text may be written as a block, which YAML ends with a line feed.
func TestTextsInBlocks(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{"|\n  One line.\n  Another.\n", "One line.\nAnother."},
		{">-\n  One line\n  in two.\n", "One line in two."},
		{">\n  One line\n  in two.\n", "One line in two."},
	} {
		s := loadOne(t, services("  - {name: a, image: \"alpine:3.24\"}\n")+"description: "+c.written)
		if s.Description != c.want {
			t.Errorf("%q: got %q, want %q", c.written, s.Description, c.want)
		}
	}
}
