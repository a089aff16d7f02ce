package inventory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/regal-inventory/regal-inventory/internal/shown"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An inventoryQuestion describes an inventory to Ansible, and what to ask about it.
type inventoryQuestion struct {
	Groups   []varsQuestion `json:"groups"`
	Hosts    []varsQuestion `json:"hosts"`
	Members  [][2]string    `json:"members"`  // group, or nothing, and host
	Children [][2]string    `json:"children"` // parent and child

	Targets []any `json:"targets,omitempty"` // texts, and lists of texts

	Sources []string `json:"sources,omitempty"`
	Ask     []string `json:"ask,omitempty"`   // hosts
	Names   []string `json:"names,omitempty"` // variables
}

// varsQuestion is a group or a host with its variables.
type varsQuestion struct {
	Name string         `json:"name"`
	Vars map[string]any `json:"vars"`
}

// build makes the inventory of the question.
func (q *inventoryQuestion) build(t *testing.T) *Inventory {
	t.Helper()
	inv := New()
	inv.rules.IsSince = installed(t).isSince
	for _, entity := range q.Groups {
		group, err := inv.AddGroup(entity.Name)
		require.NoError(t, err)
		for name, value := range entity.Vars {
			require.NoError(t, inv.setGroupVariable(group, name, valueOf(value)))
		}
	}
	for _, member := range q.Members {
		_, err := inv.AddHost(member[1], inv.Group(member[0]), Value{})
		require.NoError(t, err)
	}
	for _, entity := range q.Hosts {
		for name, value := range entity.Vars {
			inv.Host(entity.Name).Vars.Set(name, valueOf(value))
		}
	}
	for _, edge := range q.Children {
		require.NoError(t, inv.AddChild(inv.Group(edge[0]), edge[1]))
	}
	require.NoError(t, inv.Reconcile())
	return inv
}

func valueOf(value any) Value {
	if number, ok := value.(int); ok {
		return newInt(fmt.Sprint(number))
	}
	return NewString(value.(string))
}

var (
	groupNames = []string{
		"web", "db", "prod", "web1", "a.b", "Web", "!odd", "we[b", "x-y", "webs", "10.0.0.1", "中文", "all2", "_g", "fe80::1",
	}
	hostNames = []string{
		"web1", "web2", "web3", "web10", "db1", "db2", "a.b", "db1.example.com", "!odd", "&web", "web[0]", "fe80::1", "dead::x",
		"10.0.0.1", "中文1", "été", "WEB1", "h\u00a0x", "all1", "x-y-1",
		"we[b", "localhost", "127.0.0.1", "::1",
	}
)

// randomInventory returns the question for an inventory of some of these groups and hosts.
func randomInventory(random *rand.Rand) *inventoryQuestion {
	question := &inventoryQuestion{}
	groups := someNames(random, groupNames, 6)
	for _, name := range groups {
		question.Groups = append(question.Groups, varsQuestion{Name: name})
	}
	for _, name := range someNames(random, hostNames, 12) {
		for range 1 + random.IntN(2) {
			group := ""
			if random.IntN(6) > 0 && len(groups) > 0 {
				group = groups[random.IntN(len(groups))]
			}
			question.Members = append(question.Members, [2]string{group, name})
		}
	}
	for child := range groups {
		for parent := range child {
			if random.IntN(6) == 0 {
				question.Children = append(question.Children, [2]string{groups[parent], groups[child]})
			}
		}
	}
	return question
}

// someNames returns up to most of the names, in random order.
func someNames(random *rand.Rand, names []string, most int) []string {
	var some []string
	for _, at := range random.Perm(len(names))[:random.IntN(min(most, len(names))+1)] {
		some = append(some, names[at])
	}
	return some
}

