package docs_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// exampleOnPage is a line that says which example comes, and the example, if it is there already.
var exampleOnPage = regexp.MustCompile("(?m)^<!-- example: (\\S+) (Example\\w*) -->\n(?:```go\n[^`]*```\n)?(?:\n```text\n[^`]*```\n)?")

// TestGoPage holds the code of docs/go.md against the examples of the packages, and what it prints against what they do.
func TestGoPage(t *testing.T) {
	page := programtest.ReadFile(t, "docs/go.md")
	shown := 0
	made := exampleOnPage.ReplaceAllStringFunc(page, func(block string) string {
		shown++
		words := exampleOnPage.FindStringSubmatch(block)
		code, output := example(t, words[1], words[2])
		return fmt.Sprintf("<!-- example: %s %s -->\n```go\n%s```\n\n```text\n%s```\n", words[1], words[2], code, output)
	})
	require.Equal(t, strings.Count(page, "<!-- example:"), shown)
	require.Positive(t, shown)
	programtest.Current(t, "docs/go.md", []byte(made))
}

// example returns the body of an example of the package in that folder, and what it prints.
func example(t *testing.T, folder, name string) (code, output string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	for _, path := range files {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, source, parser.ParseComments)
		require.NoError(t, err)
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || function.Name.Name != name {
				continue
			}
			body := source[set.Position(function.Body.Lbrace).Offset+1 : set.Position(function.Body.Rbrace).Offset]
			before, after, found := bytes.Cut(body, []byte("\t// Output:\n"))
			require.True(t, found, name)
			return withoutIndent(string(before), "\t"), withoutIndent(string(after), "\t// ")
		}
	}
	t.Fatalf("there is no %s in %s", name, folder)
	return "", ""
}

// withoutIndent takes what all lines begin with away, and empty lines at the start.
func withoutIndent(text, indent string) string {
	var made strings.Builder
	for line := range strings.Lines(strings.TrimLeft(text, "\n")) {
		made.WriteString(strings.TrimPrefix(line, indent))
	}
	return made.String()
}
