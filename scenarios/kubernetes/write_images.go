package kubernetes

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// unpackedShare is how much larger a layer is unpacked than compressed, in the median of Docker Hub's
	// layers (Zhao et al., Large-Scale Analysis of the Docker Hub Dataset, CLUSTER 2019).
	unpackedShare = 2.6

	// usualImage is the median of Docker Hub's images, compressed, by the same source.
	usualImage = 17_000_000
)

// An imageUse is an image that services run.
type imageUse struct {
	ref string // normalised
	ids []string
}

// collectImages lists the services' images in the order of their references.
func (w *writer) collectImages() {
	at := map[string]int{}
	for _, s := range w.services {
		i, known := at[s.image]
		if !known {
			i = len(w.images)
			at[s.image] = i
			w.images = append(w.images, imageUse{ref: s.image})
		}
		if s.imageID != "" && !slices.Contains(w.images[i].ids, s.imageID) {
			w.images[i].ids = append(w.images[i].ids, s.imageID)
		}
	}
	slices.SortFunc(w.images, func(a, b imageUse) int { return strings.Compare(a.ref, b.ref) })
}

// imageBlocks writes the sizes that nodes report.
func (w *writer) imageBlocks() []*block {
	if w.options.RegistrySizes && !w.options.Anonymize {
		return nil
	}
	var list []*block
	unknown := 0
	for _, img := range w.images {
		size, known := w.size(img)
		bytes, comment := size.bytes, "compressed, as containerd reports it on "+plural(size.nodes, "node")
		switch {
		case !known:
			unknown++
			bytes, comment = usualImage, byDefault+": on no node's list; the median of Docker Hub's images"
		case size.unpacked:
			bytes = int64(math.Round(float64(size.bytes) / unpackedShare))
			comment = "estimate: unpacked " + megabytes(size.bytes) + ", as " + or(clip(size.runtime), "the runtime") + " reports it on " +
				plural(size.nodes, "node") + ", / 2.6"
		}
		layer := newBlock()
		layer.plain("size", megabytes(bytes), "")
		b := newBlock()
		b.text("ref", w.names.image(img.ref), "")
		b.flows("layers", layer, comment)
		list = append(list, b)
	}
	w.warn(unknown, "image", "is on no node's list of its 50 largest and has a default size", "are on no node's list of its 50 largest and have a default size")
	return list
}

// size finds what nodes say of an image: by its reference, by what a runtime calls it, or by either part of
// a reference that has both a tag and a digest.
func (w *writer) size(img imageUse) (imageSize, bool) {
	refs := []string{img.ref}
	for _, id := range img.ids {
		if ref, ok := normalized(id); ok {
			refs = append(refs, ref)
		}
	}
	if name, digest, ok := strings.Cut(img.ref, "@"); ok {
		repository := name
		if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
			repository = name[:i]
			refs = append(refs, name)
		}
		refs = append(refs, repository+"@"+digest)
	}
	var best imageSize
	for _, ref := range refs {
		if s, ok := w.dump.images[ref]; ok && (best.nodes == 0 || best.unpacked && !s.unpacked) {
			best = s
		}
	}
	return best, best.nodes > 0
}

// maxImage is the largest layer that a scenario may say.
const maxImage = 10_000_000_000_000

// megabytes writes a size to the byte.
func megabytes(n int64) string {
	n = cmp.Or(min(n, maxImage), 0)
	text := strconv.FormatFloat(float64(n)/1e6, 'f', 6, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "MB"
}
