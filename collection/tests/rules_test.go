package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestRingsAndSharesInAnsible has every Ansible at hand draw the groups of rings and shares, also one without hosts, and
// compares that with --graph.
func TestRingsAndSharesInAnsible(t *testing.T) {
	programtest.Need(t, "ansible-inventory")
	programs, err := filepath.Glob("/opt/ansibles/2.[12][1-9]/bin/ansible-inventory") // 2.10 sorts what it draws
	require.NoError(t, err)
	folder := t.TempDir()
	const fleet = "[test]\nt1\nt2\n[eu]\ne1 has=app-v1\n[us]\nu1\nu2\nu3\n"
	const policy = "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 2\nversions:\n  app-v1:\n" +
		"    rings: [staging: test, eu-west: eu, us: us]\n    done: {var: has}\n    split: {new: 100%, old: 0%}\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "hosts.ini"), []byte(fleet), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "regal.yml"), []byte(policy), 0o600))
	require.NoError(t, os.Chmod(filepath.Join(folder, "regal.yml"), 0o700))
	ours := programtest.Run(t, folder, nil, "regal-inventory", "--graph")
	require.Equal(t, 0, ours.Status, ours.Output)
	trees := strings.Split(strings.TrimPrefix(ours.Output, "@"), "\n@")
	require.Len(t, trees, 6)
	if ansibletest.VersionInUse(t).AtLeast(2, 11) {
		programs = append(programs, "ansible-inventory")
	}
	for _, program := range programs {
		for _, tree := range trees[1:5] { // the rings and the first share
			tree = "@" + strings.TrimSuffix(tree, "\n")
			group, _, _ := strings.Cut(strings.TrimPrefix(tree, "@"), ":")
			command := exec.Command(program, "-i", "regal.yml", "--graph", group)
			command.Dir = folder
			drawn, err := command.Output()
			require.NoError(t, err, "%s --graph %s", program, group)
			assert.Equal(t, tree, strings.TrimSuffix(string(drawn), "\n"), program)
		}
	}
}
