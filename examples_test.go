package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// needTool returns without a word when the program is installed; else it fails the test on CI and skips it elsewhere.
func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", name)
	}
	t.Skipf("%s is missing", name)
}

// few bounds how many Ansible runs go on at a time: each needs a processor.
var few = make(chan struct{}, 3)

// ran is how a program ended: exit status, and both outputs together.
type ran struct {
	status int
	output string
}

// runIn runs a program in a folder, without a terminal.
func runIn(t *testing.T, folder string, env []string, name string, args ...string) ran {
	t.Helper()
	few <- struct{}{}
	defer func() { <-few }()
	command := exec.Command(name, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "ANSIBLE_NOCOLOR=1", "ANSIBLE_LOCALHOST_WARNING=false")
	command.Env = append(command.Env, env...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if command.ProcessState == nil {
		require.NoError(t, err)
	}
	return ran{command.ProcessState.ExitCode(), output.String()}
}

// example is a copy of the examples that a test may change.
type example struct {
	t       *testing.T
	folder  string
	scratch string
}

func newExample(t *testing.T) example {
	t.Helper()
	needTool(t, "ansible-playbook")
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("examples")))
	require.NoError(t, os.RemoveAll(filepath.Join(folder, "scratch"))) // what make demo or a reader left there
	require.NoError(t, os.Chmod(filepath.Join(folder, "regal.yml"), 0o755))
	return example{t, folder, filepath.Join(folder, "scratch")}
}

func (e example) write(name, text string) {
	e.t.Helper()
	writeProgram(e.t, filepath.Join(e.folder, name), text)
}

// play runs a playbook of the example with regal.yml as the inventory.
func (e example) play(playbook string, args ...string) ran {
	e.t.Helper()
	args = append([]string{"-i", "regal.yml", filepath.Join("playbooks", playbook)}, args...)
	return runIn(e.t, e.folder, nil, "ansible-playbook", args...)
}

// installed returns what stands in the hosts' files, by "host/application".
func (e example) installed() map[string]string {
	e.t.Helper()
	found := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(e.scratch, "*", "*"))
	require.NoError(e.t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(e.t, err)
		name, err := filepath.Rel(e.scratch, path)
		require.NoError(e.t, err)
		found[name] = strings.TrimSuffix(string(text), "\n")
	}
	return found
}

// has returns what installed shows when each of the hosts has the release.
func has(application, release string, hosts ...string) map[string]string {
	made := map[string]string{}
	for _, host := range hosts {
		made[host+"/"+application] = release
	}
	return made
}

var batchLine = regexp.MustCompile(`"msg": "(\w+_(?:canary|b[0-9]+): [^"]*)"`)

// batches returns the batches that Ansible made: wave and hosts.
func (r ran) batches() []string {
	var found []string
	for _, line := range batchLine.FindAllStringSubmatch(r.output, -1) {
		found = append(found, line[1])
	}
	return found
}

// TestRolloutStopsResumesAndRollsBack is the life of a release on real files: it stops in the wave where a host fails, goes
// on from there, and is rolled back as far as it came.
func TestRolloutStopsResumesAndRollsBack(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	require.NoError(t, os.Mkdir(e.scratch, 0o755))
	broken := filepath.Join(e.scratch, "web04") // a file where the host's folder should be
	require.NoError(t, os.WriteFile(broken, nil, 0o644))

	stopped := e.play("rollout.yml", "-e", "version=app_v1")
	require.Equal(t, 2, stopped.status, stopped.output)
	require.Equal(t, []string{"app_v1_canary: web01", "app_v1_b1: web02, web03", "app_v1_b2: web04, web05"}, stopped.batches())
	require.Equal(t, has("app", "app_v1", "web01", "web02", "web03"), e.installed())
	for _, later := range []string{"web06", "web07", "web08"} {
		require.NoDirExists(t, filepath.Join(e.scratch, later))
	}

	require.NoError(t, os.Remove(broken))
	resumed := e.play("rollout.yml", "-e", "version=app_v1", "-e", "from_wave=b2", "-e", "through_wave=b3")
	require.Equal(t, 0, resumed.status, resumed.output)
	require.Equal(t, []string{"app_v1_b2: web04, web05", "app_v1_b3: web06, web07"}, resumed.batches())
	require.Equal(t, has("app", "app_v1", "web01", "web02", "web03", "web04", "web05", "web06", "web07"), e.installed())

	back := e.play("rollback.yml", "-e", "version=app_v1", "-e", "release=app_v0", "-e", "through_wave=b2")
	require.Equal(t, 0, back.status, back.output)
	want := has("app", "app_v0", "web01", "web02", "web03", "web04", "web05")
	want["web06/app"], want["web07/app"] = "app_v1", "app_v1"
	require.Equal(t, want, e.installed())
}

