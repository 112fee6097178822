package report

import (
	"encoding/json"
	"io"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// JSON writes the result as fleetcost.result/v1, indented.
func JSON(w io.Writer, r *whatif.Result) error { return writeJSON(w, r) }

// writeJSON writes a document, indented and with names as they are.
func writeJSON[T any](w io.Writer, document T) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document)
}
