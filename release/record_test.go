package release

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// planOf returns the plan of a policy, a few lines below its versions, over hosts of the group web, those after a | of the
// group db.
func planOf(t testing.TB, hosts, versions string, underWay ...string) *grouping.Plan {
	t.Helper()
	inv := inventory.New()
	for i, names := range strings.Split(hosts, "|") {
		group, err := inv.AddGroup([]string{"web", "db"}[i])
		require.NoError(t, err)
		for _, name := range strings.Fields(names) {
			_, err := inv.AddHost(name, group, inventory.Value{})
			require.NoError(t, err)
		}
	}
	require.NoError(t, inv.Reconcile())
	policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader("plugin: regal\ncombine: 2\nversions:\n"+versions))
	require.NoError(t, err)
	plan, err := policy.Plan(inv, underWay...)
	require.NoError(t, err)
	return plan
}

const appV1 = "  app-v1: web\n"

// at is a moment, so many minutes after noon.
func at(minute int) Moment {
	return Moment{At: time.Date(2026, 11, 25, 12, minute, 0, 0, time.UTC), User: "alice", Host: "ctl"}
}

// begun returns the record of a release of app-v1 over these hosts.
func begun(t testing.TB, hosts string) *Record {
	t.Helper()
	record, err := New(planOf(t, hosts, appV1).Versions[0], "regal.yml", at(0))
	require.NoError(t, err)
	return record
}

// applied returns app-v1 over these hosts as the record has it.
func applied(t testing.TB, record *Record, hosts string) *grouping.Version {
	t.Helper()
	plan, warnings, err := Apply(planOf(t, hosts, appV1, "app_v1"), "regal.yml", []*Stored{{record, "r.json"}})
	require.NoError(t, err)
	require.Empty(t, warnings)
	return plan.Versions[0]
}

// waves shows a version's waves: canary: web1; b1: web2 web3.
func waves(version *grouping.Version) string {
	var parts []string
	for _, wave := range version.Waves {
		parts = append(parts, strings.TrimSpace(wave.Name+": "+strings.Join(inventory.HostNames(wave.Hosts), " ")))
	}
	return strings.Join(parts, "; ")
}

const seven = "web1 web2 web3 web4 web5 web6 web7"

func TestHostsThatLeaveAndJoin(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	for _, wave := range []int{0, 1} {
		require.NoError(t, record.MarkDone(applied(t, record, seven), wave, nil, at(1).At))
	}
	for hosts, want := range map[string]string{
		seven:                                 "canary: web1; b1: web2 web3; b2: web4 web5; b3: web6 web7",
		"web2 web3 web4 web5 web6 web7":       "canary:; b1: web2 web3; b2: web4 web5; b3: web6 web7",
		"web00 web1 web2 web3 web4 web6 web7": "canary: web1; b1: web2 web3; b2: web4; b3: web6 web7; b4: web00",
		"web1 web6 web7 x1 x2 x3":             "canary: web1; b1:; b2:; b3: web6 web7; b4: x1 x2; b5: x3",
		"web7 web6 web5 web4 web3 web2 web1":  "canary: web1; b1: web2 web3; b2: web4 web5; b3: web6 web7",
	} {
		version := applied(t, record, hosts)
		assert.Equal(t, want, waves(version), hosts)
		assert.Equal(t, []string{"app_v1_canary", "app_v1_b3"}, []string{version.Waves[0].Group, version.Waves[3].Group})
	}
	version := applied(t, record, "web00 web2 web3 web4 web5 web6 web7")
	assert.Equal(t, "resuming app-v1 at b2: 3 of 8 hosts done; web1 has left; web00 comes last", Resuming(version))
	assert.Equal(t, []string{"web00"}, version.Joined())
	assert.False(t, version.Progress.RulesChanged)
	var remaining []string
	for _, group := range (&grouping.Plan{Versions: []*grouping.Version{version}}).Groups() {
		if group.Name == "app_v1_remaining" {
			remaining = group.Children
		}
	}
	assert.Equal(t, []string{"app_v1_b2", "app_v1_b3", "app_v1_b4"}, remaining)
}