// TestUnreachableHostStops checks that a host that cannot be reached stops the release as one that fails.
func TestUnreachableHostStops(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("hosts.ini", `api[1:4] ansible_connection=local
[gone]
api2 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1
[all:vars]
ansible_python_interpreter={{ ansible_playbook_python }}
`)
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 2\nversions: {app-v2: api*}\n")
	got := e.play("rollout.yml", "-e", "version=app_v2")
	require.NotZero(t, got.status, got.output)
	require.Contains(t, got.output, "UNREACHABLE")
	require.Equal(t, []string{"app_v2_canary: api1", "app_v2_b1: api2, api3"}, got.batches())
	require.Contains(t, got.output, "an earlier wave lost: api2")
	require.NotContains(t, e.installed(), "api4/app")
}

// TestLimitKeepsWaves checks that a host left out does not move the others to other waves, and that what --limit cannot
// say is refused.
func TestLimitKeepsWaves(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := e.play("rollout.yml", "-e", "version=app_v1", "-e", "through_wave=b2", "--limit", "!web01:!web02")
	require.Equal(t, 0, got.status, got.output)
	require.Equal(t, []string{"app_v1_b1: web03", "app_v1_b2: web04, web05"}, got.batches())
	require.Equal(t, has("app", "app_v1", "web03", "web04", "web05"), e.installed())

	e.write("failed.retry", "web06\nweb07\nweb08\n")
	for _, limit := range []string{"api1", "@failed.retry"} {
		got = e.play("rollout.yml", "-e", "version=app_v1", "--limit", limit)
		require.Equal(t, 2, got.status, got.output)
		require.Contains(t, got.output, "No host of version app_v1 is within --limit "+limit)
	}
	require.Len(t, e.installed(), 3)
}

// TestWaveCheckRefusesMixedBatch takes the care out of serial and checks that the batch is then refused.
func TestWaveCheckRefusesMixedBatch(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := e.play("rollout.yml", "-e", "version=app_v2", "-e", `{"sizes": [1, 2]}`)
	require.Equal(t, 2, got.status, got.output)
	require.Contains(t, got.output, "These hosts are of 2 waves, not of one: api2, api3")
	require.Equal(t, has("app", "app_v2", "api1"), e.installed())
}

// TestGuard checks that a release that names what is not there ends before any host is touched, also under --limit.
func TestGuard(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	for _, one := range []struct {
		name, playbook, message string
		args                    []string
	}{
		{"no version", "rollout.yml", "Say which version to release: -e version=NAME, one of: app_v2, app_v1", nil},
		{"unknown version", "rollout.yml", "The inventory has no canary for version app_v9. It has versions: app_v2, app_v1",
			[]string{"-e", "version=app_v9"}},
		{"the policy's name", "rollout.yml", "The inventory has no canary for version app-v1.", []string{"-e", "version=app-v1"}},
		{"a pattern", "rollout.yml", "The inventory has no canary for version .*.", []string{"-e", "version=.*"}},
		{"within a limit", "rollout.yml", "The inventory has no canary for version app_v9.",
			[]string{"-e", "version=app_v9", "--limit", "web01"}},
		{"with tags", "ordered.yml", "The inventory has no canary for version app_v9.",
			[]string{"-e", "version=app_v9", "--tags", "deploy"}},
		{"without the guard", "rollout.yml", "version app_v9 has no such waves",
			[]string{"-e", "version=app_v9", "--skip-tags", "always"}},
		{"unknown wave", "rollout.yml", "Version app_v1 has no wave b9. Its waves: app_v1_canary, app_v1_b1",
			[]string{"-e", "version=app_v1", "-e", "from_wave=b9"}},
		{"rollback to nothing", "rollback.yml", "Say what the hosts shall have again", []string{"-e", "version=app_v1"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			got := example{t, e.folder, e.scratch}.play(one.playbook, one.args...)
			assert.NotZero(t, got.status, got.output)
			assert.Contains(t, got.output, one.message)
			assert.NoDirExists(t, e.scratch)
		})
	}
}

