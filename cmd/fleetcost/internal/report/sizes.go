package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/registrysize"
)

// SizesTable writes images layer by layer, then what they share. Sizes are compressed, as they cross the
// wire.
func SizesTable(w io.Writer, images []registrysize.Image) error {
	var out strings.Builder
	for i := range images {
		img := &images[i]
		fmt.Fprintf(&out, "%s %s\n%s, from the %s, read %s\n\n",
			clean(img.Ref), clean(img.Platform), clean(img.Digest), img.Source, img.Observed)
		var rows []table.Row
		for _, l := range img.Layers {
			rows = append(rows, table.Row{exactBytes(l.Bytes), clean(l.Digest)})
		}
		unit, cells := column(byteScales, []float64{float64(img.Bytes())})
		rows = append(rows, table.Row{exactBytes(img.Bytes()), fmt.Sprintf("total, %s %s", cells[0], unit)})
		out.WriteString(render(table.Row{"wire bytes", "layer, bottom first"}, rows, 1, 1))
		out.WriteString("\n")
	}
	if len(images) > 1 {
		sharing(&out, images)
	}
	_, err := io.WriteString(w, strings.TrimSuffix(out.String(), "\n"))
	return err
}

func exactBytes(n int64) string { return group(fmt.Sprint(n)) }

// sharing writes what images have in common, in one table.
func sharing(out *strings.Builder, images []registrysize.Image) {
	s := registrysize.Share(images)
	fmt.Fprintf(out, "Together %s bytes; with each layer once %s\n\n", exactBytes(s.Total), exactBytes(s.Unique))
	head := table.Row{"wire bytes shared"}
	var rows []table.Row
	for i := range images {
		head = append(head, fmt.Sprintf("with %d", i+1))
		row := table.Row{fmt.Sprintf("%d %s", i+1, clean(images[i].Ref))}
		for j := range images {
			row = append(row, exactBytes(s.Pairs[i][j]))
		}
		rows = append(rows, row)
	}
	out.WriteString(render(head, rows, 2, len(images)+1))
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
