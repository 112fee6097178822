package registrysize

// A Survey is several images side by side.
type Survey struct {
	Images []Surveyed
	Shared Sharing // Pairs has the order of Images
}

// A Surveyed is one image of a survey.
type Surveyed struct {
	Image
	Footprint *Footprint // nil: not known
	From      string     // the reference of the image whose layers are there; "": Move is nil
	Move      *Move      // from that one to this
}

// NewSurvey puts images side by side. footprints has the order of images, nil where nothing is known; it may be
// nil. from is the image whose layers are there, on each platform; nil: that is not asked for.
func NewSurvey(images []Image, footprints []*Footprint, from map[string]*Image) *Survey {
	s := &Survey{Shared: Share(images)}
	for i := range images {
		one := Surveyed{Image: images[i]}
		if footprints != nil {
			one.Footprint = footprints[i]
		}
		if a := from[images[i].Platform]; a != nil {
			move := Moving(a, &images[i])
			one.From, one.Move = a.Ref, &move
		}
		s.Images = append(s.Images, one)
	}
	return s
}

// A Release is one image of a history, and what a machine with the one before it fetched.
type Release struct {
	Image
	Move
}

// Moved tells what each image of a history moved, in the order given, the first one all of it.
func Moved(images []Image) []Release {
	var out []Release
	for i := range images {
		var before *Image
		if i > 0 {
			before = &images[i-1]
		}
		out = append(out, Release{images[i], Moving(before, &images[i])})
	}
	return out
}
