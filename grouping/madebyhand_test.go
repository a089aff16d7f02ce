package grouping_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TestRulesMadeByHand gives rules by hand that no policy file could have: each is refused, as a file that said so would be.
func TestRulesMadeByHand(t *testing.T) {
	type rules = grouping.Rules
	limit := func(limits ...grouping.Limit) rules { return rules{MaxPer: limits} }
	values := func(values ...grouping.ValueLimit) rules {
		return limit(grouping.Limit{Variable: "rack", Values: values})
	}
	ring := func(own rules) rules {
		return rules{Rings: []grouping.Ring{{Name: "eu", Target: []string{"h1"}, Rules: own}}}
	}
	const ringsCut = ": the rules of the rings cut their waves: give it to each ring"
	for _, test := range []struct {
		rules rules
		want  string
	}{
		{rules{Schedule: grouping.Count(0)}, "schedule: 0 is no size: a count is from 1 to 1000000000"},
		{rules{Schedule: grouping.Count(-3)}, "schedule: -3 is no size: a count is from 1 to 1000000000"},
		{rules{Schedule: grouping.Count(1_000_000_001)}, "schedule: 1000000001 is no size: a count is from 1 to 1000000000"},
		{rules{Schedule: grouping.Percent(0)}, "schedule: 0% is no size: a percentage is from 1% to 100%"},
		{rules{Combine: []grouping.Size{grouping.Count(1), grouping.Percent(101)}}, "combine: 101% is no size: a percentage is from 1% to 100%"},
		{rules{Combine: []grouping.Size{grouping.Count(1)}, Risk: 3}, "combine: risk stands in place of sizes: keep one of them"},
		{rules{Risk: math.NaN()}, "combine: the risk must be more than 0, and at most 1000000000"},
		{rules{Risk: -1}, "combine: the risk must be more than 0, and at most 1000000000"},
		{rules{Risk: 1e10}, "combine: the risk must be more than 0, and at most 1000000000"},
		{rules{Order: "sorte"}, "order: sorte is no order: did you mean sorted?"},
		{rules{Spread: []string{""}}, "spread: a host variable needs a name"},
		{rules{Spread: []string{"rack", "rack"}}, "spread: rack is in the list already: name it once"},
		{rules{Cover: []string{"rack", "rack"}}, "cover: rack is in the list already: name it once"},
		{rules{ByOrder: []string{"r1"}}, "by: there is an order of values, but no variable"},
		{rules{By: "rack", ByOrder: []string{}}, "by: there is no value in the order of values: name one at least"},
		{rules{By: "rack", ByOrder: []string{"r1", ""}}, "by: there is an empty text in the order of values"},
		{rules{By: "rack", ByOrder: []string{"r1", "r1"}}, "by: r1 is in the list already: name it once"},
		{rules{By: "rack", ByOrder: []string{"true", "r1", "True"}}, "by: True is in the list already: name it once"},
		{rules{By: "rack", ByOrder: []string{"r2"}}, "by: rack=r1 of host h1 is not in the order of its values: name it, or write \"*\" where all others come"},
		{rules{Canary: []string{}}, "canary: the target is empty: name a group, a host, or all"},
		{limit(grouping.Limit{Variable: "rack"}), "max_per.rack: a limit is a count, or a percentage, or one for each value"},
		{limit(grouping.Limit{Hosts: 1}), "max_per: a host variable needs a name"},
		{limit(grouping.Limit{Variable: "rack", Hosts: -1}), "max_per.rack: a limit is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{limit(grouping.Limit{Variable: "rack", Hosts: 1_000_000_001}), "max_per.rack: a limit is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{limit(grouping.Limit{Variable: "rack", Percent: -1}), "max_per.rack: a limit is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{limit(grouping.Limit{Variable: "rack", Percent: 101}), "max_per.rack: a limit is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{limit(grouping.Limit{Variable: "rack", Hosts: 1, Percent: 1}), "max_per.rack: a limit is a count, or a percentage, or one for each value"},
		{limit(grouping.Limit{Variable: "rack", Hosts: 1}, grouping.Limit{Variable: "rack", Hosts: 2}), "max_per.rack: there is a limit of it already: keep one"},
		{values(), "max_per.rack: a limit is a count, or a percentage, or one for each value"},
		{limit(grouping.Limit{Variable: "rack", Values: []grouping.ValueLimit{}}), "max_per.rack: there is no value: name one at least"},
		{values(grouping.ValueLimit{Value: "r1"}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Value: "r1", Hosts: 1, Percent: 1}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Value: "r1", Hosts: -1}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Value: "r1", Hosts: 1_000_000_001}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Value: "r1", Percent: -1}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Value: "r1", Percent: 101}), "max_per.rack: the limit of r1 is from 1 to 1000000000 hosts, or from 1% to 100%"},
		{values(grouping.ValueLimit{Hosts: 1}), "max_per.rack: there is a limit of an empty text"},
		{values(grouping.ValueLimit{Value: "true", Hosts: 1}, grouping.ValueLimit{Value: "TRUE", Hosts: 2}), "max_per.rack: TRUE has a limit already: keep one"},
		{rules{Done: &grouping.Done{}}, "done: it needs a variable, and an age of 0 or more"},
		{rules{Done: &grouping.Done{Variable: "v", Facts: "f", MaxAge: -1}}, "done: it needs a variable, and an age of 0 or more"},
		{rules{Done: &grouping.Done{Variable: "v", MaxAge: time.Hour}}, "done: only facts have an age: name their folder"},
		{rules{Split: []grouping.Share{}}, "split: the shares add up to 0%: they must make 100%"},
		{rules{Split: []grouping.Share{{Name: "a", Percent: 90}}}, "split: the shares add up to 90%: they must make 100%"},
		{rules{Split: []grouping.Share{{Name: "a", Percent: 101}, {Name: "c", Percent: -1}}}, "split: the share of a is from 0% to 100%"},
		{rules{Split: []grouping.Share{{Name: "c", Percent: -1}, {Name: "a", Percent: 101}}}, "split: the share of c is from 0% to 100%"},
		{rules{Split: []grouping.Share{{Name: "", Percent: 100}}}, "split: a share needs a name"},
		{rules{Rings: []grouping.Ring{}}, "rings: there is no ring: name one at least"},
		{rules{Rings: []grouping.Ring{{Target: []string{"h1"}}}}, "rings.\"\".name: a ring needs a name"},
		{rules{Rings: []grouping.Ring{{Name: "a.1", Target: []string{"h1"}}, {Name: "a-1", Target: []string{"h2"}}}},
			"rings.a-1.name: there is another ring whose group ends in ring_a_1: give it another name"},
		{ring(rules{Rings: []grouping.Ring{}}), "rings.eu.rules: rings, split, done and a group are for the whole version"},
		{ring(rules{Split: []grouping.Share{}}), "rings.eu.rules: rings, split, done and a group are for the whole version"},
		{ring(rules{Done: &grouping.Done{Variable: "v"}}), "rings.eu.rules: rings, split, done and a group are for the whole version"},
		{ring(rules{Group: "g"}), "rings.eu.rules: rings, split, done and a group are for the whole version"},
		{ring(rules{Order: "none"}), "rings.eu.order: none is no order: choose from inventory, reverse_inventory, sorted, reverse_sorted, shuffle"},
		{ring(rules{Schedule: grouping.Count(0)}), "rings.eu.schedule: 0 is no size: a count is from 1 to 1000000000"},
		{rules{Canary: []string{"h1"}, Rings: []grouping.Ring{{Name: "eu", Target: []string{"h1"}, Rules: rules{Canary: []string{"h2"}}}}},
			"rings.eu.canary: the version's canary is that of its first ring: keep one of that and this"},
	} {
		made := test.rules
		var target []string
		if made.Rings == nil {
			target = []string{"all"}
		}
		version, err := grouping.NewVersion(fleetOf("rack", "r1", "r2"), "app", target, made)
		assert.Nil(t, version, test.want)
		if assert.Error(t, err, test.want) {
			assert.Equal(t, test.want, inventory.Faults(err)[0].Error())
			assert.Equal(t, inventory.PolicyError, inventory.Faults(err)[0].Kind)
		}
	}

	// What the rules of a version with rings would do is in the rules of the rings, or nowhere.
	for _, one := range []struct {
		key string
		own rules
	}{
		{"schedule", rules{Schedule: grouping.Count(2)}}, {"combine", rules{Risk: 3}}, {"order", rules{Order: grouping.Sorted}},
		{"combine", rules{Combine: []grouping.Size{grouping.Count(1)}}}, {"spread", rules{Spread: []string{"rack"}}},
		{"max_per", rules{MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}}}, {"by", rules{By: "rack"}},
		{"cover", rules{Cover: []string{"rack"}}},
	} {
		one.own.Rings = []grouping.Ring{{Name: "eu", Target: []string{"all"}}}
		_, err := grouping.NewVersion(fleetOf("rack", "r1", "r2"), "app", nil, one.own)
		assert.EqualError(t, err, one.key+ringsCut)
		one.own.ByOrder = []string{"r1"}
		_, err = grouping.NewVersion(fleetOf("rack", "r1", "r2"), "app", nil, one.own)
		assert.ErrorContains(t, err, "by"+ringsCut)
	}
}

