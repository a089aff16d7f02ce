package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Apply returns the plan as it is while the recorded releases are under way: a version with a record is as [Record.Apply]
// returns it. plan is the policy's plan of today, made with the stems of the records, see [grouping.Policy.Plan]; policy is
// the name of the policy's file without its folder.
//
// warnings name the records of versions that the policy does not have. The errors, all at once, are records that do not belong
// to the version whose groups they have.
func Apply(plan *grouping.Plan, policy string, records []*Stored) (applied *grouping.Plan, warnings []string, err error) {
	var faults inventory.Errors
	byStem, byName := map[string]int{}, map[string]int{}
	for i, version := range plan.Versions {
		byStem[version.Group], byName[version.Name] = i, i
	}
	made := &grouping.Plan{Versions: slices.Clone(plan.Versions)}
	for _, record := range records {
		wrong := func(format string, args ...any) {
			faults = append(faults, &inventory.Error{Kind: inventory.RecordError, File: record.File, Message: fmt.Sprintf(format, args...)})
		}
		same, found := byStem[record.Stem]
		named, known := byName[record.Version]
		switch {
		case found && plan.Versions[same].Name != record.Version:
			wrong("a release of %s is under way with the groups %s_*, which in the policy are those of version %s: give that one "+
				"another group, or end the release with --end %s", show(record.Version), record.Stem,
				show(plan.Versions[same].Name), show(record.Version))
		case found && record.Policy != policy:
			wrong("a release of %s is under way that was begun with the policy %s, not with %s: give each policy a record folder of "+
				"its own (record: .regal-staging), or the policy its old name", show(record.Version), show(record.Policy), show(policy))
		case found && record.isForeign(plan.Versions[same]):
			wrong("a release of %s is under way since %s, and the version has none of its hosts any more: if this is the record of "+
				"another inventory, give the policy a record folder of its own (record: .regal-staging); if all hosts were replaced, "+
				"end the release with --end %s", show(record.Version), record.Begun.At.Format(time.RFC3339), show(record.Version))
		case found:
			made.Versions[same] = record.Apply(plan.Versions[same])
		case record.Policy != policy:
		case known:
			wrong("a release of %s is under way with the groups %s_*, and the policy now calls them %s_*: write group: %s until it "+
				"is done, or end the release with --end %s", show(record.Version), record.Stem, plan.Versions[named].Group,
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

// isForeign tells whether the version has none of the hosts of the record.
func (r *Record) isForeign(version *grouping.Version) bool {
	within := hostsOf(version)
	for _, wave := range r.Waves {
		if slices.ContainsFunc(wave.everybody(), func(name string) bool { return within[name] != nil }) {
			return false
		}
	}
	return true
}

// hostsOf returns the hosts of the version by name, those too that have it already.
func hostsOf(version *grouping.Version) map[string]*inventory.Host {
	within := map[string]*inventory.Host{}
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			within[host.Name] = host
		}
	}
	for _, host := range version.LeftOut {
		within[host.Name] = host
	}
	return within
}

// Apply returns the version, which is one of the policy's plan of today, as its record has it: with the recorded waves, without
// the hosts that the version has not any more, and after them the version's hosts that are in none of them, see
// [grouping.Version.Resumed] and [grouping.Progress].
func (r *Record) Apply(version *grouping.Version) *grouping.Version {
	within := hostsOf(version)
	progress := &grouping.Progress{
		Begun: r.Begun.At, By: r.Begun.By(), Recorded: len(r.Waves), RulesChanged: r.Rules != version.Digest(),
	}
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
			if host := within[name]; host != nil {
				made.Hosts = append(made.Hosts, host)
			}
		}
		waves[i] = made
	}
	noted := map[string]bool{}
	for _, wave := range r.Waves {
		for _, name := range wave.everybody() {
			if within[name] == nil && !noted[name] {
				noted[name] = true
				progress.Left = append(progress.Left, name)
			}
		}
	}
	applied := version.Resumed(waves)
	applied.Progress = progress
	return applied
}
