package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/fleetcost/fleetcost/registrysize"
)

// An imageSize is what nodes say of an image's size.
type imageSize struct {
	bytes    int64
	unpacked bool   // as docker and CRI-O report it; else compressed, as containerd does of what it pulled
	runtime  string // whose word it is
	nodes    int    // how many nodes say that they have the image
}

// addImages takes the sizes that a node reports. Of several reports of an image a compressed size goes
// before an unpacked one, and then the largest.
func (d *Dump) addImages(n *node, images []corev1.ContainerImage) {
	if d.images == nil {
		d.images = map[string]imageSize{}
	}
	for _, img := range images {
		for _, name := range img.Names {
			ref, ok := d.reference(name)
			if !ok || img.SizeBytes <= 0 {
				continue
			}
			d.images[ref] = merge(d.images[ref], imageSize{
				bytes: img.SizeBytes, unpacked: n.runtime != "containerd", runtime: n.runtime, nodes: 1,
			})
		}
	}
}

func merge(a, b imageSize) imageSize {
	nodes := a.nodes + b.nodes
	if a.nodes == 0 || a.unpacked && !b.unpacked || a.unpacked == b.unpacked && b.bytes > a.bytes {
		a = b
	}
	a.nodes = nodes
	return a
}

// reference is normalized, once for each name: nodes say the same ones again and again.
func (d *Dump) reference(name string) (string, bool) {
	ref, known := d.refs[name]
	if !known {
		ref, _ = normalized(name)
		if d.refs == nil {
			d.refs = map[string]string{}
		}
		d.refs[name] = ref
	}
	return ref, ref != ""
}

// normalized writes a reference out in full. Kubernetes calls what has lost its tag <none>.
func normalized(name string) (string, bool) {
	if name == "" || strings.Contains(name, "<none>") {
		return "", false
	}
	ref, err := registrysize.Normalize(name)
	return ref, err == nil
}
