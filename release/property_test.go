package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// machine is a host of a fleet that changes: what the test knows of it without asking the engine.
type machine struct {
	name, rack, zone string
	in               []string // its groups: web, or db; eu, or us, or none
}

func (m machine) of(group string) bool { return slices.Contains(m.in, group) }

// story is a release over a fleet that changes, told from its beginning to its end.
type story struct {
	t        *rapid.T
	fleet    []machine
	made     int    // how many hosts there ever were
	policy   string // as its file has it
	target   func(machine) bool
	pattern  string // that means the same
	record   []byte // as its file has it
	first    *Record
	always   map[string]bool // the hosts that have been in the target from the beginning until now
	released map[string][]int
	skipped  map[string]bool // hosts that a wave was done without
	last     int             // the wave that was done last
	minute   int
	replaced bool // no host of the release is in the target any more
}

// TestEveryHostOnce is the promise: whatever happens to the fleet, the policy and the one who releases, every host that was in
// the target from the beginning to the end is released exactly once, in the wave in which it was when the release began, and
// nobody else goes in one of those waves. Nor is any host missed that is there at the end, however often it came and went.
func TestEveryHostOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &story{t: t, released: map[string][]int{}, skipped: map[string]bool{}, last: -1}
		for range rapid.IntRange(1, 14).Draw(t, "hosts") {
			s.join()
		}
		s.begin()
		for range rapid.IntRange(0, 8).Draw(t, "chapters") {
			for range rapid.IntRange(0, 3).Draw(t, "edits") {
				s.edit()
			}
			s.release(true)
		}
		for s.release(false) {
		}
		s.end()
	})
}

func (s *story) draw(label string, most int) int { return rapid.IntRange(0, most).Draw(s.t, label) }

// join adds a host, anywhere among the others.
func (s *story) join() {
	s.made++
	made := machine{
		name: fmt.Sprintf("h%d", (s.made*7+3)%101),
		rack: fmt.Sprint(s.draw("rack", 2)), zone: string(rune('a' + s.draw("zone", 1))),
	}
	made.in = drawGroups(s.t)
	s.fleet = slices.Insert(s.fleet, s.draw("place", len(s.fleet)), made)
}

func drawGroups(t *rapid.T) []string {
	return rapid.SampledFrom([][]string{{"web", "eu"}, {"web", "us"}, {"web", "eu"}, {"web"}, {"db", "us"}}).Draw(t, "groups")
}

// edit changes something: a host joins, leaves, comes back, gets another name, other groups or variables, or the rules change.
func (s *story) edit() {
	at := s.draw("which", max(len(s.fleet)-1, 0))
	switch what := s.draw("edit", 9); {
	case what <= 2 || len(s.fleet) == 0:
		s.join()
	case what <= 4:
		s.fleet = slices.Delete(s.fleet, at, at+1)
	case what == 5:
		s.made++
		s.fleet[at].name = fmt.Sprintf("r%d", s.made)
	case what == 6:
		s.fleet[at].in = drawGroups(s.t)
	case what == 7:
		s.fleet[at].rack = fmt.Sprint(s.draw("rack", 2))
	case what == 8 && s.first != nil: // somebody who was there once comes back
		known := slices.Concat(s.first.Waves[0].Hosts, s.first.Waves[len(s.first.Waves)-1].Hosts)
		name := known[s.draw("who", len(known)-1)]
		if !slices.ContainsFunc(s.fleet, func(m machine) bool { return m.name == name }) {
			s.fleet = append(s.fleet, machine{name: name, rack: "0", zone: "a", in: []string{"web", "eu"}})
		}
	default:
		s.rules()
	}
	s.note()
}

// note lets go of the hosts that are not in the target at this moment.
func (s *story) note() {
	here := map[string]bool{}
	for _, m := range s.fleet {
		if s.target(m) {
			here[m.name] = true
		}
	}
	for name := range s.always {
		if !here[name] {
			delete(s.always, name)
		}
	}
}

