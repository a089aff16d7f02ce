package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// timeIsShort skips what one Ansible has to be asked, and not all, where all are asked in turn: see .ci/test-ansibles.
func timeIsShort(t *testing.T, core bool) {
	t.Helper()
	if os.Getenv("REGAL_STORIES") == "some" && !core {
		t.Skip("time is short")
	}
}

// example is a copy of the examples that a test may change.
type example struct {
	t       *testing.T
	folder  string
	scratch string
}

func newExample(t *testing.T) example {
	t.Helper()
	programtest.Need(t, "ansible-playbook")
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("examples")))
	require.NoError(t, os.RemoveAll(filepath.Join(folder, "scratch"))) // what make demo or a reader left there
	require.NoError(t, os.Chmod(filepath.Join(folder, "regal.yml"), 0o755))
	// For the playbooks of the example, and for those that a test writes beside them.
	collection, err := filepath.Abs("collection")
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(folder, "playbooks", "collections")))
	for _, beside := range []string{folder, filepath.Join(folder, "playbooks")} {
		namespace := filepath.Join(beside, "collections", "ansible_collections", "regal")
		require.NoError(t, os.MkdirAll(namespace, 0o755))
		require.NoError(t, os.Symlink(collection, filepath.Join(namespace, "release")))
	}
	e := example{t, folder, filepath.Join(folder, "scratch")}
	e.write(deployment, quickDeployment)
	return e
}

// quickDeployment leaves what the shipped tasks/deploy.yml leaves, in a fifth of its time: one command in place of four modules.
const (
	deployment      = "playbooks/tasks/deploy.yml"
	quickDeployment = `---
- name: Install the release
  ansible.builtin.raw: mkdir -p {{ folder | quote }} && echo {{ regal_release | quote }} > {{ folder | quote }}/{{ application }}
  vars:
    folder: "{{ playbook_dir | dirname }}/scratch/{{ inventory_hostname }}"
    application: "{{ regal_wave | regex_replace('(_v[0-9_]+)?_(canary|b[0-9]+)\\Z', '') }}"
`
)

// deployAsShipped takes the deployment of the examples, in place of the quick one.
func (e example) deployAsShipped() {
	e.t.Helper()
	shipped, err := os.ReadFile(filepath.Join("examples", deployment))
	require.NoError(e.t, err)
	e.write(deployment, string(shipped))
}

func (e example) write(name, text string) {
	e.t.Helper()
	programtest.WriteProgram(e.t, filepath.Join(e.folder, name), text)
}

// play runs a playbook of the example with regal.yml as the inventory.
func (e example) play(playbook string, args ...string) programtest.Ran {
	e.t.Helper()
	args = append([]string{"-i", "regal.yml", filepath.Join("playbooks", playbook)}, args...)
	return programtest.Run(e.t, e.folder, nil, "ansible-playbook", args...)
}

