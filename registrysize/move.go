package registrysize

// A Move is what crosses the wire to a machine for one image where the layers of another are there already.
// Bytes are compressed; a layer that an image has twice crosses once.
type Move struct {
	ChainBytes  int64 `json:"chain_bytes"`  // where only unpacked layers are kept: all from the first on that differs
	BlobBytes   int64 `json:"blob_bytes"`   // where blobs are kept too: all that the other image has nowhere
	ChainLayers int   `json:"chain_layers"` // as many layers
	BlobLayers  int   `json:"blob_layers"`
}

// Moving tells what it takes from one image to another; from nil all of it.
//
// An unpacked layer is known by its chain: by itself and all below it. Layers are compared by the digests of
// their blobs, so that the same content compressed in another way counts as another layer.
func Moving(from, to *Image) Move {
	if from == nil {
		from = &Image{}
	}
	common := 0
	for common < min(len(from.Layers), len(to.Layers)) && from.Layers[common].Digest == to.Layers[common].Digest {
		common++
	}
	blobs := map[string]bool{}
	for _, l := range from.Layers {
		blobs[l.Digest] = true
	}
	var m Move
	fetched := map[string]bool{}
	for _, l := range to.Layers[common:] {
		if fetched[l.Digest] {
			continue
		}
		fetched[l.Digest] = true
		m.ChainBytes += l.Bytes
		m.ChainLayers++
		if !blobs[l.Digest] {
			m.BlobBytes += l.Bytes
			m.BlobLayers++
		}
	}
	return m
}
