package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/registrysize"
)

// SizesTable writes images layer by layer, then what they share. Sizes are compressed.
func SizesTable(w io.Writer, images []registrysize.Image) error {
	var out strings.Builder
	for i := range images {
		img := &images[i]
		fmt.Fprintf(&out, "%s %s\n%s, %s of %s\n\n", clean(img.Ref), clean(img.Platform), clean(img.Digest), img.Source, img.Observed)
		var values []float64
		for _, l := range img.Layers {
			values = append(values, float64(l.Bytes))
		}
		unit, cells := column(byteScales, append(values, float64(img.Bytes())))
		rows := []table.Row{}
		for k, l := range img.Layers {
			rows = append(rows, table.Row{cells[k], exactBytes(l.Bytes), clean(l.Digest)})
		}
		rows = append(rows, table.Row{cells[len(cells)-1], exactBytes(img.Bytes()), "total"})
		out.WriteString(render(table.Row{"wire " + unit, "bytes", "layer"}, rows, 2))
		out.WriteString("\n")
	}
	if len(images) > 1 {
		sharing(&out, images)
	}
	_, err := io.WriteString(w, strings.TrimSuffix(out.String(), "\n"))
	return err
}

func exactBytes(n int64) string { return group(fmt.Sprint(n)) }

func sharing(out *strings.Builder, images []registrysize.Image) {
	s := registrysize.Share(images)
	fmt.Fprintf(out, "all together %s bytes, each layer once %s\n\n", exactBytes(s.Total), exactBytes(s.Unique))
	head := table.Row{"bytes shared"}
	rows := []table.Row{}
	for i := range images {
		head = append(head, fmt.Sprint(i+1))
		row := table.Row{fmt.Sprintf("%d %s", i+1, clean(images[i].Ref))}
		for j := range images {
			row = append(row, exactBytes(s.Pairs[i][j]))
		}
		rows = append(rows, row)
	}
	out.WriteString(render(head, rows, len(images)+1, 1))
	out.WriteString("\n")
}

// sizesJSON is what -o json prints. Bytes are compressed.
type sizesJSON struct {
	Images []sizesImage `json:"images"`
	Total  int64        `json:"total_bytes"`
	Unique int64        `json:"unique_bytes"`
	Shared [][]int64    `json:"shared_bytes"` // row and column as in images
}

type sizesImage struct {
	registrysize.Image
	Bytes int64 `json:"compressed_bytes"`
}

// SizesJSON writes the same as SizesTable for scripts.
func SizesJSON(w io.Writer, images []registrysize.Image) error {
	s := registrysize.Share(images)
	doc := sizesJSON{Images: []sizesImage{}, Total: s.Total, Unique: s.Unique, Shared: s.Pairs}
	for i := range images {
		doc.Images = append(doc.Images, sizesImage{images[i], images[i].Bytes()})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
