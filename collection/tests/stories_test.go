package tests

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// story is a release of five hosts, a canary of two, a batch of two and a batch of one, on which something happens.
type story struct {
	name     string
	since    [2]int // the first Ansible that has what the story is about
	tasks    string // what the deployment does before it touches the host
	after    string // and what it does then
	hosts    string // variables of hosts, as lines of the inventory
	playbook string // rollout.yml if it is not given
	own      string // a playbook beside the shipped ones, in place of playbook
	args     []string
	stops    string // the wave in which the release stops, the canary if it is not given
	green    bool   // it does not stop, and the run ends with status 0
	touched  string // the hosts that a green run has touched, all if it is not given, a space for none
	says     string
	core     bool // every Ansible hears it, also when timeIsShort
}

// unreachable are the variables of a host that nobody can reach.
const unreachable = " ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n"

// lose is a task that loses a host in the middle of a deployment, though it could be reached before.
const lose = `
- ansible.builtin.ping:
  vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}
  when: inventory_hostname == 'h2'
`

var stories = []story{
	{core: true, name: "all is well", says: "app_v1: 5 hosts are done", green: true},

	// Hosts that fail.
	{name: "a task fails", tasks: "- ansible.builtin.fail:\n  when: inventory_hostname == 'h2'\n", says: "fatal: [h2]"},
	{name: "a task fails in a batch", tasks: "- ansible.builtin.fail:\n  when: inventory_hostname == 'h4'\n", stops: "b1",
		says: "fatal: [h4]"},
	{name: "a task fails in the last wave", tasks: "- ansible.builtin.fail:\n  when: inventory_hostname == 'h5'\n",
		stops: "b2", says: "fatal: [h5]"},
	{name: "a block fails that has always", tasks: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname == 'h2'
  always:
    - ansible.builtin.debug: {msg: the end}
`, says: "fatal: [h2]"},
	{name: "a rescue fails again", tasks: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname == 'h2'
  rescue:
    - ansible.builtin.fail:
`, says: "fatal: [h2]"},
	{core: true, name: "a rescue does not fail again", after: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname in ['h1', 'h2']
  rescue:
    - ansible.builtin.debug: {msg: was rescued}
`, says: "failed and were rescued, or ended early, or were lost: h1, h2"},
	{name: "a rescue mends the host", after: `
- block:
    - ansible.builtin.fail:
  rescue:
    - ansible.builtin.set_fact: {regal_mended: true}
`, green: true},
	{name: "a rescue before the release", own: `
- hosts: all
  gather_facts: false
  tasks:
    - block: [{ansible.builtin.fail: }]
      rescue: [{ansible.builtin.debug: {msg: before}}]
- import_playbook: playbooks/rollout.yml
`, green: true},
	{name: "a block forgives", tasks: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname == 'h2'
  any_errors_fatal: false
`, says: "fatal: [h2]"},
	{name: "errors are ignored", tasks: "- ansible.builtin.fail:\n  ignore_errors: true\n", green: true},
	{name: "a task that runs once fails", tasks: "- ansible.builtin.fail:\n  run_once: true\n", says: "fatal: [h1]"},
	{name: "a handler fails", after: `
- ansible.builtin.command: "true"
  notify: regal test handler
`, says: "fatal: [h1]"},

	// Hosts that end early.
	{core: true, name: "end_host", after: "- ansible.builtin.meta: end_host\n  when: inventory_hostname == 'h2'\n", says: "or ended early, or were lost: h2"},
	{name: "end_host in the last wave", after: "- ansible.builtin.meta: end_host\n  when: inventory_hostname == 'h5'\n",
		stops: "b2", says: "Not released: h5"},
	{name: "end_host of all", tasks: "- ansible.builtin.meta: end_host\n", says: "an earlier wave is not done: h1, h2"},
	{name: "end_play", after: "- ansible.builtin.meta: end_play\n", says: "h1, h2"},
	{core: true, name: "end_play in the last wave", after: "- ansible.builtin.meta: end_play\n  when: inventory_hostname == 'h5'\n",
		stops: "b2", says: "Not released: h5"},
	{name: "end_batch", since: [2]int{2, 12}, after: "- ansible.builtin.meta: end_batch\n", says: "an earlier wave is not done: h1, h2"},
	{name: "end_host in a role", tasks: "- ansible.builtin.include_role: {name: early}\n", says: "an earlier wave is not done: h1, h2"},

	// Hosts that cannot be reached.
	{core: true, name: "unreachable canary", hosts: "h2" + unreachable, says: "These hosts cannot be reached"},
	{name: "unreachable in a batch", hosts: "h4" + unreachable, stops: "b1", says: "These hosts cannot be reached: h4"},
	{core: true, name: "unreachable in the last wave", hosts: "h5" + unreachable, stops: "b2", says: "UNREACHABLE"},
	{name: "unreachable and ignored", hosts: "h2" + unreachable, tasks: "- ansible.builtin.ping:\n  ignore_unreachable: true\n",
		says: "UNREACHABLE"},
	{name: "lost on the way", tasks: lose, says: "h2"},
	{name: "lost on the way in a block", tasks: "- block:" + strings.ReplaceAll(lose, "\n", "\n    ") + `
  always:
    - ansible.builtin.debug: {msg: the end}
`, says: "h2"},
	{name: "lost and brought back", tasks: lose + "- ansible.builtin.meta: clear_host_errors\n", says: "h2"},
	{core: true, name: "lost and brought back in a block", tasks: "- block:" + strings.ReplaceAll(lose, "\n", "\n    ") + `
  always:
    - ansible.builtin.meta: clear_host_errors
`, says: "h2"},
	{name: "failed and brought back in a block", tasks: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname == 'h2'
  always:
    - ansible.builtin.meta: clear_host_errors
`, says: "h2"},
	{name: "work is delegated to a host that is gone", hosts: "gone" + unreachable, tasks: `
- ansible.builtin.ping:
  delegate_to: gone
  when: inventory_hostname == 'h2'
`, says: "UNREACHABLE"},
	{name: "lost by a play before", own: `
- hosts: h2
  gather_facts: false
  tasks: [{ansible.builtin.fail: }]
- import_playbook: playbooks/rollout.yml
`, says: "fatal: [h2]"},
	{name: "lost by a play before, not alone", own: `
- hosts: h1:h2
  gather_facts: false
  tasks: [{ansible.builtin.ping: }]
- import_playbook: playbooks/rollout.yml
`, hosts: "h2" + unreachable, says: "Nothing is released, a play before this one lost h2"},

	// Ordered plays.
	{name: "ordered", playbook: "ordered.yml", args: []string{"-e", "regal_yes=true"}, green: true},
	{core: true, name: "ordered, unreachable canary", playbook: "ordered.yml", args: []string{"-e", "regal_yes=true"}, hosts: "h2" + unreachable,
		says: "UNREACHABLE"},
	{name: "ordered, unreachable canary, nobody says yes", playbook: "ordered.yml", hosts: "h2" + unreachable, says: "UNREACHABLE"},
	{name: "ordered, a block of the canary fails", playbook: "ordered.yml", args: []string{"-e", "regal_yes=true"}, tasks: `
- block:
    - ansible.builtin.fail:
      when: inventory_hostname == 'h2'
  always:
    - ansible.builtin.debug: {msg: the end}
`, says: "fatal: [h2]"},
	{name: "ordered, the canary ends early", playbook: "ordered.yml", args: []string{"-e", "regal_yes=true"},
		tasks: "- ansible.builtin.meta: end_play\n", says: "the canary is not done: h1, h2"},

	// Releases one after another.
	{name: "two releases", own: `
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: first, regal_through: canary, regal_unrecorded: true}
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: second}
`, says: "app_v1: 2 hosts are done", green: true},
	{core: true, name: "the second release after one that stopped", own: `
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: first}
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: second, regal_through: canary}
`, hosts: "h5" + unreachable, stops: "b2", says: "UNREACHABLE"},
	{name: "the second release after one that ended early", own: `
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: first}
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: second}
`, tasks: "- ansible.builtin.meta: end_play\n", says: "h1, h2"},
	{name: "a host ends only the second release early", own: `
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: first, regal_through: canary, regal_unrecorded: true}
- import_playbook: playbooks/rollout.yml
  vars: {regal_release: second}