func TestMarkDone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		done     []int  // before
		hosts    string // of the inventory now
		wave     int
		released []string
		want     string // the waves of the record, a * at those that are done, (left)
		wrong    string
	}{
		"the canary":     {nil, seven, 0, nil, "canary* web1; b1 web2 web3; b2 web4 web5; b3 web6 web7", ""},
		"again":          {[]int{0, 1}, seven, 1, nil, "canary* web1; b1* web2 web3; b2 web4 web5; b3 web6 web7", ""},
		"an earlier one": {[]int{0, 1}, seven, 0, []string{"db1"}, "canary* web1; b1* web2 web3; b2 web4 web5; b3 web6 web7", ""},
		"out of order":   {[]int{0}, seven, 2, nil, "", "app_v1_b2 is not the next wave: app_v1_b1 comes before it and is not done"},
		"an empty wave before": {[]int{0}, "web1 web4 web5 web6 web7", 2, nil,
			"canary* web1; b1* (web2 web3); b2* web4 web5; b3 web6 web7", ""},
		"an empty wave": {[]int{0}, "web1 web4 web5 web6 web7", 1, nil,
			"canary* web1; b1* (web2 web3); b2 web4 web5; b3 web6 web7", ""},
		"a host has left":  {[]int{0}, "web1 web2 web4", 1, nil, "canary* web1; b1* web2 (web3); b2 web4 web5; b3 web6 web7", ""},
		"the last is left": {[]int{0}, "web1 web2", 1, nil, "canary* web1; b1* web2 (web3); b2* (web4 web5); b3* (web6 web7)", ""},
		"not all of them": {[]int{0}, seven, 1, []string{"web3"},
			"canary* web1; b1* web3 (web2); b2 web4 web5; b3 web6 web7", ""},
		"released and then left": {[]int{0}, "web1 web2", 1, []string{"web2", "web3"},
			"canary* web1; b1* web2 web3; b2* (web4 web5); b3* (web6 web7)", ""},
		"none of one host":      {nil, seven, 0, []string{}, "", "no host of app_v1_canary was released: the wave is not done"},
		"none of an empty wave": {[]int{0}, "web1 web4 web5 web6 web7", 1, []string{}, "", "no host of app_v1_b1 was released"},
		"none":                  {[]int{0}, seven, 1, []string{}, "", "no host of app_v1_b1 was released: the wave is not done"},
		"one of another wave": {[]int{0}, seven, 1, []string{"web2", "web4"}, "",
			"host web4 is not of app_v1_b1 as the record has it"},
		"a wave that is not recorded": {[]int{0, 1, 2, 3}, seven + " web8 web9", 4, nil, "",
			"app_v1_b4 is not in the record of the release: web8, web9 joined since it was begun or resumed; --resume app-v1 takes in"},
	} {
		t.Run(name, func(t *testing.T) {
			record := begun(t, seven)
			for i, wave := range test.done {
				require.NoError(t, record.MarkDone(applied(t, record, seven), wave, nil, at(i).At))
			}
			before := string(record.encode())
			err := record.MarkDone(applied(t, record, test.hosts), test.wave, test.released, at(9).At)
			if test.wrong != "" {
				require.ErrorContains(t, err, test.wrong)
				assert.Equal(t, before, string(record.encode()))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, recorded(record))
		})
	}
}

