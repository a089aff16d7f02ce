package ini

import (
	"github.com/regal-inventory/regal-inventory/inventory"
)

// nameTrie is a node of a trie of variables' names: it stands for the sequence of names on the way to it from the root, in which
// lines give their variables. Lines with the same sequence end at the same node and share its names. The zero nameTrie is a root.
type nameTrie struct {
	name   string    // the last of the sequence
	above  *nameTrie // the node of the sequence without it; nil for the root
	place  int       // of that name among the sequence's names, each counted once
	count  int       // of these
	next   []*nameTrie
	shared *inventory.Names // these names; nil as long as no line has asked for them
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

// names returns the names of the sequence, each once.
func (t *nameTrie) names() *inventory.Names {
	if t.shared == nil {
		list := make([]string, t.count)
		for each := t; each.above != nil; each = each.above {
			list[each.place] = each.name
		}
		t.shared = inventory.NewNames(list)
	}
	return t.shared
}
