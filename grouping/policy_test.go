package grouping_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// planOf returns the plan of a policy without its plugin key.
func planOf(t *testing.T, inv *inventory.Inventory, text string) *grouping.Plan {
	t.Helper()
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+text))
	require.NoError(t, err)
	plan, err := policy.Plan(inv)
	require.NoError(t, err)
	return plan
}

func versionNames(plan *grouping.Plan) []string {
	var names []string
	for _, version := range plan.Versions {
		names = append(names, version.Name)
	}
	return names
}

func TestPriority(t *testing.T) {
	const versions = "versions: {app-1: h1, app-2: h1, 'a[1]': h1, db: h1, 1.10: h1}\n"
	for _, test := range []struct{ priority, want string }{
		{"db", "db app-1 app-2 a[1] 1.10"},
		{"1.10", "1.10 app-1 app-2 a[1] db"},
		{"[app-2, app-*]", "app-2 app-1 a[1] db 1.10"},
		{"'*'", "app-1 app-2 a[1] db 1.10"},
		{"'a[1]'", "a[1] app-1 app-2 db 1.10"}, // a name goes before a glob
		{"'app-[!1]'", "app-2 app-1 a[1] db 1.10"},
		{"['??', db, db]", "db app-1 app-2 a[1] 1.10"},
		{"'[a-d]?'", "db app-1 app-2 a[1] 1.10"},
		{"[db, app-2]", "db app-2 app-1 a[1] 1.10"},
		{"['*[1]']", "app-1 app-2 a[1] db 1.10"},
	} {
		plan := planOf(t, inventoryOf("h1"), "priority: "+test.priority+"\n"+versions)
		assert.Equal(t, test.want, strings.Join(versionNames(plan), " "), test.priority)
	}
}

