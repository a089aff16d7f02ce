package docs_test

import (
	"os"
	"testing"

	"github.com/regal-inventory/regal-inventory/internal/cli"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestMain runs the tests in the folder of the project, since pages name files by their paths there.
func TestMain(m *testing.M) {
	programtest.Main(m, "..", func() { os.Exit(cli.Main("")) })
}
