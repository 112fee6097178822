package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/registrysize"
)

// SizesFormats lists the ways of writing images side by side, the default first.
func SizesFormats() []Format[*registrysize.Survey] {
	return []Format[*registrysize.Survey]{{"table", SizesTable}, {"json", SizesJSON}, {"csv", SizesCSV}, {"markdown", SizesMarkdown}}
}

// SizesTable writes images layer by layer, then what they hold, what they share and what it takes to get from
// one to another.
func SizesTable(w io.Writer, s *registrysize.Survey) error {
	var parts []string
	for i := range s.Images {
		parts = append(parts, layerTable(&s.Images[i]))
	}
	if head, cells := contents(s, exactBytes); head != nil {
		parts = append(parts, render(tableRow(head), tableRows(cells), 2, len(head)))
	}
	if len(s.Images) > 1 {
		head, cells := pairs(s, exactBytes)
		parts = append(parts, together(s)+"\n\n"+render(tableRow(head), tableRows(cells), 2, len(head)))
	}
	if head, cells := moves(s, exactBytes); head != nil {
		parts = append(parts, render(tableRow(head), tableRows(cells), 2, len(head)))
	}
	_, err := io.WriteString(w, strings.Join(parts, "\n"))
	return err
}

// layerTable writes one image, bottom layer first.
func layerTable(img *registrysize.Surveyed) string {
	title := fmt.Sprintf("%s %s\n%s, from the %s, read %s\n\n",
		clean(img.Ref), clean(img.Platform), clean(img.Digest), img.Source, img.Observed)
	disk := img.Footprint != nil && len(img.Footprint.LayerDiskBytes) == len(img.Layers) && len(img.Layers) > 0
	head := table.Row{"wire bytes", "layer, bottom first"}
	if disk {
		head = table.Row{"wire bytes", "disk bytes", "layer, bottom first"}
	}
	var rows []table.Row
	for i, l := range img.Layers {
		row := table.Row{exactBytes(l.Bytes)}
		if disk {
			row = append(row, exactBytes(img.Footprint.LayerDiskBytes[i]))
		}
		rows = append(rows, append(row, clean(l.Digest)))
	}
	unit, cells := column(byteScales, []float64{float64(img.Bytes())})
	total := table.Row{exactBytes(img.Bytes())}
	if disk {
		total = append(total, exactBytes(img.Footprint.DiskBytes))
	}
	rows = append(rows, append(total, fmt.Sprintf("total, %s %s on the wire", cells[0], unit)))
	return title + render(head, rows, 1, len(head)-1)
}

// together says what all images take in one line.
func together(s *registrysize.Survey) string {
	return fmt.Sprintf("Together %s bytes on the wire; with each layer once %s", exactBytes(s.Shared.Total), exactBytes(s.Shared.Unique))
}

// contents are rows of what images take on disk and hold, without the columns that nothing is known for; nil:
// nothing is known at all.
func contents(s *registrysize.Survey, number func(int64) string) (head []string, rows [][]string) {
	columns := []struct {
		head string
		cell func(*registrysize.Footprint) string
	}{
		{"disk bytes", func(f *registrysize.Footprint) string { return number(f.DiskBytes) }},
		{"files", func(f *registrysize.Footprint) string { return optional(f.Files, number) }},
		{"packages", func(f *registrysize.Footprint) string { return optional(f.Packages, number) }},
		{"setuid", func(f *registrysize.Footprint) string { return optional(f.Setuid, number) }},
		{"shell", func(f *registrysize.Footprint) string { return yesNo(f.Shell) }},
		{"package manager", func(f *registrysize.Footprint) string { return yesNo(f.PackageManager) }},
		{"as of", asOf},
	}
	for i := range s.Images {
		rows = append(rows, []string{sizesName(s, i)})
	}
	for _, c := range columns {
		var cells []string
		some := false
		for i := range s.Images {
			text := ""
			if f := s.Images[i].Footprint; f != nil {
				text = c.cell(f)
			}
			some = some || text != ""
			cells = append(cells, text)
		}
		if !some {
			continue
		}
		head = append(head, c.head)
		for i, text := range cells {
			if text == "" {
				text = "?"
			}
			rows[i] = append(rows[i], text)
		}
	}
	if head == nil {
		return nil, nil
	}
	return append([]string{"image"}, head...), rows
}

func asOf(f *registrysize.Footprint) string {
	if f.Observed != "" {
		return f.Source + ", " + f.Observed
	}
	return f.Source
}

func optional(n *int64, number func(int64) string) string {
	if n == nil {
		return ""
	}
	return number(*n)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

// pairs are rows of the bytes that images have in common, one by one.
func pairs(s *registrysize.Survey, number func(int64) string) (head []string, rows [][]string) {
	head = []string{"wire bytes shared"}
	for i := range s.Images {
		head = append(head, fmt.Sprintf("with %d", i+1))
		row := []string{fmt.Sprintf("%d %s", i+1, sizesName(s, i))}
		for j := range s.Images {
			row = append(row, number(s.Shared.Pairs[i][j]))
		}
		rows = append(rows, row)
	}
	return head, rows
}

// moves are rows of what it takes to get to each image; nil: that was not asked for.
func moves(s *registrysize.Survey, number func(int64) string) (head []string, rows [][]string) {
	for i := range s.Images {
		img := &s.Images[i]
		if img.Move == nil {
			continue
		}
		head = []string{"wire bytes to move from " + img.From, "by chain", "layers", "by blob", "layers"}
		rows = append(rows, []string{sizesName(s, i), number(img.Move.ChainBytes), fmt.Sprint(img.Move.ChainLayers),
			number(img.Move.BlobBytes), fmt.Sprint(img.Move.BlobLayers)})
	}
	return head, rows
}

// sizesName is an image's reference, and its platform where there are several.
func sizesName(s *registrysize.Survey, i int) string {
	for j := range s.Images {
		if s.Images[j].Platform != s.Images[0].Platform {
			return s.Images[i].Ref + " " + s.Images[i].Platform
		}
	}
	return s.Images[i].Ref
}

func exactBytes(n int64) string { return group(fmt.Sprint(n)) }

func tableRow(cells []string) table.Row {
	var row table.Row
	for _, c := range cells {
		row = append(row, clean(c))
	}
	return row
}

func tableRows(rows [][]string) []table.Row {
	var out []table.Row
	for _, cells := range rows {
		out = append(out, tableRow(cells))
	}
	return out
}
