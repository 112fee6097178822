package memory

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/scenarios"
)

// Under testdata/recorded are three containers of a dockerd 20.10 on a kernel with cgroup v1: what its Engine
// API said, what cAdvisor 0.49 served, and the kernel's memory.stat of each, all within a second. Their
// figures, read from the memory.stat files by eye:
const (
	web1, web1RSS, web1Cache       = "21d60027ca206c420d694ffe06e50bc87232fd66f991edfff714a6cf181a364f", 9_195_520, 1_527_808
	web2, web2RSS, web2Cache       = "e8c8a18a942ee444b7c6cc21e69ae9d991c27f75fa66346d911922d2de74583c", 9_187_328, 2_502_656
	worker, workerRSS, workerCache = "4970710a5175f1ca952321ea8193f69e152f82a9a58447fb51ef1cd15c0c480e", 20_197_376, 0
)

// recorded are these containers as every source tells them.
var recorded = []Container{
	{ID: web1, Name: "web-1", Image: "registry.example/shop/web:1", RSS: web1RSS, Cache: web1Cache},
	{ID: web2, Name: "web-2", Image: "registry.example/shop/web:1", RSS: web2RSS, Cache: web2Cache},
	{ID: worker, Name: "worker", Image: "registry.example/shop/worker:2", RSS: workerRSS, Cache: workerCache},
}

// TestKernel holds the figures above to the recorded files.
func TestKernel(t *testing.T) {
	for _, c := range recorded {
		text, err := os.ReadFile("testdata/recorded/host/sys/fs/cgroup/memory/docker/" + c.ID + "/memory.stat")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{fmt.Sprint("total_rss ", c.RSS), fmt.Sprint("total_cache ", c.Cache)} {
			if !strings.Contains(string(text), "\n"+line+"\n") {
				t.Errorf("%s: the kernel says no %q", c.Name, line)
			}
		}
	}
}

func TestByImage(t *testing.T) {
	images := ByImage([]Container{
		{Image: "b", Node: "n1", RSS: 10, Cache: 5}, {Image: "a", Node: "n1", RSS: 1, Cache: 9},
		{Image: "b", Node: "n1", RSS: 20, Cache: 0}, {Image: "b", Node: "n2", RSS: 31, Cache: 8},
	})
	want := []Image{{"a", 1, 1, 1, 9}, {"b", 3, 2, 61, 13}}
	if diff := cmp.Diff(want, images); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// 61 / 3 containers is 20.33, 13 / 2 nodes is 6.5.
	if b := images[1]; b.MeanRSS() != 20 || b.MeanCache() != 7 {
		t.Errorf("means %d and %d, want 20 and 7", b.MeanRSS(), b.MeanCache())
	}
	if none := (&Image{}); none.MeanRSS() != 0 {
		t.Error("the mean of nothing is not 0")
	}
}

// TestScenario writes services that a scenario takes: 18,382,848 / 2 and 4,030,464 / 1 bytes.
func TestScenario(t *testing.T) {
	images := append(ByImage(recorded), Image{Image: "", Containers: 1, Nodes: 1}, Image{Image: "quay.io/other/web@sha256:" + strings.Repeat("0", 64), Containers: 1, Nodes: 1})
	got, err := Scenario(images)
	if err != nil {
		t.Fatal(err)
	}
	want := `# Memory as measured; take the lines over to the services of a scenario that run these images.
services:
  - name: web
    image: registry.example/shop/web:1
    memory: {rss: 9.191424MB, cache: 4.030464MB} # rss: mean of containers, of which there are 2; cache: mean of nodes, 1
  - name: worker
    image: registry.example/shop/worker:2
    memory: {rss: 20.197376MB, cache: 0MB} # rss: mean of containers, of which there are 1; cache: mean of nodes, 1
  - name: web-2
    image: quay.io/other/web@sha256:` + strings.Repeat("0", 64) + `
    memory: {rss: 0MB, cache: 0MB} # rss: mean of containers, of which there are 1; cache: mean of nodes, 1
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	all, err := scenarios.Load("x", append([]byte("version: 1\ndatacenters: [{name: a, nodes: 1}]\n"), got...))
	if err != nil {
		t.Fatal(err)
	}
	if m := all[0].Services[0].Memory; m.RSS != 9_191_424 || m.Cache != 4_030_464 {
		t.Errorf("loaded %v", m)
	}
}
