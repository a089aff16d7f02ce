package plan

import (
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Graph returns each version's rollout group as a tree, and after it the groups of its rings and of its split, one after the
// other, as `ansible-inventory --graph GROUP` draws them once the groups are in the inventory (ansible/cli/inventory.py,
// InventoryCLI._graph_group).
func Graph(plan *grouping.Plan) []byte {
	var dst []byte
	for _, version := range plan.Versions {
		dst = appendTree(dst, version.Group+"_rollout", version.Waves)
		for _, ring := range version.Rings() {
			dst = appendTree(dst, ring.Group, ring.Waves)
		}
		for _, part := range version.Parts {
			dst = append(dst, "@"+escape(part.Group)+":\n"...)
			for _, host := range part.Hosts {
				dst = append(dst, "  |--"+escape(host.Name)+"\n"...)
			}
		}
	}
	return dst
}

func appendTree(dst []byte, group string, waves []grouping.Wave) []byte {
	dst = append(dst, "@"+escape(group)+":\n"...)
	for _, wave := range waves {
		dst = append(dst, "  |--@"+escape(wave.Group)+":\n"...)
		for _, host := range wave.Hosts {
			dst = append(dst, "  |  |--"+escape(host.Name)+"\n"...)
		}
	}
	return dst
}

// GraphOf returns the tree of one of the groups that a plan prints, see [grouping.Plan.Groups], as [Graph] draws it; nil if there
// is no such group.
func GraphOf(groups []inventory.ExtraGroup, name string) []byte {
	byName := make(map[string]inventory.ExtraGroup, len(groups))
	for _, group := range groups {
		byName[group.Name] = group
	}
	group, found := byName[name]
	if !found {
		return nil
	}
	return appendBranch(nil, byName, group, 0)
}

func appendBranch(dst []byte, groups map[string]inventory.ExtraGroup, group inventory.ExtraGroup, depth int) []byte {
	branch := func(depth int) string {
		if depth == 0 {
			return ""
		}
		return strings.Repeat("  |", depth) + "--"
	}
	dst = append(dst, branch(depth)+"@"+escape(group.Name)+":\n"...)
	for _, child := range group.Children {
		dst = appendBranch(dst, groups, groups[child], depth+1)
	}
	for _, host := range group.Hosts {
		dst = append(dst, branch(depth+1)+escape(host.Name)+"\n"...)
	}
	return dst
}
