package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReproducibleBuild builds the program as make does in two folders: the bytes must be the same.
func TestReproducibleBuild(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not installed")
	}
	var built [2][]byte
	for i := range built {
		folder := filepath.Join(t.TempDir(), "regal-inventory")
		copyProgram(t, folder)
		out, err := exec.Command("make", "-C", folder, "build", "RELEASE=v1.2.3").CombinedOutput()
		require.NoError(t, err, string(out))
		built[i], err = os.ReadFile(filepath.Join(folder, "regal-inventory"))
		require.NoError(t, err)
		assert.False(t, bytes.Contains(built[i], []byte(folder)), "the binary tells where it was built")
	}
	require.NotEmpty(t, built[0])
	assert.True(t, bytes.Equal(built[0], built[1]), "two builds differ")
	assert.True(t, bytes.Contains(built[0], []byte("v1.2.3")), "the binary does not have its version")
}

// copyProgram copies all that the program is built from.
func copyProgram(t *testing.T, folder string) {
	require.NoError(t, os.Mkdir(folder, 0o755))
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range append(files, "go.mod", "go.sum", "Makefile") {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o644))
	}
	for _, name := range []string{"inventory", "grouping", "internal", "plan"} {
		require.NoError(t, os.CopyFS(filepath.Join(folder, name), os.DirFS(name)))
	}
}
