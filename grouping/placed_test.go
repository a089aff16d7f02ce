package grouping_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TestRulesOfRings asks for the rules by which a wave was filled, and for the values that sorted a host: those of its ring.
func TestRulesOfRings(t *testing.T) {
	inv := inventoryOf("eu1", "eu2", "us1", "us2")
	for i, host := range inv.Hosts() {
		host.Vars.Set("rack", valueOf([]string{`"a"`, `"b"`}[i%2]))
	}
	version, err := grouping.NewVersion(inv, "app", nil, grouping.Rules{Rings: []grouping.Ring{
		{Name: "eu", Target: []string{"eu*"}, Rules: grouping.Rules{By: "rack"}},
		{Name: "us", Target: []string{"us*"}, Rules: grouping.Rules{Spread: []string{"rack"}, Combine: []grouping.Size{grouping.Count(2)}}},
	}})
	require.NoError(t, err)
	require.Len(t, version.Waves, 4)
	for wave, by := range []string{"rack", "rack", "", ""} {
		assert.Equal(t, by, version.RulesOf(wave).By)
		assert.Equal(t, by == "", len(version.RulesOf(wave).Spread) == 1)
	}
	section, share := version.Values(inv.Host("eu2"))
	assert.Equal(t, "b", section)
	assert.Empty(t, share)
	section, share = version.Values(inv.Host("us2"))
	assert.Empty(t, section)
	assert.Equal(t, []string{"b"}, share)
	section, share = version.Values(inventoryOf("other").Host("other"))
	assert.Empty(t, section)
	assert.Empty(t, share)

	whole := planOf(t, inv, "by: rack\nversions: {app: all}\n").Versions[0]
	assert.Equal(t, "rack", whole.RulesOf(0).By)
	section, _ = whole.Values(inv.Host("us1"))
	assert.Equal(t, "a", section)
}

// TestFewestBelowCover says that fewer waves are possible than there are, where it is cover that costs one: the canary has the
// first hosts of both systems, so that none of the three hosts of rack r1, of which a wave may have one, is in it.
func TestFewestBelowCover(t *testing.T) {
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5")
	for i, host := range inv.Hosts() {
		host.Vars.Set("rack", inventory.NewString(strings.Fields("r2 r3 r1 r1 r1")[i]))
		host.Vars.Set("os", inventory.NewString(strings.Fields("x y x x x")[i]))
	}
	version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
		Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(2)}, Cover: []string{"os"},
		MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}},
	})
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"h1", "h2"}, {"h3"}, {"h4"}, {"h5"}}, waveNames(version))
	assert.Equal(t, 3, version.Fewest)
}