// TestGlobIsFnmatch asks Python's own fnmatch which of some names each of some patterns matches.
func TestGlobIsFnmatch(t *testing.T) {
	patterns := []string{
		"*", "?", "a*", "*b", "a*b*c", "[abc]", "[!abc]", "[a-c]x", "[]]", "[!]]", "[]a]", "[a", "a[", "[!", "[a-", "[-a]",
		"[a-]", `[\]`, `a\*`, "[[]", "[^a]", "[a^]", "a.c", "a+", "(a|b)", "{a,b}", "$", "[a-c-e]", "??*", "[&&a]", "版*",
	}
	names := []string{
		"a", "b", "ab", "abc", "ax", "cx", "]", "[a", "a[", "[!", "[a-", "-", `\`, `a\`, `a\x`, "[", "^", "a.c", "axc", "a+",
		"aa", "(a|b)", "{a,b}", "$", "d", "e", "&", "版本", "a\nb",
	}
	ask := fmt.Sprintf("import fnmatch, json\nnames = %s\n"+
		"print(json.dumps([[n for n in names if n != p and fnmatch.fnmatchcase(n, p)] for p in %s]))",
		pythonList(names), pythonList(patterns))
	output, err := exec.Command(ansibletest.Python(t), "-c", ask).Output()
	require.NoError(t, err)
	var want [][]string
	require.NoError(t, json.Unmarshal(output, &want))
	for i, pattern := range patterns {
		matched := []string{}
		for _, name := range names {
			version := []*grouping.Version{{Name: name}}
			if _, err := grouping.NewPlan(inventory.New(), version, pattern); err == nil && name != pattern {
				matched = append(matched, name)
			}
		}
		assert.Equal(t, want[i], matched, pattern)
	}
}

// pythonList writes texts as a Python list.
func pythonList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = fmt.Sprintf("%+q", text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func TestVersionsFrom(t *testing.T) {
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5", "h6")
	for i, value := range []inventory.Value{
		inventory.NewBool(true), inventory.NewString("1.5"), inventory.NewString("True"), {}, inventory.NewString("1.5"),
	} {
		inv.Hosts()[i].Vars.Set("app", value)
	}
	plan := planOf(t, inv, "versions_from: {var: app}\npriority: 1.5\nschedule: 2\n")
	require.Equal(t, []string{"1.5", "True"}, versionNames(plan))
	assert.Equal(t, [][]string{{"h2", "h5"}}, waveNames(plan.Versions[0]))
	assert.Equal(t, [][]string{{"h1", "h3"}}, waveNames(plan.Versions[1]))
	assert.Equal(t, "v1_5", plan.Versions[0].Group)
}

// TestVersionsFromTaken names the version whose groups the inventory has: the policy has no place for it.
func TestVersionsFromTaken(t *testing.T) {
	inv := fleetOf("app", "old", "new")
	for _, group := range []string{"old_canary", "old_b1", "old_rollout"} { // of which the first is named
		_, err := inv.AddGroup(group)
		require.NoError(t, err)
	}
	require.NoError(t, inv.Reconcile())
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions_from: {var: app}\n"))
	require.NoError(t, err)
	_, err = policy.Plan(inv)
	assert.EqualError(t, err, "p.yml:2:16: versions_from: version old: the inventory has a group old_canary already, a name that the "+
		"version's groups need: give the version another group, such as old_release")
}

// TestTakenNames has names in the inventory that whoever looks for a wave could take for one: Ansible strips patterns, and
// Python lets \d match the digits of every script and $ match before a line's end.
func TestTakenNames(t *testing.T) {
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app-1: h1}\n"))
	require.NoError(t, err)
	for _, name := range []string{
		"app_1_canary", "app_1_b", "app_1_b0", "app_1_b1", "app_1_b007", "app_1_b99999999999999999999", "app_1_rollout",
		"app_1_remaining", "app_1_b1\n", " app_1_b1", "app_1_canary\t", "app_1_b1\x1c", "app_1_canary\u2000", "app_1_b\x1d", "app_1_rollout\u00a0", "app_1_b\u0663", "app_1_b1\x1f",
		"app-1-b1", "app.1_canary", "app-1.b",
	} {
		for _, kind := range []string{"group", "host"} {
			inv := inventory.New()
			_, err := inv.AddHost("h1", nil, inventory.Value{})
			require.NoError(t, err)
			if kind == "group" {
				_, err = inv.AddGroup(name)
			} else {
				_, err = inv.AddHost(name, nil, inventory.Value{})
			}
			require.NoError(t, err)
			require.NoError(t, inv.Reconcile())
			_, err = policy.Plan(inv)
			assert.ErrorContains(t, err, "the inventory has a "+kind, "%q", name)
		}
	}
	for _, name := range []string{
		"app_1", "app_1_b1x", "app_1_bb", "xapp_1_b1", "app_1_canary2", "app_11_b1", "app_1b1", "app_1_B1", "app_1_canary_", "b1", "app_1_b1\x1b", "123", "",
	} {
		if name == "" {
			continue
		}
		inv := inventoryOf("h1", name)
		_, err := policy.Plan(inv)
		assert.NoError(t, err, "%q", name)
	}
}

// TestNumbersThatNameVersions refuses a version whose name is not what the inventory says.
func TestNumbersThatNameVersions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts.ini")
	require.NoError(t, os.WriteFile(file, []byte("h1 app=1.10\nh2 app=1.1\nh3 app='\"1.10\"'\n"), 0o600))
	inv, err := source.Read(t.Context(), []string{file}, source.Options{})
	require.NoError(t, err)
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions_from: {var: app}\n"))
	require.NoError(t, err)
	_, err = policy.Plan(inv)
	assert.EqualError(t, err, "p.yml:2:22: versions_from.var: the variable app is a number for host h1, "+
		"which Ansible reads otherwise than it is written, as 1.10 becomes 1.1: write it in quotes")
	policy, err = grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions_from: {var: app, hosts: 'h2,h3'}\n"))
	require.NoError(t, err)
	plan, err := policy.Plan(inv)
	require.NoError(t, err)
	assert.Equal(t, []string{"1.1", "1.10"}, versionNames(plan))
}

// TestNumbersThatSort takes a number for what it is where nothing names it: 1.10 and 1.1 are one value of a rule.
func TestNumbersThatSort(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts.ini")
	require.NoError(t, os.WriteFile(file, []byte("h1 n=1.10\nh2 n=1.1\nh3 n=2\n"), 0o600))
	inv, err := source.Read(t.Context(), []string{file}, source.Options{})
	require.NoError(t, err)
	for _, rule := range []string{"by: n", "spread: n", "cover: n", "max_per: {n: 2}"} {
		version := planOf(t, inv, rule+"\nschedule: 2\ncombine: 2\nversions: {app: all}\n").Versions[0]
		assert.Len(t, version.Waves, 2, rule)
	}
	// A value that is named has to be what was written.
	for rule, key := range map[string]string{`by: {n: ["1.1", "1.10", 2]}`: "by", "max_per: {n: {1.1: 1}}": "max_per.n"} {
		policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+rule+"\nversions: {app: all}\n"))
		require.NoError(t, err)
		_, err = policy.Plan(inv)
		assert.ErrorContains(t, err, key+": version app: the variable n is a number for host h1, which Ansible reads otherwise than it is written")
	}
}

// TestOneTextOfTruth has YAML's true, which is a truth value, and INI's, which is a text, count as one value.
func TestOneTextOfTruth(t *testing.T) {
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5", "h6")
	for i, value := range []inventory.Value{
		inventory.NewBool(true), inventory.NewString("false"), inventory.NewString("True"), inventory.NewString("true"),
		inventory.NewBool(false), inventory.NewString("TRUE"),
	} {
		inv.Hosts()[i].Vars.Set("ssd", value)
	}
	version := planOf(t, inv, "by: ssd\nschedule: 6\ncombine: 6\nversions: {app: all}\n").Versions[0]
	assert.Equal(t, [][]string{{"h1", "h3", "h4", "h6"}, {"h2", "h5"}}, waveNames(version))
}

// TestNullSwitchesOff has a version without what the top gives to all.
func TestNullSwitchesOff(t *testing.T) {
	plan := planOf(t, fleetOf("rack", "a", "a", "b", "b"), `
schedule: 2
combine: 2
order: reverse_inventory
seed: s
by: rack
spread: rack
max_per: {rack: 1}
versions:
  a: all
  b: {hosts: all, schedule: null, combine: ~, order: null, seed: null, by: null, spread: null, max_per: ~}
  c: {hosts: all, canary: h1, schedule: null}
`)
	assert.Equal(t, [][]string{{"h4"}, {"h3"}, {"h2"}, {"h1"}}, waveNames(plan.Versions[0]))
	assert.Equal(t, [][]string{{"h1"}, {"h2"}, {"h3"}, {"h4"}}, waveNames(plan.Versions[1]))
	assert.Equal(t, grouping.Rules{
		Schedule: grouping.Count(1), Combine: []grouping.Size{grouping.Count(1)}, Order: grouping.InventoryOrder, Seed: "b",
	}, plan.Versions[1].Rules)
}

// TestCanaryOfTheFirstRing is the version's; the other rings begin as their schedule says.
func TestCanaryOfTheFirstRing(t *testing.T) {
	plan := planOf(t, inventoryOf("eu1", "eu2", "eu3", "us1", "us2", "us3"),
		"combine: 3\nversions: {app: {canary: 'eu2,eu3', rings: [eu: 'eu*', us: {hosts: 'us*', schedule: 2}]}}\n")
	assert.Equal(t, [][]string{{"eu2", "eu3"}, {"eu1"}, {"us1", "us2"}, {"us3"}}, waveNames(plan.Versions[0]))
}

// TestPriorityOfManyVersions lists twenty of them, and says that there are more.
func TestPriorityOfManyVersions(t *testing.T) {
	var versions, names []string
	for i := range 21 {
		names = append(names, fmt.Sprintf("version%02d", i))
		versions = append(versions, names[i]+": web")
	}
	parse := func(count int) error {
		_, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\npriority: q\nversions: {"+strings.Join(versions[:count], ", ")+"}\n"))
		return err
	}
	const start = "p.yml:2:11: priority: no version matches q: "
	assert.EqualError(t, parse(1), start+"there is only version00")
	assert.EqualError(t, parse(2), start+"choose from version00, version01")
	assert.EqualError(t, parse(20), start+"choose from "+strings.Join(names[:20], ", "))
	assert.EqualError(t, parse(21), start+"choose from "+strings.Join(names[:20], ", ")+", ...")
}

// TestLimitOfLists keeps hosts apart that share one value of their lists, whatever other hosts have.
func TestLimitOfLists(t *testing.T) {
	for lists, want := range map[string][][]string{
		`["a", "b"]|["b"]|[]`:         {{"h1", "h3"}, {"h2"}},
		`["a", "b"]|"b"|"c"`:          {{"h1", "h3"}, {"h2"}},
		`["a"]|"a"|[]`:                {{"h1", "h3"}, {"h2"}},
		`["a", "b"]|["b", "a"]|"c"`:   {{"h1", "h3"}, {"h2"}},
		`["a", "a"]|["b"]|["b", "c"]`: {{"h1", "h2"}, {"h3"}},
		`[]|[]|[]`:                    {{"h1", "h2", "h3"}},
	} {
		inv := inventoryOf("h1", "h2", "h3")
		for i, text := range strings.Split(lists, "|") {
			inv.Hosts()[i].Vars.Set("pools", valueOf(text))
		}
		version := planOf(t, inv, "max_per: {pools: 1}\nschedule: 3\ncombine: 3\nversions: {app: all}\n").Versions[0]
		assert.Equal(t, want, waveNames(version), lists)
	}
}

// TestTwoLimitsWithoutAValue has hosts whose list is empty: that limit keeps them from no wave, and the other does.
func TestTwoLimitsWithoutAValue(t *testing.T) {
	inv := fleetOf("rack", "r1", "r2", "r1", "r2", "r1")
	for i, text := range []string{`"a"`, `[]`, `[]`, `"a"`, `[]`} {
		inv.Hosts()[i].Vars.Set("pools", valueOf(text))
	}
	version := planOf(t, inv, "max_per: {rack: 1, pools: 1}\nschedule: 3\ncombine: 3\nversions: {app: all}\n").Versions[0]
	assert.Equal(t, [][]string{{"h1", "h2"}, {"h3", "h4"}, {"h5"}}, waveNames(version))
	// Filled in order, h1 and h2 would leave two hosts that cannot share a wave.
	for i, pool := range []string{`[]`, `[]`, `"a"`, `"a"`} {
		inv.Hosts()[i].Vars.Set("pools", valueOf(pool))
	}
	version = planOf(t, inv, "max_per: {rack: 1, pools: 1}\nschedule: 2\ncombine: 2\nversions: {app: 'h1,h2,h3,h4'}\n").Versions[0]
	assert.Equal(t, [][]string{{"h2", "h3"}, {"h1", "h4"}}, waveNames(version))
}

// TestOrderOfValues releases the values of by in the order named, and those that are not named where "*" stands, as they come.
func TestOrderOfValues(t *testing.T) {
	fleet := fleetOf("zone", "a", "b", "c", "d", "e", "c")
	for order, want := range map[string][][]string{
		`[c, a, "*", b]`:  {{"h3"}, {"h6"}, {"h1"}, {"h4"}, {"h5"}, {"h2"}},
		`["*", c, a]`:     {{"h2"}, {"h4"}, {"h5"}, {"h3", "h6"}, {"h1"}},
		"[e, d, c, b, a]": {{"h5"}, {"h4"}, {"h3", "h6"}, {"h2"}, {"h1"}},
	} {
		version := planOf(t, fleet, "by: {zone: "+order+"}\ncombine: 9\nversions: {app: all}\n").Versions[0]
		assert.Equal(t, want, waveNames(version), order)
	}
}

// TestCanarySpansBy has one canary in every zone, and then zone by zone.
func TestCanarySpansBy(t *testing.T) {
	plan := planOf(t, fleetOf("zone", "a", "a", "b", "b", "a", "b"), `
by: zone
combine: 5
versions: {app: {hosts: [all], canary: ["h1", "h3"]}, list: ["h1", "&h1"]}
`)
	assert.Equal(t, [][]string{{"h1", "h3"}, {"h2", "h5"}, {"h4", "h6"}}, waveNames(plan.Versions[0]))
	assert.Equal(t, [][]string{{"h1"}}, waveNames(plan.Versions[1]))
}

// TestGroupsOfTwoVersions has a ring or a share whose group is one that another version has, or gets when it has more batches.
func TestGroupsOfTwoVersions(t *testing.T) {
	for _, test := range []struct{ versions, want string }{
		{"app: {hosts: all, split: {x_b1: 50%, y: 50%}}, app-x: h1",
			"p.yml:2:12: versions.app: the group app_x_b1 is one that version app-x has or may get: give one of them another group"},
		{"app: h1, app-x: h1, a: {hosts: all, group: app_x_b, split: {'2': 50%, c: 50%}}", ""},
		{"app: {rings: [x_canary: all]}, app-ring: {hosts: h1, group: app_ring_x}",
			"p.yml:2:12: versions.app: the group app_ring_x_canary is one that version app-ring has or may get: give one of them another group"},
		{"app: {hosts: all, split: {x_y: 50%, z: 50%}}, app-x: {hosts: all, split: {y: 20%, x: 80%}}",
			"p.yml:2:58: versions.app-x: the group app_x_y would be there twice, for version app too: give one of them another group"},
		{"app: {hosts: all, split: {x: 50%, canaries: 50%}}, app-x: h1", ""},
	} {
		_, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {"+test.versions+"}\n"))
		if test.want == "" {
			assert.NoError(t, err, test.versions)
		} else {
			assert.EqualError(t, err, test.want)
		}
	}
}

// TestCanaryOfThePast asks for the canary's hosts, and for a cover, only until a release is under way.
func TestCanaryOfThePast(t *testing.T) {
	inv := fleetOf("zone", "a", "b")
	_, err := inv.AddGroup("gone")
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	for rule, want := range map[string]string{
		"canary: gone": "p.yml:2:38: versions.app.canary: the target matches no host",
		"cover: zone":  "p.yml:2:37: versions.app.cover: the canary takes 1, and to have a host of every value of zone it takes 2: raise schedule to 2",
	} {
		policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app: {hosts: all, "+rule+"}}\n"))
		require.NoError(t, err)
		_, err = policy.Plan(inv)
		assert.EqualError(t, err, want)
		_, err = policy.Plan(inv, "other")
		assert.EqualError(t, err, want)
		_, err = policy.Plan(inv, "other", "app")
		assert.NoError(t, err)
	}
}

// TestRingOfThePast lets a ring without hosts be only while a release is under way, and one that is misspelt never.
func TestRingOfThePast(t *testing.T) {
	inv := inventoryOf("web1", "web2")
	_, err := inv.AddGroup("gone")
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	for _, test := range []struct{ ring, want, underWay string }{
		{"gone", "p.yml:2:39: versions.app.rings.eu: the target matches no host", ""},
		{"gnoe", `p.yml:2:39: versions.app.rings.eu: there is no group or host called "gnoe"; did you mean "gone"?`,
			`p.yml:2:39: versions.app.rings.eu: there is no group or host called "gnoe"; did you mean "gone"?`},
	} {
		policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app: {rings: [us: all, eu: "+test.ring+"]}}\n"))
		require.NoError(t, err)
		_, err = policy.Plan(inv)
		assert.EqualError(t, err, test.want)
		plan, err := policy.Plan(inv, "app")
		if test.underWay != "" {
			assert.EqualError(t, err, test.underWay)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, [][]string{{"web1"}, {"web2"}}, waveNames(plan.Versions[0]))
	}
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app: {rings: [eu: gone, us: gone]}}\n"))
	require.NoError(t, err)
	_, err = policy.Plan(inv, "app")
	assert.EqualError(t, err, "p.yml:2:25: versions.app.rings: the rings match no host")
}

// TestEncryptedValues has every rule refuse a value that cannot be read, and say why.
func TestEncryptedValues(t *testing.T) {
	inv := inventoryOf("h1", "h2")
	for _, host := range inv.Hosts() {
		host.Vars.Set("secret", inventory.NewVault("$ANSIBLE_VAULT;1.1;AES256\n33\n"))
		host.Vars.Set("sealed", inventory.NewEncryptedFile("group_vars/all", errors.New("there is no password")))
	}
	for _, rule := range []string{"by: %s", "by: {%s: [a]}", "spread: %s", "cover: %s", "max_per: {%s: 1}", "max_per: {%s: {a: 1}}", "done: {var: %s}"} {
		for variable, want := range map[string]string{
			"secret": "the variable secret is encrypted for hosts h1, h2: it must be readable",
			"sealed": "the variable sealed of hosts h1, h2 may stand in a file that cannot be read: group_vars/all: there is no password",
		} {
			policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+fmt.Sprintf(rule, variable)+"\nversions: {app: all}\n"))
			require.NoError(t, err)
			_, err = policy.Plan(inv)
			assert.ErrorContains(t, err, want, rule)
			assert.Len(t, inventory.Faults(err), 1, rule)
		}
	}
}

// TestHostsWithoutAVersion are released: a host that says nothing does not have the version.
func TestHostsWithoutAVersion(t *testing.T) {
	inv := inventoryOf("h1", "h2", "h3", "h4")
	inv.Host("h2").Vars.Set("has", inventory.NewString("app"))
	inv.Host("h3").Vars.Set("has", inventory.NewString("older"))
	inv.Host("h4").Vars.Set("has", inventory.Value{})
	version := planOf(t, inv, "done: {var: has}\nversions: {app: all}\n").Versions[0]
	assert.Equal(t, [][]string{{"h1"}, {"h3"}, {"h4"}}, waveNames(version))
	assert.Equal(t, []string{"h2"}, names(version.LeftOut))
}

// TestHostsInMessages are named as far as they can be read.
func TestHostsInMessages(t *testing.T) {
	for count, want := range map[int]string{
		1: "host h1:", 2: "hosts h1, h2:", 5: "hosts h1, h2, h3, h4, h5:", 6: "hosts h1, h2, h3, h4, h5 and 1 more:",
	} {
		_, err := grouping.NewVersion(fleetOf("rack", make([]string, count)...), "app", []string{"all"}, grouping.Rules{By: "zone"})
		assert.EqualError(t, err, "by: no variable zone for "+want+" set it for every host of the version")
	}
}

// TestFolderOfFacts is relative to the policy's.
func TestFolderOfFacts(t *testing.T) {
	folder := t.TempDir()
	for written, want := range map[string]string{"cache": filepath.Join(folder, "cache"), folder: folder} {
		require.NoError(t, os.MkdirAll(want, 0o700))
		writeFacts(t, want, "h1", `{"v": "1"}`, 0)
		path := filepath.Join(folder, "p.yml")
		policy, err := grouping.ParsePolicy(path, strings.NewReader("plugin: regal\ndone: {var: v, facts: "+written+"}\nversions: {app: all}\n"))
		require.NoError(t, err)
		plan, err := policy.Plan(inventoryOf("h1"))
		require.NoError(t, err)
		assert.Equal(t, want, plan.Versions[0].Rules.Done.Facts)
	}
}

// TestVarsElsewhere reads what a policy says of its variables, its plugin and its record.
func TestVarsElsewhere(t *testing.T) {
	const versions = "versions: {app: web}\n"
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+versions))
	require.NoError(t, err)
	assert.Equal(t, []any{false, ""}, []any{policy.VarsElsewhere, policy.Record})
	policy, err = grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal.release.regal\nbinary: b\nvars: elsewhere\nrecord: r\n"+versions))
	require.NoError(t, err)
	assert.Equal(t, []any{true, "r"}, []any{policy.VarsElsewhere, policy.Record})
}

// TestGroupsOfNobody has a version that all hosts have already: its groups are there, and empty.
func TestGroupsOfNobody(t *testing.T) {
	plan := planOf(t, fleetOf("has", "app", "app"), "done: {var: has}\nversions: {app: all}\n")
	var lines []string
	for _, group := range plan.Groups() {
		lines = append(lines, fmt.Sprint(group.Name, len(group.Hosts), group.Children))
	}
	assert.Equal(t, []string{"app_canary0 []", "app_b0 []", "app_rollout0 []", "app_remaining0 []"}, lines)
	assert.Empty(t, plan.Versions[0].Waves)
	assert.Len(t, plan.Versions[0].LeftOut, 2)

	version := planOf(t, fleetOf("has", "app", "app"), "done: {var: has}\nversions: {app: {rings: [eu: h1, us: h2]}}\n").Versions[0]
	assert.Equal(t, []grouping.RingWaves{{Name: "eu", Group: "app_ring_eu"}, {Name: "us", Group: "app_ring_us"}}, version.Rings())
}

// TestStem has names of versions that are no names of variables.
func TestStem(t *testing.T) {
	for name, want := range map[string]string{
		"app": "app", "App_Z": "App_Z", "azAZ09": "azAZ09", "0": "v0", "9.1": "v9_1", "5x": "v5x", "_x": "_x",
		"/x": "_x", ":x": "_x", "a/0:a": "a_0_a", "x@A[": "x_A_", "x`a{": "x_a_", "caf\u00e9": "caf_", "\u0663": "_",
	} {
		text := fmt.Sprintf("plugin: regal\nversions: {%q: web, other: {hosts: web, group: %q}}\n", name, "0-"+name)
		policy, err := grouping.ParsePolicy("p.yml", strings.NewReader(text))
		require.NoError(t, err, name)
		assert.Equal(t, want, policy.Stem(name), name)
		assert.Equal(t, "v0_"+strings.TrimPrefix(want, "v"), policy.Stem("other"), name)
		assert.Equal(t, want+"_x", policy.Stem(name+".x"), "a version that the policy has not")
	}
}

// TestCharacters has every kind of character that YAML allows in a policy, and every kind that it does not.
func TestCharacters(t *testing.T) {
	parse := func(character string) error {
		_, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\r\nversions:\r\n  app: web # \u00e9"+character+"\r\n"))
		return err
	}
	for _, character := range []string{"\t", " ", "~", "\u0085", "\u00a0", "\ufffd", "\U0001f600"} {
		assert.NoError(t, parse(character), "%q", character)
	}
	for _, character := range []string{"\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\u0080", "\u0084", "\u0086", "\u009f"} {
		want := fmt.Sprintf("p.yml:3:15: YAML does not allow the control character %U: take it out", []rune(character)[0])
		assert.EqualError(t, parse(character), want, "%q", character)
	}
	assert.EqualError(t, parse("\xff"), "p.yml:3:15: this byte is not UTF-8: save the policy as UTF-8")
}

// TestGroupsOfShares come last.
func TestGroupsOfShares(t *testing.T) {
	plan := planOf(t, inventoryOf("h1", "h2"), "split: {new: 0%, old: 100%}\nversions: {app: all}\n")
	groups := plan.Groups()
	last := groups[len(groups)-2:]
	assert.Equal(t, []string{"app_new", "app_old"}, []string{last[0].Name, last[1].Name})
	assert.Empty(t, last[0].Hosts)
	assert.Equal(t, []string{"h1", "h2"}, names(last[1].Hosts))
}

// TestKeyThatIsAnAlias has its fault where the alias stands.
func TestKeyThatIsAnAlias(t *testing.T) {
	_, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nseed: &x ordre\n*x : sorted\nversions: {app: web}\n"))
	assert.EqualError(t, err, "p.yml:3:1: ordre: there is no such key: did you mean order?")
}

func TestGroups(t *testing.T) {
	plan := planOf(t, inventoryOf("h1", "h2", "h3"), "versions: {all: h1, 1.0: 'h*'}\n")
	var lines []string
	for _, group := range plan.Groups() {
		lines = append(lines, fmt.Sprint(group.Name, len(group.Hosts), group.Children))
	}
	assert.Equal(t, []string{
		"all_canary1 []", "all_b0 []", "all_rollout0 [all_canary]", "all_remaining0 [all_canary]",
		"v1_0_canary1 []", "v1_0_b11 []", "v1_0_b21 []", "v1_0_b0 [v1_0_b1 v1_0_b2]",
		"v1_0_rollout0 [v1_0_canary v1_0_b1 v1_0_b2]", "v1_0_remaining0 [v1_0_canary v1_0_b1 v1_0_b2]",
	}, lines)
}

func TestVariables(t *testing.T) {
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader(`
plugin: regal
max_per: {rack: 1, zone: 2}
versions:
  a: {hosts: web, by: zone, spread: [cpu, rack]}
  b: {hosts: web, max_per: {power: 1}, done: {var: has}}
  c: {hosts: web, cover: system, done: {var: fact, facts: cache}}
  d: {rings: [eu: {hosts: web, by: site}, us: {hosts: web, spread: floor}]}
`))
	require.NoError(t, err)
	assert.Equal(t, []string{"rack", "zone", "cpu", "power", "has", "system", "site", "floor"}, policy.Variables())
	policy, err = grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions_from: {var: app}\nby: zone\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{"zone", "app"}, policy.Variables())
}

