package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// Diff returns what is different between an old plan and the plan now: versions that came, went, or changed their group or their place
// in the release order, and for each version the hosts that joined it, left it or changed their wave. Two waves are the same when they
// have the same name, and the order of hosts within a wave makes no difference. Plans without a difference give an empty text.
func Diff(old *Printed, now *grouping.Plan) []byte {
	var dst []byte
	before := old.plan
	was, is := versionsByName(before), versionsByName(now)
	for _, version := range before.Versions {
		if is[version.Name] == nil {
			dst = fmt.Appendf(dst, "%s is gone: %s\n", escape(version.Name), hostsInWaves(version))
		}
	}
	for _, version := range now.Versions {
		if old := was[version.Name]; old != nil {
			dst = appendChanges(dst, old, version)
		} else {
			dst = fmt.Appendf(dst, "%s is new: %s\n", escape(version.Name), hostsInWaves(version))
		}
	}
	return appendOrder(dst, commonNames(before, is), commonNames(now, was))
}

func versionsByName(plan *grouping.Plan) map[string]*grouping.Version {
	byName := make(map[string]*grouping.Version, len(plan.Versions))
	for _, version := range plan.Versions {
		byName[version.Name] = version
	}
	return byName
}

func appendChanges(dst []byte, before, now *grouping.Version) []byte {
	lines := changes(before, now)
	if before.Group != now.Group {
		lines = append([]string{fmt.Sprintf("group is %s, was %s", escape(now.Group), escape(before.Group))}, lines...)
	}
	if len(lines) == 0 {
		return dst
	}
	dst = fmt.Appendf(dst, "%s: %s", escape(now.Name), hostsInWaves(now))
	if was := hostsInWaves(before); was != hostsInWaves(now) {
		dst = fmt.Appendf(dst, ", was %s", was)
	}
	dst = append(dst, '\n')
	for _, line := range lines {
		dst = append(dst, "  "+line+"\n"...)
	}
	return dst
}

// changes returns a line for each wave whose hosts left the version, then one for each wave that hosts joined, and for each pair of
// waves between which hosts moved.
func changes(before, now *grouping.Version) []string {
	was, is := wavesOfHosts(before), wavesOfHosts(now)
	var found changeList
	for _, wave := range before.Waves {
		for _, host := range wave.Hosts {
			if _, stays := is[host.Name]; !stays {
				found.add("left "+escape(wave.Name), host.Name)
			}
		}
	}
	for _, wave := range now.Waves {
		for _, host := range wave.Hosts {
			switch old, known := was[host.Name]; {
			case !known:
				found.add("joined "+escape(wave.Name), host.Name)
			case old != wave.Name:
				found.add("moved from "+escape(old)+" to "+escape(wave.Name), host.Name)
			}
		}
	}
	return found.lines()
}

func wavesOfHosts(version *grouping.Version) map[string]string {
	waves := map[string]string{}
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			waves[host.Name] = wave.Name
		}
	}
	return waves
}

// changeList holds what happened and the names of the hosts to which it did, in order of first mention.
type changeList struct {
	events []string
	hosts  map[string][]string
}

func (l *changeList) add(event, host string) {
	if l.hosts == nil {
		l.hosts = map[string][]string{}
	}
	if len(l.hosts[event]) == 0 {
		l.events = append(l.events, event)
	}
	l.hosts[event] = append(l.hosts[event], host)
}

func (l *changeList) lines() []string {
	lines := make([]string, len(l.events))
	for i, event := range l.events {
		lines[i] = event + ": " + strings.Join(fold(l.hosts[event]), ", ")
	}
	return lines
}

// commonNames returns the names of the plan's versions that the other plan has too, in release order.
func commonNames(plan *grouping.Plan, other map[string]*grouping.Version) []string {
	var names []string
	for _, version := range plan.Versions {
		if other[version.Name] != nil {
			names = append(names, escape(version.Name))
		}
	}
	return names
}

func appendOrder(dst []byte, before, now []string) []byte {
	if slices.Equal(before, now) {
		return dst
	}
	return fmt.Appendf(dst, "order is %s, was %s\n", strings.Join(now, ", "), strings.Join(before, ", "))
}
