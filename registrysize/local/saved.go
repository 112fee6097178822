package local

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// A saved is one image of an archive's manifest.json, as docker save writes it.
type saved struct {
	Config   string
	RepoTags []string
	Layers   []string // bottom first
}

// savedImage finds an image that docker save wrote before it wrote OCI layouts. Such archives have no
// manifest: the digest is the config's, which Docker calls the image's ID.
func (p *place) savedImage(ctx context.Context, platform string) (registrysize.Image, error) {
	data, err := p.small(ctx, "manifest.json")
	if err != nil {
		return registrysize.Image{}, err
	}
	var list []saved
	if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 {
		return registrysize.Image{}, manifest.Wrongf("has a manifest.json that cannot be read; name what docker save wrote")
	}
	one, err := p.pick(list)
	if err != nil {
		return registrysize.Image{}, err
	}
	config, err := p.small(ctx, one.Config)
	if err != nil {
		return registrysize.Image{}, err
	}
	return p.assemble(ctx, one, config, platform)
}

// pick finds an image by its name.
func (p *place) pick(list []saved) (saved, error) {
	if p.name == "" && len(list) == 1 {
		return list[0], nil
	}
	var names []string
	for _, s := range list {
		if p.name != "" && slices.Contains(s.RepoTags, p.name) {
			return s, nil
		}
		names = append(names, s.RepoTags...)
	}
	return saved{}, manyNames(p.name, names)
}

// assemble writes the manifest that the archive lacks and reads it as any other, so that platform and
// layers are checked alike.
func (p *place) assemble(ctx context.Context, one saved, config []byte, platform string) (registrysize.Image, error) {
	doc := v1.Manifest{MediaType: v1.MediaTypeImageManifest}
	doc.SchemaVersion = 2
	doc.Config = v1.Descriptor{MediaType: v1.MediaTypeImageConfig, Digest: v1.DescriptorEmptyJSON.Digest}
	data, err := json.Marshal(doc)
	if err != nil {
		return registrysize.Image{}, err
	}
	fetch := func(context.Context, v1.Descriptor) ([]byte, error) { return config, nil }
	found, err := manifest.Image(ctx, manifest.Root{Digest: cache.Digest(config), Bytes: data}, platform, fetch)
	if err != nil {
		return registrysize.Image{}, err
	}
	if len(one.Layers) > manifest.MaxLayers {
		return registrysize.Image{}, manifest.Wrongf("has an image of %d layers, where no machine can stack more than %d", len(one.Layers), manifest.MaxLayers)
	}
	img := found.Image
	for _, name := range one.Layers {
		size, ok := p.files.size(name)
		if !ok {
			return registrysize.Image{}, manifest.Wrongf("has no file %s for a layer; make it anew", manifest.Clip(name))
		}
		l := registrysize.Layer{Bytes: size}
		if err := p.weigh(ctx, &img, &l, name); err != nil {
			return registrysize.Image{}, err
		}
		img.Layers = append(img.Layers, l)
	}
	return img, nil
}

// weigh makes a layer's digest and size those that would cross the wire: the file's own where it is
// compressed, else of what gzip makes of it, at the level that docker push uses.
func (p *place) weigh(ctx context.Context, img *registrysize.Image, l *registrysize.Layer, name string) error {
	r, err := p.files.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	in := bufio.NewReader(r)
	magic, _ := in.Peek(len(zstdMagic))
	compressed := bytes.HasPrefix(magic, gzipMagic) || bytes.HasPrefix(magic, zstdMagic)
	if compressed && l.Digest != "" {
		return nil
	}
	out := &meter{hash: sha256.New()}
	if compressed {
		_, err = io.Copy(out, in)
	} else {
		err = compress(out, in)
	}
	if err != nil {
		return manifest.Wrongf("has a layer in %s that cannot be read: %v", manifest.Clip(name), err)
	}
	l.Digest, l.Bytes = "sha256:"+hex.EncodeToString(out.hash.Sum(nil)), out.n
	p.layers[l.Digest] = name
	const note = "layers are not compressed in the archive; their sizes are those of gzip at its usual level, as docker push sends them"
	if !compressed && !slices.Contains(img.Warnings, note) {
		img.Warnings = append(img.Warnings, note)
	}
	return nil
}

func compress(w io.Writer, r io.Reader) error {
	z := gzip.NewWriter(w)
	if _, err := io.Copy(z, r); err != nil {
		return err
	}
	return z.Close()
}

var (
	gzipMagic = []byte{0x1f, 0x8b}             // RFC 1952
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd} // RFC 8878
)

// A meter counts and hashes what is written to it.
type meter struct {
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

func (m *meter) Write(b []byte) (int, error) {
	m.n += int64(len(b))
	return m.hash.Write(b)
}
