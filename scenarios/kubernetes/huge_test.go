package kubernetes

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

var huge = flag.Bool("huge", false, "import a dump of 200 MB, 5,000 nodes and 100,000 pods, within 10 s and 1 GB")

// TestHuge imports a large cluster within 10 s and 1 GB; -huge makes it 5,000 nodes, 100,000 pods and 200 MB.
func TestHuge(t *testing.T) {
	nodes, pods, limit := 100, 2_000, 10*time.Second
	if *huge {
		nodes, pods = 5_000, 100_000
	}
	file := filepath.Join(t.TempDir(), "dump.json")
	size := writeDump(t, file, nodes, pods)
	if *huge && size < 200_000_000 {
		t.Fatalf("the dump has only %d bytes", size)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	most := peakMemory()
	begin := time.Now()
	var d Dump
	if err := d.Read(t.Context(), file, f); err != nil {
		t.Fatal(err)
	}
	reading := time.Since(begin)
	made, err := d.Scenario(Options{})
	if err != nil {
		t.Fatal(err)
	}
	took, memory := time.Since(begin), most()
	t.Logf("%d MB, %d nodes, %d pods: %d services in %.1f s, of which reading %.1f s; %d MB taken from the system",
		size/1e6, nodes, pods, made.Services, took.Seconds(), reading.Seconds(), memory/1e6)
	if made.Nodes != nodes || made.Instances != 2*pods {
		t.Errorf("%d nodes, %d instances; want %d and %d", made.Nodes, made.Instances, nodes, 2*pods)
	}
	if *huge && took > limit {
		t.Errorf("took %s, more than %s", took, limit)
	}
	if memory > 1e9 {
		t.Errorf("took %d bytes", memory)
	}
}

// peakMemory watches what the program holds of the system's memory; its result ends the watch and tells the
// most.
func peakMemory() func() uint64 {
	stop, done := make(chan bool), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { stop <- true; return <-done }
}

// writeDump writes a cluster whose pods have two containers each, one Deployment for 50 of them, with the
// fields that real ones are long by, and returns its size.
func writeDump(t *testing.T, file string, nodes, pods int) int64 {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	separator := "{\"apiVersion\":\"v1\",\"items\":[\n"
	write := func(v any) {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, separator)
		_, _ = w.Write(data)
		separator = ",\n"
	}
	c := &cluster{}
	for i := range nodes {
		n := c.node(fmt.Sprint("node-", i), fmt.Sprint("eu-central-1", string(rune('a'+i%3))), "containerd://2.2.1", 100)
		for j := range 50 {
			n.Status.Images = append(n.Status.Images, corev1.ContainerImage{
				Names: []string{fmt.Sprintf("ghcr.io/acme/team-%d/service-%d:v1", j, i%40), fmt.Sprintf("ghcr.io/acme/team-%d/service-%d@sha256:%064x", j, i%40, i*50+j)}, SizeBytes: int64(1e7 + j),
			})
		}
		write(n)
	}
	var d *appsv1.Deployment
	var set *appsv1.ReplicaSet
	var s corev1.PodSpec
	for i := range pods {
		const each = 50
		if i%each == 0 {
			c = &cluster{made: c.made}
			s = runs(fmt.Sprintf("app=ghcr.io/acme/team-%d/service-%d:v1", i/each%50, i/each/50), "proxy=envoyproxy/envoy:v1.36.0")
			for j := range 8 {
				s.Containers[0].Env = append(s.Containers[0].Env, corev1.EnvVar{Name: fmt.Sprint("SETTING_", j), Value: "a value of usual length"})
			}
			d, set = c.deployment(fmt.Sprint("team-", i/each%50), fmt.Sprint("service-", i/each), s)
			write(d)
			write(set)
		}
		write(c.pod(set, "ReplicaSet", d.Namespace, fmt.Sprintf("%s-%05d", set.Name, i), fmt.Sprint("node-", i%nodes), s))
	}
	_, _ = io.WriteString(w, "],\"kind\":\"List\"}\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
