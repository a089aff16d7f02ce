//go:build unix

package release

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSyncOfNoFolder says that a folder that is not there is not on the disk either.
func TestSyncOfNoFolder(t *testing.T) {
	t.Parallel()
	require.NoError(t, syncFolder(t.TempDir()))
	require.ErrorIs(t, syncFolder(filepath.Join(t.TempDir(), "nowhere")), fs.ErrNotExist)
}
