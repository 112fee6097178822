package whatif

import "github.com/fleetcost/fleetcost/registrysize"

// footprint tells what an image holds; nil: that is not known.
func (o *Options) footprint(img *registrysize.Image) *registrysize.Footprint {
	if o.Footprint != nil {
		return o.Footprint(img)
	}
	if known, ok := registrysize.KnownFootprint(img.Ref, img.Platform); ok {
		return &known
	}
	return nil
}

// packages is the most that any of several images has installed, those of one reference counting as one: of
// its platforms one that is known will do. nil: there is none, or one is not known.
func (o *Options) packages(images []registrysize.Image) *int64 {
	known := map[string]*int64{}
	for i := range images {
		img := &images[i]
		if f := o.footprint(img); f != nil && f.Packages != nil {
			known[img.Ref] = f.Packages
		} else if _, ok := known[img.Ref]; !ok {
			known[img.Ref] = nil
		}
	}
	var most *int64
	for _, n := range known {
		switch {
		case n == nil:
			return nil
		case most == nil || *n > *most:
			most = n
		}
	}
	return most
}
