package memory

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestRecorded reads the recorded control groups and docker's own files.
func TestRecorded(t *testing.T) {
	got, err := Cgroups(os.DirFS("testdata/recorded/host"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recorded, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func id(i int) string { return fmt.Sprintf("%064x", i) }

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// TestLayouts finds containers wherever runtimes put them, under both versions, and nothing else.
func TestLayouts(t *testing.T) {
	const kube = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/"
	paths := []string{
		"system.slice/docker-" + id(0) + ".scope",
		kube + "cri-containerd-" + id(1) + ".scope",
		kube + "crio-" + id(2) + ".scope",
		"machine.slice/libpod-" + id(3) + ".scope",
		"docker/" + id(4),
		"kubepods/besteffort/pod0a1b/" + id(5),
		"libpod_parent/libpod-" + id(6),
		"user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + id(7) + ".scope",
	}
	others := []string{
		"system.slice/ssh.service", kube + "crio-conmon-" + id(2) + ".scope", "machine.slice/libpod-conmon-" + id(3) + ".scope",
		"system.slice/docker-" + id(0) + ".scope/init.scope", "system.slice/docker-" + id(0) + ".scope/docker/" + id(9), "docker/short",
	}
	records := fstest.MapFS{
		"var/lib/docker/containers/" + id(0) + "/config.v2.json": file(`{"Name": "/zero", "Config": {"Image": "alpine:3.24"}}`),
		"run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id(1) + "/config.json": file(
			`{"annotations": {"io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.container-name": "one", "io.kubernetes.cri.image-name": "quay.io/a/one:1"}}`),
		"run/containers/storage/overlay-containers/" + id(2) + "/userdata/config.json": file(
			`{"annotations": {"io.kubernetes.cri-o.ContainerType": "container", "io.kubernetes.container.name": "two", "io.kubernetes.cri-o.ImageName": "quay.io/a/two:2"}}`),
		"var/lib/containers/storage/overlay-containers/containers.json": file(
			`[{"id": "` + id(3) + `", "names": ["three"], "metadata": "{\"image-name\":\"docker.io/library/three:3\",\"name\":\"x\"}"}]`),
		"run/containers/storage/vfs-containers/volatile-containers.json": file(
			`[{"id": "` + id(6) + `", "metadata": "{\"image-name\":\"localhost/podman-pause:5.4.0\"}"}]`),
		"run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id(5) + "/config.json": file(`{"annotations": {"io.kubernetes.cri.container-type": "sandbox"}}`),
		"var/lib/docker/containers/" + id(4) + "/config.v2.json":                        file(`{"Name": "/four", "Config": {"Image": "sha256:0123"}}`),
	}
	want := []Container{ // 5 and 6 are sandboxes, of 7 nothing is known
		{ID: id(7), RSS: 7000, Cache: 70},
		{ID: id(4), Name: "four", Image: "sha256:0123", RSS: 4000, Cache: 40},
		{ID: id(1), Name: "one", Image: "quay.io/a/one:1", RSS: 1000, Cache: 10},
		{ID: id(3), Name: "three", Image: "docker.io/library/three:3", RSS: 3000, Cache: 30},
		{ID: id(2), Name: "two", Image: "quay.io/a/two:2", RSS: 2000, Cache: 20},
		{ID: id(0), Name: "zero", Image: "docker.io/library/alpine:3.24", RSS: 0, Cache: 0},
	}
	for version, k := range map[string]struct{ root, mark, stat string }{
		"v2": {"sys/fs/cgroup/", "sys/fs/cgroup/cgroup.controllers", "anon %d\nfile %d\nkernel 5\n"},
		"v1": {"sys/fs/cgroup/memory/", "sys/fs/cgroup/memory/memory.stat", "cache 1\nrss 2\ntotal_rss %d\ntotal_cache %d\n"},
	} {
		host := fstest.MapFS{k.mark: file("cpu memory\n")}
		maps.Copy(host, records)
		for i, p := range paths {
			host[k.root+p+"/memory.stat"] = file(fmt.Sprintf(k.stat, i*1000, i*10))
		}
		for _, p := range others {
			host[k.root+p+"/memory.stat"] = file(fmt.Sprintf(k.stat, 99, 99))
		}
		host[k.root+"docker/"+id(8)+"/cgroup.procs"] = file("") // it ends, its memory.stat is gone
		got, err := Cgroups(host)
		if err != nil {
			t.Fatalf("%s: %v", version, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
}

func TestCgroupMistakes(t *testing.T) {
	if _, err := Cgroups(fstest.MapFS{}); !errors.Is(err, ErrNoCgroups) {
		t.Errorf("no control groups: %v", err)
	}
	strange := fstest.MapFS{
		"sys/fs/cgroup/cgroup.controllers":                 file(""),
		"sys/fs/cgroup/docker/" + id(1) + "/memory.stat":   file("resident 5\n"),
		"sys/fs/cgroup/docker/" + id(1) + "/cgroup.events": file(""),
	}
	if _, err := Cgroups(strange); err == nil || !strings.HasSuffix(err.Error(), "memory.stat has neither anon and file nor rss and cache") {
		t.Errorf("strange figures: %v", err)
	}
}

// FuzzStat: no text panics, and figures are never negative.
func FuzzStat(f *testing.F) {
	f.Add("anon 5\nfile 7\n")
	f.Add("cache -1\nrss 99999999999999999999\n\x00 ")
	f.Fuzz(func(t *testing.T, text string) {
		stat, _ := parseStat(strings.NewReader(text))
		if h, ok := heldIn(stat); ok && (h.rss < 0 || h.cache < 0) {
			t.Errorf("%v", h)
		}
	})
}
