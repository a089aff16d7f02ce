package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// prodFolder is the example of a folder that holds hosts, variables and policy together.
const prodFolder = "inventories/prod/"

// TestRolloutFromFolder rolls out from a folder, of which Ansible reads the hosts itself and runs the policy.
func TestRolloutFromFolder(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := runIn(t, e.folder, nil, "ansible-playbook", "-i", prodFolder, "playbooks/rollout.yml", "-e", "regal_version=shop-v2")
	require.Zero(t, got.status, got.output)
	// web06 counts for Amsterdam, as host_vars say, and not for Berlin, as its group does.
	assert.Equal(t, []string{"shop_v2_canary: web01, web02", "shop_v2_b1: web04, web03", "shop_v2_b2: web06, web05"}, got.batches())
	assert.Equal(t, has("shop", "shop-v2", "web01", "web02", "web03", "web04", "web05", "web06"), e.installed())
	assert.NotContains(t, got.output, "WARNING")
}

// TestFolderStaysWhatItIs holds what Ansible makes of the folder with the policy against the folder without.
func TestFolderStaysWhatItIs(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	with := exported(t, e.folder)
	require.NoError(t, os.Remove(filepath.Join(e.folder, prodFolder, "regal.yml")))
	without := exported(t, e.folder)
	children := func(groups map[string]map[string]any) []any { return groups["all"]["children"].([]any) }
	var added []string
	for _, name := range children(with) {
		if !slices.Contains(children(without), name) {
			added = append(added, name.(string))
		}
	}
	assert.Equal(t, shown(t, "shop_v2_b", "shop_v2_rollout", "shop_v2_remaining", "schema_v7_b", "schema_v7_rollout", "schema_v7_remaining"), added)
	maps.DeleteFunc(with, func(name string, _ map[string]any) bool {
		return strings.HasPrefix(name, "shop_") || strings.HasPrefix(name, "schema_")
	})
	with["all"]["children"] = children(without)
	assert.Equal(t, without, with)
}

// exported returns what ansible-inventory makes of the folder.
func exported(t *testing.T, folder string) map[string]map[string]any {
	t.Helper()
	got := runIn(t, folder, nil, "ansible-inventory", "-i", prodFolder, "--list", "--export")
	require.Zero(t, got.status, got.output)
	var groups map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.output), &groups), got.output)
	return groups
}

// policyText is a policy of one version that can be executed.
func policyText(version, sources string) string {
	return "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: " + sources + "\nversions:\n  " + version + ": web\n"
}

// TestTwoPolicies reads a folder with two policies, each of which reads the folder, and policies that name each other: an
// end, with a message, no waves and no processes without number.
func TestTwoPolicies(t *testing.T) {
	t.Parallel()
	const second = ": this is a policy too, and two policies in one run would mix their waves"
	folder := writeFiles(t, map[string]string{
		"hosts": "[web]\nh1\nh2\n", "a.yml": policyText("app", "."), "b.yml": policyText("shop", "."),
		"circle/a.yml": policyText("app", "b.yml"), "circle/b.yml": policyText("shop", "a.yml"),
	})
	for _, args := range [][]string{{"a.yml", "--list"}, {"circle/a.yml", "--list"}} {
		stdout, stderr, status := regal(t, folder, args...)
		assert.Equal(t, exitWrong, status)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, "b.yml"+second)
	}
	needTool(t, "ansible-inventory")
	got := runIn(t, folder, []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true"}, "ansible-inventory", "-i", ".", "--graph", "all")
	assert.NotZero(t, got.status, got.output)
	assert.NotContains(t, got.output, "@app_canary:")
	assert.NotContains(t, got.output, "@shop_canary:")
}

// TestCopyOfTheProgram reads a folder in which the program stands beside the policy, to be called by a name of its own.
func TestCopyOfTheProgram(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{"hosts": "[web]\nh1\n", "regal.yml": policyText("app", ".")})
	program, err := exec.LookPath("regal-inventory")
	require.NoError(t, err)
	text, err := os.ReadFile(program)
	require.NoError(t, err)
	writeProgram(t, filepath.Join(folder, "copy"), string(text))
	require.NoError(t, os.Symlink(program, filepath.Join(folder, "link")))
	stdout, stderr, status := regal(t, folder, "--waves")
	assert.Equal(t, "app_canary\n", stdout, stderr)
	assert.Empty(t, stderr)
	assert.Equal(t, exitDone, status)
}

// TestFailedProgram has nothing on standard output, and the program's name and words on standard error.
func TestFailedProgram(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{
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
