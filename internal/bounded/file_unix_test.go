//go:build unix

package bounded

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadFileNeverWaits reads what is no file: a pipe would wait for a writer, a device has no end.
func TestReadFileNeverWaits(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for _, path := range []string{pipe, "/dev/zero", t.TempDir()} {
		_, err := ReadFile(path, 1<<30)
		require.ErrorIs(t, err, ErrNotRegular, path)
	}
}
