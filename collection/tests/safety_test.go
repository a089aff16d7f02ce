package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// misfortune is something that goes wrong before a release, and what somebody reads of it.
type misfortune struct {
	name    string
	prepare func(e example)
	sources []string // regal.yml if there are none
	version string   // app_v2 if it is not given
	silent  bool     // the setting does not help: the message is the guard's
	message string
}

// policy writes a policy for the example's API servers with one part of it replaced.
func policyWith(old, replacement string) func(example) {
	return func(e example) {
		const sound = "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v2: api}\n"
		if !strings.Contains(sound, old) {
			panic("the sound policy has no " + old)
		}
		e.write("regal.yml", strings.Replace(sound, old, replacement, 1))
	}
}

var misfortunes = []misfortune{
	{name: "nothing is wrong", prepare: policyWith("", "")},
	{name: "the policy has a misspelt key", prepare: policyWith("versions:", "verions:"),
		message: "regal.yml:4:1: verions: there is no such key: did you mean versions?"},
	{name: "the policy has no `plugin: regal`", prepare: policyWith("plugin: regal\n", ""),
		silent: true, message: "The inventory has no canary for version app_v2."},
	{name: "the inventory is missing", prepare: policyWith("hosts.ini", "lost.ini"),
		message: "lost.ini: the source cannot be read: no such file or directory"},
	{name: "the inventory is broken", prepare: func(e example) { e.write("hosts.ini", "[api]\napi[1:3\n") },
		message: `hosts.ini:2:1: host range "api[1:3" needs the form name[begin:end]`},
	{name: "a target has no hosts", prepare: policyWith("app-v2: api", "app-v2: apis"),
		message: `versions.app-v2: there is no group or host called "apis"`},
	{name: "a group has the name of a wave", prepare: func(e example) { e.write("hosts.ini", "[api]\napi1\n[app_v2_b1]\napi1\n") },
		message: "the inventory has a group app_v2_b1 already"},
	{name: "the policy is not executable", prepare: func(e example) {
		require.NoError(e.t, os.Chmod(filepath.Join(e.folder, "regal.yml"), 0o644))
	}, message: "specifies unknown plugin 'regal'"},
	{name: "the program is not installed", prepare: policyWith("env regal-inventory", "env no-such-regal-inventory"),
		message: "no-such-regal-inventory"},
	{name: "`-i` names a file that is not there", prepare: func(example) {}, sources: []string{"regla.yml"},
		message: "regla.yml"},
	{name: "the policy is broken, beside `-i hosts.ini`", prepare: policyWith("versions:", "verions:"),
		sources: []string{"hosts.ini", "regal.yml"}, message: "verions: there is no such key: did you mean versions?"},
	{name: "`-e regal_version=` names no version", prepare: func(example) {}, version: "app_v9",
		silent: true, message: "The inventory has no canary for version app_v9."},
}

// ownPlaybook is what somebody writes who has not read the safety page.
const ownPlaybook = `
- hosts: "{{ regal_version }}_rollout"
  gather_facts: false
  tasks: [{file: {path: "{{ playbook_dir }}/touched-{{ inventory_hostname }}", state: touch}}]
`

// meet runs a playbook under the misfortune and returns its exit status, the hosts it touched, and the output on one line.
func (m misfortune) meet(t *testing.T, playbook string, shippedSetting bool) (result, output string) {
	t.Helper()
	e := newExample(t)
	e.write("own.yml", ownPlaybook)
	if !shippedSetting {
		require.NoError(t, os.WriteFile(filepath.Join(e.folder, "ansible.cfg"), nil, 0o644))
	}
	m.prepare(e)
	sources, version := m.sources, m.version
	if sources == nil {
		sources = []string{"regal.yml"}
	}
	if version == "" {
		version = "app_v2"
	}
	args := []string{playbook, "-e", "regal_version=" + version}
	for _, source := range sources {
		args = append(args, "-i", source)
	}
	got := programtest.Run(t, e.folder, nil, "ansible-playbook", args...)
	touched, err := filepath.Glob(filepath.Join(e.folder, "touched-*"))
	require.NoError(t, err)
	deployed, err := filepath.Glob(filepath.Join(e.scratch, "*"))
	require.NoError(t, err)
	return fmt.Sprintf("%d, %d hosts", got.Status, len(touched)+len(deployed)), strings.Join(strings.Fields(got.Output), " ")
}

// TestSafetyPage holds the table of docs/safety.md against what ansible-playbook does; -update writes it anew.
func TestSafetyPage(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "ansible-playbook")
	rows := make([]string, len(misfortunes))
	t.Run("misfortunes", func(t *testing.T) {
		for i, m := range misfortunes {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				shipped, output := m.meet(t, "own.yml", true)
				bare := "0, 0 hosts" // which is not ours to mend: one Ansible is asked
				if m.message == "" {
					bare = "0, 3 hosts"
				}
				if os.Getenv("REGAL_STORIES") != "some" {
					bare, _ = m.meet(t, "own.yml", false)
				}
				guarded, guardOutput := m.meet(t, "playbooks/rollout.yml", false)
				if m.silent {
					output = guardOutput
				}
				require.Contains(t, output, m.message)
				if m.message != "" {
					require.NotContains(t, guarded, "0, ", "a release of nothing has to fail: %s", guardOutput)
				}
				message := ""
				if m.message != "" {
					message = "`" + m.message + "`"
				}
				rows[i] = fmt.Sprintf("| %s | %s | %s | %s | %s |\n", m.name, bare, shipped, guarded, message)
			})
		}
	})
	const begin, end = "<!-- made by TestSafetyPage -->\n", "<!-- end -->\n"
	page, err := os.ReadFile("docs/safety.md")
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(page), begin)
	require.True(t, found, "the page has no %s", begin)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "the page has no %s", end)
	table := "| what is wrong | your own play, no setting | your own play, shipped `ansible.cfg` | shipped `rollout.yml`, no setting | what you read |\n" +
		"|---|---|---|---|---|\n" + strings.Join(rows, "")
	programtest.Current(t, "docs/safety.md", []byte(before+begin+table+end+after))
}