// rules draws another policy.
func (s *story) rules() {
	rule := func(text string) string {
		if s.draw("rule", 3) == 0 {
			return ", " + text
		}
		return ""
	}
	size := func() string {
		return rapid.SampledFrom([]string{"1", "2", "3", "30%", "100%"}).Draw(s.t, "size")
	}
	schedule := ", schedule: " + size()
	rules := "combine: " +
		rapid.SampledFrom([]string{"1", "2", "[1, 2, 5]", "25%", "{risk: 2}"}).Draw(s.t, "combine") +
		rule("order: shuffle") + rule("spread: rack") + rule("max_per: {rack: 2}") + rule("by: zone")
	switch s.draw("target", 3) {
	case 0:
		s.target, s.pattern = func(m machine) bool { return m.of("web") || m.of("us") }, "web:us"
		s.policy = "{hosts: 'web:us', " + rules + schedule + rule("cover: zone") + "}"
	case 1:
		s.target, s.pattern = func(m machine) bool { return m.of("eu") || m.of("us") }, "eu:us"
		s.policy = "{rings: [{eu: {hosts: eu, combine: 1}}, {us: us}], " + rules + schedule + "}"
	case 2:
		s.target, s.pattern = func(m machine) bool { return m.of("web") }, "web"
		name := "h10"
		if len(s.fleet) > 0 {
			name = s.fleet[s.draw("canary", len(s.fleet)-1)].name
		}
		s.policy = "{hosts: web, canary: '" + name + "*', " + rules + "}"
	default:
		s.target, s.pattern = func(m machine) bool { return m.of("web") }, "web"
		s.policy = "{hosts: web, " + rules + schedule + "}"
	}
}

// today returns the version as the policy has it, without the release under way.
func (s *story) today(underWay ...string) (*grouping.Version, error) {
	inv := inventory.New()
	groups := map[string]*inventory.Group{}
	for _, name := range []string{"web", "db", "eu", "us"} {
		group, err := inv.AddGroup(name)
		require.NoError(s.t, err)
		groups[name] = group
	}
	for _, m := range s.fleet {
		for _, group := range m.in {
			host, err := inv.AddHost(m.name, groups[group], inventory.Value{})
			require.NoError(s.t, err)
			host.Vars.Set("rack", inventory.NewString(m.rack))
			host.Vars.Set("zone", inventory.NewString(m.zone))
		}
	}
	require.NoError(s.t, inv.Reconcile())
	policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader("plugin: regal\nversions:\n  app: "+s.policy+"\n"))
	require.NoError(s.t, err)
	plan, err := policy.Plan(inv, underWay...)
	if err != nil {
		return nil, err
	}
	return plan.Versions[0], nil
}

// begin begins the release, with rules that fit.
func (s *story) begin() {
	for {
		s.rules()
		version, err := s.today()
		if err != nil {
			s.join()
			continue
		}
		s.first, err = New(version, "regal.yml", at(0))
		require.NoError(s.t, err)
		s.record = s.first.encode()
		s.always = map[string]bool{}
		for _, m := range s.fleet {
			if s.target(m) {
				s.always[m.name] = true
			}
		}
		return
	}
}

// read returns the record, and the version as it is now; nil if policy and inventory do not go together, or all of the hosts are
// others.
func (s *story) read() (*Record, *grouping.Version) {
	s.replaced = false
	record, err := decode("app.json", s.record)
	require.NoError(s.t, err)
	version, err := s.today("app")
	if err != nil {
		return nil, nil
	}
	plan, warnings, err := Apply(&grouping.Plan{Versions: []*grouping.Version{version}}, "regal.yml", []*Stored{{record, "app.json"}})
	require.Empty(s.t, warnings)
	if err != nil {
		require.ErrorContains(s.t, err, "the version has none of its hosts any more")
		require.Empty(s.t, s.always)
		s.replaced = true
		return nil, nil
	}
	s.check(plan.Versions[0])
	return record, plan.Versions[0]
}