// TestOrderedPlaysWaitForAPerson checks that nobody's word is a no, and that a yes releases to user group B batch by batch.
func TestOrderedPlaysWaitForAPerson(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	silent := e.play("ordered.yml", "-e", "version=app_v2")
	require.Equal(t, 2, silent.status, silent.output)
	require.Contains(t, silent.output, "Nobody said yes: the release ends with the canary.")
	require.Equal(t, has("app", "app_v2", "api1"), e.installed())

	confirmed := e.play("ordered.yml", "-e", "version=app_v2", "-e", "confirm=yes")
	require.Equal(t, 0, confirmed.status, confirmed.output)
	require.Equal(t, []string{"app_v2_canary: api1", "app_v2_b1: api2", "app_v2_b2: api3"}, confirmed.batches())
	require.Equal(t, has("app", "app_v2", "api1", "api2", "api3"), e.installed())
}

// TestHostInTwoVersions releases two applications to the same hosts, each by its own waves.
func TestHostInTwoVersions(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("regal.yml", `#!/usr/bin/env regal-inventory
plugin: regal
inventory: hosts.ini
versions:
  app-v1: api
  agent-v3: {hosts: api, order: reverse_inventory, combine: 2}
`)
	got := e.play("rollout.yml", "-e", "version=agent_v3")
	require.Equal(t, 0, got.status, got.output)
	require.Equal(t, []string{"agent_v3_canary: api3", "agent_v3_b1: api2, api1"}, got.batches())
	got = e.play("rollout.yml", "-e", "version=app_v1", "-e", "through_wave=b1")
	require.Equal(t, 0, got.status, got.output)
	require.Equal(t, []string{"app_v1_canary: api1", "app_v1_b1: api2"}, got.batches())
	want := has("agent", "agent_v3", "api1", "api2", "api3")
	want["api1/app"], want["api2/app"] = "app_v1", "app_v1"
	require.Equal(t, want, e.installed())
}

// TestCheckModeTouchesNothing checks that ansible-playbook --check goes through all waves.
func TestCheckModeTouchesNothing(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := e.play("rollout.yml", "-e", "version=app_v2", "--check")
	require.Equal(t, 0, got.status, got.output)
	require.Len(t, got.batches(), 3)
	require.NoDirExists(t, e.scratch)
}

// TestZonesRollOut releases each version of regal-zones.yml with real Ansible; its batches must be the waves.
func TestZonesRollOut(t *testing.T) {
	t.Parallel()
	for version, want := range map[string][]string{
		"app_racks": {
			"app_racks_canary: web01", "app_racks_b1: web02, web03, web04", "app_racks_b2: web05, web06, web07", "app_racks_b3: web08",
		},
		"app_spread": {
			"app_spread_canary: web01", "app_spread_b1: web05, web02, web06", "app_spread_b2: web03, web07, web04", "app_spread_b3: web08",
		},
		"app_careful": {
			"app_careful_canary: web01", "app_careful_b1: web02, web05", "app_careful_b2: web03, web06", "app_careful_b3: web04, web07",
			"app_careful_b4: web08",
		},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			e := newExample(t)
			require.NoError(t, os.Rename(filepath.Join(e.folder, "regal-zones.yml"), filepath.Join(e.folder, "regal.yml")))
			require.NoError(t, os.Chmod(filepath.Join(e.folder, "regal.yml"), 0o755))
			run := e.play("rollout.yml", "-e", "version="+version)
			require.Zero(t, run.status, run.output)
			assert.Equal(t, want, run.batches())
			assert.Len(t, e.installed(), 8)
		})
	}
}

