package grouping_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// TestRiskDoubles pins the sizes that the design names for a risk of 3, and what fewer and more than that gives.
func TestRiskDoubles(t *testing.T) {
	for _, test := range []struct {
		risk  float64
		hosts int
		sizes []int
	}{
		{3, 340, []int{1, 3, 5, 10, 20, 40, 80, 160, 21}},
		{1, 40, []int{1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 7, 9, 3}},
		{0.001, 4, []int{1, 1, 1, 1}},
		{1.9, 4, []int{1, 2, 1}}, // two times 0.95, the share that one host leaves open
		{1e9, 4, []int{1, 3}},
	} {
		version, err := grouping.NewVersion(fleetOf("rack", make([]string, test.hosts)...), "app", []string{"all"},
			grouping.Rules{Risk: test.risk})
		require.NoError(t, err)
		var sizes []int
		for _, wave := range version.Waves {
			sizes = append(sizes, len(wave.Hosts))
		}
		require.Equal(t, test.sizes, sizes, "risk %v", test.risk)
	}
}

// TestRiskKnowsEarlierSections has a section that begins when hosts of another are released: its first wave is no canary.
func TestRiskKnowsEarlierSections(t *testing.T) {
	version, err := grouping.NewVersion(fleetOf("zone", "a", "b", "b", "b", "b", "b", "b", "b", "b", "b", "b"), "app", []string{"all"},
		grouping.Rules{Risk: 3, By: "zone"})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"h1"}, {"h2", "h3", "h4"}, {"h5", "h6", "h7", "h8", "h9"}, {"h10", "h11"}}, waveNames(version))
}

// TestRiskUnderLists has a wave that a list keeps small, and after it one that would be as large as if that wave were full: it may
// not, with fewer hosts released than the sizes take for granted.
func TestRiskUnderLists(t *testing.T) {
	for _, test := range []struct {
		lists []string
		want  string
	}{
		{[]string{"a", "a b c", "a", "b", "c", "a"}, "h1|h2|h3 h4|h5 h6"},
		{[]string{"a", "a b c d e", "a b c d e", "a b c d e", "a", "b", "c", "d", "e", "a"}, "h1|h2|h3|h4|h5 h6 h7|h8 h9 h10"},
	} {
		var names []string
		for i := range test.lists {
			names = append(names, fmt.Sprintf("h%d", i+1))
		}
		inv := inventoryOf(names...)
		for i, host := range inv.Hosts() {
			host.Vars.Set("pools", valueOf(`["`+strings.ReplaceAll(test.lists[i], " ", `", "`)+`"]`))
		}
		version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
			Risk: 2, MaxPer: []grouping.Limit{{Variable: "pools", Hosts: 1}},
		})
		require.NoError(t, err)
		var waves []string
		for _, wave := range waveNames(version) {
			waves = append(waves, hostsOf(wave))
		}
		require.Equal(t, test.want, strings.Join(waves, "|"))
	}
}

// TestUnseen draws fleets in which a share of the hosts is faulty that is just above what is said to be the most after n
// hosts without a fault: no more than one in twenty of them may show none in n.
func TestUnseen(t *testing.T) {
	const fleets = 40_000
	random := rand.New(rand.NewPCG(18, 5))
	for _, hosts := range []int{1, 2, 4, 9, 19, 39, 79} {
		t.Run(fmt.Sprint(hosts), func(t *testing.T) {
			share := grouping.Unseen(hosts)
			unseen := 0
			for range fleets {
				well := true
				for range hosts {
					well = well && random.Float64() >= share
				}
				if well {
					unseen++
				}
			}
			// Four times the standard deviation, 0.0011, of what comes out at 0.05.
			require.InDelta(t, 0.05, float64(unseen)/fleets, 0.0044)
		})
	}
	require.Equal(t, 1.0, grouping.Unseen(0))
	require.Equal(t, 0.95, grouping.Unseen(1))
}
