package inventory

import (
	"iter"
	"slices"
)

// Vars are variables in the order of their first mention, each name once. The zero Vars is empty and ready for use. A copy
// of a Vars shares the values, as a copy of a slice does, but what is added to one of the two does not show in the other.
//
// Hosts mostly have the same variables in the same order, so many Vars may share their names.
type Vars struct {
	names  *nameList // nil if there are no variables
	values []Value   // in the order of the names, of which a copy may have added more
}

// nameList is the names of variables in order, each once.
type nameList struct {
	list   []string
	index  map[string]int // from indexFrom names on; below that a look through the list is faster
	shared bool           // with other Vars: nothing may change
}

// indexFrom is the number of names from which on there is an index of them.
const indexFrom = 16

func (n *nameList) makeIndex() {
	n.index = make(map[string]int, 2*len(n.list))
	for i, name := range n.list {
		n.index[name] = i
	}
}

// find returns the place of a name, or -1. n may be nil.
func (n *nameList) find(name string) int {
	switch {
	case n == nil:
		return -1
	case n.index == nil:
		return slices.Index(n.list, name)
	}
	if at, ok := n.index[name]; ok {
		return at
	}
	return -1
}

// add puts a name in that is not there yet. The names must not be shared.
func (n *nameList) add(name string) {
	n.list = append(n.list, name)
	switch {
	case n.index != nil:
		n.index[name] = len(n.list) - 1
	case len(n.list) >= indexFrom:
		n.makeIndex()
	}
}

// Set gives the variable that value. A variable that is there already keeps its place, as in a Python dict.
func (v *Vars) Set(name string, value Value) {
	if at := v.find(name); at >= 0 {
		v.values[at] = value
		return
	}
	switch count := len(v.values); {
	case v.names == nil:
		v.names = &nameList{}
	case v.names.shared || len(v.names.list) > count: // a copy may go on from here too
		v.names, v.values = &nameList{list: slices.Clone(v.names.list[:count])}, slices.Clip(v.values)
	}
	v.names.add(name)
	v.values = append(v.values, value)
}

// Clone returns the same variables; a change of one does not show in the other.
func (v *Vars) Clone() Vars { return v.WithValues(slices.Clone(v.values)) }

// WithValues returns variables of the same names with these values, in the names' order, which it takes over. Names without a
// value are left out. The names are shared, so that a million hosts of the same variables hold them once.
func (v *Vars) WithValues(values []Value) Vars {
	if v.names == nil {
		return Vars{}
	}
	if !v.names.shared {
		v.names.shared = true
	}
	return Vars{names: v.names, values: values[:min(len(values), len(v.values))]}
}

// Get returns the variable's value, and whether there is one.
func (v *Vars) Get(name string) (Value, bool) {
	if at := v.find(name); at >= 0 {
		return v.values[at], true
	}
	return Value{}, false
}

func (v *Vars) find(name string) int {
	if at := v.names.find(name); at < len(v.values) {
		return at
	}
	return -1
}

// Len returns how many variables there are.
func (v *Vars) Len() int { return len(v.values) }

// All yields the variables in order.
func (v *Vars) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range v.values {
			if !yield(v.names.list[i], v.values[i]) {
				return
			}
		}
	}
}
