package grouping_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TestPolicyErrors walks over what can be wrong in the file alone; the whole message is compared.
func TestPolicyErrors(t *testing.T) {
	for _, test := range slices.Concat(wrongPolicies, wrongRules) {
		t.Run(test.name, func(t *testing.T) {
			policy, err := grouping.ParsePolicy("p.yml", strings.NewReader(test.text))
			assert.EqualError(t, err, test.want)
			assert.Nil(t, policy)
		})
	}
}

// TestSchema has the schema refuse what ParsePolicy refuses, as far as a schema can tell.
func TestSchema(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, grouping.WriteSchema(&text))
	document, err := jsonschema.UnmarshalJSON(&text)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("policy.json", document))
	schema, err := compiler.Compile("policy.json")
	require.NoError(t, err)
	// YAML that a decoder hands on as something lawful, how it is written, and what only names of versions can tell.
	beyond := []string{
		"two documents", "broken", "tab", "unknown anchor", "duplicate", "merge key", "tag", "schedule octal",
		"schedule not octal", "schedule hex", "schedule underscore", "schedule plus", "max_per twice", "priority unknown",
		"priority glob", "one stem", "one group", "invalid", "control character", "key is", "versions empty name", "flow style",
		"combine risk exponent", "max_per value twice", "max_per value in two spellings", "by value in two spellings",
		"done age octal", "split too", "split one group", "ring twice", "ring of one group", "ring canary twice", "ring schedule beside",
	}
	isBeyond := func(name string) bool {
		for _, start := range beyond {
			if strings.HasPrefix(name, start) {
				return true
			}
		}
		return false
	}
	for _, test := range slices.Concat(wrongPolicies, wrongRules) {
		if !isBeyond(test.name) {
			var policy any
			require.NoError(t, yaml.Unmarshal([]byte(test.text), &policy), test.name)
			assert.Error(t, schema.Validate(withTextKeys(policy)), test.name)
		}
	}
	for _, text := range []string{
		"plugin: regal\nversions: {app: web}\n",
		"plugin: regal\ninventory: [a, b]\nversions_from: {var: v}\npriority: [1.10, a]\n",
		"plugin: regal\nspread: [a, b]\nversions: {1.10: {hosts: [a], canary: a, combine: [1, 5%], max_per: {rack: 1}}}\n",
	} {
		var policy any
		require.NoError(t, yaml.Unmarshal([]byte(text), &policy))
		assert.NoError(t, schema.Validate(withTextKeys(policy)), text)
		_, err := grouping.ParsePolicy("p.yml", strings.NewReader(text))
		assert.NoError(t, err, text)
	}
}

// withTextKeys makes a decoded YAML value one of JSON: the keys of a mapping become texts.
func withTextKeys(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = withTextKeys(value[key])
		}
		return value
	case map[any]any:
		made := map[string]any{}
		for key, one := range value {
			made[fmt.Sprint(key)] = withTextKeys(one)
		}
		return made
	case []any:
		for i := range value {
			value[i] = withTextKeys(value[i])
		}
		return value
	default:
		return value
	}
}

