package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// Variable returns a function that gives a host's value of the variable of that name, as Ansible would use it, and
// whether it has one: the host's own, else that of the group that wins among all that the host is in, directly or not
// (ansible/vars/manager.py, VariableManager.get_vars). The function is made once for all hosts, in time for a walk over
// the inventory. The inventory must have been through [Inventory.Reconcile].
//
// Of Ansible's magic variables inventory_hostname and inventory_hostname_short are known.
func (inv *Inventory) Variable(name string) func(*Host) (Value, bool) {
	switch name {
	case "inventory_hostname":
		return func(host *Host) (Value, bool) { return NewString(host.Name), true }
	case "inventory_hostname_short":
		return func(host *Host) (Value, bool) { return NewString(shortName(host.Name)), true }
	}
	winners := inv.winners(func(group *Group) bool {
		_, ok := group.Vars.Get(name)
		return ok
	})
	return func(host *Host) (Value, bool) {
		if value, ok := host.Vars.Get(name); ok {
			return value, true
		}
		if group := winners.of(host); group != nil {
			return group.Vars.Get(name)
		}
		return Value{}, false
	}
}

// shortName is a host's name up to the first dot, or all of an address (ansible/inventory/host.py, Host.get_magic_vars).
func shortName(name string) string {
	if isIPv4(name) || isIPv6(name) {
		return name
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}

// winners tells for each group which group wins among it and all above it, nil if none has a say.
type winners map[*Group]*Group

// winners returns, for the groups that have a say, which one wins. A group wins over those before it in the order of
// depth, priority and name (ansible/inventory/helpers.py, sort_groups); all is the weakest in any case.
func (inv *Inventory) winners(hasSay func(*Group) bool) winners {
	byDepth := slices.Clone(inv.groups)
	slices.SortStableFunc(byDepth, func(a, b *Group) int { return cmp.Compare(a.depth, b.depth) })
	result := make(winners, len(byDepth))
	for _, group := range byDepth {
		var winner *Group
		for _, parent := range group.parents {
			winner = stronger(winner, result[parent])
		}
		if hasSay(group) {
			winner = stronger(winner, group)
		}
		if winner != nil {
			result[group] = winner
		}
	}
	return result
}

func (w winners) of(host *Host) *Group {
	var winner *Group
	for _, group := range host.groups {
		winner = stronger(winner, w[group])
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
	if cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.Priority, b.Priority), strings.Compare(a.Name, b.Name)) < 0 {
		return b
	}
	return a
}
