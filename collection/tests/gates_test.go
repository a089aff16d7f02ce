package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// gated is a release by regal.release.rollout whose tasks write an event log: who was deployed to, checked, told, and when.
type gated struct{ example }

// newGated makes one of five hosts: the canary h1, then h2 and h3, then h4 and h5.
func newGated(t *testing.T) gated {
	t.Helper()
	g := gated{newExample(t)}
	g.fleet("h1", "h2", "h3", "h4", "h5")
	g.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 2\nversions: {app-v1: web}\n")
	log := " >> " + filepath.Join(g.folder, "log")
	g.write("deploy.yml", "- ansible.builtin.raw: echo deploy {{ regal_wave }} {{ inventory_hostname }}"+log+"\n"+
		"- ansible.builtin.fail:\n  when: inventory_hostname in broken | default('')\n"+
		"- ansible.builtin.ping:\n  vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}\n  when: inventory_hostname in lost | default('')\n")
	// A host is well unless a file says that it is ill.
	g.write("check.yml", "- ansible.builtin.raw: echo check {{ regal_host }}"+log+" && test ! -e "+g.folder+"/ill-{{ regal_host }}\n")
	g.write("notify.yml", "- ansible.builtin.raw: echo {{ regal_event.what }} {{ regal_event.wave }} done {{ regal_event.done | join(' ') }}{{ "+
		"' failed ' ~ regal_event.failed | join(' ') if regal_event.failed else '' }}"+log+"\n")
	require.NoError(t, os.WriteFile(filepath.Join(g.folder, "ansible.cfg"), []byte("[defaults]\ncallbacks_enabled = regal.release.stop\n"+
		"collections_path = "+filepath.Join(g.folder, "collections")+"\n"), 0o644))
	return g
}

func (g gated) fleet(hosts ...string) {
	g.t.Helper()
	g.write("hosts.ini", "[web]\n"+strings.Join(hosts, "\n")+"\n[all:vars]\nansible_connection=local\n"+
		"ansible_python_interpreter={{ ansible_playbook_python }}\n")
}

func (g gated) release(args ...string) programtest.Ran {
	g.t.Helper()
	args = append([]string{"-i", "regal.yml", "regal.release.rollout", "-e", "regal_version=app-v1"}, args...)
	got := programtest.Run(g.t, g.folder, nil, "ansible-playbook", args...)
	assert.NotContains(g.t, got.Output, "DEPRECAT")
	return got
}

// log returns the events since the last call, one a line, and forgets them.
func (g gated) log() []string {
	g.t.Helper()
	path := filepath.Join(g.folder, "log")
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(g.t, err)
	require.NoError(g.t, os.Remove(path))
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// words returns the output on one line.
func words(got programtest.Ran) string { return strings.Join(strings.Fields(got.Output), " ") }

// deployed returns the waves and hosts that were deployed to, in order; hosts of a wave run at a time, and come by their names.
func deployed(log []string) string {
	var hosts []string
	for _, event := range log {
		if rest, found := strings.CutPrefix(event, "deploy app_v1_"); found {
			hosts = append(hosts, rest)
		}
	}
	// Hosts of a wave come in any order.
	for i := 1; i < len(hosts); i++ {
		if hosts[i-1][:2] == hosts[i][:2] && hosts[i-1] > hosts[i] {
			hosts[i-1], hosts[i] = hosts[i], hosts[i-1]
		}
	}
	return strings.Join(hosts, ", ")
}

const allDeployed = "canary h1, b1 h2, b1 h3, b2 h4, b2 h5"

// TestDeployByFileOrRole releases by tasks of the default name, by a file, by a role beside the playbook, and not at all.
func TestDeployByFileOrRole(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, one := range []struct{ deploy, says string }{
		{"nobody.yml", "regal_deploy: there is no file nobody.yml in " + g.folder},
		{"[1]", "regal_deploy is a file of tasks, or the name of a role"},
	} {
		got := g.release("-e", `{"regal_deploy": `+map[bool]string{true: one.deploy, false: `"` + one.deploy + `"`}[one.deploy == "[1]"]+"}")
		assert.NotZero(t, got.Status, one.deploy)
		assert.Contains(t, words(got), one.says)
	}
	assert.NoFileExists(t, filepath.Join(g.folder, ".regal", "app_v1.json"))

	got := g.release()
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, allDeployed, deployed(g.log()))

	require.NoError(t, os.MkdirAll(filepath.Join(g.folder, "roles", "app", "tasks"), 0o755))
	require.NoError(t, os.Rename(filepath.Join(g.folder, "deploy.yml"), filepath.Join(g.folder, "roles", "app", "tasks", "main.yml")))
	got = g.release()
	assert.NotZero(t, got.Status)
	assert.Contains(t, words(got), "Say what releases the version to a host: -e regal_deploy=FILE")
	got = g.release("-e", "regal_deploy=app")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, allDeployed, deployed(g.log()))
}

