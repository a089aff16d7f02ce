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
	rings := map[string][]string{}
	for _, wave := range v.Waves {
		groups = append(groups, inventory.ExtraGroup{Name: wave.Group, Hosts: wave.Hosts})
		names = append(names, wave.Group)
		ring := safe(wave.Ring)
		rings[ring] = append(rings[ring], wave.Group)
	}
	batches := names
	if len(names) > 0 {
		batches = names[1:]
	} else {
		groups = append(groups, inventory.ExtraGroup{Name: v.Group + canaryEnd})
	}
	groups = append(groups,
		inventory.ExtraGroup{Name: v.Group + batchesEnd, Children: batches},
		inventory.ExtraGroup{Name: v.Group + rolloutEnd, Children: names},
		inventory.ExtraGroup{Name: v.Group + remainingEnd, Children: names[v.doneWaves():]})
	for _, ring := range v.ringNames() {
		groups = append(groups, inventory.ExtraGroup{Name: v.Group + ringEnd + ring, Children: rings[ring]})
	}
	for _, part := range v.Parts {
		groups = append(groups, inventory.ExtraGroup{Name: part.Group, Hosts: part.Hosts})
	}
	return groups
}

// ringNames returns the ends of the names of ring groups: of the rules' rings, and then of those that only waves of a release
// under way are of.
func (v *Version) ringNames() []string {
	var names []string
	for _, ring := range v.Rules.Rings {
		names = append(names, safe(ring.Name))
	}
	for _, wave := range v.Waves {
		if name := safe(wave.Ring); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
