package cli

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// call is how one call of the program ended.
type call struct {
	status         int
	stdout, stderr string
	memory         int64 // the most that the process took, in MB; 0 where that cannot be known
}

// callIn runs the program in a folder as a process of its own, and fails the test if it does not end.
func callIn(t *testing.T, folder string, args ...string) call {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	command := exec.CommandContext(ctx, "regal-inventory", args...)
	command.Dir = folder
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	require.NoError(t, ctx.Err(), "the program does not end")
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return call{command.ProcessState.ExitCode(), stdout.String(), stderr.String(), peakMemory(command.ProcessState)}
}