// recorded shows a record's waves: canary* web1; b1 web2 (web3).
func recorded(record *Record) string {
	var parts []string
	for _, wave := range record.Waves {
		part := wave.Name
		if !wave.Done.IsZero() {
			part += "*"
		}
		if len(wave.Hosts) > 0 {
			part += " " + strings.Join(wave.Hosts, " ")
		}
		if len(wave.Left) > 0 {
			part += " (" + strings.Join(wave.Left, " ") + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// TestResume takes in who has joined and lets go who has left, for good: who comes back comes last.
func TestResume(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	require.NoError(t, record.MarkDone(applied(t, record, seven), 0, nil, at(1).At))
	without := "web1 web2 web3 web4 web6 web7 new1"
	record.Resume(applied(t, record, without), at(2).At)
	assert.Equal(t, "canary* web1; b1 web2 web3; b2 web4 (web5); b3 web6 web7; b4 new1", recorded(record))
	again := string(record.encode())
	record.Resume(applied(t, record, without), at(3).At)
	assert.Equal(t, again, string(record.encode()), "a second time changes nothing")
	back := applied(t, record, seven+" new1")
	assert.Equal(t, "canary: web1; b1: web2 web3; b2: web4; b3: web6 web7; b4: new1; b5: web5", waves(back))
	assert.Equal(t, "resuming app-v1 at b1: 1 of 8 hosts done; new1, web5 come last", Resuming(back))
	for wave := 1; wave <= 4; wave++ {
		require.NoError(t, record.MarkDone(applied(t, record, seven+" new1"), wave, nil, at(4).At))
	}
	record.Resume(applied(t, record, "web1 web2"), at(5).At)
	assert.Equal(t, "all 5 waves are done", record.Done(), "nobody is left to release")
	assert.Equal(t, "resuming app-v1 at its end: 7 of 7 hosts done; web3, web4, web5, web6, web7, new1 have left",
		Resuming(applied(t, record, "web1 web2")))
}

// TestResumeAtTheEnd notes waves as done whose hosts have all left.
func TestResumeAtTheEnd(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	record.Resume(applied(t, record, "web1 web2"), at(2).At)
	assert.Equal(t, "canary web1; b1 web2 (web3); b2 (web4 web5); b3 (web6 web7)", recorded(record))
	for wave := range 2 {
		require.NoError(t, record.MarkDone(applied(t, record, "web1 web2"), wave, nil, at(3).At))
	}
	assert.Equal(t, "app-v1 has ended: all 4 waves are done", record.Ending(nil))
}

func TestMessages(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	assert.Equal(t, "app-v1 begins: 7 hosts in 4 waves", record.Beginning())
	assert.EqualError(t, record.UnderWay(), "a release of app-v1 is under way since 2026-11-25T12:00:00Z, begun by alice@ctl: "+
		"none of 4 waves is done; resume it, or --end it")
	for wave, want := range []string{
		"canary is done: 1 of 7 hosts; next is b1", "b1 is done: 3 of 7 hosts; next is b2",
		"b2 is done: 5 of 7 hosts; next is b3", "b3 is done: 7 of 7 hosts; it was the last",
	} {
		require.NoError(t, record.MarkDone(applied(t, record, seven), wave, nil, at(1).At))
		assert.Equal(t, want, Advance(applied(t, record, seven), wave, nil))
		if wave == 1 {
			assert.ErrorContains(t, record.UnderWay(), ": canary, b1 of 4 waves are done; resume it, or --end it")
			assert.Equal(t, "app-v1 has ended: canary, b1 of 4 waves are done; web4, web5, web6, web7 were not released",
				record.Ending(nil))
		}
	}
	assert.Equal(t, "app-v1 has ended: all 4 waves are done", record.Ending(nil))
	record.Version, record.Begun.User = "\u202eevil\x1b[31m", "\x1b[2J"
	assert.NotContains(t, record.UnderWay().Error(), "\x1b")
	assert.NotContains(t, record.UnderWay().Error(), "\u202e")
}

// TestDone says which waves are done: few by name, many by the first and the last.
func TestDone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		waves, done int
		want        string
	}{
		{1, 0, "none of 1 wave is done"}, {1, 1, "canary of 1 wave is done"}, {2, 0, "none of 2 waves is done"},
		{2, 1, "canary of 2 waves is done"}, {2, 2, "all 2 waves are done"}, {5, 2, "canary, b1 of 5 waves are done"},
		{6, 4, "canary, b1, b2, b3 of 6 waves are done"}, {6, 5, "canary to b4 of 6 waves are done"}, {6, 6, "all 6 waves are done"},
	} {
		record := &Record{}
		for i := range test.waves {
			wave := Wave{Name: waveName(i)}
			if i < test.done {
				wave.Done = at(i).At
			}
			record.Waves = append(record.Waves, wave)
		}
		assert.Equal(t, test.want, record.Done())
	}
}

// TestUnreleased names the hosts that a wave that is done has left out, ten of them at most.
func TestUnreleased(t *testing.T) {
	t.Parallel()
	version := applied(t, begun(t, seven), seven)
	const progress = "canary is done: 0 of 7 hosts"
	hosts := strings.Fields("a b c d e f g h i j k l")
	for count, want := range map[int]string{
		0: "", 1: "; a was not released and comes last", 2: "; a, b were not released and come last",
		10: "; a, b, c, d, e, f, g, h, i, j were not released and come last",
		11: "; a, b, c, d, e, f, g, h, i, j and 1 more were not released and come last",
		12: "; a, b, c, d, e, f, g, h, i, j and 2 more were not released and come last",
	} {
		assert.Equal(t, progress+want+"; next is canary", Advance(version, 0, hosts[:count]))
	}
	record := begun(t, "web1")
	assert.Equal(t, "app-v1 has ended: none of 1 wave is done; web1 was not released", record.Ending(nil))
	assert.Equal(t, "app-v1 has ended: none of 1 wave is done; web1, web2 were not released", record.Ending([]string{"web2"}))
}

// TestResumeWithNobodyLeft notes waves as done whose hosts have left since the wave before was.
func TestResumeWithNobodyLeft(t *testing.T) {
	t.Parallel()
	record := begun(t, "web1 web2 web3 web4")
	require.NoError(t, record.MarkDone(applied(t, record, "web1 web2 web3 web4"), 0, nil, at(1).At))
	record.Resume(applied(t, record, "web1"), at(2).At)
	assert.Equal(t, "canary* web1; b1* (web2 web3); b2* (web4)", recorded(record))
	assert.Equal(t, at(2).At, record.Waves[2].Done)
}

// TestNoneOfAnEmptyWave is no fault: whoever released a wave without hosts has released none.
func TestNoneOfAnEmptyWave(t *testing.T) {
	t.Parallel()
	const left = "web1 web4 web5 web6 web7"
	record := begun(t, seven)
	require.NoError(t, record.MarkDone(applied(t, record, seven), 0, nil, at(1).At))
	record.Resume(applied(t, record, left), at(2).At)
	require.NoError(t, record.MarkDone(applied(t, record, left), 1, []string{}, at(3).At))
	assert.Equal(t, "canary* web1; b1* (web2 web3); b2 web4 web5; b3 web6 web7", recorded(record))
}

// TestMoments are kept in seconds, of the same time everywhere.
func TestMoments(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	now := Moment{At: time.Date(2026, 11, 25, 13, 30, 15, 987_654_321, zone), User: "alice", Host: "ctl"}
	record, err := New(planOf(t, "web1", appV1).Versions[0], "regal.yml", now)
	require.NoError(t, err)
	want := time.Date(2026, 11, 25, 12, 30, 15, 0, time.UTC)
	assert.Equal(t, Moment{want, "alice", "ctl"}, record.Begun)
	require.NoError(t, record.MarkDone(applied(t, record, "web1"), 0, nil, now.At))
	assert.Equal(t, want, record.Waves[0].Done)
}

// TestHostThatLeftTwice is named once: it left, came back among those who joined, and left again.
func TestHostThatLeftTwice(t *testing.T) {
	t.Parallel()
	record := begun(t, "web1 web2 web3")
	record.Resume(applied(t, record, "web1 web2"), at(1).At)
	record.Resume(applied(t, record, "web1 web2 web3"), at(2).At)
	assert.Equal(t, "canary web1; b1 web2 (web3); b2 web3", recorded(record))
	assert.Equal(t, []string{"web3"}, applied(t, record, "web1 web2").Progress.Left)
}

// TestApplyRefuses has a record that does not belong to the version whose groups it has.
func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   func(*Record)
		hosts    string
		versions string
		warning  string
		wrong    string
	}{
		"another policy": {func(r *Record) { r.Policy = "other.yml" }, seven, appV1, "",
			"r.json: a release of app-v1 is under way that was begun with the policy other.yml, not with regal.yml: give each"},
		"another policy's version": {func(r *Record) { r.Policy, r.Stem, r.Version = "other.yml", "x", "x" }, seven, appV1, "", ""},
		"another version": {func(r *Record) {}, seven, "  app-v2: {hosts: web, group: app_v1}\n", "",
			"a release of app-v1 is under way with the groups app_v1_*, which in the policy are those of version app-v2"},
		"other groups": {func(r *Record) {}, seven, "  app-v1: {hosts: web, group: other}\n", "",
			"with the groups app_v1_*, and the policy now calls them other_*: write group: app_v1 until it is done"},
		"a version that is gone": {func(r *Record) {}, seven, "  app-v2: web\n",
			"a release of app-v1 is under way since 2026-11-25T12:00:00Z (r.json), and there is no such version any more: put it back", ""},
		"a version that is gone, and its hosts": {func(r *Record) {}, "db1 db2", "  app-v2: web\n",
			"a release of app-v1 is under way since 2026-11-25T12:00:00Z (r.json), and there is no such version any more: put it back", ""},
		"another fleet": {func(r *Record) {}, "db1 db2", appV1, "",
			"and the version has none of its hosts any more: if this is the record of another inventory"},
	} {
		t.Run(name, func(t *testing.T) {
			record := begun(t, seven)
			test.change(record)
			plan, warnings, err := Apply(planOf(t, test.hosts, test.versions), "regal.yml", []*Stored{{record, "r.json"}})
			if test.wrong != "" {
				require.ErrorContains(t, err, test.wrong)
				assert.Nil(t, plan)
				return
			}
			require.NoError(t, err)
			assert.Nil(t, plan.Versions[0].Progress)
			if test.warning == "" {
				assert.Empty(t, warnings)
				return
			}
			require.Len(t, warnings, 1)
			assert.Contains(t, warnings[0], test.warning)
		})
	}
}

