package grouping_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// placements returns where each host of the version is, and why.
func placements(version *grouping.Version) map[string]grouping.Placement {
	made := map[string]grouping.Placement{}
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			made[host.Name], _ = version.Placement(host)
		}
	}
	return made
}

// TestResumed has a release under way go on over a fleet that has grown: the recorded waves come first, as they are, and hosts that
// are in none of them come behind, in waves whose names, sizes and sections go on.
func TestResumed(t *testing.T) {
	t.Parallel()
	inv := inventoryOf(strings.Fields("h1 h2 h3 h4 h5 h6 h7 old1 old2")...)
	for i, host := range inv.Hosts() {
		host.Vars.Set("has", valueOf(`"`+strings.Fields("- - - - - - - app app")[i]+`"`))
		host.Vars.Set("zone", valueOf(`"`+strings.Fields("b a b a b a b a b")[i]+`"`))
	}
	recorded := func(ring string, waves ...string) []grouping.Wave {
		var made []grouping.Wave
		for i, hosts := range waves {
			name := []string{"canary", "b1", "b2"}[i]
			wave := grouping.Wave{Name: name, Group: "app_" + name, Ring: ring, Size: 1}
			for _, host := range strings.Fields(hosts) {
				wave.Hosts = append(wave.Hosts, inv.Host(host))
			}
			made = append(made, wave)
		}
		return made
	}
	ring := func(name string, hosts ...string) grouping.Ring {
		return grouping.Ring{Name: name, Target: hosts, Rules: grouping.Rules{Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(3)}}}
	}
	for name, test := range map[string]struct {
		rules   grouping.Rules
		waves   []grouping.Wave
		want    string
		rings   string
		sizes   []int
		leftOut string
	}{
		"batches go on": {grouping.Rules{Combine: []grouping.Size{grouping.Count(1), grouping.Count(2)}}, recorded("", "h3", "", "h1"),
			"canary: h3; b1: ; b2: h1; b3: h2 h4; b4: h5 h6; b5: h7 old1; b6: old2", "", []int{1, 1, 1, 2, 2, 2, 2}, ""},
		"nothing recorded": {grouping.Rules{Schedule: grouping.Count(4), Combine: []grouping.Size{grouping.Count(9)}}, nil,
			"canary: h1 h2 h3 h4; b1: h5 h6 h7 old1 old2", "", []int{4, 9}, ""},
		"risk knows the hosts released": {grouping.Rules{Risk: 3}, recorded("", "h1", "h2 h3"),
			"canary: h1; b1: h2 h3; b2: h4 h5 h6 h7; b3: old1 old2", "", []int{1, 1, 4, 8}, ""},
		"by cuts those who joined": {grouping.Rules{By: "zone", Combine: []grouping.Size{grouping.Count(9)}}, recorded("", "h1", "h2"),
			"canary: h1; b1: h2; b2: h3 h5 h7 old2; b3: h4 h6 old1", "", []int{1, 1, 9, 9}, ""},
		"a limit": {grouping.Rules{MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}}, Combine: []grouping.Size{grouping.Count(3)}},
			recorded("", "h1", "h2"), "canary: h1; b1: h2; b2: h3 h4; b3: h5 h6; b4: h7 old1; b5: old2", "", []int{1, 1, 3, 3, 3, 3}, ""},
		"who has the version": {grouping.Rules{Done: &grouping.Done{Variable: "has"}, Combine: []grouping.Size{grouping.Count(9)}},
			recorded("", "h1", "old1"), "canary: h1; b1: old1; b2: h2 h3 h4 h5 h6 h7", "", []int{1, 1, 9}, "old2"},
		"risk knows the hosts of the rings before": {grouping.Rules{Rings: []grouping.Ring{
			{Name: "eu", Target: []string{"h1", "h2", "h3"}, Rules: grouping.Rules{Risk: 3}},
			{Name: "us", Target: []string{"h4", "h5", "h6", "h7"}, Rules: grouping.Rules{Risk: 3}},
		}}, recorded("eu", "h1"), "canary: h1; b1: h2 h3; b2: h4; b3: h5 h6 h7", "eu eu us us", []int{1, 3, 1, 5}, ""},
		"rings": {grouping.Rules{Rings: []grouping.Ring{ring("eu", "h1", "h2", "h3"), ring("us", "h4", "h5", "h6", "h7")}}, recorded("eu", "h1", "h2"),
			"canary: h1; b1: h2; b2: h3; b3: h4 h5; b4: h6 h7", "eu eu eu us us", []int{1, 1, 3, 2, 3}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := []string{"all"}
			if test.rules.Rings != nil {
				target = nil
			}
			version, err := grouping.NewVersion(inv, "app", target, test.rules)
			require.NoError(t, err)
			before, placed := waveNames(version), placements(version)
			resumed := version.Resumed(test.waves)
			var waves, rings []string
			var sizes []int
			for _, wave := range resumed.Waves {
				waves = append(waves, wave.Name+": "+hostsOf(names(wave.Hosts)))
				assert.Equal(t, "app_"+wave.Name, wave.Group)
				rings, sizes = append(rings, wave.Ring), append(sizes, wave.Size)
			}
			assert.Equal(t, test.want, strings.Join(waves, "; "))
			assert.Equal(t, test.rings, strings.TrimSpace(strings.Join(rings, " ")))
			assert.Equal(t, test.sizes, sizes)
			assert.Equal(t, test.leftOut, hostsOf(names(resumed.LeftOut)))
			assert.Equal(t, len(resumed.Waves), resumed.Fewest)
			assert.Equal(t, []any{version.Name, version.Group, version.Rules, version.Parts, version.Digest()},
				[]any{resumed.Name, resumed.Group, resumed.Rules, resumed.Parts, resumed.Digest()})
			assert.Equal(t, before, waveNames(version), "the version itself stays")
			assert.Equal(t, placed, placements(version), "and so does what put its hosts into their waves")
			for i, wave := range resumed.Waves {
				for j, host := range wave.Hosts {
					placement, found := resumed.Placement(host)
					require.True(t, found)
					assert.Equal(t, []int{i, j + 1}, []int{placement.Wave, placement.Position})
					assert.False(t, placement.Chosen)
					assert.Empty(t, placement.HeldBack)
				}
			}
		})
	}
}

// TestResumedKeepsReasons asks a version, after a release of it went on, why its hosts are where they are: the places of those who
// joined are counted anew, and the version's own stay.
func TestResumedKeepsReasons(t *testing.T) {
	t.Parallel()
	inv := fleetOf("rack", "a", "a", "a", "b", "b", "b")
	version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
		Combine: []grouping.Size{grouping.Count(2)}, MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}},
	})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"h1"}, {"h2", "h4"}, {"h3", "h5"}, {"h6"}}, waveNames(version))
	before := placements(version)
	require.Len(t, before["h3"].HeldBack, 1)
	require.Empty(t, before["h5"].HeldBack)
	version.Resumed(version.Waves[:2])
	assert.Equal(t, before, placements(version))
}