// TestPlanErrors walks over what can be wrong between a policy and the inventory.
func TestPlanErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"unknown target", "versions: {app: wbe}\n",
			"p.yml:2:17: versions.app: there is no group or host called \"wbe\"; did you mean \"web\"?"},
		{"target without hosts", "versions: {app: empty}\n",
			"p.yml:2:17: versions.app: the target matches no host"},
		{"target excludes all", "versions:\n  app: {hosts: [web, '!web']}\n",
			"p.yml:3:16: versions.app.hosts: the target matches no host"},
		{"bad pattern", "versions: {app: 'web[9-'}\n",
			"p.yml:2:17: versions.app: there is no group or host called \"9-\""},
		{"unknown canary", "versions:\n  app: {hosts: web, canary: web11}\n",
			"p.yml:3:29: versions.app.canary: there is no group or host called \"web11\"; did you mean \"web1\"?"},
		{"canary without hosts", "versions:\n  app: {hosts: web, canary: empty}\n",
			"p.yml:3:29: versions.app.canary: the target matches no host"},
		{"canary outside", "versions:\n  app: {hosts: web, canary: db}\n",
			"p.yml:3:29: versions.app.canary: host db1 is not among the version's hosts: name hosts of its target only"},
		{"canary against max_per", "max_per: {zone: 1}\nversions:\n  app: {hosts: web, canary: 'web1,web2'}\n",
			"p.yml:4:29: versions.app.canary: hosts web1, web2 have zone=z1, and max_per allows no wave more than 1 of it: name fewer of them"},
		{"missing by", "versions:\n  app-v1:\n    hosts: web:db\n    by: zone\n",
			"p.yml:5:9: versions.app-v1.by: no variable zone for host db1: set it for every host of the version"},
		{"missing spread, top", "spread: [zone, rack]\nversions: {app: web, all: {hosts: all, group: everything}}\n",
			"p.yml:2:9: spread: version app: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version\n" +
				"p.yml:2:9: spread: version all: no variable zone for hosts db1, taken_canary: set it for every host of the version\n" +
				"p.yml:2:9: spread: version all: no variable rack for hosts web5, web6, web7, web8, db1 and 1 more: set it for every host of the version"},
		{"missing max_per", "versions:\n  app: {hosts: web, max_per: {zone: 1, rack: 2}}\n",
			"p.yml:3:40: versions.app.max_per.rack: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version"},
		{"template", "versions:\n  app: {hosts: web, by: later}\n",
			"p.yml:3:25: versions.app.by: the variable later is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"template statement", "versions:\n  app: {hosts: web, spread: stated}\n",
			"p.yml:3:29: versions.app.spread: the variable stated is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"template in a comment", "versions:\n  app: {hosts: web, spread: said}\n",
			"p.yml:3:29: versions.app.spread: the variable said is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"null", "versions:\n  app: {hosts: web1, by: nothing}\n",
			"p.yml:3:26: versions.app.by: no variable nothing for host web1: set it for every host of the version"},
		{"group taken", "versions: {old: web}\n",
			"p.yml:2:12: versions.old: the inventory has a group old_b7 already, a name that the version's groups need: give the version another group, such as old_release"},
		{"host taken", "versions:\n  new: {hosts: web, group: taken}\n",
			"p.yml:3:28: versions.new.group: the inventory has a host taken_canary already, a name that the version's groups need: give the version another group, such as taken_release"},
		{"versions_from target", "versions_from: {var: rack, hosts: wbe}\n",
			"p.yml:2:35: versions_from.hosts: there is no group or host called \"wbe\"; did you mean \"web\"?"},
		{"versions_from empty", "versions_from: {var: rack, hosts: empty}\n",
			"p.yml:2:35: versions_from.hosts: the target matches no host"},
		{"versions_from no value", "versions_from: {var: rack, hosts: db}\n",
			"p.yml:2:22: versions_from.var: no host of the target has a variable rack"},
		{"versions_from template", "versions_from: {var: later}\n",
			"p.yml:2:22: versions_from.var: the variable later is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"versions_from priority", "versions_from: {var: zone}\npriority: z9\n",
			"p.yml:3:11: priority: no version matches z9: did you mean z1?"},
		{"versions_from spread", "versions_from: {var: zone}\nspread: rack\n",
			"p.yml:3:9: spread: version z3: no variable rack for hosts web5, web6: set it for every host of the version\n" +
				"p.yml:3:9: spread: version z4: no variable rack for hosts web7, web8: set it for every host of the version"},
		{"rings overlap", "versions:\n  app: {rings: [eu: 'web1,web2', us: 'web2,web3,web1', rest: 'web4,web3']}\n",
			"p.yml:3:38: versions.app.rings.us: hosts web2, web1 are in ring eu too: a host is in one ring\n" +
				"p.yml:3:62: versions.app.rings.rest: host web3 is in ring us too: a host is in one ring"},
		{"rings overlap one", "versions:\n  app: {rings: [eu: 'web1,web2', us: {hosts: web2}]}\n",
			"p.yml:3:46: versions.app.rings.us.hosts: host web2 is in ring eu too: a host is in one ring"},
		{"ring without hosts", "versions:\n  app: {rings: [eu: web, us: empty]}\n",
			"p.yml:3:30: versions.app.rings.us: the target matches no host"},
		{"ring excludes all", "versions:\n  app: {rings: [eu: web, us: {hosts: [db, '!db']}]}\n",
			"p.yml:3:38: versions.app.rings.us.hosts: the target matches no host"},
		{"only ring without hosts", "versions:\n  app: {rings: [eu: empty]}\n",
			"p.yml:3:21: versions.app.rings.eu: the target matches no host"},
		{"ring unknown", "versions:\n  app: {rings: [eu: wbe, us: db]}\n",
			"p.yml:3:21: versions.app.rings.eu: there is no group or host called \"wbe\"; did you mean \"web\"?"},
		{"ring canary outside", "versions:\n  app: {rings: [eu: {hosts: web, canary: db}, us: db]}\n",
			"p.yml:3:42: versions.app.rings.eu.canary: host db1 is not among the ring's hosts: name hosts of its target only"},
		{"ring canary of another ring", "versions:\n  app: {canary: db, rings: [eu: web, us: db]}\n",
			"p.yml:3:17: versions.app.canary: ring eu: host db1 is not among the ring's hosts: name hosts of its target only"},
		{"ring without variable, top", "by: zone\nversions:\n  app: {rings: [eu: web, us: db]}\n",
			"p.yml:2:5: by: version app: ring us: no variable zone for host db1: set it for every host of the version"},
		{"ring without variable", "versions:\n  app: {rings: [eu: web, us: {hosts: db, by: zone}]}\n",
			"p.yml:3:46: versions.app.rings.us.by: no variable zone for host db1: set it for every host of the version"},
		{"ring cover", "versions:\n  app: {schedule: 2, rings: [eu: {hosts: 'web1,web2', cover: zone}, us: {hosts: 'web[3:8]', cover: zone}]}\n",
			"p.yml:3:100: versions.app.rings.us.cover: the canary takes 2, and to have a host of every value of zone it takes 3: raise schedule to 3"},
		{"ring group taken", "versions:\n  app: {rings: [eu: web], group: held}\n",
			"p.yml:3:34: versions.app.group: the inventory has a group held_ring_eu already, a name that the version's groups need: give the version another group, such as held_release"},
		{"cover too small", "cover: zone\nversions: {app: web}\n",
			"p.yml:2:8: cover: version app: the canary takes 1, and to have a host of every value of zone it takes 4: raise schedule to 4"},
		{"cover too small in percent", "versions:\n  app: {hosts: web, schedule: 25%, cover: [zone, rank]}\n",
			"p.yml:3:43: versions.app.cover: the canary takes 2, and to have a host of every value of zone and rank it takes 4: raise schedule to 4"},
		{"cover missing", "versions:\n  app: {hosts: web, cover: [zone, rack], schedule: 5}\n",
			"p.yml:3:28: versions.app.cover: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version"},
		{"cover against max_per", "versions:\n  app: {hosts: web, cover: rank, schedule: 8, max_per: {same: 2}}\n",
			"p.yml:3:28: versions.app.cover: the canary would need hosts web1, web2, web3 for their values of rank, and they have one same, x, of which max_per allows no wave more than 2"},
		{"cover and canary", "versions:\n  app: {hosts: web, canary: 'web1,web3', cover: zone}\n",
			"p.yml:3:49: versions.app.cover: the policy names the canary, and none of its hosts has zone=z3: name one\n" +
				"p.yml:3:49: versions.app.cover: the policy names the canary, and none of its hosts has zone=z4: name one"},
		{"cover list", "versions:\n  app: {hosts: web, cover: pools, schedule: 5}\n",
			"p.yml:3:28: versions.app.cover: the variable pools is a list or a mapping for hosts web1, web3, web4, web5, web7 and 1 more: it must be a text, a number or a boolean"},
		{"max_per nested", "versions:\n  app: {hosts: web, max_per: {deep: 1}}\n",
			"p.yml:3:31: versions.app.max_per.deep: the variable deep is a mapping for hosts web1, web2, web3, web4, web5 and 3 more, or a list that has more than plain values: it must be a text, a number, a boolean, or a list of these"},
		{"max_per mapping", "versions:\n  app: {hosts: web, max_per: {map: 1}}\n",
			"p.yml:3:31: versions.app.max_per.map: the variable map is a mapping for hosts web1, web2, web3, web4, web5 and 3 more, or a list that has more than plain values: it must be a text, a number, a boolean, or a list of these"},
		{"max_per template in a list", "versions:\n  app: {hosts: web, max_per: {late: {a: 1}}}\n",
			"p.yml:3:31: versions.app.max_per.late: the variable late is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"max_per canary by value", "versions:\n  app: {hosts: web, canary: 'web1,web2,web3', max_per: {pools: {db: 1}}}\n",
			"p.yml:3:29: versions.app.canary: hosts web1, web2, web3 have pools=db, and max_per allows no wave more than 1 of it: name fewer of them"},
		{"max_per canary in percent", "versions:\n  app: {hosts: web, canary: 'web1,web2,web3', max_per: {pools: 34%}}\n",
			"p.yml:3:29: versions.app.canary: hosts web1, web2, web3 have pools=db, and max_per allows no wave more than 2 of it: name fewer of them"},
		{"by not named", "versions:\n  app: {hosts: web, by: {zone: [z4, z2]}}\n",
			"p.yml:3:25: versions.app.by: zone=z1 of hosts web1, web2 is not in the order of its values: name it, or write \"*\" where all others come\n" +
				"p.yml:3:25: versions.app.by: zone=z3 of hosts web5, web6 is not in the order of its values: name it, or write \"*\" where all others come"},
		{"by list", "versions:\n  app: {hosts: web, by: pools}\n",
			"p.yml:3:25: versions.app.by: the variable pools is a list or a mapping for hosts web1, web3, web4, web5, web7 and 1 more: it must be a text, a number or a boolean"},
		{"spread list", "spread: pools\nversions: {app: web}\n",
			"p.yml:2:9: spread: version app: the variable pools is a list or a mapping for hosts web1, web3, web4, web5, web7 and 1 more: it must be a text, a number or a boolean"},
		{"done list", "done: {var: pools}\nversions: {app: web}\n",
			"p.yml:2:7: done: version app: the variable pools is a list or a mapping for hosts web1, web3, web4, web5, web7 and 1 more: it must be a text, a number or a boolean"},
		{"done template", "done: {var: later}\nversions: {app: web}\n",
			"p.yml:2:7: done: version app: the variable later is a template for hosts web1, web2, web3, web4, web5 and 3 more, which only Ansible can evaluate: write the value itself"},
		{"done facts missing folder", "done: {var: a.b, facts: /nonexistent/facts}\nversions: {app: web}\n",
			"p.yml:2:7: done: version app: the folder of facts cannot be read: no such file or directory"},
		{"split group taken", "split: {taken: 50%, free: 50%}\nversions:\n  app: {hosts: web, group: group}\n",
			"p.yml:4:28: versions.app.group: the inventory has a group group_taken already, a name that the version's groups need: give the version another group, such as group_release"},
		{"versions_from cover", "versions_from: {var: zone}\ncover: rank\n",
			"p.yml:3:8: cover: version z1: the canary takes 1, and to have a host of every value of rank it takes 2: raise schedule to 2\n" +
				"p.yml:3:8: cover: version z2: the canary takes 1, and to have a host of every value of rank it takes 2: raise schedule to 2\n" +
				"p.yml:3:8: cover: version z3: the canary takes 1, and to have a host of every value of rank it takes 2: raise schedule to 2\n" +
				"p.yml:3:8: cover: version z4: the canary takes 1, and to have a host of every value of rank it takes 2: raise schedule to 2"},
		{"order of values without a value", "versions:\n  app: {hosts: db, by: {zone: [a]}}\n",
			"p.yml:3:24: versions.app.by: no variable zone for host db1: set it for every host of the version"},
		{"own rule in place of the top", "spread: zone\nversions:\n  app: {hosts: web, spread: rack}\n",
			"p.yml:4:29: versions.app.spread: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version"},
		{"one variable for several rules", "by: rack\nspread: [rack]\ncover: rack\nmax_per: {rack: 1}\nversions:\n  app: web\n",
			"p.yml:2:5: by: version app: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version"},
		{"several at once", "versions:\n  app: {hosts: wbe}\n  old: {hosts: web, canary: db, by: rack}\n",
			"p.yml:3:16: versions.app.hosts: there is no group or host called \"wbe\"; did you mean \"web\"?\n" +
				"p.yml:4:3: versions.old: the inventory has a group old_b7 already, a name that the version's groups need: give the version another group, such as old_release\n" +
				"p.yml:4:29: versions.old.canary: host db1 is not among the version's hosts: name hosts of its target only\n" +
				"p.yml:4:37: versions.old.by: no variable rack for hosts web5, web6, web7, web8: set it for every host of the version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+test.text))
			require.NoError(t, err)
			plan, err := policy.Plan(smallFleet(t))
			assert.EqualError(t, err, test.want)
			assert.Nil(t, plan)
		})
	}
}

