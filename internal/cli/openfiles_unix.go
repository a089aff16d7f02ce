//go:build unix

package cli

import (
	"fmt"
	"syscall"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// checkOpenFiles returns an error if so few files may be open at a time that Go's runtime would fail, with a message of its own that
// helps nobody.
func checkOpenFiles() error {
	const few = 32
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur >= few {
		return nil
	}
	return &inventory.Error{Message: fmt.Sprintf("only %d files may be open at a time, and %d are needed: raise ulimit -n", limit.Cur, few)}
}
