package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// readmePart is a fenced block of a README: the name of the file that it is, if it is one, its language, and its text.
var readmePart = regexp.MustCompile("(?s)(?:<!-- file: (\\S+) -->\n)?```(\\w+)\n(.*?)```\n")

// TestReadme runs the console blocks of the READMEs and of other pages, with the files that stand before them; -update writes the
// output anew. Only on the page about troubles may commands fail.
func TestReadme(t *testing.T) {
	t.Parallel()
	const troubles = "docs/troubleshooting.md"
	for name, blocks := range map[string]int{"README.md": 5, "README.zh-CN.md": 5, troubles: 9} {
		t.Run(name, func(t *testing.T) {
			page, err := os.ReadFile(name)
			require.NoError(t, err)
			folder := t.TempDir()
			consoles := 0
			made := readmePart.ReplaceAllStringFunc(string(page), func(part string) string {
				match := readmePart.FindStringSubmatch(part)
				file, language, text := match[1], match[2], match[3]
				switch {
				case strings.HasPrefix(text, "#!"):
					programtest.WriteProgram(t, filepath.Join(folder, file), text)
				case file != "":
					require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600))
				}
				if language != "console" {
					return part
				}
				consoles++
				return "```console\n" + console(t, folder, text, name == troubles) + "```\n"
			})
			require.Equal(t, blocks, consoles)
			programtest.Current(t, name, []byte(made))
		})
	}
}

// console runs the commands of a console block and returns the block as it should be.
func console(t *testing.T, folder, text string, mayFail bool) string {
	t.Helper()
	var made strings.Builder
	for line := range strings.Lines(text) {
		command, found := strings.CutPrefix(line, "$ ")
		if !found {
			continue
		}
		shell := exec.Command("sh", "-c", command)
		shell.Dir = folder
		shell.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "REGAL_POLICY=")
		output, err := shell.CombinedOutput()
		if !mayFail {
			require.NoError(t, err, string(output))
		}
		made.WriteString(line)
		made.Write(output)
	}
	return made.String()
}

// TestReadmesAgree checks that both READMEs have the same blocks in the same order.
func TestReadmesAgree(t *testing.T) {
	t.Parallel()
	blocks := func(name string) []string {
		page, err := os.ReadFile(name)
		require.NoError(t, err)
		var found []string
		for _, match := range readmePart.FindAllStringSubmatch(string(page), -1) {
			if match[2] != "sh" { // shell blocks have remarks, which are translated
				found = append(found, match[0])
			}
		}
		return found
	}
	require.Equal(t, blocks("README.md"), blocks("README.zh-CN.md"))
}
