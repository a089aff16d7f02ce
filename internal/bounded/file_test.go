package bounded

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(path, []byte("12345"), 0o600))
	data, err := ReadFile(path, 5)
	require.NoError(t, err)
	assert.Equal(t, "12345", string(data))

	var tooLarge *TooLargeError
	_, err = ReadFile(path, 4)
	require.ErrorAs(t, err, &tooLarge)
	assert.EqualError(t, &TooLargeError{4 << 20}, "it has more than 4 MiB")

	_, err = ReadFile(filepath.Join(folder, "gone"), 5)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.EqualError(t, err, "no such file or directory")
}

// TestReadFileThatChanges reads a file that another goroutine rewrites with one size all the while: only its time tells.
func TestReadFileThatChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	text := make([]byte, 8<<20)
	require.NoError(t, os.WriteFile(path, text, 0o600))
	done := make(chan struct{})
	defer close(done)
	go func() {
		for i := int64(1); ; i++ {
			select {
			case <-done:
				return
			default:
				_ = os.Chtimes(path, time.Time{}, time.Unix(i, 0))
			}
		}
	}()
	require.Eventually(t, func() bool {
		_, err := ReadFile(path, 1<<30)
		return err == ErrChanged
	}, 10*time.Second, time.Millisecond)
}
