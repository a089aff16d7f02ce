//go:build unix

package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// waiting is a deployment that writes down whom it touches, and waits at the host that is to wait until nobody wants that any more.
const waiting = `---
- name: Touch the host
  ansible.builtin.raw: >-
    echo {{ inventory_hostname }} >> {{ folder }}/touched;
    if [ {{ inventory_hostname }} = "$(cat {{ folder }}/wait)" ]; then touch {{ folder }}/waits; timeout 180 sh -c "while [ -s {{ folder }}/wait ]; do sleep 0.1; done"; fi
  vars:
    folder: "{{ playbook_dir }}/.."
`

// TestKilledAndTwoAtOnce starts a second run while the first waits in a wave: it touches nobody. Then the first is killed, with all
// its processes, and the release goes on: every host is released, none of a wave that was done a second time. It is killed once
// more between the last wave and the end; the run after that ends the release.
func TestKilledAndTwoAtOnce(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write("hosts.ini", "h[1:6]\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\ncombine: 2\nversions: {app-v1: all}\n")
	e.write(deployment, waiting)
	e.write("wait", "h3\n")

	first := exec.Command("ansible-playbook", "-i", "regal.yml", "playbooks/rollout.yml", "-e", "regal_version=app-v1")
	first.Dir = e.folder
	first.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var output bytes.Buffer
	first.Stdout, first.Stderr = &output, &output
	require.NoError(t, first.Start())
	t.Cleanup(func() { _ = syscall.Kill(-first.Process.Pid, syscall.SIGKILL) })
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(e.folder, "waits"))
		return err == nil
	}, 3*time.Minute, 50*time.Millisecond, "h3 is never reached")
	touched := func() string {
		data, err := os.ReadFile(filepath.Join(e.folder, "touched"))
		require.NoError(t, err)
		return strings.Join(strings.Fields(string(data)), " ")
	}
	before := touched()
	for _, args := range [][]string{nil, {"-e", "regal_unrecorded=true"}} {
		second := e.play("rollout.yml", append([]string{"-e", "regal_version=app-v1"}, args...)...)
		require.Equal(t, 2, second.Status, second.Output)
		require.Contains(t, second.Output, "A release of app-v1 is under way since ")
		require.Contains(t, second.Output, "canary of 4 waves is done")
	}
	require.Equal(t, before, touched())

	require.NoError(t, syscall.Kill(-first.Process.Pid, syscall.SIGKILL))
	_ = first.Wait()
	e.write("wait", "")
	before = touched()
	resumed := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true", "-e", "regal_through=b2")
	require.Zero(t, resumed.Status, resumed.Output)
	assert.Equal(t, []string{"app_v1_b1: h2, h3", "app_v1_b2: h4, h5"}, batches(resumed))
	assert.ElementsMatch(t, []string{"h2", "h3", "h4", "h5"}, strings.Fields(strings.TrimPrefix(touched(), before)))

	before = touched()
	regal := exec.Command("./regal.yml", "--done", "app_v1_b3") // the last wave is done, and its run was killed before it ended the release
	regal.Dir = e.folder
	said, err := regal.CombinedOutput()
	require.NoError(t, err, string(said))
	ended := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true")
	require.Zero(t, ended.Status, ended.Output)
	assert.Equal(t, before, touched())
	assert.NotContains(t, ended.Output, "WARNING")
	records, err := filepath.Glob(filepath.Join(e.folder, ".regal", "history", "*.json"))
	require.NoError(t, err)
	assert.Len(t, records, 1)
	assert.NoFileExists(t, filepath.Join(e.folder, ".regal", "app_v1.json"))
}

// TestPolicyThatBreaksMeanwhile has the inventory become unreadable while the last wave that is asked for is released: the release
// does not count as over, since nobody can say who is still to come. Before a release it does not count as unrecorded.
func TestPolicyThatBreaksMeanwhile(t *testing.T) {
	t.Parallel()
	timeIsShort(t, true)
	e := newExample(t)
	e.write("hosts.ini", "h[1:3]\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v1: all}\n")
	e.write(deployment, "- ansible.builtin.raw: touch {{ playbook_dir }}/../touched-{{ inventory_hostname }}\n")
	e.export("copy.yml", true)
	e.write("told.yml", "- ansible.builtin.raw: \"{{ (regal_event.wave == 'app_v1_b1') | ternary('echo [ >> ', 'true ') }}"+e.folder+"/hosts.ini\"\n")
	broken := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_through=b1", "-e", "regal_notify=told.yml")
	require.Equal(t, 2, broken.Status, broken.Output)
	require.Contains(t, strings.Join(strings.Fields(broken.Output), " "), "whether the release is over nobody knows")
	require.FileExists(t, filepath.Join(e.folder, ".regal", "app_v1.json"))
	require.Equal(t, []string{"h1", "h2"}, e.touched())

	unread := programtest.Run(t, e.folder, []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=false"}, "ansible-playbook", "-i", "copy.yml", "-i", "regal.yml",
		"playbooks/rollout.yml", "-e", "regal_version=app-v1")
	require.Equal(t, 2, unread.Status, unread.Output)
	require.Contains(t, strings.Join(strings.Fields(unread.Output), " "), "so nobody knows what is under way")
	require.Equal(t, []string{"h1", "h2"}, e.touched())
}
