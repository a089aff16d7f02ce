// Package tests has the playbooks release with real Ansible.
package tests

import (
	"os"
	"testing"

	"github.com/regal-inventory/regal-inventory/internal/cli"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestMain runs the tests in the folder of the project, whose examples they copy.
func TestMain(m *testing.M) {
	programtest.Main(m, "../..", func() { os.Exit(cli.Main("")) })
}
