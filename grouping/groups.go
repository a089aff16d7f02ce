package grouping

import "github.com/regal-inventory/regal-inventory/inventory"

// Groups returns the groups to print, in release order: for each version its waves, then the group of its batches, then
// that of its rollout and that of what remains of it. A wave comes before the groups that it is a child of, because Ansible lists groups, and a
// play's `groups`, in the order of their first mention (ansible/plugins/inventory/script.py, parse).
func (p *Plan) Groups() []inventory.ExtraGroup {
	var groups []inventory.ExtraGroup
	for _, version := range p.Versions {
		groups = append(groups, version.groups()...)
	}
	return groups
}

func (v *Version) groups() []inventory.ExtraGroup {
	groups := make([]inventory.ExtraGroup, 0, len(v.Waves)+3)
	names := make([]string, 0, len(v.Waves))
	for _, wave := range v.Waves {
		groups = append(groups, inventory.ExtraGroup{Name: wave.Group, Hosts: wave.Hosts})
		names = append(names, wave.Group)
	}
	return append(groups,
		inventory.ExtraGroup{Name: v.Group + batchesEnd, Children: names[1:]},
		inventory.ExtraGroup{Name: v.Group + rolloutEnd, Children: names},
		inventory.ExtraGroup{Name: v.Group + remainingEnd, Children: names})
}
