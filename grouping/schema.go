package grouping

import (
	_ "embed" // the schema is a file, so that editors can be pointed at it
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (2020-12) of a policy, for editors. What it accepts can still be wrong for
// [ParsePolicy]: a schema cannot tell one version's group from another's.
func Schema() []byte { return slices.Clone(schema) }
