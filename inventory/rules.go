package inventory

import (
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// Rules are what decides, besides the sources, what an inventory is: Ansible's settings and its version. The zero Rules are
// those of the newest Ansible without a configuration.
type Rules struct {
	// MergeMaps says that a map which a variable gets goes into the map that it has (hash_behaviour=merge).
	MergeMaps bool
	// SafeGroupNames says that names of groups get underscores for characters that names of variables may not have
	// (force_valid_group_names).
	SafeGroupNames bool
	// Precedence is the order of what gives hosts variables through groups, the strongest last; nil for Ansible's own
	// (precedence). What it does not name counts for nothing.
	Precedence []string
	// IsSince tells whether the Ansible whose rules count is that version or a later one; nil for the newest.
	IsSince func(major, minor int) bool
	// Warn gets what [Inventory.Select] warns of; nil for nobody.
	Warn func(message string)
}

// defaultPrecedence is VARIABLE_PRECEDENCE. What plays have is not known here.
var defaultPrecedence = []string{
	allInventory, groupsInventory, allPlugins, "all_plugins_play", groupsPlugins, "groups_plugins_play",
}

// The parts of the precedence that inventories have.
const (
	allInventory    = "all_inventory"
	groupsInventory = "groups_inventory"
	allPlugins      = "all_plugins_inventory"
	groupsPlugins   = "groups_plugins_inventory"
)

// SafeGroupName returns the name with an underscore for each character that a variable's name may not have
// (ansible/inventory/group.py, to_safe_group_name), where the settings say so.
func (inv *Inventory) SafeGroupName(name string) string {
	if !inv.rules.SafeGroupNames {
		return name
	}
	var safe strings.Builder
	for i := 0; i < len(name); {
		c, size := python.DecodeRune(name[i:])
		_, isDigit := python.DecimalDigit(c)
		if !python.IsWord(c) || i == 0 && isDigit {
			safe.WriteByte('_')
		} else {
			safe.WriteString(name[i : i+size])
		}
		i += size
	}
	return safe.String()
}

// merged returns what becomes of a variable that has one value and gets another one: the other one, unless both are maps
// and hash_behaviour is merge (ansible/utils/vars.py, merge_hash).
func (inv *Inventory) merged(value, other Value) Value {
	if !inv.rules.MergeMaps || value.kind != Map || other.kind != Map {
		return other
	}
	if value.Equals(other) {
		return other
	}
	known := value.entries()
	into := known.Clone()
	for i, entry := range other.body.values {
		key := other.KeyAt(i)
		if before, ok := into.Get(key); ok {
			entry = inv.merged(before, entry)
		}
		into.Set(key, entry)
	}
	return NewMap(into)
}

// set gives the variables one more, as Ansible does when an inventory sets it (Group.set_variable, Host.set_variable).
func (inv *Inventory) set(vars *Vars, name string, value Value) {
	if inv.rules.MergeMaps {
		if known, ok := vars.Get(name); ok {
			value = inv.merged(known, value)
		}
	}
	vars.Set(name, value)
}

// SetHostVariable gives the host one more variable, or another value for one.
func (inv *Inventory) SetHostVariable(host *Host, name string, value Value) {
	inv.set(&host.Vars, name, value)
}
