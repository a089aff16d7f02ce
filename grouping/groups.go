package grouping

import (
	"slices"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Groups returns the groups to print, in release order: for each version its waves, then the group of its batches, those of
// its rollout and of what remains of it, its rings, and the parts of its split. A wave comes before the groups that it is a
// child of, because Ansible lists groups, and a play's `groups`, in the order of their first mention
// (ansible/plugins/inventory/script.py, parse).
func (p *Plan) Groups() []inventory.ExtraGroup {
	var groups []inventory.ExtraGroup
	for _, version := range p.Versions {
		groups = append(groups, version.groups()...)
	}
	return groups
}

func (v *Version) groups() []inventory.ExtraGroup {
	groups := make([]inventory.ExtraGroup, 0, len(v.Waves)+len(v.Rules.Rings)+len(v.Parts)+3)
	names := make([]string, 0, len(v.Waves))
	for _, wave := range v.Waves {
		groups = append(groups, inventory.ExtraGroup{Name: wave.Group, Hosts: wave.Hosts})
		names = append(names, wave.Group)
	}
	batches := names
	if len(names) > 0 {
		batches = names[1:]
	} else {
		groups = append(groups, inventory.ExtraGroup{Name: v.Group + canaryEnd})
	}
	if !slices.ContainsFunc(v.Parts, func(part Part) bool { return part.Group == v.Group+batchesEnd }) {
		groups = append(groups, inventory.ExtraGroup{Name: v.Group + batchesEnd, Children: batches})
	}
	groups = append(groups,
		inventory.ExtraGroup{Name: v.Group + rolloutEnd, Children: names},
		inventory.ExtraGroup{Name: v.Group + remainingEnd, Children: names[v.doneWaves():]})
	for _, ring := range v.Rings() {
		var waves []string
		for _, wave := range ring.Waves {
			waves = append(waves, wave.Group)
		}
		groups = append(groups, inventory.ExtraGroup{Name: ring.Group, Children: waves})
	}
	for _, part := range v.Parts {
		groups = append(groups, inventory.ExtraGroup{Name: part.Group, Hosts: part.Hosts})
	}
	return groups
}

// RingWaves is a ring of a version with what is released of it.
type RingWaves struct {
	// Name is the ring's name, Group that of its Ansible group.
	Name, Group string
	// Waves are in release order; there are none when all hosts of the ring are left out.
	Waves []Wave
}

// Rings returns the rings of the version in release order, and behind those of the rules the ones that only waves of a release
// under way are of; none if it has no rings.
func (v *Version) Rings() []RingWaves {
	rings := make([]RingWaves, 0, len(v.Rules.Rings))
	index := map[string]int{}
	at := func(name string) int {
		group := v.Group + ringEnd + safe(name)
		i, known := index[group]
		if !known {
			i = len(rings)
			index[group] = i
			rings = append(rings, RingWaves{Name: name, Group: group})
		}
		return i
	}
	for _, ring := range v.Rules.Rings {
		at(ring.Name)
	}
	for _, wave := range v.Waves {
		if wave.Ring != "" {
			ring := &rings[at(wave.Ring)]
			ring.Waves = append(ring.Waves, wave)
		}
	}
	return rings
}
