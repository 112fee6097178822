// Package measure streams the layers of images and counts what is in them: bytes on disk, files, installed
// packages, programs that run as their owner, and whether there is a shell and a package manager.
//
// Nothing of a layer is kept but the counts and the names of its files, by its digest and for ever. Nothing in
// it is believed unchecked, and nothing is run.
package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
)

// atOnce is how many layers are streamed at once, as docker pull does.
const atOnce = 3

// An Opener opens the layers of images. It is safe for concurrent use.
type Opener interface {
	// Layer opens a layer of a normalised reference, compressed or not. Reading to the end ends in an error where
	// it is not what its digest says: what is measured is believed for ever.
	Layer(ctx context.Context, ref string, l registrysize.Layer) (io.ReadCloser, error)
}

// Options configure a Meter.
type Options struct {
	// Layers opens layers. It is needed.
	Layers Opener

	// Cache keeps what was measured. nil: nothing is kept but by the Meter itself.
	Cache *cache.Store

	// OnProgress hears how many of an image's compressed bytes are measured, one call at a time. nil: nobody does.
	OnProgress func(img *registrysize.Image, done, total int64)
}

// A Meter measures images, each layer once. It is for one goroutine.
type Meter struct {
	o      Options
	layers map[string]*layer // by digest
}

// New returns a meter.
func New(o Options) *Meter { return &Meter{o: o, layers: map[string]*layer{}} }

// Kept tells what was measured of an image before; nil: nothing.
func Kept(store *cache.Store, img *registrysize.Image) *registrysize.Footprint {
	var f registrysize.Footprint
	if len(img.Layers) == 0 || !store.Document(footprints, stackOf(img), &f) || len(f.LayerDiskBytes) != len(img.Layers) {
		return nil
	}
	return &f
}

// stackOf names what an image is made of. Its own digest would not do: that of a docker save is its config's,
// which an archive with other layers may have too.
func stackOf(img *registrysize.Image) string {
	var out strings.Builder
	for _, l := range img.Layers {
		out.WriteString(l.Digest + "\n")
	}
	return out.String()
}

// The kinds of documents that the cache keeps. A number behind them changes with what is counted.
const (
	footprints = "footprints-1" // by the digests of all layers
	layers     = "layers-1"     // by the layer's digest
)

// Image measures an image. Errors are those of its layers, all of them.
func (m *Meter) Image(ctx context.Context, img *registrysize.Image) (*registrysize.Footprint, error) {
	if f := Kept(m.o.Cache, img); f != nil {
		return f, nil
	}
	if err := m.read(ctx, img); err != nil {
		return nil, err
	}
	var list []*layer
	for _, l := range img.Layers {
		list = append(list, m.layers[l.Digest])
	}
	f := sum(list)
	m.o.Cache.PutDocument(footprints, stackOf(img), f)
	return f, nil
}

// read measures the layers that are not known yet.
func (m *Meter) read(ctx context.Context, img *registrysize.Image) error {
	p := &progress{report: m.o.OnProgress, img: img, total: img.Bytes()}
	var missing []registrysize.Layer
	for i, l := range img.Layers {
		if m.layers[l.Digest] == nil {
			m.layers[l.Digest] = kept(m.o.Cache, l.Digest)
		}
		if m.layers[l.Digest] != nil || slices.Contains(img.Layers[:i], l) {
			p.add(l.Bytes)
			continue
		}
		missing = append(missing, l)
	}
	got := make([]*layer, len(missing))
	errs := make([]error, len(missing))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, l := range missing {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			got[i], errs[i] = m.stream(ctx, img.Ref, l, p)
		})
	}
	wg.Wait()
	for i, l := range missing {
		m.layers[l.Digest] = got[i] // nil where it failed
	}
	return errors.Join(errs...)
}

// stream measures one layer, and keeps what it found.
func (m *Meter) stream(ctx context.Context, ref string, l registrysize.Layer, p *progress) (*layer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := m.o.Layers.Layer(ctx, ref, l)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	raw := &counted{r: r, ctx: ctx, p: p, most: l.Bytes}
	out, err := readLayer(raw)
	if _, rest := io.Copy(io.Discard, raw); rest != nil {
		return nil, rest // that it is not what its digest says explains all else
	}
	if err != nil {
		return nil, fmt.Errorf("measuring %s: layer %s: %w", ref, l.Digest, err)
	}
	raw.finish()
	m.o.Cache.PutDocument(layers, l.Digest, out)
	return out, nil
}

// kept is what was measured of a layer before; nil: nothing.
func kept(store *cache.Store, digest string) *layer {
	var l layer
	if !store.Document(layers, digest, &l) {
		return nil
	}
	return &l
}

// A progress counts the bytes of one image.
type progress struct {
	mu          sync.Mutex
	report      func(img *registrysize.Image, done, total int64)
	img         *registrysize.Image
	done, total int64
}

func (p *progress) add(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	if p.report != nil && n > 0 {
		p.report(p.img, p.done, p.total)
	}
}

// counted tells how far reading is, and ends it with its context. It counts as many bytes as the layer has on
// the wire, though its place may keep it uncompressed.
type counted struct {
	r    io.Reader
	ctx  context.Context
	p    *progress
	most int64 // not counted yet
}

func (c *counted) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(b)
	step := min(int64(n), c.most)
	c.most -= step
	c.p.add(step)
	return n, err
}

func (c *counted) finish() { c.p.add(c.most) }
