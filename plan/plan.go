// Package plan turns a plan into text: for people ([Table], [HTML], [SVG], [Mermaid], [Graph], [Explain], [Diff]), for
// programs ([JSON]) and for shell loops ([Waves]).
//
// Every function returns the whole text or an error, never a part. Nothing but names, numbers and the values of the
// variables that a policy names is ever shown, and characters that could mislead are shown escaped.
package plan

import (
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// countHosts returns how many hosts the version goes to.
func countHosts(version *grouping.Version) int {
	count := 0
	for _, wave := range version.Waves {
		count += len(wave.Hosts)
	}
	return count
}

// Summary returns how large a plan is, as in: 3 versions, 340 hosts, 14 waves. A host that is in several versions counts once.
func Summary(plan *grouping.Plan) string {
	hosts, waves := map[string]bool{}, 0
	for _, version := range plan.Versions {
		waves += len(version.Waves)
		for _, wave := range version.Waves {
			for _, host := range wave.Hosts {
				hosts[host.Name] = true
			}
		}
	}
	return shown.Count(len(plan.Versions), "version") + ", " + shown.Count(len(hosts), "host") + ", " + shown.Count(waves, "wave")
}

// percent returns how much of a count is done, rounded down, so that 100% means all; <1% means that something is.
func percent(done, count int) string {
	if count == 0 {
		return "100%"
	}
	share := done * 100 / count
	if share == 0 && done > 0 {
		return "<1%"
	}
	return fmt.Sprintf("%d%%", share)
}

// hostsInWaves returns how large a version is, as in: 12 hosts in 4 waves.
func hostsInWaves(version *grouping.Version) string {
	if len(version.Waves) == 0 {
		return "no hosts"
	}
	return shown.Count(countHosts(version), "host") + " in " + shown.Count(len(version.Waves), "wave")
}

// versionSummary is hostsInWaves, and behind it the least possible number of waves, if the version has more, and how many hosts have
// the version already.
func versionSummary(version *grouping.Version) string {
	have := len(version.LeftOut)
	if len(version.Waves) == 0 && have > 0 {
		return "nobody left, " + shown.Count(have, "host") + " " + shown.Has(have) + " it already"
	}
	text := hostsInWaves(version)
	if version.Fewest > 0 && version.Fewest < len(version.Waves) {
		text += fmt.Sprintf("; fewer than %d are not possible", version.Fewest)
	}
	if have > 0 {
		text += fmt.Sprintf(", %d %s it already", have, shown.Has(have))
	}
	return text
}

// notes returns what a plan says of a version besides its waves: of the hosts that have the version already, and of each part of its
// split.
func notes(version *grouping.Version) []note {
	var found []note
	if len(version.LeftOut) > 0 {
		found = append(found, note{"left out, for they have it already", version.LeftOut})
	}
	for _, part := range version.Parts {
		found = append(found, note{fmt.Sprintf("split %s, %d%%, group %s, %s", escape(part.Name), part.Percent,
			escape(part.Group), shown.Count(len(part.Hosts), "host")), part.Hosts})
	}
	return found
}

// note is a text and the hosts of which it speaks.
type note struct {
	text  string
	hosts []*inventory.Host
}

// nameWave returns the wave's name, and that of its ring behind it if it has one: b2 · eu.
func nameWave(wave grouping.Wave) string {
	if wave.Ring == "" {
		return escape(wave.Name)
	}
	return escape(wave.Name) + " · " + escape(wave.Ring)
}

// hasRings tells whether any wave is of a ring.
func hasRings(version *grouping.Version) bool {
	return slices.ContainsFunc(version.Waves, func(wave grouping.Wave) bool { return wave.Ring != "" })
}