// TestExamplesAgree checks that hosts.ini and hosts.yml are the same fleet for Ansible.
func TestExamplesAgree(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	want := runIn(t, e.folder, nil, "ansible-inventory", "-i", "hosts.ini", "--list")
	require.Zero(t, want.status, want.output)
	got := runIn(t, e.folder, nil, "ansible-inventory", "-i", "hosts.yml", "--list")
	require.JSONEq(t, want.output, got.output)
}

// TestPlaybooksPassLint holds the playbooks against Debian's ansible-lint, production profile.
func TestPlaybooksPassLint(t *testing.T) {
	t.Parallel()
	needTool(t, "ansible-lint")
	e := newExample(t)
	got := runIn(t, e.folder, nil, "ansible-lint", "--nocolor", "playbooks/guard.yml", "playbooks/rollout.yml",
		"playbooks/ordered.yml", "playbooks/rollback.yml")
	require.Zero(t, got.status, got.output)
	require.Contains(t, got.output, "Passed with production profile")
}

// TestWaysToCall tries each way in which Ansible can be given the program, with all that Ansible offers.
func TestWaysToCall(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("regal-inventory")
	require.NoError(t, err)
	for _, way := range []struct {
		name    string
		prepare func(e example)
		env     []string
		args    []string
	}{
		{"executable policy", func(example) {}, nil, []string{"-i", "regal.yml"}},
		{"link, policy beside it", func(e example) {
			require.NoError(e.t, os.Symlink(program, filepath.Join(e.folder, "regal-inventory")))
		}, nil, []string{"-i", "regal-inventory"}},
		{"binary, policy in the working directory", func(example) {}, nil, []string{"-i", program}},
		{"binary, policy in REGAL_POLICY", func(e example) {
			require.NoError(e.t, os.Mkdir(filepath.Join(e.folder, "policy"), 0o755))
			for _, name := range []string{"regal.yml", "hosts.ini"} {
				require.NoError(e.t, os.Rename(filepath.Join(e.folder, name), filepath.Join(e.folder, "policy", name)))
			}
		}, []string{"REGAL_POLICY=policy/regal.yml"}, []string{"-i", program}},
		{"beside the static inventory", func(example) {}, nil, []string{"-i", "hosts.ini", "-i", "regal.yml"}},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			e := newExample(t)
			way.prepare(e)

			list := runIn(t, e.folder, way.env, "ansible-inventory", append(way.args, "--list")...)
			require.Zero(t, list.status, list.output)
			var groups map[string]struct{ Hosts, Children []string }
			require.NoError(t, json.Unmarshal([]byte(list.output), &groups), list.output)
			require.Equal(t, []string{"web02", "web03"}, groups["app_v1_b1"].Hosts)
			require.Equal(t, []string{"app_v2_canary", "app_v2_b1", "app_v2_b2"}, groups["app_v2_rollout"].Children)
			require.Equal(t, []string{"web", "api"}, groups["shop"].Children)

			graph := runIn(t, e.folder, way.env, "ansible-inventory", append(way.args, "--graph", "app_v2_rollout")...)
			require.Equal(t, `@app_v2_rollout:
  |--@app_v2_canary:
  |  |--api1
  |--@app_v2_b1:
  |  |--api2
  |--@app_v2_b2:
  |  |--api3
`, graph.output)

			e.write("show.yml", `
- hosts: app_v1_canary:app_v1_b1
  gather_facts: false
  tasks: [{debug: {msg: "{{ inventory_hostname }} {{ group_names }}"}}]
`)
			played := runIn(t, e.folder, way.env, "ansible-playbook", append(way.args, "show.yml")...)
			require.Zero(t, played.status, played.output)
			require.Contains(t, played.output, `"web01 ['app_v1_canary', 'app_v1_remaining', 'app_v1_rollout', 'shop', 'web']"`)
			require.Contains(t, played.output, `"web03 ['app_v1_b', 'app_v1_b1', 'app_v1_remaining', 'app_v1_rollout', 'shop', 'web']"`)
			require.NotContains(t, played.output, "web04")
		})
	}
}
