package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// policyText is a policy of one version that can be executed.
func policyText(version, sources string) string {
	return "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: " + sources + "\nversions:\n  " + version + ": web\n"
}

// TestTwoPolicies reads a folder with two policies, each of which reads the folder, and policies that name each other: an
// end, with a message, no waves and no processes without number.
func TestTwoPolicies(t *testing.T) {
	t.Parallel()
	const second = ": this is a policy too, and two policies in one run would mix their waves"
	folder := programtest.WriteFiles(t, map[string]string{
		"hosts": "[web]\nh1\nh2\n", "a.yml": policyText("app", "."), "b.yml": policyText("shop", "."),
		"circle/a.yml": policyText("app", "b.yml"), "circle/b.yml": policyText("shop", "a.yml"),
	})
	for _, args := range [][]string{{"a.yml", "--list"}, {"circle/a.yml", "--list"}} {
		stdout, stderr, status := regal(t, folder, args...)
		assert.Equal(t, exitWrong, status)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, "b.yml"+second)
	}
	programtest.Need(t, "ansible-inventory")
	got := programtest.Run(t, folder, []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true"}, "ansible-inventory", "-i", ".", "--graph", "all")
	assert.NotZero(t, got.Status, got.Output)
	assert.NotContains(t, got.Output, "@app_canary:")
	assert.NotContains(t, got.Output, "@shop_canary:")
}

// TestCopyOfTheProgram reads a folder in which the program stands beside the policy, to be called by a name of its own.
func TestCopyOfTheProgram(t *testing.T) {
	t.Parallel()
	folder := programtest.WriteFiles(t, map[string]string{"hosts": "[web]\nh1\n", "regal.yml": policyText("app", ".")})
	program, err := exec.LookPath("regal-inventory")
	require.NoError(t, err)
	text, err := os.ReadFile(program)
	require.NoError(t, err)
	programtest.WriteProgram(t, filepath.Join(folder, "copy"), string(text))
	require.NoError(t, os.Symlink(program, filepath.Join(folder, "link")))
	stdout, stderr, status := regal(t, folder, "--waves")
	assert.Equal(t, "app_canary\n", stdout, stderr)
	assert.Empty(t, stderr)
	assert.Equal(t, exitDone, status)
}

// TestFailedProgram has nothing on standard output, and the program's name and words on standard error.
func TestFailedProgram(t *testing.T) {
	t.Parallel()
	folder := programtest.WriteFiles(t, map[string]string{
		"inv": "#!/bin/sh\necho '{\"web\": [\"h1\"]}'\necho token expired >&2\nexit 3\n", "regal.yml": policyText("app", "inv"),
	})
	stdout, stderr, status := regal(t, folder, "--list")
	assert.Equal(t, exitWrong, status)
	assert.Empty(t, stdout)
	assert.Equal(t, "warning: inv: token expired\ninv: the program failed: exit status 3\n", stderr)
}

// regal runs the program in a folder and returns both outputs and the exit status.
func regal(t *testing.T, folder string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	command := exec.Command("regal-inventory", args...)
	command.Dir = folder
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	err := command.Run()
	if command.ProcessState == nil {
		require.NoError(t, err)
	}
	return out.String(), complaints.String(), command.ProcessState.ExitCode()
}