// TestTargetBesideRings is one too many.
func TestTargetBesideRings(t *testing.T) {
	rules := grouping.Rules{Rings: []grouping.Ring{{Name: "eu", Target: []string{"all"}}}}
	_, err := grouping.NewVersion(inventoryOf("h1"), "app", []string{"all"}, rules)
	assert.EqualError(t, err, "hosts: the rings name the hosts already: keep one of hosts and rings")
	_, err = grouping.NewVersion(inventoryOf("h1"), "app", nil, rules)
	assert.NoError(t, err)
}

// TestValuesOfNoRules has a version as it comes from a plan that was read, which knows nothing of how its hosts were sorted.
func TestValuesOfNoRules(t *testing.T) {
	section, share := (&grouping.Version{Name: "app"}).Values(inventoryOf("h1").Host("h1"))
	assert.Empty(t, section)
	assert.Empty(t, share)
}

// TestRulesAtTheirBounds gives the least and the most that rules may say.
func TestRulesAtTheirBounds(t *testing.T) {
	const most = 1_000_000_000
	for _, rules := range []grouping.Rules{
		{Schedule: grouping.Count(1), Combine: []grouping.Size{grouping.Count(1), grouping.Percent(1)}},
		{Schedule: grouping.Count(most), Combine: []grouping.Size{grouping.Count(most), grouping.Percent(100)}},
		{Risk: most}, {Risk: math.SmallestNonzeroFloat64},
		{MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}}, {MaxPer: []grouping.Limit{{Variable: "rack", Hosts: most}}},
		{MaxPer: []grouping.Limit{{Variable: "rack", Percent: 1}}}, {MaxPer: []grouping.Limit{{Variable: "rack", Percent: 100}}},
		{MaxPer: []grouping.Limit{{Variable: "rack", Values: []grouping.ValueLimit{
			{Value: "a", Hosts: 1}, {Value: "b", Hosts: most}, {Value: "c", Percent: 1}, {Value: "d", Percent: 100}, {Value: "true", Hosts: 1},
		}}}},
		{Split: []grouping.Share{{Name: "new", Percent: 0}, {Name: "old", Percent: 100}}},
		{Done: &grouping.Done{Variable: "has"}}, {By: "rack", ByOrder: []string{grouping.OtherValues}},
	} {
		_, err := grouping.NewVersion(fleetOf("rack", "r1", "r2"), "app", []string{"all"}, rules)
		assert.NoError(t, err, "%+v", rules)
	}
}

