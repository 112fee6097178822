package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/fleetcost/fleetcost/registrysize"
)

// sizesJSON is what -o json prints. Bytes are compressed where they are not called otherwise.
type sizesJSON struct {
	Images []sizesImage `json:"images"`
	Total  int64        `json:"total_bytes"`
	Unique int64        `json:"unique_bytes"`
	Shared [][]int64    `json:"shared_bytes"` // row and column as in images
}

type sizesImage struct {
	registrysize.Image
	Bytes     int64                   `json:"compressed_bytes"`
	Footprint *registrysize.Footprint `json:"footprint,omitempty"`
	From      string                  `json:"from,omitempty"`
	Move      *registrysize.Move      `json:"move,omitempty"`
}

// SizesJSON writes the same as SizesTable for scripts.
func SizesJSON(w io.Writer, s *registrysize.Survey) error {
	doc := sizesJSON{Images: []sizesImage{}, Total: s.Shared.Total, Unique: s.Shared.Unique, Shared: s.Shared.Pairs}
	for i := range s.Images {
		img := &s.Images[i]
		doc.Images = append(doc.Images, sizesImage{img.Image, img.Bytes(), img.Footprint, img.From, img.Move})
	}
	return writeJSON(w, doc)
}

// SizesCSV writes a row for each layer, bottom first, and one for their total, which has what is known of the
// whole image.
func SizesCSV(w io.Writer, s *registrysize.Survey) error {
	rows := [][]string{{"ref", "platform", "layer", "digest", "wire_bytes", "disk_bytes", "files", "packages", "setuid_files", "shell",
		"package_manager", "footprint", "from", "move_chain_bytes", "move_blob_bytes"}}
	for i := range s.Images {
		img := &s.Images[i]
		f := img.Footprint
		if f == nil {
			f = &registrysize.Footprint{}
		}
		for j, l := range img.Layers {
			disk := ""
			if len(f.LayerDiskBytes) == len(img.Layers) {
				disk = decimal(f.LayerDiskBytes[j])
			}
			rows = append(rows, filled(rows[0], cell(img.Ref), cell(img.Platform), strconv.Itoa(j+1), l.Digest, decimal(l.Bytes), disk))
		}
		total := []string{cell(img.Ref), cell(img.Platform), "total", img.Digest, decimal(img.Bytes())}
		if img.Footprint != nil {
			total = append(total, decimal(f.DiskBytes), optional(f.Files, decimal), optional(f.Packages, decimal), optional(f.Setuid, decimal),
				yesNo(f.Shell), yesNo(f.PackageManager), asOf(f))
		} else {
			total = append(total, "", "", "", "", "", "", "")
		}
		if img.Move != nil {
			total = append(total, cell(img.From), decimal(img.Move.ChainBytes), decimal(img.Move.BlobBytes))
		}
		rows = append(rows, filled(rows[0], total...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// filled has as many cells as the head.
func filled(head []string, cells ...string) []string {
	return append(cells, make([]string, len(head)-len(cells))...)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// SizesMarkdown writes a row an image for a review; its layers are folded.
func SizesMarkdown(w io.Writer, s *registrysize.Survey) error {
	doc := mdDoc{first: together(s) + "."}
	var rows, layers [][]string
	for i := range s.Images {
		img := &s.Images[i]
		rows = append(rows, []string{mdName(sizesName(s, i)), exactBytes(img.Bytes()), fmt.Sprint(len(img.Layers)), mdText(img.Source + ", " + img.Observed)})
		for _, l := range img.Layers {
			layers = append(layers, []string{mdName(sizesName(s, i)), exactBytes(l.Bytes), "`" + l.Digest + "`"})
		}
	}
	doc.blocks = append(doc.blocks, mdTable("", []string{"image", "wire bytes", "layers", "read"}, 2, 3, rows))
	for _, block := range []struct {
		title string
		of    func(*registrysize.Survey, func(int64) string) ([]string, [][]string)
	}{{"What they hold", contents}, {"What they share", pairs}, {"What it takes to get there", moves}} {
		head, cells := block.of(s, exactBytes)
		if head == nil || block.title == "What they share" && len(s.Images) < 2 {
			continue
		}
		for i := range cells {
			cells[i][0] = mdName(cells[i][0])
		}
		for i := range head {
			head[i] = mdText(head[i])
		}
		doc.blocks = append(doc.blocks, mdTable(block.title, head, 2, len(head), cells))
	}
	folded := mdTable("Layers, bottom first", []string{"image", "wire bytes", "layer"}, 2, 2, layers)
	folded.folded = true
	doc.blocks = append(doc.blocks, folded)
	return doc.write(w)
}
