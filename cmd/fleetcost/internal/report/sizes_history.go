package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
)

// HistoryFormats lists the ways of writing what the releases of a repository moved, the default first.
func HistoryFormats() []Format[[]registrysize.Release] {
	return []Format[[]registrysize.Release]{{"table", historyTable}, {"json", historyJSON}, {"csv", historyCSV}, {"markdown", historyMarkdown}}
}

// historyRows are a row a release: its size, and what a machine with the one before it fetched.
func historyRows(releases []registrysize.Release) (head []string, rows [][]string) {
	head = []string{"release", "wire bytes", "layers", "moved by chain", "layers", "moved by blob", "layers"}
	for i := range releases {
		r := &releases[i]
		rows = append(rows, []string{registrysize.Identifier(r.Ref), exactBytes(r.Bytes()), fmt.Sprint(len(r.Layers)),
			exactBytes(r.ChainBytes), fmt.Sprint(r.ChainLayers), exactBytes(r.BlobBytes), fmt.Sprint(r.BlobLayers)})
	}
	return head, rows
}

// historySum says what all releases but the first moved, beside what their sizes add up to.
func historySum(releases []registrysize.Release) string {
	if len(releases) < 2 {
		return count(len(releases), "release") + "; none moved anything onto another one"
	}
	var all, chain, blob int64
	for i := range releases[1:] {
		r := &releases[1+i]
		all, chain, blob = all+r.Bytes(), chain+r.ChainBytes, blob+r.BlobBytes
	}
	share := func(n int64) string {
		if all == 0 {
			return exactBytes(n)
		}
		return fmt.Sprintf("%s (%.1f %%)", exactBytes(n), 100*float64(n)/float64(all))
	}
	return fmt.Sprintf("%s after the first, of %s wire bytes together, moved %s by chain, %s by blob",
		count(len(releases)-1, "release"), exactBytes(all), share(chain), share(blob))
}

// repositoryOf is what all releases are of.
func repositoryOf(releases []registrysize.Release) string {
	if len(releases) == 0 {
		return ""
	}
	return registrysize.Repository(releases[0].Ref) + " " + releases[0].Platform
}

func historyTable(w io.Writer, releases []registrysize.Release) error {
	head, rows := historyRows(releases)
	_, err := fmt.Fprintf(w, "%s, oldest first\n\n%s\n%s\n", clean(repositoryOf(releases)),
		render(tableRow(head), tableRows(rows), 2, len(head)), historySum(releases))
	return err
}

func historyMarkdown(w io.Writer, releases []registrysize.Release) error {
	head, rows := historyRows(releases)
	for i := range rows {
		rows[i][0] = mdName(rows[i][0])
	}
	doc := mdDoc{first: mdName(repositoryOf(releases)) + ": " + historySum(releases) + ".",
		blocks: []mdBlock{mdTable("", head, 2, len(head), rows)}}
	return doc.write(w)
}

func historyCSV(w io.Writer, releases []registrysize.Release) error {
	rows := [][]string{{"ref", "platform", "digest", "wire_bytes", "layers", "move_chain_bytes", "move_chain_layers", "move_blob_bytes", "move_blob_layers"}}
	for i := range releases {
		r := &releases[i]
		rows = append(rows, []string{cell(r.Ref), cell(r.Platform), r.Digest, decimal(r.Bytes()), fmt.Sprint(len(r.Layers)),
			decimal(r.ChainBytes), fmt.Sprint(r.ChainLayers), decimal(r.BlobBytes), fmt.Sprint(r.BlobLayers)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func historyJSON(w io.Writer, releases []registrysize.Release) error {
	type release struct {
		registrysize.Image
		Bytes int64             `json:"compressed_bytes"`
		Move  registrysize.Move `json:"move"`
	}
	doc := struct {
		Repository string    `json:"repository"`
		Platform   string    `json:"platform"`
		Releases   []release `json:"releases"` // oldest first
	}{Releases: []release{}}
	doc.Repository, doc.Platform, _ = strings.Cut(repositoryOf(releases), " ")
	for i := range releases {
		r := &releases[i]
		doc.Releases = append(doc.Releases, release{r.Image, r.Bytes(), r.Move})
	}
	return writeJSON(w, doc)
}
