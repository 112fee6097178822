package scenarios

import (
	_ "embed"
	"slices"
)

// SchemaFile is what the schema is called where it lies beside a scenario: the first line of a built-in
// scenario names it for editors.
const SchemaFile = "fleetcost.schema.json"

//go:embed fleetcost.schema.json
var schema []byte

// Schema is the scenario file's JSON Schema (draft 7), made from the types of this package. It knows the
// form of every value; what spans several values, such as names that must exist, only loading finds.
func Schema() []byte { return slices.Clone(schema) }
