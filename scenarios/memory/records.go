package memory

import (
	"cmp"
	"encoding/json"
	"io"
	"io/fs"
	"path"
)

// A record is what a runtime keeps of a container.
type record struct {
	name, image string
	sandbox     bool // it holds a pod's namespaces, and nothing that was deployed
}

// records finds what runtimes keep of containers, below the root of a host.
type records struct {
	host   fs.FS
	stored map[string]record // by ID, of podman and CRI-O
}

// maxRecord bounds a runtime's file, in bytes.
const maxRecord = 16 << 20

// newRecords reads the lists of containers that podman and CRI-O share.
func newRecords(host fs.FS) *records {
	r := &records{host: host, stored: map[string]record{}}
	for _, pattern := range []string{
		"var/lib/containers/storage/*-containers/containers.json",
		"run/containers/storage/*-containers/volatile-containers.json",
		"var/lib/containers/storage/*-containers/volatile-containers.json",
	} {
		files, _ := fs.Glob(host, pattern) // the patterns are well formed
		for _, file := range files {
			r.readStored(file)
		}
	}
	return r
}

// readStored reads a list of containers/storage. Its metadata is a text of JSON.
func (r *records) readStored(file string) {
	var list []struct {
		ID       string   `json:"id"`
		Names    []string `json:"names"`
		Metadata string   `json:"metadata"`
	}
	r.read(file, &list)
	for _, c := range list {
		var m struct {
			Image string `json:"image-name"`
			Name  string `json:"name"`
		}
		_ = json.Unmarshal([]byte(c.Metadata), &m)
		known := record{name: m.Name, image: m.Image, sandbox: isPause(m.Image)}
		if len(c.Names) > 0 {
			known.name = c.Names[0]
		}
		r.stored[c.ID] = known
	}
}

// find tells what is known of a container, from docker, containerd, CRI-O and podman in turn.
func (r *records) find(id string) record {
	if known, ok := r.docker(id); ok {
		return known
	}
	for _, pattern := range []string{
		"run/containerd/io.containerd.runtime.v2.task/*/" + id + "/config.json",
		"run/containers/storage/*-containers/" + id + "/userdata/config.json",
	} {
		files, _ := fs.Glob(r.host, pattern) // an ID is hexadecimal
		for _, file := range files {
			if known, ok := r.oci(file); ok {
				return known
			}
		}
	}
	return r.stored[id]
}

func (r *records) docker(id string) (record, bool) {
	var c struct {
		Name   string
		Config struct{ Image string }
	}
	if !r.read(path.Join("var/lib/docker/containers", id, "config.v2.json"), &c) {
		return record{}, false
	}
	return record{name: path.Base(c.Name), image: c.Config.Image, sandbox: isPause(c.Config.Image)}, true
}

// oci reads the annotations of a container's specification, as containerd and CRI-O make them.
func (r *records) oci(file string) (record, bool) {
	var spec struct {
		Annotations map[string]string `json:"annotations"`
	}
	r.read(file, &spec)
	a := spec.Annotations
	kind := cmp.Or(a["io.kubernetes.cri.container-type"], a["io.kubernetes.cri-o.ContainerType"])
	known := record{
		name:    cmp.Or(a["io.kubernetes.cri.container-name"], a["io.kubernetes.container.name"], a["nerdctl/name"]),
		image:   cmp.Or(a["io.kubernetes.cri.image-name"], a["io.kubernetes.cri-o.ImageName"]),
		sandbox: kind == "sandbox",
	}
	return known, known.image != "" || known.sandbox
}

// read decodes a runtime's file; false where it cannot be read. What a runtime does not tell is not known, and
// no mistake.
func (r *records) read(file string, v any) bool {
	f, err := r.host.Open(file)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return json.NewDecoder(io.LimitReader(f, maxRecord)).Decode(v) == nil
}
