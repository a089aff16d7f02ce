package inventory

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

func TestSplitTargetAsAnsible(t *testing.T) {
	parts := append([]string{":", ":", ",", "[", "]", "[a:b]", "[1:2]", "&", "!", "~", "::", "\u3000", "\x1f"}, asked.AddressParts...)
	rounds, random := asked.Rounds(t, 20_000)
	var questions [][]rune
	for range rounds {
		questions = append(questions, python.Runes(asked.RandomText(random, parts, 8)))
	}
	inv := New()
	inv.rules.IsSince = asked.Installed(t).IsSince
	for i, want := range asked.Targets[[]rune, [][]rune](t, "split", questions) {
		got := [][]rune{}
		for _, term := range inv.splitTarget(asked.FromRunes(questions[i])) {
			got = append(got, python.Runes(term))
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

func TestRegexThatNeverEnds(t *testing.T) {
	inv := New()
	_, err := inv.AddHost(strings.Repeat("a", 60), nil, Value{})
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	_, err = inv.Select("~(a|aa)+$(?<=b)")
	assert.ErrorContains(t, err, "takes more than 1s")
}
