// Package internal_test holds the packages of this module against the picture of them: imports point one way only.
package internal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/regal-inventory/regal-inventory"

// mayImport has for each package of this module, by its folder, the other ones that it may import.
var mayImport = map[string]string{
	".":            "internal/cli",
	"internal/cli": "grouping internal/bounded internal/nearest internal/shown inventory inventory/source plan release",
	"plan":         "grouping internal/nearest internal/quoted internal/shown inventory",
	"release":      "grouping internal/bounded internal/quoted internal/shown inventory",
	"grouping":     "internal/bounded internal/nearest internal/shown internal/yamlfault inventory inventory/python",

	"inventory/source": "internal/bounded internal/lazy internal/quoted internal/shown inventory inventory/ini inventory/internal/address " +
		"inventory/internal/ansible inventory/internal/reading inventory/internal/wire inventory/json inventory/python inventory/yaml",
	"inventory/aini": "inventory inventory/python",

	// The languages.
	"inventory/ini": "internal/shown inventory inventory/internal/address inventory/internal/reading inventory/internal/wire " +
		"inventory/python",
	"inventory/yaml": "internal/lazy internal/shown internal/yamlfault inventory inventory/internal/address " +
		"inventory/internal/ansible inventory/internal/reading inventory/internal/wire inventory/json inventory/python",
	"inventory/json":             "inventory inventory/internal/wire inventory/python",
	"inventory/internal/reading": "internal/shown inventory inventory/internal/address inventory/internal/ansible",

	// The model, and what it stands on.
	"inventory":                  "internal/nearest internal/quoted internal/shown inventory/internal/address inventory/internal/wire inventory/python",
	"inventory/internal/address": "internal/lazy internal/shown inventory/python",
	"inventory/internal/ansible": "internal/lazy",
	"inventory/internal/wire":    "internal/shown",
	"inventory/python":           "",

	"internal/bounded":   "",
	"internal/lazy":      "",
	"internal/nearest":   "",
	"internal/quoted":    "inventory/python",
	"internal/shown":     "",
	"internal/yamlfault": "internal/lazy inventory inventory/python",

	// For tests and measurements alone.
	"bench":                            "internal/ansibletest",
	"bench/peers/aini":                 "",
	"bench/peers/constant":             "",
	"bench/peers/yamlnodes":            "",
	"internal/ansibletest":             "",
	"internal/programtest":             "internal/ansibletest",
	"inventory/internal/asked":         "internal/ansibletest inventory/internal/ansible inventory/python",
	"inventory/internal/inventorytest": "inventory inventory/internal/asked",
}

// modulesOf has the packages that alone may import a module of others which programs shall not carry without need.
var modulesOf = map[string][]string{
	"github.com/relex/aini":       {"inventory/aini", "bench/peers/aini"},
	"github.com/dlclark/regexp2":  {"inventory", "inventory/source"},
	"github.com/stretchr/testify": {"internal/ansibletest", "internal/programtest", "inventory/internal/asked", "inventory/internal/inventorytest"},
}

// imports returns what each package of this module imports outside of its tests; packages of this module by their folders.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	command := exec.Command("go", "list", "-f", "{{.ImportPath}} {{range .Imports}}{{.}} {{end}}", "./...")
	command.Dir = ".."
	output, err := command.Output()
	require.NoError(t, err)
	folder := func(path string) string {
		if path == module {
			return "."
		}
		return strings.TrimPrefix(path, module+"/")
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(output)) {
		words := strings.Fields(line)
		name := folder(words[0])
		// The go command reads the packages, not the test: only a look at their folders keeps an old result from being taken for this one.
		_, err := os.ReadDir(filepath.Join("..", name))
		require.NoError(t, err)
		found[name] = nil
		for _, path := range words[1:] {
			found[name] = append(found[name], folder(path))
		}
	}
	return found
}

// TestImportsPointOneWay compares what is imported with the picture.
func TestImportsPointOneWay(t *testing.T) {
	found := imports(t)
	for name, imported := range found {
		allowed, known := mayImport[name]
		if !known {
			if !strings.HasSuffix(name, "/testdata") && len(imported) > 0 {
				t.Errorf("%s stands in no line of mayImport", name)
			}
			continue
		}
		for _, path := range imported {
			if _, ours := found[path]; ours {
				assert.Contains(t, strings.Fields(allowed), path, "%s must not import %s", name, path)
			}
			for other, importers := range modulesOf {
				if path == other || strings.HasPrefix(path, other+"/") {
					assert.Contains(t, importers, name, "%s must not import %s", name, path)
				}
			}
		}
	}
	for name := range mayImport {
		assert.Contains(t, found, name, "mayImport names what is no package")
	}
}

// TestPictureHasNoCircle sees that the picture itself lets imports point one way only.
func TestPictureHasNoCircle(t *testing.T) {
	var visit func(name string, above []string)
	visit = func(name string, above []string) {
		require.NotContains(t, above, name, "%s", above)
		for _, below := range strings.Fields(mayImport[name]) {
			require.Contains(t, mayImport, below, "%s may import what is no package", name)
			visit(below, append(slices.Clone(above), name))
		}
	}
	for name := range mayImport {
		visit(name, nil)
	}
}