// TestRulesThatChanged do not matter to recorded waves, and are those of hosts that joined.
func TestRulesThatChanged(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	plan := planOf(t, "a1 a2 a3 a4 a5 "+seven, "  app-v1: {hosts: web, combine: 3, order: reverse_inventory}\n", "app_v1")
	version := record.Apply(plan.Versions[0])
	assert.Equal(t, "canary: web1; b1: web2 web3; b2: web4 web5; b3: web6 web7; b4: a5 a4 a3; b5: a2 a1", waves(version))
	assert.True(t, version.Progress.RulesChanged)
	assert.Contains(t, Resuming(version), "; the policy's rules have changed since it began")
}

// TestFirstWaveOfThePast lets the canary that the policy names, and a whole ring, leave once a release is under way.
func TestFirstWaveOfThePast(t *testing.T) {
	t.Parallel()
	const versions = "  app-v1: {hosts: web, canary: 'web1*'}\n" +
		"  rings:\n    rings:\n    - staging: db\n    - live: {hosts: web, cover: rack}\n"
	inv := func(hosts string) *inventory.Inventory {
		made := inventory.New()
		for i, names := range strings.Split(hosts, "|") {
			group, err := made.AddGroup([]string{"web", "db"}[i])
			require.NoError(t, err)
			for _, name := range strings.Fields(names) {
				host, err := made.AddHost(name, group, inventory.Value{})
				require.NoError(t, err)
				host.Vars.Set("rack", inventory.NewString("a"))
			}
		}
		require.NoError(t, made.Reconcile())
		return made
	}
	policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader("plugin: regal\nversions:\n"+versions))
	require.NoError(t, err)
	plan, err := policy.Plan(inv("web1 web2 web3|db1"))
	require.NoError(t, err)
	var records []*Stored
	for _, version := range plan.Versions {
		record, err := New(version, "regal.yml", at(0))
		require.NoError(t, err)
		records = append(records, &Stored{record, version.Group + ".json"})
	}
	_, err = policy.Plan(inv("web2 web3|"))
	require.ErrorContains(t, err, "versions.app-v1.canary: the target matches no host")
	require.ErrorContains(t, err, "the target matches no host")
	today, err := policy.Plan(inv("web2 web3 web4|"), "app_v1", "rings")
	require.NoError(t, err)
	resumed, _, err := Apply(today, "regal.yml", records)
	require.NoError(t, err)
	assert.Equal(t, "canary:; b1: web2; b2: web3; b3: web4", waves(resumed.Versions[0]))
	assert.Equal(t, "canary:; b1:; b2: web2; b3: web3; b4: web4", waves(resumed.Versions[1]))
	assert.False(t, resumed.Versions[0].Progress.RulesChanged)
	_, err = policy.Plan(inv("|"), "app_v1", "rings")
	require.ErrorContains(t, err, "versions.app-v1.hosts: the target matches no host")
	require.ErrorContains(t, err, "versions.rings.rings: the rings match no host")
}

