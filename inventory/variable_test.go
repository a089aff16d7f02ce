package inventory

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// askedVariables are the variables that the tests give values to and ask for.
var askedVariables = []string{"colour", "rack", "inventory_hostname", "inventory_hostname_short"}

// randomVariables gives groups and hosts of the question variables, each value another, and groups priorities.
func randomVariables(random *rand.Rand, question *inventoryQuestion) {
	question.Names = askedVariables
	question.Groups = append(question.Groups, varsQuestion{Name: groupAll}, varsQuestion{Name: groupUngrouped})
	for i := range question.Groups {
		group := &question.Groups[i]
		group.Vars = randomValues(random, "group "+group.Name)
		if random.IntN(4) == 0 {
			group.Vars["ansible_group_priority"] = random.IntN(3) - 1
		}
	}
	known := map[string]bool{}
	for _, member := range question.Members {
		if host := member[1]; !known[host] {
			known[host] = true
			question.Ask = append(question.Ask, host)
			question.Hosts = append(question.Hosts, varsQuestion{Name: host, Vars: randomValues(random, "host "+host)})
		}
	}
}

func randomValues(random *rand.Rand, owner string) map[string]any {
	values := map[string]any{}
	for _, name := range askedVariables[:2] {
		if random.IntN(3) == 0 {
			values[name] = owner
		}
	}
	if random.IntN(20) == 0 {
		values["inventory_hostname"] = owner
	}
	return values
}

type variablesAnswer struct {
	Vars  map[string]string
	Error string
}

// valuesOf returns what Variable says of a host.
func valuesOf(inv *Inventory, host string) map[string]string {
	values := map[string]string{}
	for _, name := range askedVariables {
		if value, ok := inv.Variable(name)(inv.Host(host)); ok {
			values[name] = value.Text()
		}
	}
	return values
}

func TestVariableAsAnsible(t *testing.T) {
	rounds, random := targetRounds(t, 200)
	var questions []*inventoryQuestion
	for range rounds {
		question := randomInventory(random)
		randomVariables(random, question)
		questions = append(questions, question)
	}
	ofGroups := 0
	for i, answers := range askTargets[*inventoryQuestion, []variablesAnswer](t, "variables", questions) {
		inv := questions[i].build(t)
		for j, want := range answers {
			host := questions[i].Ask[j]
			require.Empty(t, want.Error)
			if strings.HasPrefix(want.Vars["colour"], "group") {
				ofGroups++
			}
			assert.Equal(t, want.Vars, valuesOf(inv, host), "%s of %+v", host, *questions[i])
		}
	}
	assert.Greater(t, ofGroups, rounds/2, "too few of the values come from groups")
}

func TestVariableOfManyGroups(t *testing.T) {
	inv := New()
	above := groupAll
	for i := range 900 {
		name := fmt.Sprintf("g%d", i)
		group, err := inv.AddGroup(name)
		require.NoError(t, err)
		group.Vars.Set("depth", newInt(fmt.Sprint(i)))
		if above != groupAll {
			require.NoError(t, inv.AddChild(inv.Group(above), name))
		}
		above = name
	}
	host, err := inv.AddHost("web", inv.Group(above), Value{})
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	value, ok := inv.Variable("depth")(host)
	assert.True(t, ok)
	assert.Equal(t, "899", value.Text())
	_, ok = inv.Variable("width")(host)
	assert.False(t, ok)
}
