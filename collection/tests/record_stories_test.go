package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// machine is a host of a fleet that changes while a release is under way.
type machine struct {
	name, group, rack string
	unreachable       bool
}

// recordStory is a release over a fleet that changes: it stops, somebody edits inventory and policy, it goes on, until it ends.
type recordStory struct {
	example
	random *rand.Rand
	fleet  []machine
	policy string // the kind of policy: plain, by or rings
	next   int    // the number of the next host that joins

	stayed  map[string]bool // hosts that were in the target whenever Ansible looked
	waves   []recordedWave  // as they were when the release began
	limited map[string]bool // hosts that a --limit left out
	log     []string        // what was done to the story, for whoever reads of its failure
}

type recordedWave struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"`
}

// logging is a deployment that writes down whom it touches in which wave, and fails, or ends early, where it is told to.
const logging = `---
- name: Touch the host
  ansible.builtin.raw: echo {{ wave }} {{ inventory_hostname }} >> {{ playbook_dir }}/../touched
  vars:
    wave: "{{ group_names | select('match', 'app_v1_(canary|b[0-9]+)\\Z') | first | regex_replace('app_v1_', '') }}"
- name: Fail
  ansible.builtin.fail:
  when: inventory_hostname == broken and way == 'fail'
- name: Fail and be rescued
  when: inventory_hostname == broken and way == 'rescue'
  block: [{ansible.builtin.fail: }]
  rescue: [{ansible.builtin.debug: {msg: rescued}}]
- name: Lose the host
  ansible.builtin.ping:
  vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}
  when: inventory_hostname == broken and way == 'lose'
- name: End early
  ansible.builtin.meta: end_host
  when: inventory_hostname == broken and way == 'end'
`

// TestReleasesOverChangingFleets tells random releases that stop, over fleets and policies that change in between, to the
// Ansible in use. Whatever happens: who is in the target from beginning to end is released once, in the wave that was planned, and
// in order; nobody joins an earlier wave; who left a wave or joined comes last; and what is refused touches nobody.
func TestReleasesOverChangingFleets(t *testing.T) {
	t.Parallel()
	stories := 12
	if os.Getenv("REGAL_STORIES") == "some" {
		stories = 2
	}
	for seed := range stories {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			newRecordStory(t, uint64(seed)).tell()
		})
	}
}

