package memory

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCadvisor reads what cAdvisor served of the recorded containers.
func TestCadvisor(t *testing.T) {
	f, err := os.Open("testdata/recorded/cadvisor.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := Metrics("", f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recorded, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestKubelet reads the series of kubelets, today's and old ones, and of a Prometheus server that joined nodes.
func TestKubelet(t *testing.T) {
	const text = `# HELP container_memory_cache Number of bytes of page cache memory.
# TYPE container_memory_cache gauge
container_memory_cache{container="",id="/",image="",name="",namespace="",pod=""} 5e+09 1795440329478
container_memory_cache{container="web",id="/kubepods.slice/cri-containerd-aa.scope",image="docker.io/library/nginx:1.29",name="aa",namespace="shop",pod="web-1"} 1.5e+06 1
container_memory_cache{container="web",id="/kubepods.slice/cri-containerd-bb.scope",image="docker.io/library/nginx:1.29",name="bb",namespace="shop",pod="web-2",node="n2"} NaN 1
# TYPE container_memory_rss untyped
container_memory_rss{container="",id="/kubepods.slice",image="",name="",namespace="shop",pod="web-1"} 3e+06
container_memory_rss{container="",id="/kubepods.slice/cri-containerd-cc.scope",image="registry.k8s.io/pause:3.10",name="cc",namespace="shop",pod="web-1"} 4096
container_memory_rss{container="POD",id="/x",image="k8s.gcr.io/sandbox:3.1",name="k8s_POD",namespace="shop",pod="web-1"} 4096
container_memory_rss{container="web",id="/kubepods.slice/cri-containerd-aa.scope",image="docker.io/library/nginx:1.29",name="aa",namespace="shop",pod="web-1"} 2.36e+06
container_memory_rss{container="web",id="/kubepods.slice/cri-containerd-bb.scope",image="docker.io/library/nginx:1.29",name="bb",namespace="shop",pod="web-2",node="n2"} 2e+06
container_memory_rss{container_name="old",id="/docker/dd",image="redis:3",name="dd",namespace="shop",pod_name="old-1"} -7
container_memory_rss_other{x="y"} 7
container_cpu_usage_seconds_total{container="web"} not a number at all
`
	got, err := Metrics("n1", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Container{
		{ID: "dd", Name: "shop/old-1/old", Image: "docker.io/library/redis:3", Node: "n1"},
		{ID: "cri-containerd-aa.scope", Name: "shop/web-1/web", Image: "docker.io/library/nginx:1.29", Node: "n1", RSS: 2_360_000, Cache: 1_500_000},
		{ID: "cri-containerd-bb.scope", Name: "shop/web-2/web", Image: "docker.io/library/nginx:1.29", Node: "n2", RSS: 2_000_000},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMetricsMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "reading metrics: there is no container_memory_rss in them; give what cAdvisor serves",
		"<html>":                               "reading metrics: there is no container_memory_rss in them",
		"node_load1 0.5":                       "reading metrics: there is no container_memory_rss in them",
		"container_memory_rss{image=\"a\" 5\n": "reading metrics: they are not in Prometheus' text format: text format parsing error in line 1",
		"x" + strings.Repeat("y", 2<<20):       "reading metrics: a line is longer than 1048576 bytes",
		"container_memory_rss{image=\"a\"} ten bytes": "reading metrics: they are not in Prometheus' text format",
	} {
		if _, err := Metrics("", strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q:\n got %v\nwant %s", text, err, want)
		}
	}
}

// FuzzMetrics: no text panics, and figures are never negative.
func FuzzMetrics(f *testing.F) {
	f.Add("container_memory_rss{image=\"a\"} 5\ncontainer_memory_cache{image=\"a\"} 1e300\n")
	f.Fuzz(func(t *testing.T, text string) {
		containers, _ := Metrics("n", strings.NewReader(text))
		for _, c := range containers {
			if c.RSS < 0 || c.Cache < 0 || c.Image == "" {
				t.Errorf("%v", c)
			}
		}
	})
}