// TestCheck asks until a host is well, and stops when the time is over.
func TestCheck(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	// h2 is well at the second look.
	g.write("check.yml", "- ansible.builtin.raw: echo check {{ regal_host }} >> "+g.folder+"/log\n"+
		"- ansible.builtin.raw: test {{ regal_host }} != h2 || test -e "+g.folder+"/seen || { touch "+g.folder+"/seen; exit 1; }\n")
	got := g.release("-e", "regal_check=check.yml", "-e", "regal_recheck=false", "-e", "regal_through=b1", "-e", "regal_check_timeout=30s")
	require.Zero(t, got.Status, got.Output)
	log := g.log()
	assert.Equal(t, "canary h1, b1 h2, b1 h3", deployed(log))
	assert.Equal(t, 2, strings.Count(strings.Join(log, "\n"), "check h2"), log)

	g.write("check.yml", "- ansible.builtin.raw: test {{ regal_host }} != h4\n")
	got = g.release("-e", "regal_resume=true", "-e", "regal_check=check.yml", "-e", "regal_recheck=false", "-e", "regal_check_timeout=1")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "h4 is not well: ")
	assert.Contains(t, words(got), "The release of app-v1 stopped in app_v1_b2")
	assert.Contains(t, programtest.ReadFile(t, filepath.Join(g.folder, ".regal", "app_v1.json")), "h5")
}

// TestRecheck looks at hosts of earlier waves before each wave: a canary that dies during b1 stops the release before b2.
func TestRecheck(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.write("deploy.yml", programtest.ReadFile(t, filepath.Join(g.folder, "deploy.yml"))+
		"- ansible.builtin.raw: touch "+g.folder+"/ill-h1\n  when: regal_wave == 'app_v1_b1'\n")
	got := g.release("-e", "regal_check=check.yml", "-e", "regal_check_timeout=1")
	require.NotZero(t, got.Status, got.Output)
	log := g.log()
	assert.Equal(t, "canary h1, b1 h2, b1 h3", deployed(log))
	assert.Contains(t, words(got), "h1 is not well")

	// It is so also when the release goes on: the record knows which hosts were released.
	got = g.release("-e", "regal_resume=true", "-e", "regal_check=check.yml", "-e", "regal_check_timeout=1")
	require.NotZero(t, got.Status, got.Output)
	assert.Empty(t, deployed(g.log()))
	got = g.release("-e", "regal_resume=true", "-e", "regal_check=check.yml", "-e", "regal_recheck=false")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "b2 h4, b2 h5", deployed(g.log()))

	// A host that --limit left out was not released, and is not asked.
	ill := filepath.Join(g.folder, "ill-h2")
	require.NoError(t, os.Remove(filepath.Join(g.folder, "ill-h1")))
	g.write("deploy.yml", "- ansible.builtin.raw: echo deploy {{ regal_wave }} {{ inventory_hostname }} >> "+g.folder+"/log\n")
	require.NoError(t, os.WriteFile(ill, nil, 0o600))
	g.log()
	got = g.release("-e", "regal_check=check.yml", "-e", "regal_check_timeout=1", "-e", "regal_through=b2", "--limit", "!h2")
	require.Zero(t, got.Status, got.Output)
	log = g.log()
	assert.Equal(t, "canary h1, b1 h3, b2 h4, b2 h5", deployed(log))
	assert.NotContains(t, log, "check h2")
	require.NoError(t, os.Remove(ill))
	got = g.release("-e", "regal_resume=true", "-e", "regal_check=check.yml", "-e", "regal_check_timeout=1")
	require.Zero(t, got.Status, got.Output)
	assert.Subset(t, g.log(), []string{"check h1", "check h3", "check h4", "check h5", "deploy app_v1_b3 h2"})

	g.write("check.yml", "- ansible.builtin.raw: test {{ inventory_hostname }} # not\n")
	got = g.release("-e", "regal_check=check.yml")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "check.yml has inventory_hostname, and hosts of earlier waves are checked again")
}