// TestOverride has a version's key win over the top one as a whole, and all others inherited.
func TestOverride(t *testing.T) {
	plan := planOf(t, fleetOf("rack", "a", "a", "b", "b"), `
schedule: 2
combine: [1, 2]
order: sorted
seed: s
by: rack
spread: rack
max_per: {rack: 2}
versions:
  a: all
  b: {hosts: all, schedule: 1, combine: 3, order: shuffle, seed: t, by: inventory_hostname, spread: [inventory_hostname],
      max_per: {inventory_hostname: 1}}
  c: {hosts: all, canary: "h1,h2"}
`)
	limit := func(variable string, hosts int) []grouping.Limit {
		return []grouping.Limit{{Variable: variable, Hosts: hosts}}
	}
	top := grouping.Rules{
		Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(1), grouping.Count(2)}, Order: grouping.Sorted,
		Seed: "s", By: "rack", Spread: []string{"rack"}, MaxPer: limit("rack", 2),
	}
	assert.Equal(t, top, plan.Versions[0].Rules)
	assert.Equal(t, grouping.Rules{
		Schedule: grouping.Count(1), Combine: []grouping.Size{grouping.Count(3)}, Order: grouping.Shuffle, Seed: "t",
		By: "inventory_hostname", Spread: []string{"inventory_hostname"}, MaxPer: limit("inventory_hostname", 1),
	}, plan.Versions[1].Rules)
	top.Canary = []string{"h1,h2"}
	assert.Equal(t, top, plan.Versions[2].Rules)
}

