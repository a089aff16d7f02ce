//go:build unix

package main

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
)

// waiting is a deployment that writes down whom it touches, and waits at the host that is to wait until nobody wants that any more.
const waiting = `---
- name: Touch the host
  ansible.builtin.raw: >-
    echo {{ inventory_hostname }} >> {{ folder }}/touched;
    if [ {{ inventory_hostname }} = "$(cat {{ folder }}/wait)" ]; then touch {{ folder }}/waits; while [ -s {{ folder }}/wait ]; do sleep 0.1; done; fi
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
		require.Equal(t, 2, second.status, second.output)
		require.Contains(t, second.output, "A release of app-v1 is under way since ")
		require.Contains(t, second.output, "canary of 4 waves is done")
	}
	require.Equal(t, before, touched())

	require.NoError(t, syscall.Kill(-first.Process.Pid, syscall.SIGKILL))
	_ = first.Wait()
	e.write("wait", "")
	before = touched()
	resumed := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true", "-e", "regal_through=b2")
	require.Zero(t, resumed.status, resumed.output)
	assert.Equal(t, []string{"app_v1_b1: h2, h3", "app_v1_b2: h4, h5"}, resumed.batches())
	assert.ElementsMatch(t, []string{"h2", "h3", "h4", "h5"}, strings.Fields(strings.TrimPrefix(touched(), before)))

	before = touched()
	regal := exec.Command("./regal.yml", "--done", "app_v1_b3") // the last wave is done, and its run was killed before it ended the release
	regal.Dir = e.folder
	said, err := regal.CombinedOutput()
	require.NoError(t, err, string(said))
	ended := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_resume=true")
	require.Zero(t, ended.status, ended.output)
	assert.Equal(t, before, touched())
	assert.NotContains(t, ended.output, "WARNING")
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
	e.write("playbooks/tasks/done.yml", readFile(t, filepath.Join(e.folder, "playbooks", "tasks", "done.yml"))+
		"\n- ansible.builtin.raw: test {{ inventory_hostname }} != h2 || echo '[' >> {{ playbook_dir }}/../hosts.ini\n")
	broken := e.play("rollout.yml", "-e", "regal_version=app-v1", "-e", "regal_through=b1")
	require.Equal(t, 2, broken.status, broken.output)
	require.Contains(t, strings.Join(strings.Fields(broken.output), " "), "whether the release is over nobody knows")
	require.FileExists(t, filepath.Join(e.folder, ".regal", "app_v1.json"))
	require.Equal(t, []string{"h1", "h2"}, e.touched())

	unread := runIn(t, e.folder, []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=false"}, "ansible-playbook", "-i", "copy.yml", "-i", "regal.yml",
		"playbooks/rollout.yml", "-e", "regal_version=app-v1")
	require.Equal(t, 2, unread.status, unread.output)
	require.Contains(t, strings.Join(strings.Fields(unread.output), " "), "so nobody knows what is under way")
	require.Equal(t, []string{"h1", "h2"}, e.touched())
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}