// check holds the waves of this moment against what they must be.
func (s *story) check(version *grouping.Version) {
	waveOf := map[string]int{}
	for i, wave := range version.Waves {
		require.Equal(s.t, waveName(i), wave.Name)
		require.Equal(s.t, "app_"+wave.Name, wave.Group)
		for _, host := range wave.Hosts {
			require.NotContains(s.t, waveOf, host.Name, "a host in two waves")
			waveOf[host.Name] = i
		}
	}
	for _, m := range s.fleet {
		_, found := waveOf[m.name]
		require.Equal(s.t, s.target(m), found, "%s is in a wave if it is in the target", m.name)
	}
	for i, wave := range s.first.Waves {
		for _, name := range wave.Hosts {
			if s.always[name] && !s.skipped[name] {
				require.Equal(s.t, i, waveOf[name], "%s has another wave than it was to have", name)
			}
		}
		for _, host := range version.Waves[i].Hosts {
			require.Contains(s.t, wave.Hosts, host.Name, "%s joined %s", host.Name, wave.Name)
		}
	}
}

// release resumes, and releases wave after wave as a playbook does, which sees the inventory as it was when it began. With
// trouble things happen in between, and it may stop anywhere. It tells whether there was anything to release.
func (s *story) release(trouble bool) bool {
	record, version := s.read()
	if record == nil {
		if trouble || s.replaced || !slices.ContainsFunc(s.fleet, s.target) {
			return false
		}
		s.policy = "{hosts: '" + s.pattern + "'}" // without rules there is nothing that could not go together
		record, version = s.read()
		if s.replaced {
			return false
		}
		require.NotNil(s.t, record)
	}
	record.Resume(version, at(s.minute).At)
	s.record = record.encode()
	_, version = s.read()
	require.Empty(s.t, unrecorded(version, record))
	if version.Next() == len(version.Waves) {
		return false
	}
	for i := version.Next(); i < len(version.Waves); i++ {
		wave := version.Waves[i]
		if len(wave.Hosts) == 0 {
			continue
		}
		released := inventory.HostNames(wave.Hosts)
		if trouble {
			switch s.draw("trouble", 5) {
			case 0: // killed, or a host failed
				return true
			case 1:
				s.edit()
			case 2: // a few may fail
				if keep := s.draw("keep", len(released)); keep > 0 {
					released = released[:keep]
				}
			}
		}
		if !s.markDone(i, released) {
			return true
		}
	}
	return true
}

func unrecorded(version *grouping.Version, record *Record) []grouping.Wave {
	return version.Waves[len(record.Waves):]
}

// markDone notes the wave, as a call of the program does, and tells whether it could.
func (s *story) markDone(index int, released []string) bool {
	record, version := s.read()
	if record == nil {
		return false // the wave will be released again
	}
	given := released
	all := len(released) == len(version.Waves[index].Hosts) && len(released) == len(record.Waves[index].Hosts)
	if all && s.draw("list", 1) == 0 {
		given = nil
	}
	s.minute++
	require.NoError(s.t, record.MarkDone(version, index, given, at(s.minute).At))
	s.record = record.encode()
	require.Greater(s.t, index, s.last, "a wave out of order")
	s.last = index
	for _, host := range released {
		s.released[host] = append(s.released[host], index)
	}
	for _, host := range version.Waves[index].Hosts {
		if !slices.Contains(released, host.Name) {
			s.skipped[host.Name] = true
		}
	}
	if s.draw("again", 3) == 0 { // killed before it could know, and called again
		before := string(s.record)
		record, version := s.read()
		require.NoError(s.t, record.MarkDone(version, index, given, at(s.minute+1).At))
		require.Equal(s.t, before, string(record.encode()))
	}
	return true
}

// end checks what the whole release has come to.
func (s *story) end() {
	for _, m := range s.fleet {
		if s.target(m) && !s.replaced {
			require.NotEmpty(s.t, s.released[m.name], "%s was missed", m.name)
		}
	}
	for name := range s.always {
		require.Len(s.t, s.released[name], 1, "%s was released %v", name, s.released[name])
	}
	for i, wave := range s.first.Waves {
		for _, name := range wave.Hosts {
			if s.always[name] && !s.skipped[name] {
				require.Equal(s.t, []int{i}, s.released[name], "%s went with another wave", name)
			}
		}
	}
	for name, waves := range s.released {
		for _, index := range waves {
			if index < len(s.first.Waves) {
				require.Contains(s.t, s.first.Waves[index].Hosts, name, "%s went with a wave that it was not in", name)
			}
		}
	}
}
