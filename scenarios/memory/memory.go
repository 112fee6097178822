// Package memory reads what running containers hold of a machine's memory: resident memory and page cache,
// by image. It reads the Docker Engine API over its local socket, the kernel's control groups of both
// versions, and the metrics of cAdvisor and the kubelet. It starts nothing and changes nothing.
//
// Resident memory (RSS) is anonymous memory, as cAdvisor and docker stats use the word. Page cache is what the
// kernel keeps of files, tmpfs included. The kernel charges a page of a file that containers share to the
// container that read it first, so that page cache is a figure of an image on a node, and a single
// container's says little.
package memory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
)

// A Container is a running container, and what it holds of its machine's memory.
type Container struct {
	ID    string // as its runtime names it
	Name  string // for people; "": not told
	Image string // its reference, written out in full where it is one; "": not told
	Node  string // the machine; "": this one, or not told
	RSS   int64  // bytes
	Cache int64  // bytes
}

// An Image is what all containers of one image hold.
type Image struct {
	Image      string `json:"image"` // "": not told
	Containers int    `json:"containers"`
	Nodes      int    `json:"nodes"` // that run it
	RSS        int64  `json:"rss_bytes"`
	Cache      int64  `json:"cache_bytes"`
}

// MeanRSS is the mean of a container, in bytes.
func (i *Image) MeanRSS() int64 { return mean(i.RSS, i.Containers) }

// MeanCache is the mean of a node that runs the image, in bytes: containers of an image share its files there.
func (i *Image) MeanCache() int64 { return mean(i.Cache, i.Nodes) }

// mean is rounded to the nearest byte; of nothing it is 0.
func mean(sum int64, n int) int64 {
	if n == 0 {
		return 0
	}
	return (sum + int64(n)/2) / int64(n)
}

// ByImage sums containers up by their images, in the order of names.
func ByImage(containers []Container) []Image {
	sums := map[string]*Image{}
	nodes := map[[2]string]bool{}
	for _, c := range containers {
		i := sums[c.Image]
		if i == nil {
			i = &Image{Image: c.Image}
			sums[c.Image] = i
		}
		i.Containers++
		i.RSS += c.RSS
		i.Cache += c.Cache
		if key := [2]string{c.Image, c.Node}; !nodes[key] {
			nodes[key] = true
			i.Nodes++
		}
	}
	images := []Image{}
	for _, i := range sums {
		images = append(images, *i)
	}
	slices.SortFunc(images, func(a, b Image) int { return strings.Compare(a.Image, b.Image) })
	return images
}

// order puts containers in the order of nodes, names and IDs.
func order(containers []Container) {
	slices.SortFunc(containers, func(a, b Container) int {
		return cmp.Or(strings.Compare(a.Node, b.Node), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
}

// reference writes an image's reference out in full. What is none, such as the ID of an image that has lost
// its tag, stays as it is.
func reference(image string) string {
	if strings.HasPrefix(image, "sha256:") {
		return image
	}
	if full, err := registrysize.Normalize(image); err == nil {
		return full
	}
	return image
}

// isPause tells whether an image is that of a pod's sandbox, which holds the pod's namespaces and nothing that
// was deployed: registry.k8s.io/pause:3.10, localhost/podman-pause:5.4.0.
func isPause(image string) bool {
	name := image[strings.LastIndexByte(image, '/')+1:]
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ":")
	return name == "pause" || name == "podman-pause" || strings.HasPrefix(name, "pause-") // pause-amd64
}