// TestCheckByRole asks a role beside the playbook, also for hosts of earlier waves.
func TestCheckByRole(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	require.NoError(t, os.MkdirAll(filepath.Join(g.folder, "roles", "well", "tasks"), 0o755))
	require.NoError(t, os.Rename(filepath.Join(g.folder, "check.yml"), filepath.Join(g.folder, "roles", "well", "tasks", "main.yml")))
	require.NoError(t, os.WriteFile(filepath.Join(g.folder, "ill-h3"), nil, 0o600))
	got := g.release("-e", "regal_check=well", "-e", "regal_check_timeout=1")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "h3 is not well: ")
	log := g.log()
	assert.Equal(t, "canary h1, b1 h2, b1 h3", deployed(log))
	assert.Contains(t, log, "check h1")
}

// TestSoak gives waves time, and looks again when it is over: no task of a wave comes before the time of the one before it is over.
func TestSoak(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, wrong := range []struct{ soak, says string }{
		{`{"regal_soak": {"b9": "1s"}}`, "regal_soak: there is no wave b9"},
		{"regal_soak=soon", "regal_soak: soon is no time: write 30m, 1h30m or 90s"},
	} {
		got := g.release("-e", wrong.soak)
		assert.NotZero(t, got.Status)
		assert.Contains(t, words(got), wrong.says)
	}
	assert.Empty(t, g.log())
	begun := time.Now()
	got := g.release("-e", `{"regal_soak": {"canary": "4s", "b2": 0, "default": "1s"}}`, "-e", "regal_check=check.yml", "-e", "regal_recheck=false")
	require.Zero(t, got.Status, got.Output)
	assert.GreaterOrEqual(t, time.Since(begun), 5*time.Second)
	assert.Contains(t, got.Output, "app_v1_canary: 4s of 4s")
	assert.Equal(t, "deploy app_v1_canary h1, check h1, check h1, deploy app_v1_b1", strings.TrimRight(strings.Join(g.log()[:4], ", "), " h23"))

	// A fault that shows meanwhile.
	g.write("deploy.yml", programtest.ReadFile(t, filepath.Join(g.folder, "deploy.yml"))+
		"- ansible.builtin.shell: (sleep 3; touch "+g.folder+"/ill-h1) > /dev/null 2>&1 &\n")
	got = g.release("-e", "regal_soak=8s", "-e", "regal_check=check.yml", "-e", "regal_check_timeout=1")
	require.NotZero(t, got.Status, got.Output)
	assert.Equal(t, "canary h1", deployed(g.log()))
	assert.NotContains(t, got.Output, "Note in the record that the wave is done")
}

// person runs a command on a terminal, and types yes a second after each question: what comes sooner Ansible may throw away.
const person = `
import os, pty, select, sys, time
process, terminal = pty.fork()
if process == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen, answered, end = b"", 0, time.time() + 180
while time.time() < end:
    if select.select([terminal], [], [], 1)[0]:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            break
    elif seen.count(b"Type yes") > answered:
        os.write(terminal, b"yes\n")
        answered += 1
else:
    os.kill(process, 9)
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
`

// TestConfirm stops without a terminal, and goes on where a person says yes.
func TestConfirm(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	got := g.release("-e", "regal_confirm=canary,b1")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "Nobody said yes: the release stops with app_v1_canary")
	assert.Equal(t, "canary h1", deployed(g.log()))

	said := programtest.Run(t, g.folder, nil, "python3", append([]string{"-c", person}, "ansible-playbook", "-i", "regal.yml",
		"regal.release.rollout", "-e", "regal_version=app-v1", "-e", "regal_resume=true", "-e", "regal_confirm=canary,b1")...)
	require.Zero(t, said.Status, said.Output)
	assert.Equal(t, allDeployed, deployed(g.log()))
	assert.Equal(t, 2, strings.Count(said.Output, "Type yes to go on"), said.Output)
}

