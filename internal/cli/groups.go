package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/plan"
)

// hostsOf returns the names of the hosts of a group of the plan or of the inventory, in order, a line each. A name that has the end of a
// line in it is an error, and so is a group that there is not.
func hostsOf(f *fleet, groups []inventory.ExtraGroup, name string) ([]byte, error) {
	extra := map[string]inventory.ExtraGroup{}
	for _, group := range groups {
		extra[group.Name] = group
	}
	var hosts []*inventory.Host
	if group, found := extra[name]; found {
		hosts = slices.Clone(group.Hosts)
		for _, child := range group.Children {
			hosts = append(hosts, extra[child].Hosts...)
		}
	} else if f.inv.Group(name) != nil || name == "all" {
		selected, err := f.inv.Select(name)
		if err != nil {
			return nil, err
		}
		hosts = selected
	} else {
		return nil, unknownGroup(f, groups, name)
	}
	var text []byte
	for _, host := range hosts {
		if strings.ContainsAny(host.Name, "\r\n") {
			return nil, &inventory.Error{Message: fmt.Sprintf("host %q has the end of a line in its name", host.Name)}
		}
		text = append(text, host.Name+"\n"...)
	}
	return text, nil
}

// graphOf returns the tree of a group of the plan, or for the name every those of all rollouts.
func graphOf(f *fleet, groups []inventory.ExtraGroup, name string) ([]byte, error) {
	if name == every {
		return plan.Graph(f.plan), nil
	}
	if tree := plan.GraphOf(groups, name); tree != nil {
		return tree, nil
	}
	if f.inv.Group(name) != nil || name == "all" {
		return nil, &inventory.Error{Message: fmt.Sprintf("%s is a group of the inventory, and --graph draws those of the plan: "+
			"ansible-inventory --graph %[1]s draws it", name)}
	}
	return nil, unknownGroup(f, groups, name)
}

// unknownGroup returns the error of a group that there is not. It names the group that was probably meant: for a version's name that of
// its rollout, for a wave's bare name that of the wave, and else the one whose name is nearest.
func unknownGroup(f *fleet, groups []inventory.ExtraGroup, name string) error {
	message := fmt.Sprintf("there is no group %q", name)
	near := plan.GroupOf(f.plan, name)
	for _, version := range f.plan.Versions {
		if version.Name == name || version.Group == name {
			near = version.Group + "_rollout"
			break
		}
	}
	if near == "" {
		near = nearest.To(name, func(yield func(string) bool) {
			for _, group := range groups {
				if !yield(group.Name) {
					return
				}
			}
			for _, group := range f.inv.Groups() {
				if !yield(group.Name) {
					return
				}
			}
		})
	}
	if near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return &inventory.Error{Message: message}
}
