package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
)

// Variable returns a function that gives a host's value of the variable of that name, as Ansible would use it, and
// whether it has one (ansible/vars/manager.py, VariableManager.get_vars). The first that there is counts: from host_vars
// files, as [Inventory.SetBeside] got them; the host's own; from group_vars files, the folder of the last source first; that
// of the group which wins among all that the host is in, directly or not. Of the last two, and of the group all, Ansible's
// setting precedence may say another order. The function is made once for all hosts, in the time of a walk over the
// inventory, which must have been through [Inventory.Reconcile].
//
// Of Ansible's magic variables inventory_hostname and inventory_hostname_short are known.
func (inv *Inventory) Variable(name string) func(*Host) (Value, bool) {
	fromGroups := inv.groupsVariable(name)
	return func(host *Host) (Value, bool) {
		if value, ok := inv.hostVariable(host, name); ok {
			return value, true
		}
		if value, ok := inv.magicVariable(host, name); ok {
			return value, true
		}
		if value, ok := host.Vars.Get(name); ok {
			return value, true
		}
		return fromGroups(host)
	}
}

// groupsVariable returns a function that gives the value that a host has from its groups.
func (inv *Inventory) groupsVariable(name string) func(*Host) (Value, bool) {
	all := inv.groupByName[groupAll]
	ofGroups := inv.winners(func(group *Group) bool {
		_, ok := group.Vars.Get(name)
		return ok && group != all
	})
	fromFiles := inv.groupFileVariable(name)
	precedence := inv.rules.Precedence
	if precedence == nil {
		precedence = defaultPrecedence
	}
	return func(host *Host) (value Value, ok bool) {
		for _, part := range slices.Backward(precedence) {
			switch part {
			case allInventory:
				value, ok = all.Vars.Get(name)
			case groupsInventory:
				if group := ofGroups.of(host); group != nil {
					value, ok = group.Vars.Get(name)
				}
			case allPlugins:
				value, ok = inv.allFileVariable(name)
			case groupsPlugins:
				value, ok = fromFiles(host)
			}
			if ok {
				return value, true
			}
		}
		return Value{}, false
	}
}

// magicVariable returns what Ansible itself says of a host (ansible/inventory/host.py, Host.get_magic_vars).
func (inv *Inventory) magicVariable(host *Host, name string) (Value, bool) {
	switch name {
	case "inventory_hostname":
		return NewString(host.Name), true
	case "inventory_hostname_short":
		return NewString(inv.shortName(host.Name)), true
	default:
		return Value{}, false
	}
}

// shortName is a host's name up to the first dot, or all of it if it is an address.
func (inv *Inventory) shortName(name string) string {
	if address.IsAddress(name, inv.rules.IsSince) {
		return name
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}

// winners are the groups whose variables win over those of other groups.
type winners struct {
	all   *Group            // the group all
	above map[*Group]*Group // for each group the winner among it and all above it; none if none of them has a say
}

// winners finds, among the groups that have a say, those that win: a group wins over those before it in the order of
// depth, priority and name (ansible/inventory/helpers.py, sort_groups).
func (inv *Inventory) winners(hasSay func(*Group) bool) winners {
	byDepth := slices.Clone(inv.groups)
	slices.SortStableFunc(byDepth, func(a, b *Group) int { return cmp.Compare(a.depth, b.depth) })
	result := winners{inv.groupByName[groupAll], make(map[*Group]*Group, len(byDepth))}
	for _, group := range byDepth {
		var winner *Group
		for _, parent := range group.parents {
			winner = stronger(winner, result.above[parent])
		}
		if hasSay(group) {
			winner = stronger(winner, group)
		}
		if winner != nil {
			result.above[group] = winner
		}
	}
	return result
}

// of returns the group that wins among those the host is in, directly or not; nil if none has a say. Every host counts as
// one of all, also the one that Ansible puts into no group because a group has its name.
func (w winners) of(host *Host) *Group {
	winner := w.above[w.all]
	for _, group := range host.groups {
		winner = stronger(winner, w.above[group])
	}
	return winner
}

// stronger returns the one of two groups whose variables win; nil is weaker than any.
func stronger(a, b *Group) *Group {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	if cmp.Or(cmp.Compare(a.depth, b.depth), a.comparePriority(b), strings.Compare(a.Name, b.Name)) < 0 {
		return b
	}
	return a
}
