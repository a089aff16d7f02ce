package plan

import (
	"github.com/regal-inventory/regal-inventory/grouping"
)

// Graph returns each version's rollout group as a tree, one after the other, as `ansible-inventory --graph GROUP` draws
// it once the groups are in the inventory (ansible/cli/inventory.py, InventoryCLI._graph_group).
func Graph(plan *grouping.Plan) []byte {
	var dst []byte
	for _, version := range plan.Versions {
		dst = append(dst, "@"+escape(version.Group)+"_rollout:\n"...)
		for _, wave := range version.Waves {
			dst = append(dst, "  |--@"+escape(wave.Group)+":\n"...)
			for _, host := range wave.Hosts {
				dst = append(dst, "  |  |--"+escape(host.Name)+"\n"...)
			}
		}
	}
	return dst
}
