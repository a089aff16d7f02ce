package source

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProgress has Read tell each file and each run of a program that it turns to, before it does.
func TestProgress(t *testing.T) {
	folder := tree(t, map[string]string{
		"prod/hosts": "h1\n", "prod/more.yml": "all: {hosts: {h2: }}\n",
		"cloud": "#!/bin/sh\nif [ \"$1\" = --list ]; then echo '{\"web\": [\"h3\"]}'; else echo '{}'; fi\n",
	})
	var told []string
	_, err := Read(t.Context(), []string{"prod", "cloud", "-", "h4,"}, Options{Dir: folder, Stdin: strings.NewReader("{}"),
		Progress: func(what string) { told = append(told, strings.ReplaceAll(what, folder, "DIR")) }})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"reading " + filepath.Join("DIR", "prod", "hosts"), "reading " + filepath.Join("DIR", "prod", "more.yml"),
		"reading " + filepath.Join("DIR", "cloud"), "waiting for cloud --list", "waiting for cloud --host h3", "waiting for standard input",
	}, told)
}
