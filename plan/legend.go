package plan

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// distinctColors is the number of colours that people tell apart; the values after that many share the colour otherColor.
const (
	distinctColors = 10
	otherColor     = distinctColors
)

// legend gives the hosts of a version their colours in a picture, by their values of the variables in `spread`, or else in `by`.
type legend struct {
	variables []string
	values    []string // in order of first release; the colour of each is its index, up to otherColor
	valueOf   map[*inventory.Host]string
	colorOf   map[string]int
}

func newLegend(version *grouping.Version) legend {
	made := legend{}
	// Rings have rules of their own; the first that sorts its hosts names the variables.
	for i := 0; i < len(version.Waves) && len(made.variables) == 0; i++ {
		rules := version.RulesOf(i)
		made.variables = rules.Spread
		if len(made.variables) == 0 && rules.By != "" {
			made.variables = []string{rules.By}
		}
	}
	if len(made.variables) == 0 {
		return made
	}
	made.valueOf, made.colorOf = map[*inventory.Host]string{}, map[string]int{}
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			value := decidingValue(version, host)
			made.valueOf[host] = value
			if _, known := made.colorOf[value]; !known {
				made.colorOf[value] = min(len(made.values), otherColor)
				made.values = append(made.values, value)
			}
		}
	}
	return made
}

// decidingValue returns the value that gives a host its colour; with several variables in `spread`, theirs: a / eu.
func decidingValue(version *grouping.Version, host *inventory.Host) string {
	section, share := version.Values(host)
	if len(share) > 0 {
		return strings.Join(share, " / ")
	}
	return section
}

// name returns the names of the variables, as they stand above the values: rack, or rack / zone.
func (l legend) name() string { return strings.Join(l.variables, " / ") }

// color returns the number of the host's colour, and false where the policy names no variable.
func (l legend) color(host *inventory.Host) (int, bool) {
	if len(l.variables) == 0 {
		return 0, false
	}
	return l.colorOf[l.valueOf[host]], true
}

// mix returns how many of the hosts have each value, in the order of the legend: "a × 2", "b × 1".
func (l legend) mix(hosts []*inventory.Host) []string {
	counts := map[string]int{}
	for _, host := range hosts {
		counts[l.valueOf[host]]++
	}
	var parts []string
	for _, value := range l.values {
		if counts[value] > 0 {
			parts = append(parts, fmt.Sprintf("%s × %d", escape(value), counts[value]))
		}
	}
	return parts
}
