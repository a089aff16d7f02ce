package grouping

import (
	_ "embed"
	"io"
)

//go:embed schema.json
var schema []byte

// WriteSchema writes the JSON Schema (2020-12) of a policy, for editors; the errors are those of the writer. It accepts every policy that
// [ParsePolicy] accepts, and refuses every other, except for what a schema cannot tell:
//   - whether a number in YAML is written in plain decimal digits: 010, 1_0 and 2.0 are refused by the parser only;
//   - what YAML has and JSON has not: keys given twice, tags, merge keys, .inf, several documents, control characters;
//   - cross references: entries of priority that match no version, two versions with one stem of group names;
//   - rings and shares whose names are the same once they are made safe, shares that do not make 100%, the
//     canary of a version beside one of its first ring, values that are spelt in two ways;
//   - all that depends on the inventory.
func WriteSchema(to io.Writer) error {
	_, err := to.Write(schema)
	return err
}
