package report

import (
	"encoding/json"
	"io"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// JSON writes the result as fleetcost.result/v1, indented.
func JSON(w io.Writer, r *whatif.Result) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}
