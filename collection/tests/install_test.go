package tests

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// home is where a team begins: an empty home, the collection installed as ansible-galaxy installs it, and nothing else of ours.
type home struct {
	t      *testing.T
	folder string
}

func newHome(t *testing.T) home {
	t.Helper()
	programtest.Need(t, "ansible-galaxy")
	h := home{t, t.TempDir()}
	built := t.TempDir()
	for _, args := range [][]string{
		{"collection", "build", "collection", "--output-path", built},
		{"collection", "install", filepath.Join(built, "regal-release-1.0.0.tar.gz"), "-p", filepath.Join(h.folder, ".ansible", "collections")},
	} {
		got := programtest.Run(t, ".", h.env(), "ansible-galaxy", args...)
		require.Zero(t, got.Status, got.Output)
	}
	h.write("hosts.ini", "[web]\nh1\nh2\nh3\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	h.write("regal.yml", "plugin: regal.release.regal\ninventory: hosts.ini\ncombine: 2\nversions: {app-v1: web}\n")
	h.write("deploy.yml", "- ansible.builtin.copy: {content: '{{ regal_release }}', dest: '"+h.folder+"/has-{{ inventory_hostname }}', mode: '0644'}\n")
	return h
}

func (h home) env() []string { return []string{"HOME=" + h.folder} }

func (h home) write(name, text string) {
	h.t.Helper()
	require.NoError(h.t, os.WriteFile(filepath.Join(h.folder, name), []byte(text), 0o644))
}

func (h home) run(program string, args ...string) programtest.Ran {
	h.t.Helper()
	return programtest.Run(h.t, h.folder, h.env(), program, args...)
}

func (h home) have() []string {
	h.t.Helper()
	paths, err := filepath.Glob(filepath.Join(h.folder, "has-*"))
	require.NoError(h.t, err)
	hosts := []string{}
	for _, path := range paths {
		hosts = append(hosts, strings.TrimPrefix(filepath.Base(path), "has-"))
	}
	return hosts
}

// TestInstalledCollection releases with two commands and nothing else, by a policy that is not executable.
func TestInstalledCollection(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	got := h.run("ansible-playbook", "-i", "regal.yml", "regal.release.rollout", "-e", "regal_version=app-v1", "-e", "regal_through=canary")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, []string{"h1"}, h.have())
	assert.NotContains(t, got.Output, "DEPRECAT")
	assert.Contains(t, got.Output, "The release of app-v1 stays under way: 2 hosts are still to come")
	got = h.run("ansible-playbook", "-i", "regal.yml", "regal.release.rollout", "-e", "regal_version=app-v1", "-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, []string{"h1", "h2", "h3"}, h.have())

	got = h.run("ansible-playbook", "-i", "regal.yml", "regal.release.rollback", "-e", "regal_version=app-v1", "-e", "regal_release=old", "-e", "regal_through=b1")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "old", programtest.ReadFile(t, filepath.Join(h.folder, "has-h3")))
	got = h.run("ansible-playbook", "-i", "regal.yml", "regal.release.ordered", "-e", "regal_version=app-v1", "-e", "regal_yes=true")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "app-v1", programtest.ReadFile(t, filepath.Join(h.folder, "has-h3")))
	got = h.run("ansible-doc", "-t", "inventory", "regal.release.regal")
	require.Zero(t, got.Status, got.Output)
	assert.Contains(t, got.Output, "REGAL_BINARY")
	for _, doc := range [][]string{{"lookup", "waves"}, {"lookup", "policies"}, {"callback", "stop"}, {"module", "record"}, {"role", "wave"}} {
		got = h.run("ansible-doc", "-t", doc[0], "regal.release."+doc[1])
		assert.Zero(t, got.Status, got.Output)
		assert.NotContains(t, got.Output, "ERROR")
	}
}

// TestBinaryOfAPolicy releases by the program that the policy names, where PATH has none.
func TestBinaryOfAPolicy(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	program, err := exec.LookPath("regal-inventory")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(h.folder, "tools"), 0o755))
	// It is a copy of the test's own binary, which knows what it is by the name it has.
	require.NoError(t, os.Symlink(program, filepath.Join(h.folder, "tools", "regal-inventory")))
	h.write("regal.yml", "plugin: regal.release.regal\nbinary: tools/regal-inventory\ninventory: hosts.ini\nversions: {app-v1: h1}\n")
	got := programtest.Run(t, h.folder, append(h.env(), "REGAL_BINARY=/nowhere/regal-inventory"), "ansible-playbook", "-i", "regal.yml",
		"regal.release.rollout", "-e", "regal_version=app-v1")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, []string{"h1"}, h.have())
	assert.Contains(t, got.Output, "app-v1 begins: 1 ")
}

// TestPluginFailsClosed ends the run with a status other than 0 and a message, also where Ansible would go on without the source.
func TestPluginFailsClosed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write("play.yml", "- hosts: all\n  gather_facts: false\n  tasks: [{ansible.builtin.raw: touch "+h.folder+"/has-x}]\n")
	for _, one := range []struct{ name, policy, env, says string }{
		{"a fault of the policy", "plugin: regal.release.regal\ninventory: hosts.ini\nversions: {app-v1: wbe}\n", "", `there is no group or host called "wbe"`},
		{"no program", "plugin: regal.release.regal\ninventory: hosts.ini\nversions: {app-v1: web}\n", "REGAL_BINARY=/nowhere/regal-inventory",
			"Install it, or name it in REGAL_BINARY"},
		{"a program that fails", "plugin: regal.release.regal\ninventory: hosts.ini\nversions: {app-v1: web}\n", "REGAL_BINARY=/bin/false", "regal.yml"},
	} {
		t.Run(one.name, func(t *testing.T) {
			h.write("regal.yml", one.policy)
			for _, args := range [][]string{{"ansible-inventory", "-i", "regal.yml", "--list"}, {"ansible-playbook", "-i", "hosts.ini", "-i", "regal.yml", "play.yml"}} {
				got := programtest.Run(t, h.folder, append(h.env(), one.env), args[0], args[1:]...)
				assert.NotZero(t, got.Status, got.Output)
				assert.Contains(t, words(got), one.says)
			}
			assert.Empty(t, h.have())
		})
	}
}

