package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Explain returns for each version that the host of that name is in: its wave, its place there, how many hosts are released when that
// wave is done, and then, a line each, the rules that put it there. For a name that is in no version, whether the inventory has it or
// not, it returns one line that says so.
func Explain(plan *grouping.Plan, host string) []byte {
	var dst []byte
	for _, version := range plan.Versions {
		if found := findHost(version, host); found != nil {
			dst = appendPlacement(dst, version, found)
		} else if has(version.LeftOut, host) {
			dst = fmt.Appendf(dst, "%s: left out, for it has it already\n", escape(version.Name))
			dst = appendShare(dst, version, host)
		} else if version.Progress != nil && slices.Contains(version.Progress.Left, host) {
			dst = fmt.Appendf(dst, "%s: it has left since the release began\n", escape(version.Name))
		}
	}
	if dst == nil {
		dst = fmt.Appendf(dst, "%s is in no version\n", escape(host))
	}
	return dst
}

func findHost(version *grouping.Version, name string) *inventory.Host {
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			if host.Name == name {
				return host
			}
		}
	}
	return nil
}

func appendPlacement(dst []byte, version *grouping.Version, host *inventory.Host) []byte {
	placement, _ := version.Placement(host)
	wave, count := version.Waves[placement.Wave], countHosts(version)
	dst = fmt.Appendf(dst, "%s: wave %s (%s), host %d of %d; released when it is done: %d of %s (%s)\n",
		escape(version.Name), escape(wave.Name), escape(wave.Group), placement.Position, len(wave.Hosts),
		placement.Total, shown.Count(count, "host"), percent(placement.Total, count))
	for _, reason := range reasons(version, placement) {
		dst = append(dst, "  "+reason+"\n"...)
	}
	if before := placement.Total - len(wave.Hosts); version.RulesOf(placement.Wave).Risk > 0 {
		dst = fmt.Appendf(dst, "  unseen: before it a fault in up to %s %% of hosts may go unseen\n", roundUp(before))
	}
	return appendShare(dst, version, host.Name)
}

func has(hosts []*inventory.Host, name string) bool {
	return slices.ContainsFunc(hosts, func(host *inventory.Host) bool { return host.Name == name })
}

// appendShare appends which part of the version's split the host is in.
func appendShare(dst []byte, version *grouping.Version, host string) []byte {
	for _, part := range version.Parts {
		if has(part.Hosts, host) {
			dst = fmt.Appendf(dst, "  split: the hash of its name puts it into %s, %d%% of all (%s)\n", escape(part.Name),
				part.Percent, escape(part.Group))
		}
	}
	return dst
}

// reasons returns a sentence for each rule that had a part in the placement, in the order in which they act.
func reasons(version *grouping.Version, placement grouping.Placement) []string {
	if place := recorded(version, placement); place != "" {
		return []string{place}
	}
	rules, wave := version.RulesOf(placement.Wave), version.Waves[placement.Wave]
	var found []string
	if wave.Ring != "" {
		found = append(found, "ring: it is in "+escape(wave.Ring))
	}
	if placement.Chosen {
		return append(found, "the policy's canary names it")
	}
	if len(placement.Stands) > 0 {
		found = append(found, "cover: the first wave needs it for "+escape(strings.Join(placement.Stands, ", ")))
	}
	if rules.Order == grouping.Shuffle {
		found = append(found, fmt.Sprintf("order: the hosts are shuffled by the seed %s", quote(rules.Seed)))
	} else if rules.Order != "" {
		found = append(found, fmt.Sprintf("order: the hosts come in the order %s", rules.Order))
	}
	if rules.By != "" && oneSection(version, wave) {
		found = append(found, fmt.Sprintf("by: it is released with the hosts of %s=%s, and no wave has hosts of two values",
			escape(rules.By), escape(placement.Section)))
	}
	if len(placement.Share) > 0 {
		found = append(found, fmt.Sprintf("spread: it stands for %s, which every wave has in its share of the whole",
			assignments(rules.Spread, placement.Share)))
	}
	found = append(found, heldBack(version, placement.HeldBack)...)
	return append(found, sizeReason(version, placement.Wave))
}

