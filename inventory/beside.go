package inventory

import "slices"

// Beside is what group_vars and host_vars in one folder say of the variables that were asked for.
type Beside struct {
	Groups map[*Group]Vars
	Hosts  map[*Host]Vars
}

// SetBeside gives the inventory variables that its own sources do not have, from files beside them, the stronger folder
// later. [Inventory.Variable] knows them; they are in no Vars of a group or host, and so never printed.
func (inv *Inventory) SetBeside(folders []Beside) { inv.beside = folders }

// hostVariable returns the value that files beside the inventory give the host itself.
func (inv *Inventory) hostVariable(host *Host, name string) (Value, bool) {
	for _, folder := range slices.Backward(inv.beside) {
		if own, ok := folder.Hosts[host]; ok {
			if value, ok := own.Get(name); ok {
				return value, true
			}
		}
	}
	return Value{}, false
}

// groupFileVariable returns a function that gives the value that files beside the inventory give the host's groups but all.
func (inv *Inventory) groupFileVariable(name string) func(*Host) (Value, bool) {
	all := inv.groupByName[groupAll]
	perFolder := make([]winners, len(inv.beside))
	for i, folder := range inv.beside {
		perFolder[i] = inv.winners(func(group *Group) bool { return group != all && folder.has(group, name) })
	}
	return func(host *Host) (Value, bool) {
		for i, folder := range slices.Backward(inv.beside) {
			if group := perFolder[i].of(host); group != nil {
				return folder.get(group, name)
			}
		}
		return Value{}, false
	}
}

// allFileVariable returns the value that files beside the inventory give all hosts.
func (inv *Inventory) allFileVariable(name string) (Value, bool) {
	for _, folder := range slices.Backward(inv.beside) {
		if value, ok := folder.get(inv.groupByName[groupAll], name); ok {
			return value, true
		}
	}
	return Value{}, false
}

func (f *Beside) get(group *Group, name string) (Value, bool) {
	own := f.Groups[group]
	return own.Get(name)
}

func (f *Beside) has(group *Group, name string) bool {
	_, ok := f.get(group, name)
	return ok
}
