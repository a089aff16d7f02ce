package plan

import (
	"github.com/regal-inventory/regal-inventory/grouping"
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
