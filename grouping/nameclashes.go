package grouping

import (
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/inventory"
)

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

// sortedKeys returns the keys in ascending order.
func sortedKeys(names map[string]string) []string {
	keys := make([]string, 0, len(names))
	for name := range names {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return keys
}

// ownGroups returns the names of the groups that rings and shares add to a version's waves, by what they are.
func (d draft) ownGroups() map[string]string {
	names := map[string]string{}
	group := stem(d.stem, d.name)
	for _, ring := range d.rules.Rings {
		names[group+ringEnd+safe(ring.Name)] = "ring " + show(ring.Name)
	}
	for _, share := range d.rules.Split {
		names[group+"_"+safe(share.Name)] = "share " + show(share.Name)
	}
	return names
}

// taken returns, by stem, the first group or host of the inventory that has a name which a version with that stem may
// need, today or when it has more batches, and by name the first with a name that is in others: Ansible mixes groups of one
// name, and takes a host of a group's name for the group.
func taken(inv *inventory.Inventory, others map[string]string) (byStem, byName map[string]string) {
	byStem, byName = map[string]string{}, map[string]string{}
	note := func(kind, name string) {
		if len(others) > 0 {
			matched := asMatched(name)
			if _, known := byName[matched]; others[matched] != "" && !known {
				byName[matched] = kind + " " + show(name)
			}
		}
		if !mayEndAsWave(name) {
			return
		}
		stem := stemOf(asMatched(name))
		if _, known := byStem[stem]; stem != "" && !known {
			byStem[stem] = kind + " " + show(name)
		}
	}
	for _, group := range inv.Groups() {
		note("group", group.Name)
	}
	for _, host := range inv.Hosts() {
		note("host", host.Name)
	}
	return byStem, byName
}
