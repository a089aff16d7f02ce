package release

import (
	_ "embed"
	"io"
)

//go:embed schema.json
var schema []byte

// WriteSchema writes the JSON Schema (2020-12) of a record; the errors are those of the writer. The schema cannot tell whether the
// checksum is that of the rest, whether names of waves go on by number, and whether a host is there once.
func WriteSchema(to io.Writer) error {
	_, err := to.Write(schema)
	return err
}
