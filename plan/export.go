package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Salt returns the groups of a plan as nodegroups for the configuration of a Salt master: in order, each as a list matcher of the
// hosts' names, which have to be the minions'. Groups without hosts are left out, since Salt has no matcher for nobody; a call
// that names one fails. The error is [inventory.Errors] with every host whose name the format cannot carry.
func Salt(plan *grouping.Plan) ([]byte, error) {
	groups, err := exported(plan, "Salt")
	if err != nil {
		return nil, err
	}
	members := membersOf(groups)
	dst := []byte("nodegroups:\n")
	for _, group := range groups {
		if names := members[group.Name]; len(names) > 0 {
			dst = fmt.Appendf(dst, "  %s: 'L@%s'\n", group.Name, strings.Join(names, ","))
		}
	}
	if len(dst) == len("nodegroups:\n") {
		return []byte("nodegroups: {}\n"), nil
	}
	return dst, nil
}

// ClusterShellSource is the name of the source of groups that [ClusterShell] writes: @regal:app_v1_canary.
const ClusterShellSource = "regal"

// ClusterShell returns the groups of a plan as a file of groups for ClusterShell, for its folder groups.d. Groups of groups name
// their children. The error is [inventory.Errors] with every host whose name the format cannot carry.
func ClusterShell(plan *grouping.Plan) ([]byte, error) {
	groups, err := exported(plan, "ClusterShell")
	if err != nil {
		return nil, err
	}
	dst := []byte(ClusterShellSource + ":\n")
	for _, group := range groups {
		names := inventory.HostNames(group.Hosts)
		for _, child := range group.Children {
			names = append(names, "@"+ClusterShellSource+":"+child)
		}
		dst = fmt.Appendf(dst, "  %s: '%s'\n", group.Name, strings.Join(names, ","))
	}
	if len(groups) == 0 {
		return []byte(ClusterShellSource + ": {}\n"), nil
	}
	return dst, nil
}

// exported returns the groups that a plan prints, or as an error every host whose name could mean something else to the
// program that reads them; its name is for the message.
func exported(plan *grouping.Plan, program string) ([]inventory.ExtraGroup, error) {
	groups := plan.Groups()
	var faults inventory.Errors
	seen := map[string]bool{}
	for _, group := range groups {
		for _, host := range group.Hosts {
			if seen[host.Name] || isExportable(host.Name) {
				continue
			}
			seen[host.Name] = true
			faults = append(faults, &inventory.Error{Message: fmt.Sprintf("host %s cannot be named to %s: a name may have letters, the "+
				"digits 0 to 9 and . _ - : alone, and may not begin with -", quote(host.Name), program)})
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return groups, nil
}

// isExportable tells whether a name means itself in lists of hosts, in YAML's single quotes, and as a word of a command line.
func isExportable(name string) bool {
	return name != "" && name[0] != '-' && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !strings.ContainsRune("0123456789._-:", r)
	})
}

// membersOf returns the names of each group's hosts, those of its children included, each once and in order.
func membersOf(groups []inventory.ExtraGroup) map[string][]string {
	members := make(map[string][]string, len(groups))
	for _, group := range groups {
		names := inventory.HostNames(group.Hosts)
		for _, child := range group.Children {
			names = append(names, members[child]...)
		}
		members[group.Name] = slices.Clip(names)
	}
	return members
}
