package release

import (
	"fmt"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Apply returns the plan as it is while the recorded releases are under way: a version with a record has its waves, without
// the hosts that are not among the version's any more, and after them the version's hosts that are in none of them, see
// [grouping.Version.Resumed] and [grouping.Progress]. policy is the name of the policy's file without its folder.
//
// warnings name the records of versions that the policy does not have. The errors, all at once, are records that do not belong
// to the version whose groups they have.
func Apply(plan *grouping.Plan, policy string, records []*Stored) (applied *grouping.Plan, warnings []string, err error) {
	var faults inventory.Errors
	byStem, byName := map[string]int{}, map[string]int{}
	for i, version := range plan.Versions {
		byStem[version.Group], byName[version.Name] = i, i
	}
	made := &grouping.Plan{Versions: append([]*grouping.Version(nil), plan.Versions...)}
	for _, record := range records {
		if !record.Ended.At.IsZero() {
			continue
		}
		wrong := func(format string, args ...any) {
			faults = append(faults, &inventory.Error{File: record.File, Message: fmt.Sprintf(format, args...)})
		}
		same, found := byStem[record.Stem]
		named, known := byName[record.Version]
		switch {
		case found && made.Versions[same].Name != record.Version:
			wrong("a release of %s is under way with the groups %s_*, which in the policy are those of version %s: give that one "+
				"another group, or end the release with --end %s", show(record.Version), record.Stem,
				show(made.Versions[same].Name), show(record.Version))
		case found && record.Policy != policy:
			wrong("a release of %s is under way that was begun with the policy %s, not with %s: give each policy a record folder of "+
				"its own (record: .regal-staging), or the policy its old name", show(record.Version), show(record.Policy), show(policy))
		case found:
			made.Versions[same] = record.apply(made.Versions[same])
		case record.Policy != policy:
		case known:
			wrong("a release of %s is under way with the groups %s_*, and the policy now calls them %s_*: write group: %s until it "+
				"is done, or end the release with --end %s", show(record.Version), record.Stem, made.Versions[named].Group,
				record.Stem, show(record.Version))
		default:
			warnings = append(warnings, fmt.Sprintf("a release of %s is under way since %s (%s), and there is no such version any more: "+
				"put it back into the policy, or end the release with --end %s", show(record.Version),
				record.Begun.At.Format(time.RFC3339), record.File, show(record.Version)))
		}
	}
	if len(faults) > 0 {
		return nil, nil, faults
	}
	return made, warnings, nil
}

// apply returns the version as its record has it.
func (r *Record) apply(version *grouping.Version) *grouping.Version {
	within := map[string]*inventory.Host{}
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			within[host.Name] = host
		}
	}
	for _, host := range version.LeftOut {
		within[host.Name] = host
	}
	progress := &grouping.Progress{
		Begun: r.Begun.At, By: r.Begun.By(), Recorded: len(r.Waves), RulesChanged: r.Rules != version.Digest(),
	}
	placed := map[string]bool{}
	gone := map[string]bool{}
	waves := make([]grouping.Wave, len(r.Waves))
	for i, wave := range r.Waves {
		if !wave.Joined {
			progress.Planned++
		}
		if !wave.Done.IsZero() {
			progress.Done = append(progress.Done, wave.Done)
			progress.Released += len(wave.Hosts)
		}
		made := grouping.Wave{Name: wave.Name, Group: r.Stem + "_" + wave.Name, Ring: wave.Ring, Size: len(wave.Hosts)}
		for _, name := range wave.Hosts {
			placed[name] = true
			if host := within[name]; host != nil {
				made.Hosts = append(made.Hosts, host)
			}
		}
		waves[i] = made
	}
	for _, wave := range r.Waves {
		for _, list := range [][]string{wave.Hosts, wave.Left} {
			for _, name := range list {
				if within[name] == nil && !gone[name] {
					gone[name] = true
					progress.Left = append(progress.Left, name)
				}
			}
		}
	}
	applied := version.Resumed(waves)
	applied.Progress = progress
	return applied
}

// Resuming says where a release under way goes on, and what has happened to its hosts:
// resuming app-v1 at b2: 3 of 8 hosts done; web1 has left; web00 comes last.
func Resuming(version *grouping.Version) string {
	progress := version.Progress
	text := "resuming " + show(version.Name)
	if next := version.Next(); next < len(version.Waves) {
		text += " at " + version.Waves[next].Name
	} else {
		text += " at its end"
	}
	text += fmt.Sprintf(": %d of %d hosts done", progress.Released, progress.Released+version.CountRemaining())
	if left := len(progress.Left); left > 0 {
		text += fmt.Sprintf("; %s %s left", nameHosts(progress.Left), hasOrHave(left))
	}
	var joined []string
	for _, wave := range version.Waves[progress.Recorded:] {
		joined = append(joined, names(wave.Hosts)...)
	}
	if len(joined) == 1 {
		text += fmt.Sprintf("; %s comes last", show(joined[0]))
	} else if len(joined) > 1 {
		text += fmt.Sprintf("; %s come last", nameHosts(joined))
	}
	if progress.RulesChanged {
		text += "; the policy's rules have changed since it began, and count for hosts that joined"
	}
	return text
}
