package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestRunner releases by ansible-runner, which AWX runs its jobs by, in a folder laid out as AWX lays one out: the project with the
// playbook and the collection, the inventory a program that prints AWX's own copy, sorted by name.
func TestRunner(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "ansible-runner")
	e := newExample(t)
	e.write("hosts.ini", "[web]\nh[1:12]\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v1: web}\n")
	e.export("copy", false)

	private := t.TempDir()
	for _, folder := range []string{"project", "inventory", "env"} {
		require.NoError(t, os.Mkdir(filepath.Join(private, folder), 0o755))
	}
	project := filepath.Join(private, "project")
	require.NoError(t, os.CopyFS(filepath.Join(project, "collections"), os.DirFS(filepath.Join(e.folder, "collections"))))
	programtest.WriteProgram(t, filepath.Join(private, "inventory", "hosts"), programtest.ReadFile(t, filepath.Join(e.folder, "copy")))
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(private, name), []byte(text), 0o644))
	}
	write("project/site.yml", "- ansible.builtin.import_playbook: regal.release.rollout\n")
	write("project/deploy.yml", "- ansible.builtin.raw: echo {{ regal_wave }} {{ inventory_hostname }} >> "+private+"/log\n")
	run := func(variables map[string]string) programtest.Ran {
		text, err := json.Marshal(variables)
		require.NoError(t, err)
		write("env/extravars", string(text))
		return programtest.Run(t, private, nil, "ansible-runner", "run", private, "-p", "site.yml")
	}
	got := run(map[string]string{"regal_version": "app-v1", "regal_through": "b1"})
	require.Zero(t, got.Status, got.Output)
	assert.Contains(t, got.Output, "The release is not recorded")
	got = run(map[string]string{"regal_version": "app-v1", "regal_from": "b2"})
	require.NotZero(t, got.Status, got.Output)
	got = run(map[string]string{"regal_version": "app-v1", "regal_from": "b2", "regal_unrecorded": "true"})
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "app_v1_canary h1\napp_v1_b1 h2\napp_v1_b2 h3\napp_v1_b3 h4\napp_v1_b4 h5\napp_v1_b5 h6\napp_v1_b6 h7\napp_v1_b7 h8\n"+
		"app_v1_b8 h9\napp_v1_b9 h10\napp_v1_b10 h11\napp_v1_b11 h12\n", programtest.ReadFile(t, filepath.Join(private, "log")))
}
