package inventorytest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// CaseFiles returns the inventories in a folder of cases. Each is named for the one rule of Ansible's grammar that it shows.
func CaseFiles(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var files []string
	for _, entry := range entries {
		files = append(files, filepath.Join(folder, entry.Name()))
	}
	return files
}
