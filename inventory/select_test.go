package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

// isOrderByChance tells whether Ansible walks some group's descendants through a set that decides about their order: two
// groups of one level, below the group itself, that have children.
func isOrderByChance(inv *inventory.Inventory) bool {
	return slices.ContainsFunc(inv.Groups(), func(group *inventory.Group) bool {
		seen := map[*inventory.Group]bool{}
		for level := group.Children(); len(level) > 0; {
			withChildren := 0
			var below []*inventory.Group
			for _, child := range level {
				if !seen[child] && len(child.Children()) > 0 {
					withChildren++
					below = append(below, child.Children()...)
				}
				seen[child] = true
			}
			if withChildren > 1 {
				return true
			}
			level = below
		}
		return false
	})
}

// randomTarget returns a text or a list of texts. Without subscripts it asks nothing that depends on the order of hosts.
func randomTarget(random *rand.Rand, names []string, subscripts bool) any {
	if random.IntN(4) > 0 {
		return randomTargetText(random, names, subscripts)
	}
	var list []string
	for range 1 + random.IntN(3) {
		list = append(list, randomTargetText(random, names, subscripts))
	}
	return list
}

func randomTargetText(random *rand.Rand, names []string, subscripts bool) string {
	var text strings.Builder
	separators := []string{":", ":", ",", ", ", " ", "::", " : ", "\n"}
	separator := separators[random.IntN(len(separators))]
	for i := range 1 + random.IntN(4) {
		if i > 0 {
			text.WriteString(separator)
		}
		text.WriteString(randomTerm(random, names, subscripts))
	}
	return text.String()
}

func randomTerm(random *rand.Rand, names []string, subscripts bool) string {
	signs := []string{"", "", "", "", "!", "&", "!", "&", "!!", "&!"}
	parts := []string{
		"*", "web*", "*1", "?b*", "[a-w]*", "[!w]*", "w[ef]b*", "*.*", "~web", "~.*1$", "~(?i)WEB[12]", "~(", "~", "~^(a|d)", "[z-a]*", "", "*[1]*",
		"all", "all", "ungrouped", "wbe", "localhost", "127.0.0.1", "::1", "web:1", "]", "[", "[a", "fe80::*", "no-such*", "[::1]:22", "web[1:3]x", "web]",
	}
	term := parts[random.IntN(len(parts))]
	if random.IntN(5) > 1 {
		term = names[random.IntN(len(names))]
	}
	if subscripts && random.IntN(5) == 0 {
		term += []string{
			"[0]", "[1]", "[-1]", "[-2]", "[0:1]", "[1:]", "[2:0]", "[1-2]", "[0-]", "[0:0]", "[5]", "[-7]", "[1:99]", "[7:8]", "[2:1]",
			"[00:01]", "[-0]", "[-1:2]", "[0:-1]", "[0][0]", "[+1]", "[]", "[99999999999999999999]", "[-99999999999999999999]",
			"[0:99999999999999999999]",
		}[random.IntN(25)]
	}
	return signs[random.IntN(len(signs))] + term
}

// targetAnswer is what Ansible says of a target.
type targetAnswer struct {
	Hosts   []string
	Unknown []string
	Empty   bool
	Error   *string
}

