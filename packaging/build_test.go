package packaging_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/cli"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestMain runs the tests in the folder of the project.
func TestMain(m *testing.M) {
	programtest.Main(m, "..", func() { os.Exit(cli.Main("")) })
}

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
	for _, name := range []string{"inventory", "grouping", "internal", "plan", "release"} {
		require.NoError(t, os.CopyFS(filepath.Join(folder, name), os.DirFS(name)))
	}
}

// TestActionsArePinned checks that no workflow runs what somebody else can change: each action is named by its commit, and none
// leaves the token where later steps find it.
func TestActionsArePinned(t *testing.T) {
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, workflows)
	for _, workflow := range append(workflows, "examples/ci/github.yml") {
		text, err := os.ReadFile(workflow)
		require.NoError(t, err)
		uses := regexp.MustCompile(`uses: *(.*)`).FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, uses, workflow)
		for _, action := range uses {
			assert.Regexp(t, `\A[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\z`, action[1], workflow)
		}
		assert.Equal(t, bytes.Count(text, []byte("actions/checkout@")), bytes.Count(text, []byte("persist-credentials: false")), workflow)
	}
}

// TestRehearsalPublishesNothing checks that a release workflow which was started by hand cannot write to the repository, on a tag either:
// only jobs that a pushed tag starts may.
func TestRehearsalPublishesNothing(t *testing.T) {
	type permissions map[string]string
	var workflow struct {
		On          map[string]any
		Permissions permissions
		Jobs        map[string]struct {
			If          string
			Permissions permissions
			Steps       []struct{ Run string }
		}
	}
	text, err := os.ReadFile(".github/workflows/release.yml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &workflow))
	require.Contains(t, workflow.On, "workflow_dispatch")
	assert.Equal(t, permissions{"contents": "read"}, workflow.Permissions)
	publishing := 0
	for name, job := range workflow.Jobs {
		writes := false
		for _, right := range job.Permissions {
			writes = writes || right == "write"
		}
		for _, step := range job.Steps {
			writes = writes || strings.Contains(step.Run, "gh release")
		}
		if writes {
			publishing++
			assert.Equal(t, "github.event_name == 'push'", job.If, name)
		}
	}
	assert.Equal(t, 1, publishing)
}

// TestOtherSystems builds the program for the systems that it cannot be tried on here.
func TestOtherSystems(t *testing.T) {
	t.Parallel()
	for _, system := range []string{"windows", "darwin", "freebsd"} {
		built := programtest.Run(t, ".", []string{"GOOS=" + system, "CGO_ENABLED=0"}, "go", "build", "-o", os.DevNull, ".")
		assert.Zero(t, built.Status, "%s: %s", system, built.Output)
	}
}
