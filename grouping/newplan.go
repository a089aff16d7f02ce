package grouping

import (
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// NewPlan puts versions of the inventory into release order and makes a plan of them: for programs that have no policy file
// and make versions with [NewVersion]. The versions that the first entry of priority names come first, in the order given,
// then those of the next, and then all others; an entry is a version's name, or else a shell-style glob as Python's fnmatch
// takes it. All that is wrong comes at once, as [inventory.Errors] without a place: groups of two versions with one name, a
// group or a host of the inventory that has the name of one or could be taken for it, an entry of priority that names no
// version.
func NewPlan(inv *inventory.Inventory, versions []*Version, priority ...string) (*Plan, error) {
	drafts := make([]draft, len(versions))
	names := make([]string, len(versions))
	var errors inventory.Errors
	seen := map[string]bool{}
	for i, version := range versions {
		drafts[i] = draft{name: version.Name, stem: version.Group, rules: version.Rules}
		if seen[version.Name] {
			errors = append(errors, &inventory.Error{Kind: inventory.PolicyError,
				Message: "version " + show(version.Name) + ": there is another version of this name"})
		}
		names[i], seen[version.Name] = version.Name, true
	}
	for _, found := range [][][]fault{clashes(drafts), takenFaults(inv, drafts)} {
		for i, faults := range found {
			for _, one := range faults {
				errors = append(errors, &inventory.Error{Kind: inventory.PolicyError, Message: "version " + show(names[i]) + ": " + one.message})
			}
		}
	}
	_, missing := releaseOrder(names, priority)
	for _, at := range missing {
		errors = append(errors, &inventory.Error{Kind: inventory.PolicyError, Message: "priority: " + noVersion(priority[at], names)})
	}
	if len(errors) > 0 {
		return nil, errors
	}
	return &Plan{Versions: inReleaseOrder(versions, priority)}, nil
}

func inReleaseOrder(versions []*Version, priority []string) []*Version {
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.Name
	}
	order, _ := releaseOrder(names, priority)
	released := make([]*Version, len(versions))
	for i, at := range order {
		released[i] = versions[at]
	}
	return released
}

// clashes finds, for each version, groups of it that have the names of an earlier version's.
func clashes(versions []draft) [][]fault {
	found := make([][]fault, len(versions))
	wrong := func(i int, format string, args ...any) {
		found[i] = append(found[i], fault{key: "group", message: fmt.Sprintf(format, args...) +
			": give one of them another group"})
	}
	byStem, byName := map[string]string{}, map[string]string{}
	for i, version := range versions {
		group := stem(version.stem, version.name)
		if other, clash := byStem[group]; clash {
			wrong(i, "the groups would be named %s_..., as those of version %s are", group, show(other))
			continue
		}
		if group == "" {
			continue
		}
		byStem[group] = version.name
		for name := range version.ownGroups() {
			if other, clash := byName[name]; clash {
				wrong(i, "the group %s would be there twice, for version %s too", name, show(other))
			}
			byName[name] = version.name
		}
	}
	for i, version := range versions {
		for _, name := range sortedKeys(version.ownGroups()) {
			if other, clash := byStem[stemOf(name)]; clash && other != version.name {
				wrong(i, "the group %s is one that version %s has or may get", name, show(other))
			}
		}
	}
	return found
}

// takenFaults finds, for each version, groups that the inventory has already.
func takenFaults(inv *inventory.Inventory, versions []draft) [][]fault {
	found := make([][]fault, len(versions))
	others := map[string]string{}
	for _, version := range versions {
		for name, what := range version.ownGroups() {
			others[name] = what
		}
	}
	byStem, byName := taken(inv, others)
	for i, version := range versions {
		group := stem(version.stem, version.name)
		names := []string{}
		if name, clash := byStem[group]; clash {
			names = append(names, name)
		}
		for _, own := range sortedKeys(version.ownGroups()) {
			if name, clash := byName[own]; clash {
				names = append(names, name)
			}
		}
		for _, name := range names {
			found[i] = append(found[i], fault{key: "group", message: fmt.Sprintf(
				"the inventory has a %s already, a name that the version's groups need: give the version another group, "+
					"such as %s", name, show(group+"_release"))})
		}
	}
	return found
}

func sortedKeys(names map[string]string) []string {
	keys := make([]string, 0, len(names))
	for name := range names {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return keys
}
