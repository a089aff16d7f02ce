package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// roomFolders are the packages that docs/architecture.md names, by name.
var roomFolders = map[string]string{
	"cli": "internal/cli", "plan": "plan", "release": "release", "grouping": "grouping", "inventory": "inventory",
	"source": "inventory/source", "ini": "inventory/ini", "yaml": "inventory/yaml", "json": "inventory/json", "python": "inventory/python",
	"aini": "inventory/aini", "reading": "inventory/internal/reading",
}

// namedInRoom is a name with its package: grouping.Plan, grouping.Policy.Plan, but not internal/imports_test.go.
var namedInRoom = regexp.MustCompile(`(?:^|[^\w./])(\w+)\.(\w+)(?:\.(\w+))?\b`)

// TestArchitecturePage looks for every function, type and variable that the page names.
func TestArchitecturePage(t *testing.T) {
	page := programtest.ReadFile(t, "docs/architecture.md")
	declared := map[string]map[string]bool{}
	for room, folder := range roomFolders {
		declared[room] = declarations(t, folder)
	}
	found := 0
	for _, words := range namedInRoom.FindAllStringSubmatch(page, -1) {
		names, isRoom := declared[words[1]]
		if !isRoom {
			continue
		}
		for _, name := range words[2:] {
			if name != "" {
				found++
				assert.True(t, names[name], "%s has no %s", words[1], name)
			}
		}
	}
	assert.Greater(t, found, 40, "the page is not read as it should be")
	for _, path := range regexp.MustCompile("`((?:docs|grouping|inventory|internal|testdata|plan)/[^`]*)`").FindAllStringSubmatch(page, -1) {
		if path[1] != "inventory/" {
			_, err := os.Stat(path[1])
			assert.NoError(t, err)
		}
	}
}

// declarations returns the names of all that a package declares: functions and methods, types, variables and constants.
func declarations(t *testing.T, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, declared := range file.Decls {
			switch declared := declared.(type) {
			case *ast.FuncDecl:
				if name := declared.Name.Name; !strings.HasPrefix(name, "Test") {
					names[name] = true
				}
			case *ast.GenDecl:
				for _, spec := range declared.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names[spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							names[name.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}
