//go:build unix

package cli

import (
	"fmt"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestFewOpenFiles has less than Go needs to wait for a program: that is a message, not a trace.
func TestFewOpenFiles(t *testing.T) {
	t.Parallel()
	folder := programtest.WriteFiles(t, map[string]string{"p.reg": soundPolicy, "h.ini": "h1\n", "inv": "#!/bin/sh\necho '{\"web\": {\"hosts\": [\"h1\"]}, \"_meta\": {\"hostvars\": {}}}'\n"})
	program, err := exec.LookPath("regal-inventory")
	require.NoError(t, err)
	for files := 5; files < 64; files++ {
		for _, source := range []string{"h.ini", "inv"} {
			command := exec.Command("sh", "-c", fmt.Sprintf("ulimit -n %d && exec \"$0\" \"$@\"", files), program, "p.reg", "-i", source, "--waves")
			command.Dir = folder
			output, err := command.CombinedOutput()
			if files >= 32 {
				require.NoError(t, err, string(output))
				continue
			}
			assert.Equal(t, fmt.Sprintf("only %d files may be open at a time, and 32 are needed: raise ulimit -n\n", files), string(output))
			assert.Equal(t, exitWrong, command.ProcessState.ExitCode())
		}
	}
}