// TestWindow begins no wave outside of the window.
func TestWindow(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	now := time.Now()
	later := fmt.Sprintf("%02d:%02d-%02d:%02d", now.Add(2*time.Hour).Hour(), now.Minute(), now.Add(3*time.Hour).Hour(), now.Minute())
	got := g.release("-e", "regal_window="+later)
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "and no wave begins outside of "+later)
	assert.Empty(t, g.log())
	assert.NoFileExists(t, filepath.Join(g.folder, ".regal", "app_v1.json"))

	// It closes while the canary is released.
	timeIsShort(t, false)
	for now = time.Now(); now.Second() > 40; now = time.Now() {
		time.Sleep(time.Second)
	}
	end := now.Truncate(time.Minute).Add(time.Minute)
	window := fmt.Sprintf("%02d:%02d-%02d:%02d", now.Add(-time.Hour).Hour(), now.Minute(), end.Hour(), end.Minute())
	got = g.release("-e", "regal_window="+window, "-e", fmt.Sprintf("regal_soak=%ds", 62-now.Second()))
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "The release stops before this wave: it is")
	assert.Equal(t, "canary h1", deployed(g.log()))
	got = g.release("-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "b1 h2, b1 h3, b2 h4, b2 h5", deployed(g.log()))
}

// TestMaxFailed lets hosts fail in the whole release, names them at its end, and has them come last when it goes on.
func TestMaxFailed(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	got := g.release("-e", "regal_max_failed=1", "-e", `{"broken": ["h2", "h4"]}`)
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "Only 1 may fail in the whole release, and before this wave there were 1")
	assert.Equal(t, allDeployed, deployed(g.log()))

	got = g.release("-e", "regal_max_failed=2", "-e", "regal_resume=true", "-e", "broken=h4")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "The release came to its end, and 1 hosts failed: h4")
	assert.Equal(t, "b2 h4, b2 h5, b3 h2", deployed(g.log()))
	got = g.release("-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "b4 h4", deployed(g.log()))
	assert.NoFileExists(t, filepath.Join(g.folder, ".regal", "app_v1.json"))

	// One that cannot be reached counts, and is not touched.
	g.fleet("h1", "h2"+strings.TrimSuffix(unreachable, "\n"), "h3", "h4", "h5")
	got = g.release("-e", "regal_max_failed=1")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "1 hosts failed: h2")
	assert.Equal(t, "canary h1, b1 h3, b2 h4, b2 h5", deployed(g.log()))
	got = g.release("-e", "regal_resume=true")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "These hosts cannot be reached: h2")

	// In a play of one's own, which has to say that it does not stop at the first host.
	play := func(lenient string) string {
		return "- import_playbook: regal.release.guard\n- hosts: \"{{ lookup('regal.release.waves', 'hosts') }}\"\n  serial: \"{{ query('regal.release.waves', 'sizes') }}\"\n" +
			"  any_errors_fatal: false\n  max_fail_percentage: 100\n  gather_facts: false\n  tasks:\n" +
			"    - import_role: {name: regal.release.wave, tasks_from: start}\n" + lenient + "    - import_tasks: deploy.yml\n" +
			"    - import_role: {name: regal.release.wave, tasks_from: end}\n- import_playbook: regal.release.verify\n"
	}
	own := func(lenient string) programtest.Ran {
		g.write("own.yml", play(lenient))
		return programtest.Run(t, g.folder, nil, "ansible-playbook", "-i", "regal.yml", "own.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true",
			"-e", "regal_max_failed=1", "-e", "touched=x")
	}
	got = own("")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "This play stops at the first host that fails, so regal_max_failed has no effect")
	got = own("      vars: {regal_lenient: perhaps}\n")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "regal_lenient")
	assert.Empty(t, g.log())
	g.fleet("h1", "h2", "h3", "h4", "h5")
	got = own("      vars: {regal_lenient: true}\n")
	require.Zero(t, got.Status, got.Output)
	assert.Equal(t, "b3 h2", deployed(g.log()))

	got = g.release("-e", "regal_max_failed=some")
	assert.Contains(t, words(got), "regal_max_failed: some is no number of hosts")
}

// TestNotify tells what happens, and when: at the begin, after each wave, at a stop, and at the end.
func TestNotify(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	got := g.release("-e", "regal_notify=notify.yml", "-e", "broken=h4")
	require.NotZero(t, got.Status, got.Output)
	log := g.log()
	assert.Equal(t, "canary h1, b1 h2, b1 h3, b2 h4, b2 h5", deployed(log))
	var told []string
	for _, event := range log {
		if !strings.HasPrefix(event, "deploy") {
			told = append(told, event)
		}
	}
	assert.Equal(t, []string{"begin done", "wave app_v1_canary done h1", "wave app_v1_b1 done h1 h2 h3", "stop app_v1_b2 done h1 h2 h3 failed h4"}, told)

	got = g.release("-e", "regal_notify=notify.yml", "-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	log = g.log()
	assert.Equal(t, "resume done", log[0])
	assert.Equal(t, "end done h4 h5", log[len(log)-1])

	require.NoError(t, os.WriteFile(filepath.Join(g.folder, "ansible.cfg"), []byte("[defaults]\ncollections_path = "+
		filepath.Join(g.folder, "collections")+"\n"), 0o644))
	got = g.release("-e", "regal_notify=notify.yml")
	require.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "regal_notify hears of a stop by a callback, and that is not enabled")
	assert.Empty(t, g.log())
}