// TestPluginReadsAsTheProgram holds the inventory by the plugin against the one by the executable policy, over the cases of the
// readers.
func TestPluginReadsAsTheProgram(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	files, err := filepath.Glob("inventory/source/testdata/cases/*")
	require.NoError(t, err)
	more, err := filepath.Glob("examples/hosts.*")
	require.NoError(t, err)
	files = append(files, more...)
	corpus, err := filepath.Glob("../shared/corpus/*") // public inventories, where they are at hand
	require.NoError(t, err)
	files = append(files, corpus...)
	require.Greater(t, len(files), 2)
	every, compared := 8, 0
	if os.Getenv("REGAL_STORIES") == "all" {
		every = 1
	}
	for i, file := range files {
		if i%every != 0 {
			continue
		}
		if info, err := os.Stat(file); err != nil || info.IsDir() || info.Size() > 1<<16 {
			continue
		}
		file, err := filepath.Abs(file)
		require.NoError(t, err)
		policy := "inventory: " + `"` + file + `"` + "\nversions: {zzz: all}\n"
		programtest.WriteProgram(t, filepath.Join(h.folder, "program.yml"), "#!/usr/bin/env regal-inventory\nplugin: regal\n"+policy)
		h.write("plugin.yml", "plugin: regal.release.regal\n"+policy)
		if exec.Command(filepath.Join(h.folder, "program.yml"), "--check").Run() != nil {
			continue
		}
		var texts [2]string
		for i, source := range []string{"program.yml", "plugin.yml"} {
			got := h.run("ansible-inventory", "-i", source, "--list", "--output", filepath.Join(h.folder, "out.json"))
			require.Zero(t, got.Status, "%s: %s", file, got.Output)
			texts[i] = programtest.ReadFile(t, filepath.Join(h.folder, "out.json"))
		}
		assert.Equal(t, texts[0], texts[1], file)
		compared++
	}
	assert.NotZero(t, compared)
	t.Logf("%d inventories are the same by both ways", compared)
}

// TestWebhook posts what happens to a server, by the tasks that README.md shows.
func TestWebhook(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	var told []string
	var lock sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		var event struct{ What, Wave string }
		_ = json.NewDecoder(request.Body).Decode(&event)
		lock.Lock()
		defer lock.Unlock()
		told = append(told, strings.TrimSpace(event.What+" "+event.Wave))
	}))
	defer server.Close()
	_, block, found := strings.Cut(programtest.ReadFile(t, "collection/README.md"), "```yaml\n# notify.yml\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	h.write("notify.yml", block)
	got := programtest.Run(t, h.folder, append(h.env(), "RELEASE_HOOK="+server.URL, "ANSIBLE_CALLBACKS_ENABLED=regal.release.stop"),
		"ansible-playbook", "-i", "regal.yml", "regal.release.rollout", "-e", "regal_version=app-v1", "-e", "regal_notify=notify.yml")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, []string{"begin", "wave app_v1_canary", "wave app_v1_b1", "end"}, told)
}

// TestCollectionPassesLint holds the collection against ansible-lint, production profile.
func TestCollectionPassesLint(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "ansible-lint")
	h := newHome(t)
	got := programtest.Run(t, filepath.Join(h.folder, ".ansible", "collections", "ansible_collections", "regal", "release"), []string{"HOME=" + h.folder},
		"ansible-lint", "--nocolor", "--offline", "--profile", "production", "playbooks", "roles")
	require.Zero(t, got.Status, got.Output)
}

// sanity are the tests of ansible-test that run without a network. The others (validate-modules, import, pep8, pylint, yamllint,
// ansible-doc, runtime-metadata) install modules of Python first.
var sanity = []string{
	"action-plugin-docs", "changelog", "compile", "empty-init", "future-import-boilerplate", "ignores", "line-endings", "metaclass-boilerplate",
	"no-assert", "no-basestring", "no-dict-iteritems", "no-get-exception", "no-main-display", "replace-urlopen", "shebang", "symlinks",
	"use-compat-six",
}

// TestSanity has the system's own ansible-test look at the installed collection.
func TestSanity(t *testing.T) {
	t.Parallel()
	timeIsShort(t, false)
	const tool = "/usr/bin/ansible-test"
	if _, err := os.Stat(tool); err != nil {
		t.Skip("there is no " + tool)
	}
	h := newHome(t)
	folder := filepath.Join(h.folder, ".ansible", "collections", "ansible_collections", "regal", "release")
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}} { // it looks at what git knows
		got := programtest.Run(t, folder, nil, "git", args...)
		require.Zero(t, got.Status, got.Output)
	}
	version := programtest.Run(t, folder, nil, "/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
	require.Zero(t, version.Status, version.Output)
	args := []string{"sanity", "--python", strings.TrimSpace(version.Output)}
	for _, name := range sanity {
		args = append(args, "--test", name)
	}
	got := programtest.Run(t, folder, h.env(), tool, args...)
	assert.Zero(t, got.Status, got.Output)
}
