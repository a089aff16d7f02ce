package inventory

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

var update = flag.Bool("update", false, "write what the tests get as what they expect")

// caseFiles returns the inventories of testdata/cases. Each is named for the one rule of Ansible's grammar that it shows.
func caseFiles(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata/cases")
	require.NoError(t, err)
	var files []string
	for _, entry := range entries {
		files = append(files, filepath.Join("testdata/cases", entry.Name()))
	}
	return files
}

// TestCases compares what is made of each case with what testdata/want has: JSON, or the error. The expectations are not
// our own opinion: TestCasesAgainstAnsible holds them against Ansible.
func TestCases(t *testing.T) {
	for _, file := range caseFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var told strings.Builder
			inv, err := Read([]string{file}, Options{Warn: func(message string) { told.WriteString("warning: " + message + "\n") }})
			if err == nil {
				err = inv.WriteJSON(&told, nil, true)
			}
			got := told.String()
			if err != nil {
				got += "error: " + err.Error() + "\n"
			}
			want := filepath.Join("testdata/want", filepath.Base(file)+".txt")
			if *update {
				require.NoError(t, os.WriteFile(want, []byte(got), 0o644))
			}
			expected, err := os.ReadFile(want)
			require.NoError(t, err)
			require.Equal(t, string(expected), got)
		})
	}
}

// TestCasesAgainstAnsible holds the same cases against Ansible itself.
func TestCasesAgainstAnsible(t *testing.T) {
	ansibletest.Python(t)
	folder := t.TempDir()
	var files []string
	for _, file := range caseFiles(t) {
		if filepath.Base(file) == "range_too_large.ini" {
			continue // Ansible would eat the machine's memory
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		copied := filepath.Join(folder, filepath.Base(file))
		require.NoError(t, os.WriteFile(copied, data, 0o600))
		files = append(files, copied)
	}
	for _, c := range compareAll(t, files) {
		if len(c.Differences) > 0 && !isKnownLimit(c) {
			t.Errorf("%s: %s", filepath.Base(c.Source), strings.Join(c.Differences, "\n  "))
		}
	}
}
