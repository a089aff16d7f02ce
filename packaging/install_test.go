package packaging_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestInstallAndUninstall looks what make install installs, and that make uninstall leaves nothing of it.
func TestInstallAndUninstall(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "make")
	folder, root := filepath.Join(t.TempDir(), "regal-inventory"), t.TempDir()
	copyProgram(t, folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "regal-inventory.1"), []byte("page"), 0o600))
	run := func(target string) {
		made := programtest.Run(t, folder, nil, "make", target, "DESTDIR="+root)
		require.Zero(t, made.Status, made.Output)
	}
	run("install")
	want := []string{
		"usr/local/bin/regal-inventory", "usr/local/share/bash-completion/completions/regal-inventory",
		"usr/local/share/fish/vendor_completions.d/regal-inventory.fish", "usr/local/share/man/man1/regal-inventory.1",
		"usr/local/share/regal-inventory/regal.schema.json", "usr/local/share/zsh/site-functions/_regal-inventory",
	}
	assert.Equal(t, want, filesIn(t, root))
	schema := programtest.ReadFile(t, filepath.Join(root, "usr/local/share/regal-inventory/regal.schema.json"))
	assert.Equal(t, programtest.ReadFile(t, "regal.schema.json"), schema, "examples name this file for editors")
	run("uninstall")
	assert.Empty(t, filesIn(t, root))
}

func filesIn(t *testing.T, root string) []string {
	var found []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			path, err = filepath.Rel(root, path)
			found = append(found, path)
		}
		return err
	}))
	return found
}