func TestSelectAsAnsible(t *testing.T) {
	const targetsEach = 20
	rounds, random := asked.Rounds(t, 10_000)
	var questions []*asked.InventoryQuestion
	var inventories []*inventory.Inventory // of the questions
	for range 1 + rounds/targetsEach {
		question := asked.RandomInventory(random)
		inv := inventorytest.Build(t, question, nil)
		names := slices.Concat(allNames(inv), asked.SomeNames(random, slices.Concat(asked.GroupNames, asked.HostNames), 2))
		for range targetsEach {
			question.Targets = append(question.Targets, randomTarget(random, names, !isOrderByChance(inv)))
		}
		questions, inventories = append(questions, question), append(inventories, inv)
	}
	selected, inOrder := 0, 0
	for i, answers := range asked.Targets[*asked.InventoryQuestion, []targetAnswer](t, "select", questions) {
		byChance := isOrderByChance(inventories[i])
		for j, want := range answers {
			target := questions[i].Targets[j]
			about := fmt.Sprintf("%q of %+v %v %v", target, questions[i].Groups, questions[i].Members, questions[i].Children)
			warned := ""
			inv := inventorytest.Build(t, questions[i], func(message string) { warned += message + "\n" })
			hosts, err := selectAny(inv, target)
			// What looks like a range of names that are there is no error, but for one that takes hosts away.
			want.Unknown = slices.DeleteFunc(want.Unknown, func(name string) bool {
				return strings.Contains(warned, "means hosts of "+shown.Name(name))
			})
			switch {
			case want.Error != nil || len(want.Unknown) > 0 || want.Empty:
				checkTargetError(t, want, err, about)
				continue
			case !assert.NoError(t, err, about):
				continue
			case byChance:
				assert.ElementsMatch(t, want.Hosts, hosts, about)
			default:
				assert.Equal(t, want.Hosts, hosts, about)
				inOrder++
			}
			if len(hosts) > 0 {
				selected++
			}
		}
	}
	t.Logf("%d targets took hosts, %d compared in order", selected, inOrder)
	assert.Greater(t, selected, rounds/8, "too few of the targets take hosts")
	assert.Greater(t, inOrder, rounds/8, "too few of the targets have an order")
}

// allNames returns the names of all groups, then of all hosts.
func allNames(inv *inventory.Inventory) []string {
	var names []string
	for _, group := range inv.Groups() {
		names = append(names, group.Name)
	}
	for _, host := range inv.Hosts() {
		names = append(names, host.Name)
	}
	return names
}

// selectAny selects by a text or a list of texts and returns the hosts' names.
func selectAny(inv *inventory.Inventory, target any) ([]string, error) {
	texts, isList := target.([]string)
	if !isList {
		texts = []string{target.(string)}
	}
	hosts, err := inv.Select(texts...)
	names := []string{}
	for _, host := range hosts {
		names = append(names, host.Name)
	}
	return names, err
}

// checkTargetError sees that err says everything that is wrong with the target.
func checkTargetError(t *testing.T, want targetAnswer, err error, about string) {
	t.Helper()
	if !assert.Error(t, err, about) {
		return
	}
	text := err.Error()
	if want.Empty {
		assert.Contains(t, text, "the target is empty", about)
	}
	for _, name := range want.Unknown {
		assert.Contains(t, text, "there is no group or host called "+shown.Name(name), about)
	}
	switch {
	case want.Error == nil || len(want.Unknown) > 0: // Ansible stops at the first error
	case strings.HasPrefix(*want.Error, "No hosts matched the subscripted pattern"):
		assert.Contains(t, text, "no hosts matched the subscripted pattern", about)
	case strings.HasPrefix(*want.Error, "Invalid host list pattern"):
		assert.Contains(t, text, "Invalid host list pattern", about)
	default:
		assert.Contains(t, text, "the target has a lone", about)
	}
}

func TestVariableAsAnsible(t *testing.T) {
	rounds, random := asked.Rounds(t, 200)
	var questions []*asked.InventoryQuestion
	for range rounds {
		question := asked.RandomInventory(random)
		asked.RandomVariables(random, question)
		questions = append(questions, question)
	}
	ofGroups := 0
	for i, answers := range asked.Targets[*asked.InventoryQuestion, []asked.VariablesAnswer](t, "variables", questions) {
		inv := inventorytest.Build(t, questions[i], nil)
		for j, want := range answers {
			host := questions[i].Ask[j]
			require.Empty(t, want.Error)
			if strings.HasPrefix(want.Vars["colour"], "group") {
				ofGroups++
			}
			assert.Equal(t, want.Vars, inventorytest.ValuesOf(inv, host), "%s of %+v", host, *questions[i])
		}
	}
	assert.Greater(t, ofGroups, rounds/2, "too few of the values come from groups")
}