`, after: "- ansible.builtin.meta: end_host\n  when: inventory_hostname == 'h2' and regal_release == 'second'\n",
		says: "or ended early, or were lost: h2"},

	// Rollbacks.
	{name: "a rollback stops at a dead host", playbook: "rollback.yml", hosts: "h1" + unreachable,
		args: []string{"-e", "regal_release=old", "-e", "regal_through=b1"}, says: "UNREACHABLE"},
	{name: "the list of a rollback's hosts", playbook: "rollback.yml", green: true, touched: " ", says: "h4",
		args: []string{"-e", "regal_release=old", "-e", "regal_through=b1", "-e", "regal_skip_unreachable=true", "--list-hosts"}},
	{core: true, name: "a rollback without the dead", playbook: "rollback.yml", hosts: "h1" + unreachable + "h3" + unreachable + "h4" + unreachable,
		args:    []string{"-e", "regal_release=old", "-e", "regal_through=b2", "-e", "regal_skip_unreachable=true"},
		touched: "h2 h5", says: "Left out, since they could not be reached: h1, h3, h4", green: true},
	{name: "a rollback that fails", playbook: "rollback.yml", hosts: "h1" + unreachable,
		args:  []string{"-e", "regal_release=old", "-e", "regal_through=b2", "-e", "regal_skip_unreachable=true"},
		tasks: "- ansible.builtin.fail:\n  when: inventory_hostname == 'h2'\n", says: "fatal: [h2]"},

	// What roles do that must not matter.
	{name: "facts are cleared", tasks: "- ansible.builtin.meta: clear_facts\n", green: true},
	{name: "the inventory is read again", tasks: "- ansible.builtin.meta: refresh_inventory\n", green: true},

	// Plays of one's own.
	{name: "own play with roles", own: ownRoles("linear", "1, 1, 1, 1, 1"), hosts: "h2" + unreachable, says: "UNREACHABLE"},
	{name: "own play, all is well", own: ownRoles("linear", "2, 2, 1"), green: true},
	{core: true, name: "own play, strategy free", own: ownRoles("free", "2, 2, 1"), hosts: "h2" + unreachable, says: "These hosts cannot be reached"},
	{name: "own play with include_role", own: ownIncludes, green: true},
	{name: "own play with include_role, a host is lost", own: ownIncludes, hosts: "h4" + unreachable, stops: "b1", says: "These hosts cannot be reached: h4"},
	{name: "own play without the guard", own: strings.Replace(ownRoles("linear", "2, 2, 1"), "- import_playbook: regal.release.guard\n", "", 1),
		says: "guard.yml did not run"},
	{name: "own play with batches of its own", own: ownRoles("linear", "2, 3"), stops: "b1",
		says: "These hosts are of 2 waves, not of one: h3, h4, h5"},
}

// ownRoles is a play with roles, as users write it.
func ownRoles(strategy, sizes string) string {
	return `