func TestPlacementReasons(t *testing.T) {
	inv := fleetOf("rack", "b", "c", "a", "a", "a")
	plan := planOf(t, inv, "schedule: 2\ncombine: 2\nmax_per: {rack: 1}\nversions: {app: all}\n")
	version := plan.Versions[0]
	placement, found := version.Placement(inv.Host("h2"))
	require.True(t, found)
	assert.Equal(t, grouping.Placement{Wave: 1, Position: 1, Total: 4, HeldBack: []grouping.HeldBack{
		{Wave: 0, Variable: "rack", Value: "a", Limit: 1, Yielded: true},
	}}, placement)
	placement, found = version.Placement(inv.Host("h5"))
	require.True(t, found)
	// The canary and b1 were full before its turn came.
	assert.Equal(t, grouping.Placement{Wave: 2, Position: 1, Total: 5}, placement)
	version = planOf(t, inv, "schedule: 4\nmax_per: {rack: 1}\nversions: {app: all}\n").Versions[0]
	placement, found = version.Placement(inv.Host("h4"))
	require.True(t, found)
	assert.Equal(t, grouping.Placement{Wave: 1, Position: 1, Total: 4, HeldBack: []grouping.HeldBack{
		{Wave: 0, Variable: "rack", Value: "a", Limit: 1},
	}}, placement)
	version = planOf(t, inv, "versions: {app: {hosts: all, spread: [rack, inventory_hostname]}}\n").Versions[0]
	placement, found = version.Placement(inv.Host("h3"))
	require.True(t, found)
	assert.Equal(t, []string{"a", "h3"}, placement.Share)
}