// TestContainerBuildsOffline runs what the Containerfile runs, in a folder with the modules beside the source and with no others at
// hand.
func TestContainerBuildsOffline(t *testing.T) {
	t.Parallel()
	build := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 .* go build .*)$`).FindStringSubmatch(programtest.ReadFile(t, "packaging/Containerfile"))
	require.NotNil(t, build)
	folder := filepath.Join(t.TempDir(), "regal-inventory")
	copyProgram(t, folder)
	cache := filepath.Join(t.TempDir(), "none")
	command := strings.Replace(build[1], "-o /regal-inventory", "-o built", 1)
	require.NotEqual(t, build[1], command)
	nothing := programtest.Run(t, folder, []string{"GOMODCACHE=" + cache}, "sh", "-c", command)
	require.NotZero(t, nothing.Status, "it builds without modules: then this test tells nothing")
	vendored := programtest.Run(t, folder, nil, "go", "mod", "vendor")
	require.Zero(t, vendored.Status, vendored.Output)
	built := programtest.Run(t, folder, []string{"GOMODCACHE=" + cache, "RELEASE=v1.2.3"}, "sh", "-c", command)
	require.Zero(t, built.Status, built.Output)
	version := programtest.Run(t, folder, nil, "./built", "--version")
	assert.Equal(t, "regal-inventory v1.2.3\n", version.Output)
}

// TestImageLeavesNoModules has make image call a program in place of podman, and looks what it was called with and what is left.
func TestImageLeavesNoModules(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "make")
	folder := filepath.Join(t.TempDir(), "regal-inventory")
	copyProgram(t, folder)
	tools := programtest.WriteFiles(t, map[string]string{"podman": "#!/bin/sh\ntest -d vendor && echo \"called $*\"\nexit 7\n"})
	made := programtest.Run(t, folder, nil, "make", "image", "RELEASE=v1.2.3", "CONTAINERS="+filepath.Join(tools, "podman"))
	assert.NotZero(t, made.Status, made.Output)
	assert.Contains(t, made.Output, "called build --file packaging/Containerfile --build-arg RELEASE=v1.2.3 --tag regal-inventory .")
	assert.NoDirExists(t, filepath.Join(folder, "vendor"))
}

// TestPreCommitHook calls the hook as pre-commit does: its entry cut into words as a shell cuts them, the files behind it.
func TestPreCommitHook(t *testing.T) {
	t.Parallel()
	var hooks []struct{ ID, Entry, Files, Language string }
	require.NoError(t, yaml.Unmarshal([]byte(programtest.ReadFile(t, ".pre-commit-hooks.yaml")), &hooks))
	require.Len(t, hooks, 1)
	folder := programtest.WriteFiles(t, map[string]string{
		"regal.yml":          "plugin: regal\ninventory: web1,web2\nversions: {app-v1: all}\n",
		"stage/regal-db.yml": "plugin: regal\ninventory: db1,db2\nversions: {app-v1: web}\n",
		"regal-odd name.yml": "plugin: regal\ninventory: db1,db2\nversions: {app-v1: api}\n",
	})
	files := regexp.MustCompile(hooks[0].Files)
	for name, matches := range map[string]bool{"regal.yml": true, "stage/regal-db.yml": true, "regal-odd name.yml": true, "regal.yaml": true,
		"unregal.yml": false, "regality.yml": false, "hosts.yml": false} {
		assert.Equal(t, matches, files.MatchString(name), name)
	}
	hook := func(policies string) programtest.Ran {
		return programtest.Run(t, folder, nil, "sh", "-c", hooks[0].Entry+" "+policies)
	}
	good := hook("regal.yml")
	assert.Zero(t, good.Status, good.Output)
	assert.Empty(t, good.Output)
	bad := hook("regal.yml stage/regal-db.yml 'regal-odd name.yml' regal.yml")
	assert.NotZero(t, bad.Status)
	assert.Contains(t, bad.Output, `stage/regal-db.yml:3:20: versions.app-v1: there is no group or host called "web"`)
	assert.Contains(t, bad.Output, `regal-odd name.yml:3:20: versions.app-v1: there is no group or host called "api"`)
}

// TestPipelines runs the commands of the examples for pipelines that call regal-inventory, over a policy that is sound and one that is
// not.
func TestPipelines(t *testing.T) {
	t.Parallel()
	var github struct {
		Jobs map[string]struct {
			Steps []struct{ Name, Run string }
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(programtest.ReadFile(t, "examples/ci/github.yml")), &github))
	steps := map[string]string{}
	for _, job := range github.Jobs {
		for _, step := range job.Steps {
			steps[step.Name] = step.Run
		}
	}
	gitlab := map[string]yaml.Node{}
	require.NoError(t, yaml.Unmarshal([]byte(programtest.ReadFile(t, "examples/ci/gitlab.yml")), &gitlab))
	job := func(name string) string {
		var job struct{ Script []string }
		node := gitlab[name]
		require.NoError(t, node.Decode(&job))
		require.NotEmpty(t, job.Script, name)
		return strings.Join(job.Script, "\n")
	}
	released := "regal.release.rollout -e regal_version=app-v1 -e regal_resume=true"
	sound := programtest.WriteFiles(t, map[string]string{
		"regal.yml": "plugin: regal\ninventory: web1,web2\nversions: {app-v1: all}\n",
		// Stands in for Ansible, and for curl.
		"bin/ansible-playbook": "#!/bin/sh\necho \"$*\"\n", "bin/curl": "#!/bin/sh\nfor word; do echo \"$word\"; done\n",
	})
	env := []string{"GITHUB_STEP_SUMMARY=summary.md", "VERSION=app-v1", "RESUME=true", "NOTES_TOKEN=token", "CI_API_V4_URL=https://gitlab.example.com",
		"CI_PROJECT_ID=7", "CI_MERGE_REQUEST_IID=8", "PATH=" + filepath.Join(sound, "bin") + ":" + os.Getenv("PATH")}
	run := func(folder, script string) programtest.Ran {
		return programtest.Run(t, folder, env, "bash", "-e", "-c", script)
	}
	for name, script := range map[string]string{
		"github check": steps["check"], "github plan": steps["plan"], "github release": steps["release"],
		"gitlab check": job("check"), "gitlab comment": job("comment"), "gitlab release": job("release"),
	} {
		if name == "gitlab comment" {
			continue // needs what the check leaves
		}
		require.NotEmpty(t, script, name)
		ran := run(sound, script)
		assert.Zero(t, ran.Status, "%s: %s", name, ran.Output)
		if strings.HasSuffix(name, "release") {
			assert.Contains(t, ran.Output, "-i regal.yml "+released, name)
		}
	}
	for _, file := range []string{"summary.md", "comment.md"} {
		if file == "comment.md" {
			require.Zero(t, run(sound, job("check")).Status)
			sent := run(sound, job("comment"))
			assert.Zero(t, sent.Status, sent.Output)
			assert.Contains(t, sent.Output, "https://gitlab.example.com/projects/7/merge_requests/8/notes")
		}
		assert.Regexp(t, "(?s)^```mermaid\nflowchart TB\n.*app_?.*\n```\n$", programtest.ReadFile(t, filepath.Join(sound, file)))
	}
	broken := programtest.WriteFiles(t, map[string]string{"regal.yml": "plugin: regal\ninventory: web1,web2\nversions: {app-v1: web}\n"})
	for _, script := range []string{steps["check"], steps["plan"], job("check")} {
		ran := run(broken, script)
		assert.NotZero(t, ran.Status)
		assert.Contains(t, ran.Output, "regal.yml:3:20: versions.app-v1: there is no group or host")
	}
}
