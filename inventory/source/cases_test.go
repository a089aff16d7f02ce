package source

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

var update = flag.Bool("update", false, "write what the tests get as what they expect")

// TestCases compares what is made of each case with what testdata/want has: JSON, or the error; where Ansible 2.22 has it
// otherwise than 2.14, that too. The expectations are not our own opinion: TestCasesAgainstAnsible holds them against Ansible.
func TestCases(t *testing.T) {
	for _, file := range inventorytest.CaseFiles(t, "testdata/cases") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := filepath.Join("testdata/want", filepath.Base(file))
			old, recent := printedCase(file, ansible.Version{Major: 2, Minor: 14}), printedCase(file, ansible.Newest)
			if *update {
				require.NoError(t, os.WriteFile(want+".txt", []byte(old), 0o644))
				_ = os.Remove(want + ".2.22.txt")
				if recent != old {
					require.NoError(t, os.WriteFile(want+".2.22.txt", []byte(recent), 0o644))
				}
			}
			expected, err := os.ReadFile(want + ".txt")
			require.NoError(t, err)
			require.Equal(t, string(expected), old)
			if changed, err := os.ReadFile(want + ".2.22.txt"); err == nil {
				expected = changed
			}
			require.Equal(t, string(expected), recent)
		})
	}
}

// printedCase returns what is said and printed of a case where that version of Ansible is in use.
func printedCase(file string, version ansible.Version) string {
	var told strings.Builder
	inv, err := Read(context.Background(), []string{file}, Options{
		Warn: func(message string) { told.WriteString("warning: " + message + "\n") }, ansible: ansible.Of(version),
	})
	if err == nil {
		err = inv.WriteJSON(&told, nil, true)
	}
	if err != nil {
		told.WriteString("error: " + err.Error() + "\n")
	}
	return told.String()
}

// TestCasesAgainstAnsible holds the same cases against Ansible itself.
func TestCasesAgainstAnsible(t *testing.T) {
	ansibletest.Python(t)
	folder := t.TempDir()
	var files []string
	for _, file := range inventorytest.CaseFiles(t, "testdata/cases") {
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