// installed returns what stands in the hosts' files, by "host/application".
func (e example) installed() map[string]string {
	e.t.Helper()
	found := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(e.scratch, "*", "*"))
	require.NoError(e.t, err)
	for _, path := range paths {
		if filepath.Base(path) == ".running" {
			continue
		}
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
func batches(r programtest.Ran) []string {
	var found []string
	for _, line := range batchLine.FindAllStringSubmatch(r.Output, -1) {
		found = append(found, line[1])
	}
	return found
}

// TestRolloutStopsResumesAndRollsBack is the life of a release on real files: it stops in the wave where a host fails, goes
// on from there, and is rolled back as far as it came.
func TestRolloutStopsResumesAndRollsBack(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.deployAsShipped()
	require.NoError(t, os.Mkdir(e.scratch, 0o755))
	broken := filepath.Join(e.scratch, "web04") // a file where the host's folder should be
	require.NoError(t, os.WriteFile(broken, nil, 0o644))

	stopped := e.play("rollout.yml", "-e", "regal_version=app_v1")
	require.Equal(t, 2, stopped.Status, stopped.Output)
	require.Equal(t, []string{"app_v1_canary: web01", "app_v1_b1: web02, web03", "app_v1_b2: web04, web05"}, batches(stopped))
	require.Equal(t, has("app", "app-v1", "web01", "web02", "web03"), e.installed())
	for _, later := range []string{"web06", "web07", "web08"} {
		require.NoDirExists(t, filepath.Join(e.scratch, later))
	}

	require.NoError(t, os.Remove(broken))
	again := e.play("rollout.yml", "-e", "regal_version=app_v1")
	require.Equal(t, 2, again.Status, again.Output)
	require.Empty(t, batches(again))
	require.Contains(t, again.Output, "canary, b1 of 5 waves are done. To go on with it, say -e regal_resume=true; to give it up, ")
	resumed := e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_resume=true", "-e", "regal_through=b3")
	require.Equal(t, 0, resumed.Status, resumed.Output)
	require.Contains(t, resumed.Output, "resuming app-v1 at b2: 3 of 8 hosts done")
	require.Contains(t, resumed.Output, "1 hosts are still to come, the next wave is b4")
	require.Equal(t, []string{"app_v1_b2: web04, web05", "app_v1_b3: web06, web07"}, batches(resumed))
	require.Equal(t, has("app", "app-v1", "web01", "web02", "web03", "web04", "web05", "web06", "web07"), e.installed())

	back := e.play("rollback.yml", "-e", "regal_version=app_v1", "-e", "regal_release=app-v0", "-e", "regal_through=b2")
	require.Equal(t, 0, back.Status, back.Output)
	want := has("app", "app-v0", "web01", "web02", "web03", "web04", "web05")
	want["web06/app"], want["web07/app"] = "app-v1", "app-v1"
	require.Equal(t, want, e.installed())

	// The release is still under way, since no more than a part of it was rolled back.
	back = e.play("rollback.yml", "-e", "regal_version=app_v1", "-e", "regal_release=app-v0")
	require.Equal(t, 0, back.Status, back.Output)
	require.Equal(t, []string{"app_v1_canary: web01", "app_v1_b1: web02, web03", "app_v1_b2: web04, web05", "app_v1_b3: web06, web07",
		"app_v1_b4: web08"}, batches(back))
	ended := e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_resume=true")
	require.Equal(t, 2, ended.Status, ended.Output)
	require.Contains(t, ended.Output, "No release of app_v1 is under way")
}

// TestRingsRollOut releases ring by ring: a ring's name or its group stands for its first wave, or its last.
func TestRingsRollOut(t *testing.T) {
	timeIsShort(t, false)
	e := newExample(t)
	fleet := "[test]\nt1\nt2\n[eu]\ne1\ne2\ne3\n[us]\nu1\n[all:vars]\nansible_connection=local\n"
	require.NoError(t, os.WriteFile(filepath.Join(e.folder, "rings.ini"), []byte(fleet), 0o600))
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: rings.ini\ncombine: 2\nversions:\n"+
		"  app-v1:\n    rings: [staging: test, eu-west: eu, us: us]\n")

	wrong := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_through=ring_asia")
	assert.Equal(t, 2, wrong.Status, wrong.Output)
	assert.Contains(t, wrong.Output, "Version app-v1 has no wave app_v1_ring_asia. Its waves: app_v1_canary, app_v1_b1, app_v1_b2, "+
		"app_v1_b3, app_v1_b4; its rings: app_v1_ring_staging, app_v1_ring_eu_west, app_v1_ring_us")
	group := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_through=test")
	assert.Equal(t, 2, group.Status, group.Output)
	assert.Empty(t, e.installed())

	staging := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_through=ring_staging")
	require.Equal(t, 0, staging.Status, staging.Output)
	assert.Equal(t, has("app", "app-v1", "t1", "t2"), e.installed())
	eu := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_from=ring_eu-west", "-e", "regal_through=app_v1_ring_eu_west",
		"-e", "regal_resume=true")
	require.Equal(t, 0, eu.Status, eu.Output)
	assert.Equal(t, []string{"app_v1_b2: e1", "app_v1_b3: e2, e3"}, batches(eu))
	assert.Equal(t, has("app", "app-v1", "t1", "t2", "e1", "e2", "e3"), e.installed())
	us := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_from=ring_staging", "-e", "regal_resume=true")
	require.Equal(t, 0, us.Status, us.Output)
	assert.Equal(t, has("app", "app-v1", "t1", "t2", "e1", "e2", "e3", "u1"), e.installed())
	rest := e.play("ordered.yml", "-e", "regal_version=app-v1", "-e", "regal_yes=true", "-e", "regal_release=app-v2")
	require.Equal(t, 0, rest.Status, rest.Output)
	assert.Equal(t, has("app", "app-v2", "t1", "t2", "e1", "e2", "e3", "u1"), e.installed())
}