// smallFleet has web1 to web8 in web, of which web1 to web4 have the rack r1 and nothing else has one.
func smallFleet(t *testing.T) *inventory.Inventory {
	inv := inventory.New()
	add := func(group string, hosts ...string) {
		into, err := inv.AddGroup(group)
		require.NoError(t, err)
		for _, host := range hosts {
			_, err := inv.AddHost(host, into, inventory.Value{})
			require.NoError(t, err)
		}
	}
	add("web", "web1", "web2", "web3", "web4", "web5", "web6", "web7", "web8")
	add("db", "db1")
	add("empty")
	add("old_b7")
	add("hosts", "taken_canary")
	add("held_ring_eu")
	add("group_taken")
	for i, host := range inv.Group("web").Hosts() {
		if i < 4 {
			host.Vars.Set("rack", inventory.NewString("r1"))
		}
		host.Vars.Set("zone", inventory.NewString("z"+string(rune('1'+i/2))))
		host.Vars.Set("later", inventory.NewString("{{ zone }}"))
		host.Vars.Set("stated", inventory.NewString("a{% if b %}c{% endif %}"))
		host.Vars.Set("said", inventory.NewString("a{# or b #}"))
		host.Vars.Set("nothing", inventory.Value{})
		host.Vars.Set("same", inventory.NewString("x"))
		host.Vars.Set("rank", inventory.NewString(string(rune('1'+i%3))))
		host.Vars.Set("pools", valueOf([]string{`["db", "web"]`, `"db"`, `["db"]`, `[]`}[i%4]))
		host.Vars.Set("deep", valueOf(`["a", ["b"]]`))
		host.Vars.Set("map", valueOf(`{"a": "b"}`))
		host.Vars.Set("late", valueOf(`["a", "{{ b }}"]`))
	}
	require.NoError(t, inv.Reconcile())
	return inv
}