// isOrderByChance tells whether Ansible walks some group's descendants through a set that decides about their order: two
// groups of one level, below the group itself, that have children.
func isOrderByChance(inv *Inventory) bool {
	return slices.ContainsFunc(inv.Groups(), func(group *Group) bool {
		seen := map[*Group]bool{}
		for level := group.Children(); len(level) > 0; {
			withChildren := 0
			var below []*Group
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

type targetAnswer struct {
	Hosts   []string
	Unknown []string
	Empty   bool
	Error   *string
}

func TestSelectAsAnsible(t *testing.T) {
	const targetsEach = 20
	rounds, random := targetRounds(t, 10_000)
	var questions []*inventoryQuestion
	var inventories []*Inventory
	for range 1 + rounds/targetsEach {
		question := randomInventory(random)
		inv := question.build(t)
		names := slices.Concat(slices.Collect(inv.names()), someNames(random, slices.Concat(groupNames, hostNames), 2))
		for range targetsEach {
			question.Targets = append(question.Targets, randomTarget(random, names, !isOrderByChance(inv)))
		}
		questions, inventories = append(questions, question), append(inventories, inv)
	}
	selected, inOrder := 0, 0
	for i, answers := range askTargets[*inventoryQuestion, []targetAnswer](t, "select", questions) {
		byChance := isOrderByChance(inventories[i])
		for j, want := range answers {
			target := questions[i].Targets[j]
			about := fmt.Sprintf("%q of %+v %v %v", target, questions[i].Groups, questions[i].Members, questions[i].Children)
			warned := ""
			inventories[i].rules.Warn, inventories[i].warned = func(message string) { warned += message + "\n" }, nil
			hosts, err := selectAny(inventories[i], target)
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

// selectAny selects by a text or a list of texts and returns the hosts' names.
func selectAny(inv *Inventory, target any) ([]string, error) {
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

func TestSplitTargetAsAnsible(t *testing.T) {
	parts := append([]string{":", ":", ",", "[", "]", "[a:b]", "[1:2]", "&", "!", "~", "::", "\u3000", "\x1f"}, addressParts...)
	rounds, random := targetRounds(t, 20_000)
	var questions [][]rune
	for range rounds {
		questions = append(questions, toRunes(randomText(random, parts, 8)))
	}
	inv := New()
	inv.rules.IsSince = installed(t).isSince
	for i, want := range askTargets[[]rune, [][]rune](t, "split", questions) {
		got := [][]rune{}
		for _, term := range inv.splitTarget(fromRunes(questions[i])) {
			got = append(got, toRunes(term))
		}
		assert.Equal(t, want, got, "%q", string(questions[i]))
	}
}

func TestSelectFaults(t *testing.T) {
	inv := New()
	web, err := inv.AddGroup("web")
	require.NoError(t, err)
	_, err = inv.AddHost("web01", web, Value{})
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	for target, want := range map[string]string{
		"":               "the target is empty: name a group, a host, or all",
		" , ":            "the target is empty: name a group, a host, or all",
		"wbe":            `there is no group or host called "wbe"; did you mean "web"?`,
		"all:!wbe01":     `there is no group or host called "wbe01"; did you mean "web01"?`,
		"web:&prod":      `there is no group or host called "prod"`,
		"all:!":          "the target has a lone '!': it needs a group or a host after it",
		"web[3]":         `no hosts matched the subscripted pattern "web[3]"`,
		"~(":             `Invalid host list pattern: "~(": missing ), unterminated subpattern`,
		"a\x1b[0m,web01": `there is no group or host called "a\x1b[0m"`,
		"db1,db2":        "there is no group or host called \"db1\"\nthere is no group or host called \"db2\"",
	} {
		hosts, err := inv.Select(target)
		assert.EqualError(t, err, want, target)
		assert.Nil(t, hosts, target)
	}
	for _, target := range []string{"no*:web", "~nothing:web", "all:!no*", "ungrouped:web"} {
		hosts, err := inv.Select(target)
		require.NoError(t, err, target)
		assert.Len(t, hosts, 1, target)
	}
}

// TestSelectLocalhost takes the names of the machine itself as Ansible does: without a word where the inventory has none.
func TestSelectLocalhost(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		want   map[string]string
	}{
		"none": {"web1,web2,", map[string]string{
			"localhost": "", "all:!localhost": "web1 web2", "all:!127.0.0.1": "web1 web2", "localhost:all": "web1 web2", "::1": "", "all,!::1": "web1 web2",
			"all:&localhost": "", "localhost[0]:web1": "web1",
		}},
		"by address": {"web1,127.0.0.1,::1,", map[string]string{
			"localhost": "127.0.0.1", "all:!localhost": "web1 ::1", "::1": "::1",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var heard warnings
			inv, err := Read([]string{test.source}, Options{Warn: heard.add})
			require.NoError(t, err)
			for target, want := range test.want {
				hosts, err := selectAny(inv, target)
				require.NoError(t, err, target)
				assert.Equal(t, want, strings.Join(hosts, " "), target)
			}
			assert.Empty(t, heard.lines)
		})
	}
}

// TestSelectRange warns of terms that look like ranges of names and are none, and refuses them where they take hosts away.
func TestSelectRange(t *testing.T) {
	var heard warnings
	inv, err := Read([]string{"inv"}, Options{Dir: tree(t, map[string]string{"inv": "[web]\nweb[1:4]\nweb[01:09]\n"}), Warn: heard.add})
	require.NoError(t, err)
	for _, target := range []string{"web[1:3]", "web[1:3]", "web[0:2]", "web[0]", "web[-1]", "web[9:]", "web0[1:9]", "all:!web[1:3]"} {
		_, err := inv.Select(target)
		require.NoError(t, err, target)
	}
	assert.Equal(t, []string{
		`in a target "web[1:3]" means hosts of "web" by their place, counted from 0, and no range of names: it does not match "web1"`,
		`in a target "web0[1:9]" means hosts of "web0" by their place, counted from 0, and no range of names: ` +
			`it does not match "web01", "web02", "web03", "web04", "web05" and 4 more`,
	}, heard.lines)
	_, err = inv.Select("web:!web0[1:2]")
	assert.EqualError(t, err, `there is no group or host called "web0"; did you mean "web"?; in a target "web0[1:2]" means hosts of "web0" by `+
		`their place, counted from 0, and no range of names: it does not match "web01", "web02"`)
	_, err = inv.Select("db[1:3]")
	assert.EqualError(t, err, `there is no group or host called "db"`)
}