// TestReservedSeats gives the seats that are reserved to values that need them, and to each no more than it needs: after
// the first of a, all that is left of a fits into the last wave, and the second seat is b's.
func TestReservedSeats(t *testing.T) {
	inv := fleetOf("rack", "a", "a", "a", "b", "b", "b")
	rules := grouping.Rules{
		Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(4)},
		MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 2}},
	}
	version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"h1", "h4"}, {"h2", "h3", "h5", "h6"}}, waveNames(version))
}

// TestReadPolicy reads files, and says what is wrong with those it cannot read.
func TestReadPolicy(t *testing.T) {
	policy, err := grouping.ReadPolicy("../testdata/policies/plain.yml")
	require.NoError(t, err)
	assert.Equal(t, []string{"hosts.ini"}, policy.Sources)
	folder := t.TempDir()
	missing := filepath.Join(folder, "regal.yml")
	_, err = grouping.ReadPolicy(missing)
	assert.EqualError(t, err, missing+": cannot read the policy: no such file or directory")
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = grouping.ReadPolicy(folder)
	assert.EqualError(t, err, folder+": cannot read the policy: it is no file but a pipe, a device or a folder")
	_, err = grouping.ReadPolicy("/dev/zero")
	assert.EqualError(t, err, "/dev/zero: cannot read the policy: it is no file but a pipe, a device or a folder")
}