// TestPlansMadeByHand gives versions that do not go together, or not with the inventory.
func TestPlansMadeByHand(t *testing.T) {
	version := func(inv *inventory.Inventory, name, group string) *grouping.Version {
		made, err := grouping.NewVersion(inv, name, []string{"all"}, grouping.Rules{Group: group})
		require.NoError(t, err)
		return made
	}
	inv := inventoryOf("web1", "old_canary")
	for _, test := range []struct {
		versions [][2]string
		priority []string
		want     string
	}{
		{[][2]string{{"app-1", ""}, {"app.1", ""}}, nil,
			"version app.1: the groups would be named app_1_..., as those of version app-1 are: give one of them another group"},
		{[][2]string{{"app-1", ""}, {"app.1", ""}, {"app_1", ""}, {"web-1", ""}, {"web.1", ""}}, nil,
			"version app.1: the groups would be named app_1_..., as those of version app-1 are: give one of them another group\n" +
				"version app_1: the groups would be named app_1_..., as those of version app-1 are: give one of them another group\n" +
				"version web.1: the groups would be named web_1_..., as those of version web-1 are: give one of them another group"},
		{[][2]string{{"app", ""}, {"other", "app"}}, nil,
			"version other: the groups would be named app_..., as those of version app are: give one of them another group"},
		{[][2]string{{"app", ""}, {"app", "other"}}, nil, "version app: there is another version of this name"},
		{[][2]string{{"old", ""}}, nil,
			"version old: the inventory has a host old_canary already, a name that the version's groups need: give the version another group, such as old_release"},
		{[][2]string{{"app", ""}}, []string{"ap"}, "priority: no version matches ap: did you mean app?"},
	} {
		var versions []*grouping.Version
		for _, one := range test.versions {
			versions = append(versions, version(inv, one[0], one[1]))
		}
		plan, err := grouping.NewPlan(inv, versions, test.priority...)
		assert.Nil(t, plan)
		assert.EqualError(t, err, test.want)
		assert.Equal(t, inventory.PolicyError, inventory.Faults(err)[0].Kind)
	}
	plan, err := grouping.NewPlan(inv, []*grouping.Version{version(inv, "old", "old_release"), version(inv, "app", "")}, "app")
	require.NoError(t, err)
	assert.Equal(t, []string{"app", "old"}, versionNames(plan))
	assert.Equal(t, "old_release_canary", plan.Versions[1].Waves[0].Group)

	shared := inventoryOf("web1", "app_old", "app-old", "app_new", "app_older", "app_newer")
	split := grouping.Rules{Split: []grouping.Share{{Name: "new", Percent: 10}, {Name: "old", Percent: 40}, {Name: "newer", Percent: 40}, {Name: "older", Percent: 10}}}
	app, err := grouping.NewVersion(shared, "app", []string{"web1"}, split)
	require.NoError(t, err)
	_, err = grouping.NewPlan(shared, []*grouping.Version{app})
	const needed = " already, a name that the version's groups need: give the version another group, such as app_release"
	assert.EqualError(t, err, "version app: the inventory has a host app_new"+needed+"\nversion app: the inventory has a host app_newer"+needed+
		"\nversion app: the inventory has a host app_old"+needed+"\nversion app: the inventory has a host app_older"+needed)

	for _, version := range []*grouping.Version{nil, {}} {
		_, err = grouping.NewPlan(inv, []*grouping.Version{version})
		assert.EqualError(t, err, "version number 1 was not made by NewVersion")
	}
	_, err = grouping.NewVersion(inv, "", []string{"all"}, grouping.Rules{})
	assert.EqualError(t, err, "group: the version has no name to make group names of")

	// A host that was added since Reconcile would be in no wave.
	_, err = inv.AddHost("web2", nil, inventory.Value{})
	require.NoError(t, err)
	_, err = grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{})
	assert.EqualError(t, err, "hosts: the inventory has to be reconciled after what was added last")
}