// TestRequireSources checks the one fault that the caller decides on.
func TestRequireSources(t *testing.T) {
	policy, err := grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app: web}\n"))
	require.NoError(t, err)
	assert.EqualError(t, policy.RequireSources(), "p.yml:1:1: inventory: the key is missing: "+
		"name the inventory to read, such as hosts.ini, or give it with --inventory")
	policy, err = grouping.ParsePolicy("p.yml", strings.NewReader("plugin: regal\ninventory: [a, b]\nversions: {app: web}\n"))
	require.NoError(t, err)
	assert.NoError(t, policy.RequireSources())
	assert.Equal(t, []string{"a", "b"}, policy.Sources)
}

// wrongPolicy is a policy that is refused, and the whole message.
type wrongPolicy struct{ name, text, want string }

var wrongPolicies = []wrongPolicy{
	{"empty", "",
		"p.yml:1:1: the policy is empty: it needs plugin: regal and versions"},
	{"only a comment", "# nothing\n",
		"p.yml:1:1: the policy is empty: it needs plugin: regal and versions"},
	{"null", "~\n",
		"p.yml:1:1: this is nothing: write a mapping with plugin, inventory and versions"},
	{"a text", "hosts.ini\n",
		"p.yml:1:1: this is a text: write a mapping with plugin, inventory and versions"},
	{"a list", "- a\n",
		"p.yml:1:1: this is a list: write a mapping with plugin, inventory and versions"},
	{"two documents", "plugin: regal\nversions: {app: web}\n---\na: b\n",
		"p.yml:3:1: a second YAML document begins here: a policy is one document"},
	{"broken second document", "plugin: regal\nversions: {app: web}\n---\na: [\n",
		"p.yml:5: not valid YAML: did not find expected node content"},
	{"broken YAML", "plugin: regal\nversions: {app: web\n",
		"p.yml:2: not valid YAML: did not find expected ',' or '}'"},
	{"tab", "plugin: regal\nversions:\n\tapp: web\n",
		"p.yml:3:1: not valid YAML: a tab stands here, and YAML indents by spaces alone: write spaces"},
	{"tab in a later line", "plugin: regal\nversions:\n  app:\n    hosts: web\n \tcombine: 2\n",
		"p.yml:5:2: not valid YAML: a tab stands here, and YAML indents by spaces alone: write spaces"},
	{"broken star", "plugin: regal\nversions:\n  app: *.example.com\n",
		"p.yml:3:8: not valid YAML: a text that begins with * needs quotes"},
	{"broken star in a list", "plugin: regal\nversions:\n  主机: [web, *]\n",
		"p.yml:3:13: not valid YAML: a text that begins with * needs quotes"},
	{"broken at", "plugin: regal\nversions:\n  app:\n    - @web\n",
		"p.yml:4:7: not valid YAML: a text that begins with @ needs quotes"},
	{"broken indent", "plugin: regal\nversions:\n  app: web\n   combine: 2\n",
		"p.yml:4: not valid YAML: a key is not expected here: indent it as the keys above it, or quote a text that has a colon and a space in it"},
	{"broken quote", "plugin: regal\nversions:\n  app: \"web\n", "p.yml:3: not valid YAML: a quote that was opened is not closed"},
	{"keys beside their version", "plugin: regal\nversions:\n  app-1: web\n  app-2:\n  hosts: db\n  combine: 2\n  app-3: api\n",
		"p.yml:5:3: versions.hosts: this key stands beside version app-2, and so is taken for a version: indent it by two spaces more\n" +
			"p.yml:6:3: versions.combine: this key stands beside version app-2, and so is taken for a version: indent it by two spaces more"},
	{"version without hosts", "plugin: regal\nversions:\n  app-1:\n  app-2: web\n",
		"p.yml:3:3: versions.app-1: this is nothing: write an Ansible host pattern such as web:!db01, or a list of them"},
	{"unknown anchor", "plugin: regal\nversions: *v\n",
		"p.yml:2:11: not valid YAML: there is no anchor of this name; a text that begins with * needs quotes"},
	{"no plugin", "versions: {app: web}\n",
		"p.yml:1:1: plugin: the key is missing: write plugin: regal, which keeps Ansible from reading the policy as an inventory without hosts"},
	{"other plugin", "plugin: regul\nversions: {app: web}\n",
		"p.yml:1:9: plugin: this must be regal, not regul"},
	{"binary without the plugin", "plugin: regal\nbinary: /usr/bin/regal-inventory\nversions: {app: web}\n",
		"p.yml:2:1: binary: only the inventory plugin reads this key: write plugin: regal.release.regal, or leave the key out"},
	{"plugin is a number", "plugin: 1\nversions: {app: web}\n",
		"p.yml:1:9: plugin: this is a number: write regal, in quotes if it looks like a number"},
	{"plugin is nothing", "plugin:\nversions: {app: web}\n",
		"p.yml:1:1: plugin: this is nothing: write regal"},
	{"no versions", "plugin: regal\n",
		"p.yml:1:1: versions: the key is missing: name a version and its target, such as app-v1: web, or give versions_from"},
	{"vars", "plugin: regal\nversions: {app: web}\nvars: beside\n", "p.yml:3:7: vars: this must be elsewhere, not beside"},
	{"vars as a list", "plugin: regal\nversions: {app: web}\nvars: [elsewhere]\n",
		"p.yml:3:7: vars: this is a list: write elsewhere, if the hosts get the variables beside the inventory in another way"},
	{"flow style", "{plugin: regal, inventory: hosts, versions: {app: web}}\n",
		"p.yml:1:1: a policy within { and } is taken for a list of hosts by Ansible's INI plugin when the program fails: write each key in a line of its own"},
	{"both versions", "plugin: regal\nversions: {app: web}\nversions_from: {var: v}\n",
		"p.yml:3:1: versions_from: versions is given too: keep one of versions and versions_from"},
	{"versions empty", "plugin: regal\nversions: {}\n",
		"p.yml:2:11: versions: there is no version: write a mapping of version names to targets, such as app-v1: web"},
	{"versions nothing", "plugin: regal\nversions:\n",
		"p.yml:2:1: versions: this is nothing: write a mapping of version names to targets, such as app-v1: web"},
	{"versions list", "plugin: regal\nversions: [app]\n",
		"p.yml:2:11: versions: this is a list: write a mapping of version names to targets, such as app-v1: web"},
	{"unknown key", "plugin: regal\nshedule: 2\nversions: {app: web}\n",
		"p.yml:2:1: shedule: there is no such key: did you mean schedule?"},
	{"unknown key far", "plugin: regal\nzzzzzz: 2\nversions: {app: web}\n",
		"p.yml:2:1: zzzzzz: there is no such key: choose from plugin, inventory, vars, versions, versions_from, priority, record, binary, schedule, combine, order, seed, spread, max_per, by, cover, done, split"},
	{"version key at top", "plugin: regal\ncanary: web1\nversions: {app: web}\n",
		"p.yml:2:1: canary: this is a key of a version: write it under versions, in the version's mapping"},
	{"top key in version", "plugin: regal\nversions:\n  app: {hosts: web, priority: app}\n",
		"p.yml:3:21: versions.app.priority: this is a key of the policy: write it at the top, not in a version"},
	{"misspelt in version", "plugin: regal\nversions:\n  app-v1:\n    hosts: web\n    combin: 2\n",
		"p.yml:5:5: versions.app-v1.combin: there is no such key: did you mean combine?"},
	{"duplicate key", "plugin: regal\ncombine: 1\ncombine: 2\nversions: {app: web}\n",
		"p.yml:3:1: combine: the key is there already, in line 2: keep one"},
	{"duplicate version", "plugin: regal\nversions:\n  '1.0': web\n  1.0: api\n",
		"p.yml:4:3: versions.1.0: the key is there already, in line 3: keep one"},
	{"merge key", "plugin: regal\nversions:\n  a: &a {hosts: web}\n  b: {<<: *a, group: c}\n",
		"p.yml:4:7: versions.b.\"<<\": merge keys are not supported: the keys at the top of the policy are the defaults of all versions"},
	{"key is a list", "plugin: regal\n[a]: 2\nversions: {app: web}\n",
		"p.yml:2:1: this is a list: write the key as a text"},
	{"key is null", "plugin: regal\n~: 2\nversions: {app: web}\n",
		"p.yml:2:1: this is nothing: write the key as a text"},
	{"tag", "plugin: regal\nschedule: !vault 1\nversions: {app: web}\n",
		"p.yml:2:11: schedule: the tag \"!vault\" has no meaning in a policy: write a count such as 2, or a percentage such as 10%"},
	{"tag on key", "plugin: regal\n!x schedule: 1\nversions: {app: web}\n",
		"p.yml:2:1: the tag \"!x\" has no meaning in a policy: write the key as a text"},
	{"invalid, and one stem", "plugin: regal\nschedule: 0\nversions: {app-1: web, app.1: web}\n",
		"p.yml:2:11: schedule: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"mapping in lines of its own", "plugin: regal\ninventory:\n  hosts: a\nversions: {app: web}\n",
		"p.yml:3:3: inventory: this is a mapping: write a source such as hosts.ini, or a list of sources"},
	{"list in lines of its own", "plugin: regal\nrecord:\n- a\nversions: {app: web}\n",
		"p.yml:3:1: record: this is a list: write a folder, such as .regal"},
	{"tag on mapping", "plugin: regal\nversions: {app: !x {hosts: web}}\n",
		"p.yml:2:17: versions.app: the tag \"!x\" has no meaning in a policy: write a target, or a mapping with hosts"},
	{"tag on ring", "plugin: regal\nversions: {app: {rings: [eu: !x {hosts: web}]}}\n",
		"p.yml:2:30: versions.app.rings.eu: the tag \"!x\" has no meaning in a policy: write a target, or a mapping with hosts"},
	{"tag on list", "plugin: regal\ncombine: !x [1]\nversions: {app: web}\n",
		"p.yml:2:10: combine: the tag \"!x\" has no meaning in a policy: write a count such as 2, or a percentage such as 10%"},
	{"schedule zero", "plugin: regal\nschedule: 0\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule negative", "plugin: regal\nschedule: -1\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"-1\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule float", "plugin: regal\nschedule: 1.5\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"1.5\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule octal", "plugin: regal\nschedule: 010\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"010\" could be octal: write the count without a leading 0"},
	{"schedule not octal", "plugin: regal\nschedule: 08\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"08\" could be octal: write the count without a leading 0"},
	{"schedule hex", "plugin: regal\nschedule: 0x10\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"0x10\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule underscore", "plugin: regal\nschedule: 1_0\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"1_0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule plus", "plugin: regal\nschedule: +5\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"+5\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule sexagesimal", "plugin: regal\nschedule: 1:30\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"1:30\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule quoted", "plugin: regal\nschedule: \"2\"\nversions: {app: web}\n",
		"p.yml:2:11: schedule: this is a text: write a count without quotes, \"2\""},
	{"schedule word", "plugin: regal\nschedule: two\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"two\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule boolean", "plugin: regal\nschedule: yes\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"yes\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule true", "plugin: regal\nschedule: true\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"true\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule nothing", "plugin: regal\nschedule: \nversions: {app: web}\n",
		"p.yml:2:1: schedule: this is nothing: write a count such as 2, or a percentage such as 10%"},
	{"schedule null", "plugin: regal\nschedule: null\nversions: {app: web}\n",
		"p.yml:2:11: schedule: this is nothing: write a count such as 2, or a percentage such as 10%"},
	{"schedule empty text", "plugin: regal\nschedule: ''\nversions: {app: web}\n",
		"p.yml:2:11: schedule: this is an empty text: write a count such as 2, or a percentage such as 10%"},
	{"schedule list", "plugin: regal\nschedule: [1]\nversions: {app: web}\n",
		"p.yml:2:11: schedule: this is a list: write a count such as 2, or a percentage such as 10%"},
	{"schedule mapping", "plugin: regal\nschedule: {a: 1}\nversions: {app: web}\n",
		"p.yml:2:11: schedule: this is a mapping: write a count such as 2, or a percentage such as 10%"},
	{"schedule huge", "plugin: regal\nschedule: 1000000001\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"1000000001\" is too many: a count is at most 1000000000"},
	{"schedule absurd", "plugin: regal\nschedule: 99999999999999999999999\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"99999999999999999999\"... is too many: a count is at most 1000000000"},
	{"schedule 0 percent", "plugin: regal\nschedule: 0%\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"0%\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule 101 percent", "plugin: regal\nschedule: 101%\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"101%\" is too much: a percentage is at most 100%"},
	{"schedule negative percent", "plugin: regal\nschedule: -5%\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"-5%\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule fraction", "plugin: regal\nschedule: 12.5%\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"12.5%\" is no whole percentage, which Ansible's serial needs too: write such as 12%"},
	{"schedule space", "plugin: regal\nschedule: 10 %\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"10 %\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"schedule absurd percent", "plugin: regal\nschedule: 99999999999999999999%\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \"99999999999999999999\"... is too much: a percentage is at most 100%"},
	{"schedule infinite", "plugin: regal\nschedule: .inf\nversions: {app: web}\n",
		"p.yml:2:11: schedule: \".inf\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"combine empty", "plugin: regal\ncombine: []\nversions: {app: web}\n",
		"p.yml:2:10: combine: this list is empty: write a count such as 2, or a percentage such as 10%"},
	{"combine zero in list", "plugin: regal\ncombine: [1, 0, 25%]\nversions: {app: web}\n",
		"p.yml:2:14: combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"combine nested", "plugin: regal\ncombine: [[1]]\nversions: {app: web}\n",
		"p.yml:2:11: combine: this is a list: write a count such as 2, or a percentage such as 10%"},
	{"combine of a version", "plugin: regal\nversions:\n  app-v1:\n    hosts: web\n    combine: 0\n",
		"p.yml:5:14: versions.app-v1.combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"order unknown", "plugin: regal\norder: shufle\nversions: {app: web}\n",
		"p.yml:2:8: order: shufle is no order: did you mean shuffle?"},
	{"order far", "plugin: regal\norder: best\nversions: {app: web}\n",
		"p.yml:2:8: order: best is no order: choose from inventory, reverse_inventory, sorted, reverse_sorted, shuffle"},
	{"order number", "plugin: regal\norder: 1\nversions: {app: web}\n",
		"p.yml:2:8: order: this is a number: write one of inventory, reverse_inventory, sorted, reverse_sorted, shuffle, in quotes if it looks like a number"},
	{"seed list", "plugin: regal\nseed: [a]\nversions: {app: web}\n",
		"p.yml:2:7: seed: this is a list: write a text"},
	{"spread empty", "plugin: regal\nspread: []\nversions: {app: web}\n",
		"p.yml:2:9: spread: this list is empty: write a host variable, or a list of them"},
	{"spread twice", "plugin: regal\nspread: [rack, zone, rack]\nversions: {app: web}\n",
		"p.yml:2:22: spread: rack is in the list already: name it once"},
	{"spread mapping", "plugin: regal\nspread: {rack: 1}\nversions: {app: web}\n",
		"p.yml:2:9: spread: this is a mapping: write a host variable, or a list of them"},
	{"max_per text", "plugin: regal\nmax_per: rack\nversions: {app: web}\n",
		"p.yml:2:10: max_per: this is a text: write a mapping of host variables to counts, such as {rack: 1}"},
	{"max_per empty", "plugin: regal\nmax_per: {}\nversions: {app: web}\n",
		"p.yml:2:10: max_per: this mapping is empty: write a mapping of host variables to counts, such as {rack: 1}"},
	{"max_per zero", "plugin: regal\nmax_per: {rack: 0}\nversions: {app: web}\n",
		"p.yml:2:17: max_per.rack: \"0\" is no size: write a count such as 1, a percentage such as 25%, or one for each value such as {web: 1}"},
	{"max_per twice", "plugin: regal\nmax_per: {rack: 1, rack: 2}\nversions: {app: web}\n",
		"p.yml:2:20: max_per.rack: the key is there already, in line 2: keep one"},
	{"max_per list", "plugin: regal\nmax_per: [rack]\nversions: {app: web}\n",
		"p.yml:2:10: max_per: this is a list: write a mapping of host variables to counts, such as {rack: 1}"},
	{"by list", "plugin: regal\nby: [zone]\nversions: {app: web}\n",
		"p.yml:2:5: by: this is a list: write the name of a host variable"},
	{"by boolean", "plugin: regal\nby: true\nversions: {app: web}\n",
		"p.yml:2:5: by: this is a boolean: write the name of a host variable, in quotes if it looks like a boolean"},
	{"group empty", "plugin: regal\nversions:\n  app: {hosts: web, group: ''}\n",
		"p.yml:3:28: versions.app.group: this is an empty text: write the start of the group names"},
	{"hosts missing", "plugin: regal\nversions:\n  app:\n    combine: 2\n",
		"p.yml:3:3: versions.app.hosts: the key is missing: name the hosts that the version goes to"},
	{"hosts empty list", "plugin: regal\nversions:\n  app: {hosts: []}\n",
		"p.yml:3:16: versions.app.hosts: this list is empty: write an Ansible host pattern such as web:!db01, or a list of them"},
	{"hosts number", "plugin: regal\nversions:\n  app: {hosts: [web, 5]}\n",
		"p.yml:3:22: versions.app.hosts: this is a number: write an Ansible host pattern such as web:!db01, or a list of them, in quotes if it looks like a number"},
	{"version nothing", "plugin: regal\nversions:\n  app:\n  api: web\n",
		"p.yml:3:3: versions.app: this is nothing: write an Ansible host pattern such as web:!db01, or a list of them"},
	{"version number", "plugin: regal\nversions: {app: 5}\n",
		"p.yml:2:17: versions.app: this is a number: write an Ansible host pattern such as web:!db01, or a list of them, in quotes if it looks like a number"},
	{"version empty list", "plugin: regal\nversions:\n  app: []\n",
		"p.yml:3:8: versions.app: this list is empty: write an Ansible host pattern such as web:!db01, or a list of them"},
	{"version nested list", "plugin: regal\nversions:\n  app: [web, [api]]\n",
		"p.yml:3:14: versions.app: this is a list: write an Ansible host pattern such as web:!db01, or a list of them"},
	{"version empty mapping", "plugin: regal\nversions:\n  app: {}\n",
		"p.yml:3:3: versions.app.hosts: the key is missing: name the hosts that the version goes to"},
	{"version without name", "plugin: regal\nversions:\n  '': web\n",
		"p.yml:3:3: versions.\"\": a version needs a name"},
	{"canary and schedule", "plugin: regal\nversions:\n  app: {hosts: web, canary: web1, schedule: 1}\n",
		"p.yml:3:45: versions.app.schedule: canary names the canary's hosts already: keep one of canary and schedule"},
	{"inventory number", "plugin: regal\ninventory: 5\nversions: {app: web}\n",
		"p.yml:2:12: inventory: this is a number: write a source such as hosts.ini, or a list of sources, in quotes if it looks like a number"},
	{"inventory nothing", "plugin: regal\ninventory:\nversions: {app: web}\n",
		"p.yml:2:1: inventory: this is nothing: write a source such as hosts.ini, or a list of sources"},
	{"inventory empty", "plugin: regal\ninventory: []\nversions: {app: web}\n",
		"p.yml:2:12: inventory: this list is empty: write a source such as hosts.ini, or a list of sources"},
	{"inventory mapping", "plugin: regal\ninventory: {a: b}\nversions: {app: web}\n",
		"p.yml:2:12: inventory: this is a mapping: write a source such as hosts.ini, or a list of sources"},
	{"versions_from text", "plugin: regal\nversions_from: app_version\n",
		"p.yml:2:16: versions_from: this is a text: write a mapping with var and hosts, such as {var: app_version, hosts: web}"},
	{"versions_from without var", "plugin: regal\nversions_from: {hosts: web}\n",
		"p.yml:2:16: versions_from.var: the key is missing: name the host variable that holds the version"},
	{"versions_from unknown", "plugin: regal\nversions_from: {vra: v, hosts: web}\n",
		"p.yml:2:16: versions_from.var: the key is missing: name the host variable that holds the version\n" +
			"p.yml:2:17: versions_from.vra: there is no such key: did you mean var?"},
	{"priority unknown", "plugin: regal\npriority: app-v3\nversions: {app-v1: web, app-v2: api}\n",
		"p.yml:2:11: priority: no version matches app-v3: did you mean app-v1?"},
	{"priority glob", "plugin: regal\npriority: [app*, db*]\nversions: {app: web}\n",
		"p.yml:2:18: priority: no version matches \"db*\": there is only app"},
	{"priority nothing", "plugin: regal\npriority:\nversions: {app: web}\n",
		"p.yml:2:1: priority: this is nothing: write a version's name, a glob such as app-*, or a list of them"},
	{"priority empty", "plugin: regal\npriority: []\nversions: {app: web}\n",
		"p.yml:2:11: priority: this list is empty: write a version's name, a glob such as app-*, or a list of them"},
	{"one stem", "plugin: regal\nversions:\n  app-1: web\n  app.1: api\n",
		"p.yml:4:3: versions.app.1: the groups would be named app_1_..., as those of version app-1 are: give one of them another group"},
	{"one group", "plugin: regal\nversions:\n  a: {hosts: web, group: x}\n  b: {hosts: web, group: x}\n",
		"p.yml:4:26: versions.b.group: the groups would be named x_..., as those of version a are: give one of them another group"},
	{"all at once", "plugn: regal\nschedule: 0\nversions:\n  app: {combine: x, hosts: web}\n",
		"p.yml:1:1: plugn: there is no such key: did you mean plugin?\n" +
			"p.yml:1:1: plugin: the key is missing: write plugin: regal, which keeps Ansible from reading the policy as an inventory without hosts\n" +
			"p.yml:2:11: schedule: \"0\" is no size: write a count such as 2, or a percentage such as 10%\n" +
			"p.yml:4:18: versions.app.combine: \"x\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"control characters", "plugin: regal\nversions:\n  \"a\\e[31m\": {hosts: web, combine: 0}\n",
		"p.yml:3:36: versions.\"a\\x1b[31m\".combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"alias", "plugin: regal\nversions:\n  a: {hosts: web, combine: &c [0]}\n  b: {hosts: web, combine: *c}\n",
		"p.yml:3:32: versions.a.combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%\n" +
			"p.yml:3:32: versions.b.combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"Chinese before", "plugin: regal\nversions: {应用: {hosts: 网, combine: 0}}\n",
		"p.yml:2:36: versions.\"应用\".combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%"},
	{"invalid UTF-8 later", "plugin: regal\nversions: {a\xff: web}\n",
		"p.yml:2:13: this byte is not UTF-8: save the policy as UTF-8"},
	{"control character", "plugin: regal\nversions:\n  a\ab: web\n",
		"p.yml:3:4: YAML does not allow the control character U+0007: take it out"},
}