- import_playbook: regal.release.guard
- hosts: app_v1_rollout
  serial: [` + sizes + `]
  any_errors_fatal: ` + map[bool]string{true: "true", false: "false"}[strategy == "linear"] + `
  strategy: ` + strategy + `
  gather_facts: false
  pre_tasks:
    - import_role: {name: regal.release.wave, tasks_from: start}
  roles:
    - touch
  post_tasks:
    - import_role: {name: regal.release.wave, tasks_from: end}
- import_playbook: regal.release.verify
`
}

// ownIncludes is several plays, of which one releases wave by wave with include_role among its tasks.
const ownIncludes = `
- hosts: all
  gather_facts: false
  tasks: [{ansible.builtin.debug: {msg: before}}]
- import_playbook: regal.release.guard
- hosts: "{{ lookup('regal.release.waves', 'hosts') }}"
  serial: "{{ query('regal.release.waves', 'sizes') }}"
  any_errors_fatal: true
  gather_facts: false
  tasks:
    - import_role: {name: regal.release.wave, tasks_from: start}
    - include_role: {name: touch}
    - import_role: {name: regal.release.wave, tasks_from: end}
- import_playbook: regal.release.verify
- hosts: all
  gather_facts: false
  tasks: [{ansible.builtin.debug: {msg: after}}]
