package ansibletest

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProcessors(t *testing.T) {
	processors := NewProcessors()
	said := map[string]bool{}
	var back []func()
	for range runtime.NumCPU() {
		command, giveBack := processors.Take("sh", "-c", "grep Cpus_allowed_list /proc/self/status || echo $$")
		output, err := exec.Command(command[0], command[1:]...).Output()
		require.NoError(t, err)
		said[strings.TrimSpace(string(output))] = true
		back = append(back, giveBack)
	}
	assert.Len(t, said, runtime.NumCPU(), "two ran on the same processor: %v", said)
	assert.Empty(t, processors.free)
	for _, giveBack := range back {
		giveBack()
	}
	assert.Len(t, processors.free, runtime.NumCPU())
}