// TestLimitKeepsWaves checks that a host left out moves no other to another wave, is named, and is not missed at the end; so
// also when the limit is a file of hosts.
func TestLimitKeepsWaves(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_through=b2", "--limit", "!web02")
	require.Equal(t, 0, got.Status, got.Output)
	require.Equal(t, []string{"app_v1_canary: web01", "app_v1_b1: web03", "app_v1_b2: web04, web05"}, batches(got))
	require.Contains(t, got.Output, "left out by --limit: web02")
	require.Equal(t, has("app", "app-v1", "web01", "web03", "web04", "web05"), e.installed())

	e.write("failed.retry", "web06\nweb08\n")
	got = e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_resume=true", "--limit", "@failed.retry")
	require.Equal(t, 0, got.Status, got.Output)
	require.Equal(t, []string{"app_v1_b3: web06", "app_v1_b4: web08"}, batches(got))
	require.Contains(t, got.Output, "2 hosts are still to come, the next wave is b5")
	got = e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_resume=true")
	require.Equal(t, 0, got.Status, got.Output)
	require.Equal(t, []string{"app_v1_b5: web02", "app_v1_b6: web07"}, batches(got))
	require.Len(t, e.installed(), 8)
}

// TestGuard checks that a release that names what is not there, or leaves out what it may not, ends before any host is
// touched.
func TestGuard(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("failed.retry", "web06\nweb07\nweb08\n")
	for _, one := range []struct {
		name, playbook, message string
		args                    []string
	}{
		{"no version", "rollout.yml", "Say which version to release: -e regal_version=NAME, one of: app-v2, app-v1", nil},
		{"unknown version", "rollout.yml", "The inventory has no canary for version app_v9. It has versions: app-v2, app-v1",
			[]string{"-e", "regal_version=app_v9"}},
		{"a pattern", "rollout.yml", "The inventory has no canary for version .*.", []string{"-e", "regal_version=.*"}},
		{"two policies", "rollout.yml", "Two policies are among the sources, and their waves would mix: ",
			[]string{"-i", "regal-zones.yml", "-e", "regal_version=app_v1"}},
		{"a number", "rollout.yml", "Say which version to release", []string{"-e", `{"regal_version": 1}`}},
		{"with tags", "ordered.yml", "there is no release with --tags", []string{"-e", "regal_version=app_v1", "--tags", "deploy"}},
		{"without tags", "rollout.yml", "there is no release with --tags", []string{"-e", "regal_version=app_v1", "--skip-tags", "slow"}},
		{"without the guard", "rollout.yml", "guard.yml did not run",
			[]string{"-e", "regal_version=app_v1", "--skip-tags", "always"}},
		{"from a task", "rollout.yml", "guard.yml did not run",
			[]string{"-e", "regal_version=app_v1", "--start-at-task", "Install the release"}},
		{"from the middle of the guard", "rollout.yml", "regal_opened",
			[]string{"-e", "regal_version=app_v1", "--start-at-task", "Keep the plan"}},
		{"unknown wave", "rollout.yml", "Version app_v1 has no wave app_v1_b9. Its waves: app_v1_canary, app_v1_b1",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_from=b9", "-e", "regal_unrecorded=true"}},
		{"waves the wrong way round", "rollout.yml", "No wave is left to release: app_v1_b3 comes after app_v1_b1",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_from=b3", "-e", "regal_through=b1", "-e", "regal_unrecorded=true"}},
		{"misspelt variable", "rollout.yml", "There is no variable regal_thruogh.",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_thruogh=canary"}},
		{"ordered, from a wave", "ordered.yml", "ordered.yml does not take regal_from, regal_through",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_from=b1", "-e", "regal_through=b2"}},
		{"rollout, without the unreachable", "rollout.yml", "rollout.yml does not take regal_skip_unreachable",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_skip_unreachable=true"}},
		{"old names", "ordered.yml", "-e version= is called -e regal_version= now. -e confirm= is called -e regal_yes= now",
			[]string{"-e", "version=app_v1", "-e", "confirm=yes"}},
		{"old names of a rollback", "rollback.yml", "-e through_wave= is called -e regal_through= now. -e release= is called",
			[]string{"-e", "regal_version=app_v1", "-e", "release=app_v0", "-e", "through_wave=b2"}},
		{"from a wave without a record", "rollout.yml", "Without its record nobody knows that the waves before b2 are done",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_from=b2"}},
		{"resume of nothing", "rollout.yml", "No release of app_v1 is under way that regal_resume could go on with",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_resume=true"}},
		{"resume without a record", "rollout.yml", "regal_resume goes on with a recorded release, and regal_unrecorded wants none",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_resume=true", "-e", "regal_unrecorded=true"}},
		{"rollback of nothing", "rollback.yml", "No release of app_v1 is under way: say the last wave that was touched",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_release=old"}},
		{"the limit leaves a wave out", "rollout.yml", "--limit web01,web04,web05 leaves out all of app_v1_b1, and not what comes after",
			[]string{"-e", "regal_version=app_v1", "--limit", "web01,web04,web05"}},
		{"rollback to nothing", "rollback.yml", "Say what the hosts shall have again", []string{"-e", "regal_version=app_v1"}},
		{"no host within the limit", "rollout.yml", "No host of version app_v1 is within --limit api1",
			[]string{"-e", "regal_version=app_v1", "--limit", "api1"}},
		{"no host of the waves within the limit", "rollout.yml", "No host of version app_v1 is within --limit web02",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_from=b2", "-e", "regal_unrecorded=true", "--limit", "web02"}},
		{"the canary is not within the limit", "rollout.yml", "--limit @failed.retry leaves out all of app_v1_canary",
			[]string{"-e", "regal_version=app_v1", "--limit", "@failed.retry"}},
		{"ordered, the canary is not within the limit", "ordered.yml", "leaves out all of app_v1_canary",
			[]string{"-e", "regal_version=app_v1", "-e", "regal_yes=true", "--limit", "!web01"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			got := example{t, e.folder, e.scratch}.play(one.playbook, one.args...)
			assert.NotZero(t, got.Status, got.Output)
			assert.Contains(t, strings.Join(strings.Fields(got.Output), " "), one.message)
			assert.NoDirExists(t, e.scratch)
		})
	}
}

// TestNobodyIsLeft checks that a release of what every host has already is refused for that reason.
func TestNobodyIsLeft(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("hosts.ini", "[web]\nweb1 app_version=app-v1\nweb2 app_version=app-v1\n[web:vars]\nansible_connection=local\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions:\n"+
		"  app-v1: {hosts: web, done: {var: app_version}}\n")
	got := e.play("rollout.yml", "-e", "regal_version=app-v1")
	assert.NotZero(t, got.Status, got.Output)
	assert.Contains(t, strings.Join(strings.Fields(got.Output), " "),
		"Nobody is left: all 2 hosts of version app-v1 have it already")
	assert.NoDirExists(t, e.scratch)
}

// TestInventoryVariablesHaveNoSay checks that variables of the inventory do not change what the playbooks do, under their
// names of today or of yesterday.
func TestInventoryVariablesHaveNoSay(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	hosts, err := os.ReadFile("examples/hosts.ini")
	require.NoError(t, err)
	e.write("hosts.ini", string(hosts)+`version=2.0
release=2.0
confirm=yes
from_wave=b2
through_wave=b1
regal_version=app_v1
regal_release=other
regal_from=b2
regal_through=b1
regal_yes=yes
regal_skip_unreachable=yes
regal_resume=yes
regal_unrecorded=yes
regal_again=yes
regal_asked=yes
regal_recorded=yes
regal_done=yes
regal_begun=yes
regal_soak=3
`)
	got := e.play("ordered.yml", "-e", "regal_version=app_v2")
	require.NotZero(t, got.Status, got.Output)
	require.Contains(t, got.Output, "Nobody said yes: the release ends with the canary.")
	require.Equal(t, has("app", "app-v2", "api1"), e.installed())
	got = e.play("rollout.yml", "-e", "regal_version=app_v2", "-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	require.Equal(t, has("app", "app-v2", "api1", "api2", "api3"), e.installed())
	require.NotContains(t, got.Output, "WARNING")
}

// TestNamesOfVersions releases by the policy's own spelling, by the stem, and where there is no policy to ask.
func TestNamesOfVersions(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("regal.yml", `#!/usr/bin/env regal-inventory
plugin: regal
inventory: hosts.ini
versions:
  webapp-2.4.1: api1
  1.10: {hosts: api2, group: shop}
  shop: {hosts: api3, group: other}
`)
	e.write("playbooks/tasks/deploy.yml", "- ansible.builtin.debug: {msg: 'gets {{ regal_release }} of {{ regal_version }}'}\n")
	e.export("sorted.yml", true)
	for _, one := range []struct{ source, version, says string }{
		{"regal.yml", "webapp-2.4.1", "gets webapp-2.4.1 of webapp-2.4.1"},
		{"regal.yml", "webapp_2_4_1", "gets webapp-2.4.1 of webapp_2_4_1"},
		{"regal.yml", "1.10", "gets 1.10 of 1.10"},
		{"regal.yml", "shop", "shop is the name of one version and the group of another"},
		{"regal.yml", "other", "gets shop of other"},
		{".", "webapp_2_4_1", "gets webapp-2.4.1 of webapp_2_4_1"}, // a folder with the policy
		{"sorted.yml", "webapp-2.4.1", "gets webapp-2.4.1 of webapp-2.4.1"},
		{"sorted.yml", "webapp_2_4_1", "gets webapp_2_4_1 of webapp_2_4_1"},
		{"sorted.yml", "1.10", "has no canary for version 1.10. It has versions: other, shop, webapp_2_4_1"},
	} {
		t.Run(one.source+" "+one.version, func(t *testing.T) {
			t.Parallel()
			if one.source == "." {
				one.source = filepath.Join(e.folder, "inventory")
				require.NoError(t, os.Mkdir(one.source, 0o755))
				for _, name := range []string{"regal.yml", "hosts.ini"} {
					text, err := os.ReadFile(filepath.Join(e.folder, name))
					require.NoError(t, err)
					info, err := os.Stat(filepath.Join(e.folder, name))
					require.NoError(t, err)
					if info.Mode()&0o100 != 0 {
						programtest.WriteProgram(t, filepath.Join(one.source, name), string(text))
					} else {
						require.NoError(t, os.WriteFile(filepath.Join(one.source, name), text, 0o600))
					}
				}
			}
			got := programtest.Run(t, e.folder, nil, "ansible-playbook", "-i", one.source, "playbooks/rollout.yml", "-e", "regal_version="+one.version)
			assert.Contains(t, strings.Join(strings.Fields(got.Output), " "), one.says)
		})
	}
}

// export writes the inventory with its waves as the file of the given name, as ansible-inventory exports it, or as a program
// that gives it in the order of AWX's database: groups, hosts and children by name.
func (e example) export(name string, yaml bool) {
	e.t.Helper()
	args := []string{"-i", "regal.yml", "--list", "--export"}
	if yaml {
		args = append(args, "--yaml")
	}
	got := programtest.Run(e.t, e.folder, nil, "ansible-inventory", args...)
	require.Zero(e.t, got.Status, got.Output)
	if yaml {
		e.write(name, got.Output)
		return
	}
	var groups map[string]map[string]any
	require.NoError(e.t, json.Unmarshal([]byte(got.Output), &groups), got.Output)
	for _, group := range groups {
		for _, key := range []string{"hosts", "children"} {
			if names, ok := group[key].([]any); ok {
				slices.SortFunc(names, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			}
		}
	}
	sorted, err := json.Marshal(groups)
	require.NoError(e.t, err)
	e.write(name, "#!/bin/sh\ncat <<'END'\n"+string(sorted)+"\nEND\n")
}

// TestWavesInTheOrderOfTheirNames releases from copies of the inventory in which groups, hosts and children are sorted by name,
// so that b10 comes before b2, and the canary last.
func TestWavesInTheOrderOfTheirNames(t *testing.T) {
	t.Parallel()
	var want []string
	want = append(want, "app_v1_canary: h07")
	for i, host := range []string{"01", "02", "03", "04", "05", "06", "08", "09", "10", "11", "12"} {
		want = append(want, fmt.Sprintf("app_v1_b%d: h%s", i+1, host))
	}
	for _, one := range []struct {
		name, playbook string
		yaml, core     bool
		args, want     []string
	}{
		{"as AWX keeps it", "rollout.yml", false, false, nil, want},
		{"as AWX keeps it, ordered", "ordered.yml", false, false, []string{"-e", "regal_yes=true"}, want},
		{"as AWX keeps it, two batches", "rollout.yml", false, true, []string{"-e", "regal_from=b9", "-e", "regal_through=b10", "-e", "regal_unrecorded=true"}, want[9:11]},
		{"exported", "rollout.yml", true, true, []string{"-e", "regal_through=canary"}, want[:1]},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			timeIsShort(t, one.core)
			e := newExample(t)
			e.write("hosts.ini", "h[01:12] ansible_connection=local\n")
			e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v1: {hosts: all, canary: h07}}\n")
			e.write("playbooks/tasks/deploy.yml", "- ansible.builtin.raw: touch {{ touched }}/touched-{{ inventory_hostname }}\n")
			e.export("copy.yml", one.yaml)
			got := programtest.Run(t, e.folder, nil, "ansible-playbook", append([]string{"-i", "copy.yml", "playbooks/" + one.playbook,
				"-e", "regal_version=app-v1", "-e", "touched=" + e.folder}, one.args...)...)
			require.Zero(t, got.Status, got.Output)
			assert.Equal(t, one.want, batches(got))
			assert.Len(t, e.touched(), len(one.want))
			assert.NotContains(t, got.Output, "WARNING")
		})
	}
}

// TestOrderedPlaysWaitForAPerson checks that nobody's word is a no, and that a yes releases to user group B batch by batch.
func TestOrderedPlaysWaitForAPerson(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	silent := e.play("ordered.yml", "-e", "regal_version=app_v2")
	require.Equal(t, 2, silent.Status, silent.Output)
	require.Contains(t, silent.Output, "Nobody said yes: the release ends with the canary.")
	require.Equal(t, has("app", "app-v2", "api1"), e.installed())

	confirmed := e.play("ordered.yml", "-e", "regal_version=app_v2", "-e", "regal_yes=yes", "-e", "regal_resume=true")
	require.Equal(t, 0, confirmed.Status, confirmed.Output)
	require.Equal(t, []string{"app_v2_b1: api2", "app_v2_b2: api3"}, batches(confirmed))
	require.Equal(t, has("app", "app-v2", "api1", "api2", "api3"), e.installed())
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
	got := e.play("rollout.yml", "-e", "regal_version=agent_v3")
	require.Equal(t, 0, got.Status, got.Output)
	require.Equal(t, []string{"agent_v3_canary: api3", "agent_v3_b1: api2, api1"}, batches(got))
	got = e.play("rollout.yml", "-e", "regal_version=app_v1", "-e", "regal_through=b1")
	require.Equal(t, 0, got.Status, got.Output)
	require.Equal(t, []string{"app_v1_canary: api1", "app_v1_b1: api2"}, batches(got))
	want := has("agent", "agent-v3", "api1", "api2", "api3")
	want["api1/app"], want["api2/app"] = "app-v1", "app-v1"
	require.Equal(t, want, e.installed())
}

// TestCheckModeTouchesNothing checks that ansible-playbook --check goes through all waves.
func TestCheckModeTouchesNothing(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	got := e.play("rollout.yml", "-e", "regal_version=app_v2", "--check")
	require.Equal(t, 0, got.Status, got.Output)
	require.Len(t, batches(got), 3)
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
			run := e.play("rollout.yml", "-e", "regal_version="+version)
			require.Zero(t, run.Status, run.Output)
			assert.Equal(t, want, batches(run))
			assert.Len(t, e.installed(), 8)
		})
	}
}

// TestExamplesAgree checks that hosts.ini and hosts.yml are the same fleet for Ansible.
func TestExamplesAgree(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	want := programtest.Run(t, e.folder, nil, "ansible-inventory", "-i", "hosts.ini", "--list")
	require.Zero(t, want.Status, want.Output)
	got := programtest.Run(t, e.folder, nil, "ansible-inventory", "-i", "hosts.yml", "--list")
	require.JSONEq(t, want.Output, got.Output)
}

// TestPlaybooksPassLint holds the playbooks against Debian's ansible-lint, production profile.
func TestPlaybooksPassLint(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "ansible-lint")
	e := newExample(t)
	e.deployAsShipped()
	got := programtest.Run(t, e.folder, nil, "ansible-lint", "--nocolor", "playbooks/guard.yml", "playbooks/rollout.yml",
		"playbooks/ordered.yml", "playbooks/rollback.yml")
	require.Zero(t, got.Status, got.Output)
	require.Contains(t, got.Output, "Passed with production profile")
}

// shown returns the names in the order in which ansible-inventory shows them: that of the inventory, but 2.10 sorts them.
func shown(t *testing.T, names ...string) []string {
	t.Helper()
	if !ansibletest.VersionInUse(t).AtLeast(2, 11) {
		slices.Sort(names)
	}
	return names
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

			list := programtest.Run(t, e.folder, way.env, "ansible-inventory", append(way.args, "--list")...)
			require.Zero(t, list.Status, list.Output)
			var groups map[string]struct{ Hosts, Children []string }
			require.NoError(t, json.Unmarshal([]byte(list.Output), &groups), list.Output)
			require.Equal(t, []string{"web02", "web03"}, groups["app_v1_b1"].Hosts)
			require.Equal(t, shown(t, "app_v2_canary", "app_v2_b1", "app_v2_b2"), groups["app_v2_rollout"].Children)
			require.Equal(t, shown(t, "web", "api"), groups["shop"].Children)

			graph := programtest.Run(t, e.folder, way.env, "ansible-inventory", append(way.args, "--graph", "app_v2_rollout")...)
			drawn := map[string]string{"app_v2_canary": "api1", "app_v2_b1": "api2", "app_v2_b2": "api3"}
			want := "@app_v2_rollout:\n"
			for _, wave := range shown(t, "app_v2_canary", "app_v2_b1", "app_v2_b2") {
				want += "  |--@" + wave + ":\n  |  |--" + drawn[wave] + "\n"
			}
			require.Equal(t, want, graph.Output)

			e.write("show.yml", `
- hosts: app_v1_canary:app_v1_b1
  gather_facts: false
  tasks: [{debug: {msg: "{{ inventory_hostname }} {{ group_names }}"}}]
`)
			played := programtest.Run(t, e.folder, way.env, "ansible-playbook", append(way.args, "show.yml")...)
			require.Zero(t, played.Status, played.Output)
			require.Contains(t, played.Output, `"web01 ['app_v1_canary', 'app_v1_remaining', 'app_v1_rollout', 'shop', 'web']"`)
			require.Contains(t, played.Output, `"web03 ['app_v1_b', 'app_v1_b1', 'app_v1_remaining', 'app_v1_rollout', 'shop', 'web']"`)
			require.NotContains(t, played.Output, "web04")
		})
	}
}
