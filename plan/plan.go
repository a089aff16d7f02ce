// Package plan turns a plan into text: for people ([Table], [HTML], [SVG], [Mermaid], [Graph], [Explain], [Diff]), for
// programs ([JSON]) and for shell loops ([Waves]).
//
// Every function returns the whole text or an error, never a part. Nothing but names, numbers and the values of the
// variables that a policy names is ever shown, and characters that could mislead are shown escaped.
package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// countHosts returns how many hosts the version goes to.
func countHosts(version *grouping.Version) int {
	count := 0
	for _, wave := range version.Waves {
		count += len(wave.Hosts)
	}
	return count
}

// percent returns how much of a count is done, rounded down, so that only all is 100%.
func percent(done, count int) string {
	if count == 0 { // all hosts of a release under way have left
		return "100%"
	}
	share := done * 100 / count
	if share == 0 && done > 0 {
		return "<1%"
	}
	return fmt.Sprintf("%d%%", share)
}

// number returns a count and the word for what it counts: 1 host, 2 hosts.
func number(count int, word string) string {
	if count == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", count, word)
}

// hostsInWaves says how large a version is: 12 hosts in 4 waves.
func hostsInWaves(version *grouping.Version) string {
	if len(version.Waves) == 0 {
		return "no hosts"
	}
	return number(countHosts(version), "host") + " in " + number(len(version.Waves), "wave")
}

// quote returns a name for a message.
func quote(name string) string { return string(appendString(nil, name)) }