// TestHostilePolicies are files that could take long, or much memory.
func TestHostilePolicies(t *testing.T) {
	bomb := "plugin: regal\nversions:\n  a0: &a0 [x, x]\n"
	for i := 1; i < 60; i++ {
		bomb += fmt.Sprintf("  a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1)
	}
	for name, text := range map[string]string{
		"nested lists":    "plugin: regal\ncombine: " + strings.Repeat("[", 200_000),
		"nested mappings": "plugin: regal\nversions: " + strings.Repeat("{a: ", 200_000),
		"indented":        "plugin: regal\n" + strings.Repeat("- ", 100_000),
		"aliases":         bomb,
		"loop":            "plugin: regal\nversions: &v {a: *v}\n",
		"loop of lists":   "plugin: regal\ncombine: &c [*c]\nversions: {app: web}\n",
	} {
		_, err := grouping.ParsePolicy("p.yml", strings.NewReader(text))
		require.Error(t, err, name)
		checkFaults(t, err)
	}
}

// TestMisspeltValue names values with a limit that no host has: the limit holds for nobody, and a warning says so.
func TestMisspeltValue(t *testing.T) {
	inv := fleetOf("tier", "web", "web", "app", "db")
	for i, host := range inv.Hosts()[:2] {
		host.Vars.Set("pools", valueOf([]string{`["blue", "green"]`, `"blue"`}[i]))
	}
	for _, test := range []struct{ hosts, rule, want string }{
		{"all", "max_per: {tier: {wbe: 1}}", "max_per.tier: no host of the inventory has tier=wbe, and hosts with tier=web have no limit: " +
			"did you mean web?"},
		{"all", "max_per: {tier: {cache: 1}}", "max_per.tier: no host of the inventory has tier=cache, and hosts with tier=web have no limit"},
		{"all", "max_per: {tier: {web: 1}}", ""},
		{"h4", "max_per: {tier: {web: 1, app: 2}}", ""},                         // a default that is about other versions
		{"h1,h2", "max_per: {tier: {web: 1, cache: 1}}", ""},                    // every host has a limit
		{"all", "max_per: {tier: {cache: 1, web: 100%, app: 1, db: 1000}}", ""}, // so that there is no warning
		{"h2", "max_per: {pools: {green: 1}}", ""},                              // in a list of another host
		{"h1,h2", "max_per: {pools: {green: 1}}", ""},
		{"all", "max_per: {tier: {app: 1, wbe: 1, cache: 1}}", "max_per.tier: no host of the inventory has tier=wbe, and hosts with tier=web have no " +
			"limit: did you mean web?\nmax_per.tier: no host of the inventory has tier=cache, and hosts with tier=web have no limit"},
		{"h2", "max_per: {pools: {gren: 1}}", "max_per.pools: no host of the inventory has pools=gren, and hosts with pools=blue have no limit"},
	} {
		policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+test.rule+"\nversions: {app: \""+test.hosts+"\"}\n"))
		require.NoError(t, err)
		plan, err := policy.Plan(inv)
		require.NoError(t, err)
		assert.Equal(t, test.want, strings.Join(plan.Versions[0].Warnings(), "\n"), test.rule)
	}
	version := planOf(t, inv, "versions: {app: {rings: [one: {hosts: h4, max_per: {tier: {bd: 1}}}, two: h1]}}\n").Versions[0]
	assert.Equal(t, []string{"ring one: max_per.tier: no host of the inventory has tier=bd, and hosts with tier=db have no limit: did you mean db?"},
		version.Warnings())
}

// TestParsePolicyReads has a policy come from what breaks, and from what does not end.
func TestParsePolicyReads(t *testing.T) {
	broken := errors.New("the wire is cut")
	_, err := grouping.ParsePolicy("p.yml", iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, "p.yml: cannot read the policy: the wire is cut")
	for size, want := range map[int]string{bounded.Policy: "", bounded.Policy + 1: "p.yml: cannot read the policy: it has more than 4 MiB"} {
		text := "plugin: regal\nversions: {app: web}\n"
		_, err = grouping.ParsePolicy("p.yml", strings.NewReader(text+strings.Repeat("#", size-len(text))))
		if want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, want)
		}
	}
}
