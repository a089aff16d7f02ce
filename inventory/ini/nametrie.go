package ini

import (
	"github.com/regal-inventory/regal-inventory/inventory"
)

// nameTrie is a node of a trie of variables' names: it stands for the sequence of names on the way to it from the root, in which
// lines give their variables. Lines with the same sequence end at the same node and share its names: without that the whole program
// took 20 % longer for 100,000 hosts, and 45 % longer and 60 % more memory for a million. The zero nameTrie is a root.
type nameTrie struct {
	name  string    // the last of the sequence
	above *nameTrie // the node of the sequence without it; nil for the root
	place int       // of that name among the sequence's names, each counted once
	count int       // of these
	next  []*nameTrie
	vars  inventory.Vars // variables of these names; none as long as no line has asked for them
}

const (
	// maxNext is how many children a node keeps, and maxSequence how deep the trie may be, so that looking for a node takes no
	// time.
	maxNext     = 8
	maxSequence = 64
)

// below returns the child for one name more. There may be maxSequence of them on a way.
func (t *nameTrie) below(name string) *nameTrie {
	for _, longer := range t.next {
		if longer.name == name {
			return longer
		}
	}
	longer := &nameTrie{name: name, above: t, place: t.count, count: t.count + 1}
	for earlier := t; earlier.above != nil; earlier = earlier.above {
		if earlier.name == name {
			longer.place, longer.count = earlier.place, t.count
			break
		}
	}
	if len(t.next) < maxNext {
		t.next = append(t.next, longer)
	}
	return longer
}

// varsOf returns variables of the sequence's names, each once, with the values, which stand at their places.
func (t *nameTrie) varsOf(values []inventory.Value) inventory.Vars {
	if t.vars.Len() == 0 {
		list := make([]string, t.count)
		for each := t; each.above != nil; each = each.above {
			list[each.place] = each.name
		}
		for _, name := range list {
			t.vars.Set(name, inventory.Value{})
		}
	}
	return t.vars.WithValues(values)
}