`

const touchTask = `
- ansible.builtin.raw: touch {{ touched }}/touched-{{ inventory_hostname }}
`

// TestStories tells each story to the Ansible in use.
func TestStories(t *testing.T) {
	t.Parallel()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			timeIsShort(t, s.core)
			if !ansibletest.VersionInUse(t).AtLeast(s.since[0], s.since[1]) {
				t.Skip("this Ansible does not have it")
			}
			e := newExample(t)
			e.write("hosts.ini", "h[1:5]\n"+s.hosts+`
[all:vars]
ansible_connection=local
ansible_python_interpreter={{ ansible_playbook_python }}
`)
			e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nschedule: 2\ncombine: 2\nversions: {app-v1: all:!gone*}\n")
			e.write("playbooks/tasks/deploy.yml", "---\n"+s.tasks+touchTask+s.after)
			for name, text := range map[string]string{
				"early/tasks":    "- ansible.builtin.meta: end_host\n",
				"touch/tasks":    touchTask,
				"touch/handlers": "",
			} {
				require.NoError(t, os.MkdirAll(filepath.Join(e.folder, "playbooks", "roles", name), 0o755))
				e.write(filepath.Join("playbooks", "roles", name, "main.yml"), text)
			}
			require.NoError(t, os.Symlink(filepath.Join("playbooks", "roles"), filepath.Join(e.folder, "roles")))
			if s.name == "a handler fails" {
				rollout, err := os.ReadFile(filepath.Join(e.folder, "playbooks", "rollout.yml"))
				require.NoError(t, err)
				e.write("playbooks/rollout.yml", strings.Replace(string(rollout), "  tasks:\n",
					"  handlers: [{name: regal test handler, ansible.builtin.fail: }]\n  tasks:\n", 1))
			}
			playbook := filepath.Join("playbooks", s.playbook)
			switch {
			case s.own != "":
				e.write("own.yml", s.own)
				playbook = "own.yml"
			case s.playbook == "":
				playbook = filepath.Join("playbooks", "rollout.yml")
			}
			got := programtest.Run(t, e.folder, nil, "ansible-playbook",
				append([]string{"-i", "regal.yml", playbook, "-e", "regal_version=app_v1", "-e", "touched=" + e.folder}, s.args...)...)
			assert.Contains(t, got.Output, s.says)
			touched := e.touched()
			if s.green {
				assert.Zero(t, got.Status, got.Output)
				assert.Equal(t, strings.TrimSpace(cmp.Or(s.touched, "h1 h2 h3 h4 h5")), strings.Join(touched, " "), got.Output)
				assert.NotContains(t, got.Output, "WARNING")
				assert.NotContains(t, got.Output, "DEPRECATION")
				return
			}
			assert.NotZero(t, got.Status, got.Output)
			switch s.stops {
			case "":
				assert.Subset(t, []string{"h1", "h2"}, touched, got.Output)
			case "b1":
				assert.Subset(t, []string{"h1", "h2", "h3", "h4"}, touched, got.Output)
				assert.Subset(t, touched, []string{"h1", "h2"}, got.Output)
			case "b2":
				assert.Subset(t, touched, []string{"h1", "h2", "h3", "h4"}, got.Output)
			default:
				t.Fatal("there is no wave " + s.stops)
			}
		})
	}
}

// touched returns the hosts that a story's deployment has touched.
func (e example) touched() []string {
	e.t.Helper()
	paths, err := filepath.Glob(filepath.Join(e.folder, "touched-*"))
	require.NoError(e.t, err)
	hosts := []string{}
	for _, path := range paths {
		hosts = append(hosts, strings.TrimPrefix(filepath.Base(path), "touched-"))
	}
	return hosts
}
