package registrysize

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

// A Footprint is what an image takes and holds once it is unpacked. What is nil is not known.
type Footprint struct {
	Source         string  `json:"source"`                     // measured, or known: stated by the image's makers
	Observed       string  `json:"observed,omitempty"`         // the day of what is known, YYYY-MM-DD; "" where measured
	DiskBytes      int64   `json:"disk_bytes"`                 // contents of the files of all layers
	LayerDiskBytes []int64 `json:"layer_disk_bytes,omitempty"` // the same by layer, bottom first; nil: not known
	Files          *int64  `json:"files,omitempty"`            // that a container sees: without folders, and what upper layers hide
	Packages       *int64  `json:"packages,omitempty"`         // that apk, dpkg or rpm have installed; nil where none of them has
	Setuid         *int64  `json:"setuid_files,omitempty"`     // programs that run as their owner, whoever starts them
	Shell          *bool   `json:"shell,omitempty"`
	PackageManager *bool   `json:"package_manager,omitempty"`
}

//go:embed footprint.json
var footprintJSON []byte

// footprintFile is what is known as written.
type footprintFile struct {
	Source   string
	Rounding string
	Platform string
	Images   []struct {
		Ref       string
		DiskBytes int64 `json:"disk_bytes"`
		Packages  *int64
		Observed  string
		Note      string
	}
}

// parseFootprints reads the embedded file once, as parseCatalog does.
var parseFootprints = sync.OnceValue(func() *footprintFile {
	var f footprintFile
	if err := json.Unmarshal(footprintJSON, &f); err != nil {
		panic(fmt.Sprintf("registrysize: embedded footprints: %v", err))
	}
	return &f
})

// KnownFootprint tells what the makers of an image said of it on some day, by its normalised reference: the
// image that its tag names today may differ a little.
func KnownFootprint(ref, platform string) (Footprint, bool) {
	f := parseFootprints()
	want, err := NormalizePlatform(platform)
	if err != nil || want != f.Platform {
		return Footprint{}, false
	}
	for _, img := range f.Images {
		if img.Ref == ref {
			out := Footprint{Source: "known", Observed: img.Observed, DiskBytes: img.DiskBytes}
			if img.Packages != nil {
				n := *img.Packages
				out.Packages = &n
			}
			return out, true
		}
	}
	return Footprint{}, false
}