// TestStopOnHostThatIsLost says how to go on also where Ansible ends a run without another task.
func TestStopOnHostThatIsLost(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	got := g.release("-e", "lost=h1", "-e", "secret=hunter2")
	require.NotZero(t, got.Status, got.Output)
	_, stop, found := strings.Cut(got.Output, "\nSTOP **")
	require.True(t, found, got.Output)
	assert.Contains(t, stop, "The release of app-v1 stopped in app_v1_canary\n")
	assert.Contains(t, stop, "h1: ")
	assert.Contains(t, stop, "Not touched: app_v1_b1, app_v1_b2, 4 hosts\n")
	assert.Contains(t, stop, "To go on after it is mended: ansible-playbook -i regal.yml regal.release.rollout -e regal_version=app-v1 -e lost=... "+
		"-e secret=... -e regal_resume=true\n")
	assert.Contains(t, stop, "To take it back: ansible-playbook -i regal.yml regal.release.rollback -e lost=... -e secret=... "+
		"-e regal_version=app-v1 -e regal_release=...\n")
	assert.NotContains(t, stop, "hunter2")
}

// TestSeveralVersions releases versions in the plan's order; a failure stops everything behind it.
func TestSeveralVersions(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 2\npriority: app-v2\n"+
		"versions: {app-v1: 'h1:h2:h3', app-v2: 'h4:h5'}\n")
	order := func() string {
		var events []string
		for _, event := range g.log() {
			events = append(events, strings.TrimPrefix(event, "deploy "))
		}
		return strings.Join(events, ", ")
	}
	run := func(version string, args ...string) programtest.Ran {
		args = append([]string{"-i", "regal.yml", "regal.release.rollout", "-e", version}, args...)
		return programtest.Run(t, g.folder, nil, "ansible-playbook", args...)
	}
	got := run("regal_version=all", "-e", "broken=h5")
	require.NotZero(t, got.Status, got.Output)
	assert.Equal(t, "app_v2_canary h4, app_v2_b1 h5", order())
	got = run("regal_version=all", "-e", "regal_resume=true")
	require.Zero(t, got.Status, got.Output)
	assert.Regexp(t, `\Aapp_v2_b1 h5, app_v1_canary h1, app_v1_b1 h[23], app_v1_b1 h[23]\z`, order())
	got = run(`{"regal_version": ["app-v1", "app-v2"]}`)
	require.Zero(t, got.Status, got.Output)
	assert.Regexp(t, `\Aapp_v2_canary h4, app_v2_b1 h5, app_v1_canary h1, app_v1_b1 h[23], app_v1_b1 h[23]\z`, order())

	for _, wrong := range []struct{ version, says string }{
		{"regal_version=app-v1,app-v2 regal_from=b1", "regal_from belongs to one version: release one at a time"},
		{"regal_version=app-v1,app-v9", "The inventory has no canary for version app-v9"},
	} {
		got = run(wrong.version)
		assert.NotZero(t, got.Status, got.Output)
		assert.Contains(t, words(got), wrong.says)
	}
	g.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v1: 'h1:h2:h3', app-v2: 'h3:h5'}\n")
	got = run("regal_version=all")
	assert.NotZero(t, got.Status, got.Output)
	assert.Contains(t, words(got), "h3 is in app-v1 and in app-v2, and a run comes to each host once: release the versions one after another")
	assert.Empty(t, order())
}

// TestStatus shows the plan of a release under way.
func TestStatus(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	got := g.release("-e", "regal_through=canary")
	require.Zero(t, got.Status, got.Output)
	status := programtest.Run(t, g.folder, nil, "ansible-playbook", "-i", "regal.yml", "regal.release.status")
	require.Zero(t, status.Status, status.Output)
	assert.Contains(t, status.Output, "app-v1  5 hosts in 3 waves")
	assert.Contains(t, status.Output, "done")
	status = programtest.Run(t, g.folder, nil, "ansible-playbook", "-i", "hosts.ini", "regal.release.status")
	assert.NotZero(t, status.Status)
	assert.Contains(t, words(status), "No policy is among the sources")
}
