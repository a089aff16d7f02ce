package grouping_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// TestProgress asks a release under way, of which the first waves are done, what is left of it.
func TestProgress(t *testing.T) {
	t.Parallel()
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5")
	wave := func(hosts string) grouping.Wave {
		made := grouping.Wave{}
		for _, name := range strings.Fields(hosts) {
			made.Hosts = append(made.Hosts, inv.Host(name))
		}
		return made
	}
	now := time.Now()
	for name, test := range map[string]struct {
		waves              string // the hosts of each
		progress           *grouping.Progress
		next, remaining    int
		count              int
		joined, unrecorded string
	}{
		"none under way":          {"h1|h2 h3", nil, 0, 2, 3, "", ""},
		"none under way, no host": {"", nil, 1, 1, 0, "", ""},
		"begun":                   {"h1|h2 h3", &grouping.Progress{Planned: 2, Recorded: 2}, 0, 2, 3, "", ""},
		"canary done":             {"h1|h2 h3", &grouping.Progress{Done: []time.Time{now}, Planned: 2, Recorded: 2}, 1, 1, 2, "", ""},
		"the next is empty":       {"h1||h2 h3", &grouping.Progress{Done: []time.Time{now}, Planned: 3, Recorded: 3}, 2, 2, 2, "", ""},
		"all after it are empty":  {"h1||", &grouping.Progress{Done: []time.Time{now}, Planned: 3, Recorded: 3}, 3, 2, 0, "", ""},
		"hosts joined":            {"h1|h2|h3|h4 h5", &grouping.Progress{Done: []time.Time{now}, Planned: 2, Recorded: 3}, 1, 3, 4, "h3 h4 h5", "h4 h5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			version := &grouping.Version{Progress: test.progress}
			for _, hosts := range strings.Split(test.waves, "|") {
				version.Waves = append(version.Waves, wave(hosts))
			}
			assert.Equal(t, test.next, version.Next(), "next")
			assert.Len(t, version.Remaining(), test.remaining)
			assert.Equal(t, test.count, version.CountRemaining())
			assert.Equal(t, test.joined, hostsOf(version.Joined()))
			assert.Equal(t, test.unrecorded, hostsOf(version.Unrecorded()))
		})
	}
}