// TestEmptyWaveHidesNoStop loses a host in a wave after which one is that has lost all of its own hosts. The wave behind that
// looks for the word of the one before it that has hosts.
func TestEmptyWaveHidesNoStop(t *testing.T) {
	t.Parallel()
	e := newExample(t)
	e.write(deployment, logging)
	fleet := func(hosts string) {
		e.write("hosts.ini", "[web]\n"+hosts+"[web:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	}
	fleet("h1\nh2\nh3\nh4\n")
	e.write("regal.yml", "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nversions: {app-v1: web}\n")
	release := func(args ...string) programtest.Ran {
		return e.play("rollout.yml", append([]string{"-e", "regal_version=app-v1"}, args...)...)
	}
	stopped := release("-e", "broken=h2", "-e", "way=fail")
	require.Equal(t, 2, stopped.Status, stopped.Output)
	fleet("h1\nh2\nh4\n")
	stopped = release("-e", "regal_resume=true", "-e", "broken=h2", "-e", "way=lose")
	require.NotZero(t, stopped.Status, stopped.Output)
	require.Contains(t, stopped.Output, "The release stops here, an earlier wave is not done: h2")
	require.Equal(t, "canary h1\nb1 h2\nb1 h2\n", programtest.ReadFile(t, filepath.Join(e.folder, "touched")))
}

func newRecordStory(t *testing.T, seed uint64) *recordStory {
	t.Helper()
	s := &recordStory{
		example: newExample(t), random: rand.New(rand.NewPCG(seed, 16)), stayed: map[string]bool{}, limited: map[string]bool{},
	}
	s.example.write(deployment, logging)
	s.policy = []string{"plain", "by", "rings", "plain"}[seed%4]
	for range 5 + s.random.IntN(4) {
		s.fleet = append(s.fleet, s.machine())
	}
	s.fleet[1].group, s.fleet[3].group = "eu", "us" // no ring is empty
	s.fleet[0].group = "eu"
	for _, one := range s.fleet {
		if one.group != "off" {
			s.stayed[one.name] = true
		}
	}
	return s
}

// machine makes a host that was never there before.
func (s *recordStory) machine() machine {
	s.next++
	return machine{
		name: fmt.Sprintf("h%d", s.next), group: s.pick("eu", "eu", "us", "us", "off"), rack: s.pick("a", "b"),
	}
}

func (s *recordStory) pick(from ...string) string { return from[s.random.IntN(len(from))] }

func (s *recordStory) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

// write writes inventory and policy, with rules that change from one time to the next.
func (s *recordStory) write() {
	var ini, policy strings.Builder
	for _, group := range []string{"eu", "us", "off"} {
		fmt.Fprintf(&ini, "[%s]\n", group)
		for _, one := range s.fleet {
			if one.group != group {
				continue
			}
			fmt.Fprintf(&ini, "%s rack=%s", one.name, one.rack)
			if one.unreachable {
				ini.WriteString(strings.TrimSuffix(unreachable, "\n"))
			}
			ini.WriteByte('\n')
		}
	}
	ini.WriteString("[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n")
	s.example.write("hosts.ini", ini.String())

	fmt.Fprintf(&policy, "#!/usr/bin/env regal-inventory\nplugin: regal\ninventory: hosts.ini\nschedule: %s\ncombine: %s\n",
		s.pick("1", "2", "30%"), s.pick("1", "2", "3", "[1, 2]", "40%", "{risk: 3}"))
	policy.WriteString(s.pick("", "order: reverse_inventory\n", "order: shuffle\n", "max_per: {rack: 1}\n", "spread: rack\n"))
	switch s.policy {
	case "rings":
		policy.WriteString("versions:\n  app-v1:\n    rings: [staging: eu, all: us]\n")
	case "by":
		policy.WriteString("by: rack\nversions: {app-v1: 'eu:us'}\n")
	default:
		policy.WriteString("versions: {app-v1: 'all:!off'}\n")
	}
	s.example.write("regal.yml", policy.String())
	s.note("%s%s", ini.String(), policy.String())
}

// edit changes the fleet: hosts join in front, in the middle and at the end, leave, are renamed, and move between groups.
func (s *recordStory) edit() {
	for range 1 + s.random.IntN(4) {
		at := s.random.IntN(len(s.fleet))
		switch way := s.pick("join", "join", "leave", "rename", "move", "rack", "swap"); way {
		case "join":
			s.fleet = slices.Insert(s.fleet, s.random.IntN(len(s.fleet)+1), s.machine())
		case "leave":
			if len(s.fleet) > 4 {
				s.fleet = slices.Delete(s.fleet, at, at+1)
			}
		case "rename":
			s.fleet[at].name = s.machine().name
		case "move":
			s.fleet[at].group = s.pick("eu", "us", "off")
		case "rack":
			s.fleet[at].rack = s.pick("a", "b")
		case "swap":
			other := s.random.IntN(len(s.fleet))
			s.fleet[at], s.fleet[other] = s.fleet[other], s.fleet[at]
		}
	}
	for _, group := range []string{"eu", "us"} { // a ring and a target have hosts, or the policy is wrong
		if !slices.ContainsFunc(s.fleet, func(one machine) bool { return one.group == group }) {
			made := s.machine()
			made.group = group
			s.fleet = append(s.fleet, made)
		}
	}
	within := map[string]bool{}
	for _, one := range s.fleet {
		within[one.name] = one.group != "off"
	}
	for host := range s.stayed {
		if !within[host] {
			delete(s.stayed, host)
		}
	}
}

// tell begins the release, goes on with it until it ends, and holds it to what is promised.
func (s *recordStory) tell() {
	t := s.t
	s.write()
	s.waves, _ = s.plan()
	require.NotEmpty(t, s.waves)
	defer func() {
		if t.Failed() {
			t.Logf("%s\n%s", strings.Join(s.log, "\n"), s.touched())
		}
	}()
	for run := 0; ; run++ {
		require.Less(t, run, 8, "the release does not end")
		waves, next := s.plan()
		var done []string
		for _, wave := range waves[:max(next, 0)] {
			done = append(done, wave.Name)
		}
		last := run == 4 || run > 0 && (next < 0 || s.random.IntN(3) == 0)
		var args []string
		if run > 0 {
			args = append(args, "-e", "regal_resume=true")
		}
		stops := false
		if !last {
			args = append(args, s.misfortune(waves, next)...)
			stops = true
		} else {
			args = append(args, "-e", "broken=nobody", "-e", "way=none")
			s.mend()
		}
		before := s.touched()
		got := s.run(args...)
		since := strings.TrimPrefix(s.touched(), before)
		s.note("run %d %v: %d\n%s", run, args, got.Status, since)
		once := map[string]bool{}
		for line := range strings.Lines(since) {
			wave, host, _ := strings.Cut(strings.TrimSpace(line), " ")
			assert.False(t, once[host], "%s was touched twice in one run", host)
			once[host] = true
			assert.NotContains(t, done, wave, "%s was touched in a wave that is done", host)
		}
		if !stops {
			require.Zero(t, got.Status, got.Output)
			require.NotContains(t, got.Output, "WARNING")
		}
		if entries, _ := filepath.Glob(filepath.Join(s.folder, ".regal", "history", "app_v1-*.json")); len(entries) == 1 {
			require.Zero(t, got.Status, got.Output)
			require.NoFileExists(t, filepath.Join(s.folder, ".regal", "app_v1.json"))
			s.check(entries[0])
			return
		}
		s.mend()
		s.edit()
		s.write()
		s.refused(run)
	}
}

// misfortune picks a host of what is to come, and what happens to it, and returns the arguments for it. The release stops there,
// if it does not stop for want of hosts.
func (s *recordStory) misfortune(waves []recordedWave, next int) []string {
	var hosts, names []string
	for i, wave := range waves {
		if i >= next && len(wave.Hosts) > 0 {
			hosts = append(hosts, wave.Hosts...)
			names = append(names, wave.Name)
		}
	}
	host := s.pick(hosts...)
	way := s.pick("fail", "fail", "rescue", "lose", "end", "unreachable", "through", "limit")
	broken := []string{"-e", "broken=" + host, "-e", "way=" + way}
	switch way {
	case "unreachable":
		for i := range s.fleet {
			s.fleet[i].unreachable = s.fleet[i].name == host
		}
		s.writeFleetAgain()
	case "through":
		return append(broken, "-e", "regal_through="+s.pick(names...))
	case "limit":
		// Only of a wave that has others: one that is left out as a whole may not come before one that is not.
		for _, wave := range waves[next:] {
			if slices.Contains(wave.Hosts, host) && len(wave.Hosts) > 1 {
				s.limited[host] = true
				return append(broken, "--limit", "all:!"+host)
			}
		}
	}
	return broken
}

// writeFleetAgain writes the inventory and leaves the policy as it is.
func (s *recordStory) writeFleetAgain() {
	policy, err := os.ReadFile(filepath.Join(s.folder, "regal.yml"))
	require.NoError(s.t, err)
	s.write()
	s.example.write("regal.yml", string(policy))
}

func (s *recordStory) mend() {
	changed := false
	for i := range s.fleet {
		changed = changed || s.fleet[i].unreachable
		s.fleet[i].unreachable = false
	}
	if changed {
		s.writeFleetAgain()
	}
}

func (s *recordStory) run(args ...string) programtest.Ran {
	return programtest.Run(s.t, s.folder, []string{"REGAL_USER=alice"}, "ansible-playbook", append([]string{"-i", "regal.yml",
		"playbooks/rollout.yml", "-e", "regal_version=app-v1"}, args...)...)
}

// refused tries what the guard has to refuse while a release is under way.
func (s *recordStory) refused(run int) {
	if run > 0 || s.random.IntN(3) > 0 {
		return
	}
	before := s.touched()
	tries := [][]string{{}, {"-e", "regal_unrecorded=true"}, {"-e", "regal_resume=true", "-e", "regal_from=b99"}}
	args := append(tries[s.random.IntN(len(tries))], "-e", "broken=nobody", "-e", "way=none")
	got := s.run(args...)
	assert.NotZero(s.t, got.Status, "%v: %s", args, got.Output)
	assert.Equal(s.t, before, s.touched(), "%v: %s", args, got.Output)
}

func (s *recordStory) touched() string {
	data, err := os.ReadFile(filepath.Join(s.folder, "touched"))
	if !os.IsNotExist(err) {
		require.NoError(s.t, err)
	}
	return string(data)
}

// plan returns the waves of the version as they are now, and the place of the one that is next; -1 if none is.
func (s *recordStory) plan() (waves []recordedWave, next int) {
	command := exec.Command("./regal.yml", "--plan=json")
	command.Dir = s.folder
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	require.NoError(s.t, command.Run(), "%s\n%s", complaint.String(), strings.Join(s.log, "\n"))
	var plan struct {
		Versions []struct {
			Waves   []recordedWave `json:"waves"`
			Release *struct {
				Next string `json:"next"`
			} `json:"release"`
		} `json:"versions"`
	}
	require.NoError(s.t, json.Unmarshal(output.Bytes(), &plan))
	version := plan.Versions[0]
	if version.Release == nil {
		return version.Waves, 0
	}
	return version.Waves, slices.IndexFunc(version.Waves, func(wave recordedWave) bool { return wave.Name == version.Release.Next })
}

// check holds the release that has ended to what is promised.
func (s *recordStory) check(file string) {
	t := s.t
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var record struct {
		Waves []struct {
			recordedWave
			Done string `json:"done"`
		} `json:"waves"`
	}
	require.NoError(t, json.Unmarshal(data, &record))

	place, released := map[string]int{}, map[string][]int{}
	for i, wave := range record.Waves {
		place[wave.Name] = i
		require.NotEmpty(t, wave.Done, "%s is not done", wave.Name)
		for _, host := range wave.Hosts {
			released[host] = append(released[host], i)
		}
	}
	touched, reached := map[string]map[int]bool{}, 0
	for line := range strings.Lines(s.touched()) {
		wave, host, _ := strings.Cut(strings.TrimSpace(line), " ")
		i, known := place[wave]
		require.True(t, known, "%s is in wave %s, which the record does not have", host, wave)
		assert.GreaterOrEqual(t, i, reached, "%s was touched in %s after a later wave", host, wave)
		reached = max(reached, i)
		if touched[host] == nil {
			touched[host] = map[int]bool{}
		}
		touched[host][i] = true
	}

	planned := map[string]int{}
	for i, wave := range s.waves {
		assert.Equal(t, wave.Name, record.Waves[i].Name)
		for _, host := range wave.Hosts {
			planned[host] = i
		}
	}
	for host, waves := range released {
		assert.Len(t, waves, 1, "%s was released in more than one wave", host)
		assert.True(t, touched[host][waves[0]], "%s counts as released in a wave in which it was not touched", host)
		if was, stood := planned[host]; !stood || was != waves[0] {
			assert.GreaterOrEqual(t, waves[0], len(s.waves), "%s joined, or left its wave, and did not come last", host)
		}
	}
	for host := range s.stayed {
		require.Contains(t, planned, host)
		require.Contains(t, released, host, "%s was never released", host)
		if !s.limited[host] {
			assert.Equal(t, planned[host], released[host][0], "%s was released in another wave than was planned", host)
			assert.Len(t, touched[host], 1, "%s was touched in waves that are not its own", host)
		}
	}
	for _, one := range s.fleet { // who came, by whatever way, has it too
		if one.group != "off" {
			assert.Contains(t, released, one.name, "%s was never released", one.name)
		}
	}
}