// TestRingsOfThePast keeps the groups of a ring that only the record knows.
func TestRingsOfThePast(t *testing.T) {
	t.Parallel()
	plan := planOf(t, "web1 web2|db1", "  v:\n    rings:\n    - eu-1: web\n    - us: db\n")
	record, err := New(plan.Versions[0], "regal.yml", at(0))
	require.NoError(t, err)
	version := record.Apply(planOf(t, "web1 web2|db1", "  v: all\n", "v").Versions[0])
	groups := map[string][]string{}
	for _, group := range (&grouping.Plan{Versions: []*grouping.Version{version}}).Groups() {
		groups[group.Name] = group.Children
	}
	assert.Equal(t, []string{"v_canary", "v_b1"}, groups["v_ring_eu_1"])
	assert.Equal(t, []string{"v_b2"}, groups["v_ring_us"])
	assert.True(t, version.Progress.RulesChanged)
}

// TestHostsThatHaveIt are not among those who joined, and stay where the record has them.
func TestHostsThatHaveIt(t *testing.T) {
	t.Parallel()
	inv := inventory.New()
	for i := range 5 {
		host, err := inv.AddHost(fmt.Sprintf("web%d", i+1), nil, inventory.Value{})
		require.NoError(t, err)
		if i == 0 || i == 4 {
			host.Vars.Set("app_version", inventory.NewString("v"))
		}
	}
	require.NoError(t, inv.Reconcile())
	version, err := grouping.NewVersion(inv, "v", []string{"all"}, grouping.Rules{Done: &grouping.Done{Variable: "app_version"}})
	require.NoError(t, err)
	record := &Record{Version: "v", Stem: "v", Policy: "regal.yml", Rules: version.Digest(), Begun: at(0), Waves: []Wave{
		{Name: "canary", Hosts: []string{"web1"}, Done: at(1).At}, {Name: "b1", Hosts: []string{"web2"}},
	}}
	resumed := record.Apply(version)
	assert.Equal(t, "canary: web1; b1: web2; b2: web3; b3: web4", waves(resumed))
	assert.Equal(t, []string{"web5"}, inventory.HostNames(resumed.LeftOut))
	assert.Empty(t, resumed.Progress.Left)
}

// TestNothingToRelease cannot begin.
func TestNothingToRelease(t *testing.T) {
	t.Parallel()
	_, err := New(&grouping.Version{Name: "v", Group: "v"}, "regal.yml", at(0))
	require.EqualError(t, err, "version v has no host to release: all of them have it already")
}
