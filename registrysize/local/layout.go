package local

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// containerdName is where containerd and Docker write the whole reference of an image.
const containerdName = "io.containerd.image.name"

// layoutImage finds an image in an OCI layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
func (p *place) layoutImage(ctx context.Context, platform string) (registrysize.Image, error) {
	data, err := p.small(ctx, "index.json")
	if err != nil {
		return registrysize.Image{}, err
	}
	var index v1.Index
	if err := json.Unmarshal(data, &index); err != nil {
		return registrysize.Image{}, manifest.Wrongf("has an index.json that cannot be read: %s", manifest.Clip(err.Error()))
	}
	root, err := p.root(ctx, data, index.Manifests)
	if err != nil {
		return registrysize.Image{}, err
	}
	found, err := manifest.Image(ctx, root, platform, p.blob)
	if err != nil {
		return registrysize.Image{}, err
	}
	return found.Image, p.checkLayers(ctx, &found.Image)
}

// root picks what index.json lists by its name. Without a name it is all that is listed, where that is one
// image: for one platform or several.
func (p *place) root(ctx context.Context, index []byte, list []v1.Descriptor) (manifest.Root, error) {
	var names []string
	var fitting []v1.Descriptor
	for _, d := range list {
		name := d.Annotations[v1.AnnotationRefName]
		if full := d.Annotations[containerdName]; full != "" {
			name = full
		}
		if p.name == "" || p.name == name || p.name == d.Annotations[v1.AnnotationRefName] || p.name == string(d.Digest) {
			fitting = append(fitting, d)
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case p.name != "" && len(fitting) == 0, p.name == "" && len(names) > 1:
		return manifest.Root{}, manyNames(p.name, names)
	case len(fitting) == 1:
		data, err := p.blob(ctx, fitting[0])
		return manifest.Root{Digest: string(fitting[0].Digest), MediaType: fitting[0].MediaType, Bytes: data}, err
	case len(fitting) < len(list):
		return manifest.Root{}, manyNames(p.name, names)
	}
	return manifest.Root{Digest: cache.Digest(index), MediaType: v1.MediaTypeImageIndex, Bytes: index}, nil
}

// manyNames says which images there are.
func manyNames(asked string, names []string) error {
	slices.Sort(names)
	const most = 10
	if len(names) > most {
		names = append(names[:most:most], "…")
	}
	for i := range names {
		names[i] = manifest.Clip(names[i])
	}
	if asked == "" {
		return manifest.Wrongf("has several images; add a colon and the name of one: %s", strings.Join(names, ", "))
	}
	return notFound{manifest.Clip(asked), strings.Join(names, ", ")}
}

// A notFound is a name that no image has. It wraps registrysize.ErrNotFound.
type notFound struct{ asked, have string }

func (e notFound) Error() string {
	return "has no image " + e.asked + ": not found; it has " + e.have
}
func (e notFound) Unwrap() error { return registrysize.ErrNotFound }

// blob reads a manifest or config; it is a manifest.Fetch.
func (p *place) blob(ctx context.Context, d v1.Descriptor) ([]byte, error) {
	data, err := p.small(ctx, blobFile(string(d.Digest)))
	if err != nil {
		return nil, err
	}
	if got := cache.Digest(data); got != string(d.Digest) {
		return nil, manifest.Wrongf("has bytes of digest %s under %s; make it anew", got, manifest.Clip(string(d.Digest)))
	}
	return data, nil
}

// blobFile is where a layout keeps a digest.
func blobFile(digest string) string {
	algorithm, hex, _ := strings.Cut(digest, ":")
	return "blobs/" + algorithm + "/" + hex
}

// checkLayers holds the sizes that the manifest states to the files. What docker save wrote without
// compressing it is weighed as docker push would send it.
func (p *place) checkLayers(ctx context.Context, img *registrysize.Image) error {
	_, saved := p.files.size("manifest.json")
	for i := range img.Layers {
		l := &img.Layers[i]
		size, ok := p.files.size(blobFile(l.Digest))
		switch {
		case !ok:
			return manifest.Wrongf("has no file for layer %s; make it anew with all layers", l.Digest)
		case size != l.Bytes:
			return manifest.Wrongf("has %d bytes for layer %s, where the manifest says %d; make it anew", size, l.Digest, l.Bytes)
		case saved:
			if err := p.weigh(ctx, img, l, blobFile(l.Digest)); err != nil {
				return err
			}
		}
	}
	return nil
}

// layerFile is the file of a layer.
func (p *place) layerFile(digest string) string {
	if name, ok := p.layers[digest]; ok {
		return name
	}
	return blobFile(digest)
}