// oneSection tells whether the wave has hosts of one value of by; a first wave that cover asks for may have more.
func oneSection(version *grouping.Version, wave grouping.Wave) bool {
	first, _ := version.Values(wave.Hosts[0])
	for _, host := range wave.Hosts {
		if section, _ := version.Values(host); section != first {
			return false
		}
	}
	return true
}

// sizeReason returns what made the wave as large as it is: the size that the policy gives it, or limits that kept it smaller.
func sizeReason(version *grouping.Version, index int) string {
	wave, rules := version.Waves[index], version.RulesOf(index)
	key := "combine"
	switch {
	case index == 0 || version.Waves[index-1].Ring != wave.Ring:
		key = "schedule"
	case rules.Risk > 0:
		key = fmt.Sprintf("combine: for a risk of %v", rules.Risk)
	}
	if len(wave.Hosts) == wave.Size || len(rules.MaxPer) == 0 || isLastOfSection(version, index) {
		return fmt.Sprintf("%s: %s takes at most %s", key, escape(wave.Name), shown.Count(wave.Size, "host"))
	}
	return fmt.Sprintf("max_per: %s has %s and not %d, the most by %s, because of the limit on %s", escape(wave.Name),
		shown.Count(len(wave.Hosts), "host"), wave.Size, key, strings.Join(limiting(version, index), " and "))
}

// limiting returns the variables of those limits that kept hosts of the next wave out of this one. Where no single limit did, it returns
// the variables of all.
func limiting(version *grouping.Version, index int) []string {
	var variables []string
	const enough = 100 // hosts; each costs a walk over the waves before it
	hosts := version.Waves[index+1].Hosts
	for _, host := range hosts[:min(len(hosts), enough)] {
		placement, _ := version.Placement(host)
		for _, passed := range placement.HeldBack {
			variable := escape(passed.Variable)
			if passed.Wave == index && !passed.Yielded && !slices.Contains(variables, variable) {
				variables = append(variables, variable)
			}
		}
	}
	if len(variables) > 0 {
		return variables
	}
	for _, limit := range version.RulesOf(index).MaxPer {
		variables = append(variables, escape(limit.Variable))
	}
	return variables
}

// isLastOfSection tells whether no host was left for the wave to take: the next one is of another ring, or of another value of by.
func isLastOfSection(version *grouping.Version, index int) bool {
	if index+1 == len(version.Waves) || version.Waves[index+1].Ring != version.Waves[index].Ring {
		return true
	}
	section, _ := version.Values(version.Waves[index].Hosts[0])
	next, _ := version.Values(version.Waves[index+1].Hosts[0])
	return section != next
}

// assignments joins variables and values: rack=7, zone=a.
func assignments(variables, values []string) string {
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = escape(variables[i]) + "=" + escape(value)
	}
	return strings.Join(parts, ", ")
}

// heldBack returns a sentence for each run of waves that passed the host over for the same reason.
func heldBack(version *grouping.Version, passed []grouping.HeldBack) []string {
	var found []string
	for len(passed) > 0 {
		same := 1
		for same < len(passed) && sameReason(passed[0], passed[same]) {
			same++
		}
		names := make([]string, same)
		for i, one := range passed[:same] {
			names[i] = version.Waves[one.Wave].Name
		}
		found = append(found, heldBackReason(passed[0], names))
		passed = passed[same:]
	}
	return found
}

func sameReason(a, b grouping.HeldBack) bool {
	a.Wave, b.Wave = 0, 0
	return a == b
}

func heldBackReason(why grouping.HeldBack, waves []string) string {
	value := escape(why.Variable) + "=" + escape(why.Value)
	from := strings.Join(fold(waves), ", ")
	if why.Yielded && why.Variable == "" {
		return fmt.Sprintf("gave way in %s to hosts without which the release would need more waves, or the first wave "+
			"would lack a value of cover", from)
	}
	if why.Yielded {
		return fmt.Sprintf("gave way in %s to hosts with %s: so many of them are left that, at %d in a wave, "+
			"they would need one wave more", from, value, why.Limit)
	}
	each := ""
	if len(waves) > 1 {
		each = " in each"
	}
	return fmt.Sprintf("held back from %s: %s already had %d%s", from, value, why.Limit, each)
}
