package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fleetcost/fleetcost/scenarios/memory"
)

// MemoryFormats lists the ways of writing what images hold of memory, the default first.
func MemoryFormats() []Format[[]memory.Image] {
	return []Format[[]memory.Image]{{"table", memoryTable}, {"csv", memoryCSV}, {"json", memoryJSON}, {"scenario", memoryScenario}}
}

// unknownImage stands for an image that nobody tells.
const unknownImage = "(not told)"

// memoryTable writes a row an image and their sum. Page cache is by node: containers of an image share it.
func memoryTable(w io.Writer, images []memory.Image) error {
	columns := [4][]float64{} // RSS, of a container, cache, of a node
	var containers int
	sum := memory.Image{}
	for i := range images {
		img := &images[i]
		for j, v := range []int64{img.RSS, img.MeanRSS(), img.Cache, img.MeanCache()} {
			columns[j] = append(columns[j], float64(v))
		}
		containers += img.Containers
		sum.RSS, sum.Cache = sum.RSS+img.RSS, sum.Cache+img.Cache
	}
	columns[0], columns[2] = append(columns[0], float64(sum.RSS)), append(columns[2], float64(sum.Cache))
	head := table.Row{"image", "containers", "nodes"}
	var cells [4][]string
	for j, name := range []string{"RSS\n", "a container\n", "page cache\n", "a node\n"} {
		unit := byteScales[len(byteScales)-1].unit
		if len(columns[j]) > 0 {
			unit, cells[j] = column(byteScales, columns[j])
		}
		head = append(head, name+unit)
	}
	var rows []table.Row
	for i, img := range images {
		name := clean(img.Image)
		if name == "" {
			name = unknownImage
		}
		rows = append(rows, table.Row{name, img.Containers, img.Nodes, cells[0][i], cells[1][i], cells[2][i], cells[3][i]})
	}
	rows = append(rows, table.Row{"together", containers, "", cells[0][len(images)], "", cells[2][len(images)], ""})
	_, err := io.WriteString(w, render(head, rows, 2, len(head)))
	return err
}

// memoryCSV writes a row an image, in bytes.
func memoryCSV(w io.Writer, images []memory.Image) error {
	rows := [][]string{{"image", "containers", "nodes", "rss_bytes", "rss_bytes_per_container", "cache_bytes", "cache_bytes_per_node"}}
	for i := range images {
		img := &images[i]
		row := []string{cell(img.Image), strconv.Itoa(img.Containers), strconv.Itoa(img.Nodes)}
		for _, v := range []int64{img.RSS, img.MeanRSS(), img.Cache, img.MeanCache()} {
			row = append(row, strconv.FormatInt(v, 10))
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// memoryJSON writes the images and their sum, in bytes.
func memoryJSON(w io.Writer, images []memory.Image) error {
	doc := struct {
		Images []memory.Image `json:"images"`
		RSS    int64          `json:"rss_bytes"`
		Cache  int64          `json:"cache_bytes"`
	}{Images: images}
	for _, img := range images {
		doc.RSS, doc.Cache = doc.RSS+img.RSS, doc.Cache+img.Cache
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// memoryScenario writes the services of a scenario.
func memoryScenario(w io.Writer, images []memory.Image) error {
	text, err := memory.Scenario(images)
	if err != nil {
		return fmt.Errorf("writing the scenario: %w", err)
	}
	_, err = io.WriteString(w, strings.TrimLeft(string(text), "\n"))
	return err
}
