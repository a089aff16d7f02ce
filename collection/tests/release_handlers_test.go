package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHandlersAfterAStop releases by the play and the role of docs/release.md: where a host of a wave fails, its neighbours have
// the new file and run the old one, since their handler did not run any more. When the release goes on they are restarted, though
// nothing changes on them.
func TestHandlersAfterAStop(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("docs/release.md")
	require.NoError(t, err)
	e := newExample(t)
	e.write("hosts.ini", "web[1:7]\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n"+
		"folder={{ playbook_dir }}/../hosts/{{ inventory_hostname }}\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 3\nversions: {app-v1: all, app-v2: all}\n")
	role := filepath.Join("playbooks", "roles", "app")
	for _, folder := range []string{"tasks", "handlers", "defaults"} {
		require.NoError(t, os.MkdirAll(filepath.Join(e.folder, role, folder), 0o755))
	}
	for _, name := range []string{"playbooks/site.yml", "playbooks/roles/app/tasks/main.yml", "playbooks/roles/app/handlers/main.yml"} {
		e.write(name, fileOnPage(t, string(page), name))
	}
	// The role of the page copies a file and restarts a service; here the file stands in a folder, and the service is a copy of it.
	e.write(role+"/defaults/main.yml", "app_file: \"{{ folder }}/app\"\napp_restart: cp {{ folder }}/app {{ folder }}/running\n"+
		"app_fails: \"{{ inventory_hostname == broken | default('') }}\"\n")
	for i := 1; i <= 7; i++ {
		host := filepath.Join(e.folder, "hosts", "web"+string(rune('0'+i)))
		require.NoError(t, os.MkdirAll(host, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(host, "app"), []byte("app-v0\n"), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(host, "running"), []byte("app-v0\n"), 0o644))
	}
	have := func(name string) string {
		var found []string
		for i := 1; i <= 7; i++ {
			text, err := os.ReadFile(filepath.Join(e.folder, "hosts", "web"+string(rune('0'+i)), name))
			require.NoError(t, err)
			found = append(found, strings.TrimPrefix(strings.TrimSpace(string(text)), "app-"))
		}
		return strings.Join(found, " ")
	}

	listed := e.play("site.yml", "-e", "regal_version=app-v1", "--list-hosts")
	require.Zero(t, listed.Status, listed.Output)

	stopped := e.play("site.yml", "-e", "regal_version=app-v1", "-e", "broken=web3")
	require.NotZero(t, stopped.Status, stopped.Output)
	require.Equal(t, "v1 v1 v1 v1 v0 v0 v0", have("app"), stopped.Output)
	require.Equal(t, "v1 v0 v0 v0 v0 v0 v0", have("running"), stopped.Output)

	// web2 leaves the release for now, and so comes last: it must be restarted there.
	resumed := e.play("site.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true", "--limit", "!web2")
	require.Zero(t, resumed.Status, resumed.Output)
	assert.Equal(t, []string{"app_v1_b1: web3, web4", "app_v1_b2: web5, web6, web7"}, batches(resumed))
	assert.Equal(t, "v1 v0 v1 v1 v1 v1 v1", have("running"), resumed.Output)
	last := e.play("site.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true")
	require.Zero(t, last.Status, last.Output)
	assert.Equal(t, []string{"app_v1_b3: web2"}, batches(last))
	assert.Equal(t, "v1 v1 v1 v1 v1 v1 v1", have("running"), last.Output)
	assert.NotContains(t, last.Output, "WARNING")
	assert.NotContains(t, last.Output, "DEPRECATION")
}

// fileOnPage returns the block of a page that stands after a comment with that name.
func fileOnPage(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, "```yaml\n# "+name+"\n")
	require.True(t, found, "the page has no block that begins with # %s", name)
	text, _, found := strings.Cut(rest, "```\n")
	require.True(t, found)
	return "---\n" + text
}
