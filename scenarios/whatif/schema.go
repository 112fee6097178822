package whatif

import (
	_ "embed"
	"slices"
)

//go:embed result.schema.json
var schema []byte

// ResultSchema is the JSON Schema (draft 7) of a saved Result, made from the types of this package. A result
// of a later fleetcost may have more keys, and still fits.
func ResultSchema() []byte { return slices.Clone(schema) }
