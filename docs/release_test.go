package docs_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// TestReleaseLoop holds the shell loop of docs/release.md to be the one that testdata/release-shell.txtar runs.
func TestReleaseLoop(t *testing.T) {
	page, err := os.ReadFile("docs/release.md")
	require.NoError(t, err)
	script, err := txtar.ParseFile("testdata/release-shell.txtar")
	require.NoError(t, err)
	for _, file := range script.Files {
		if file.Name == "release.sh" {
			require.Contains(t, string(page), "```sh\n"+string(file.Data)+"```\n")
			return
		}
	}
	require.Fail(t, "there is no release.sh")
}
