package grouping_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TestCoverOfTheFirstSection stays within the first section where that has every value, and the sections after it are cut as ever.
func TestCoverOfTheFirstSection(t *testing.T) {
	t.Parallel()
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5", "h6")
	for i, host := range inv.Hosts() {
		host.Vars.Set("zone", inventory.NewString(strings.Fields("a a a b b b")[i]))
		host.Vars.Set("system", inventory.NewString(strings.Fields("x x y x x x")[i]))
	}
	for _, limits := range [][]grouping.Limit{nil, {{Variable: "system", Hosts: 2}}} {
		version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
			Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(2)}, By: "zone", Cover: []string{"system"}, MaxPer: limits,
		})
		require.NoError(t, err)
		assert.Equal(t, [][]string{{"h1", "h3"}, {"h2"}, {"h4", "h5"}, {"h6"}}, waveNames(version))
	}
}

// TestCoverTakes has fleets for which whoever takes the host with the most new values each time takes one too many, and for which
// even the fewest are more than the largest number of values of one variable.
func TestCoverTakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hosts  string // each with its system and its zone
		limit  bool   // no wave has two hosts of one zone
		seats  int
		canary string
		wrong  string
	}{
		"too few seats":       {"a1 b1 c1 a2 a3", false, 3, "", "the canary takes 3, and to have a host of every value of system and zone it takes 4: raise schedule to 4"},
		"as many as it takes": {"a1 b1 c1 a2 a3", false, 4, "h2 h3 h4 h5", ""},
		"a seat more":         {"a1 b1 c1 a2 a3", false, 5, "h1 h2 h3 h4 h5", ""},
		"one host has all":    {"a1", false, 1, "h1", ""},
		"two have all":        {"a1 a1 b1 a2 b2", false, 2, "h1 h5", ""},
		"a limit forbids":     {"a1 b1 c1 a2", true, 4, "", "max_per allows"},
		"a limit turns":       {"a1 b1 b2", true, 2, "h1 h3", ""},
		"a limit turns back":  {"a1 a2 b1", true, 2, "h2 h3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var names []string
			fields := strings.Fields(test.hosts)
			for i := range fields {
				names = append(names, "h"+string(rune('1'+i)))
			}
			inv := inventoryOf(names...)
			for i, host := range inv.Hosts() {
				host.Vars.Set("system", inventory.NewString(fields[i][:1]))
				host.Vars.Set("zone", inventory.NewString(fields[i][1:]))
			}
			rules := grouping.Rules{Schedule: grouping.Count(test.seats), Cover: []string{"system", "zone"}}
			if test.limit {
				rules.MaxPer = []grouping.Limit{{Variable: "zone", Hosts: 1}}
			}
			version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
			if test.wrong != "" {
				assert.ErrorContains(t, err, test.wrong)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.canary, hostsOf(waveNames(version)[0]))
		})
	}
}
