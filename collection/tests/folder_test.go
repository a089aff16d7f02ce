package tests

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// prodFolder is the example of a folder that holds hosts, variables and policy together.
const prodFolder = "inventories/prod/"

// TestRolloutFromFolder rolls out from a folder, of which Ansible reads the hosts itself and runs the policy.
func TestRolloutFromFolder(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := programtest.Run(t, e.folder, nil, "ansible-playbook", "-i", prodFolder, "playbooks/rollout.yml", "-e", "regal_version=shop-v2")
	require.Zero(t, got.Status, got.Output)
	// web06 counts for Amsterdam, as host_vars say, and not for Berlin, as its group does.
	assert.Equal(t, []string{"shop_v2_canary: web01, web02", "shop_v2_b1: web04, web03", "shop_v2_b2: web06, web05"}, batches(got))
	assert.Equal(t, has("shop", "shop-v2", "web01", "web02", "web03", "web04", "web05", "web06"), e.installed())
	assert.NotContains(t, got.Output, "WARNING")
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
	got := programtest.Run(t, folder, nil, "ansible-inventory", "-i", prodFolder, "--list", "--export")
	require.Zero(t, got.Status, got.Output)
	var groups map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.Output), &groups), got.Output)
	return groups
}
