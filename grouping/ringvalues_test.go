package grouping_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
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

	read := &grouping.Version{Rules: grouping.Rules{By: "rack"}, Waves: []grouping.Wave{{Name: "canary"}}}
	assert.Equal(t, "rack", read.RulesOf(0).By, "of a plan that was read, whose rings nobody knows")

	whole := planOf(t, inv, "by: rack\nversions: {app: all}\n").Versions[0]
	assert.Equal(t, "rack", whole.RulesOf(0).By)
	section, _ = whole.Values(inv.Host("us1"))
	assert.Equal(t, "a", section)
}
