package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// part is a row of the first table in dependencies.md: the module and its licences.
var part = regexp.MustCompile(`(?m)^\| (\S+) \|.*\| ([^|]+) \|$`)

// licenceWords is what the text of a licence has and no other of these has.
var licenceWords = map[string]string{
	"MIT":          "Permission is hereby granted, free of charge",
	"Apache-2.0":   "Apache License",
	"BSD-3-Clause": "Redistribution and use in source and binary forms",
}

// TestDependencies compares the table with the modules that are linked into the binary.
func TestDependencies(t *testing.T) {
	page, err := os.ReadFile("docs/dependencies.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(page), "## In the binary")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "## In tests")
	licences := map[string]string{}
	for _, row := range part.FindAllStringSubmatch(table, -1) {
		if row[1] != "module" {
			licences[row[1]] = row[2]
		}
	}
	linked := linkedModules(t)
	for module := range linked {
		assert.Contains(t, licences, module, "the program links a module that dependencies.md does not name")
	}
	for module, names := range licences {
		folder, found := linked[module]
		if !assert.True(t, found, "dependencies.md names %s, which is not linked", module) {
			continue
		}
		for _, name := range strings.Split(names, ", ") {
			require.Contains(t, licenceWords, name, module)
			assert.Contains(t, licenceText(t, folder), licenceWords[name], "%s has another licence than %s", module, name)
		}
	}
}

// linkedModules returns the modules of the binary for the systems it is released for, and their folders.
func linkedModules(t *testing.T) map[string]string {
	folders := map[string]string{}
	for _, system := range []string{"linux", "darwin"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		require.NoError(t, err)
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			if path, folder, found := strings.Cut(line, " "); found {
				folders[path] = folder
			}
		}
	}
	require.NotEmpty(t, folders)
	return folders
}

func licenceText(t *testing.T, folder string) string {
	var files []string
	for _, name := range []string{"LICENSE*", "COPYING*"} {
		found, err := filepath.Glob(filepath.Join(folder, name))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.NotEmpty(t, files, folder)
	var text strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		text.Write(data)
	}
	return text.String()
}
