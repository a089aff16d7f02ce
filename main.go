// Command regal-inventory is a dynamic inventory for Ansible. It reads an existing inventory and a policy, and prints the
// same inventory with groups added through which a playbook releases a version wave by wave.
package main

import (
	"os"

	"github.com/regal-inventory/regal-inventory/internal/cli"
)

// release is the version that this is, if it was built for a release: the Makefile sets it.
var release string

func main() { os.Exit(cli.Main(release)) }
