package ini

import (
	"github.com/regal-inventory/regal-inventory/inventory"
)

// nameTree is a sequence of names, as lines give them to their variables, with the longer sequences below it. Lines with
// the same sequence share their names. The zero nameTree is the empty sequence.
type nameTree struct {
	name   string    // the last of the sequence
	above  *nameTree // the sequence without it; nil for the empty one
	place  int       // of that name among the sequence's names, each counted once
	count  int       // of these
	next   []*nameTree
	shared *inventory.Names // these names; nil as long as no line has asked for them
}

const (
	// maxNext is how many longer sequences a sequence keeps, and maxSequence how many names a sequence may have, so that
	// looking for one takes no time.
	maxNext     = 8
	maxSequence = 64
)

// below returns the sequence with one name more, of which there may be maxSequence.
func (t *nameTree) below(name string) *nameTree {
	for _, longer := range t.next {
		if longer.name == name {
			return longer
		}
	}
	longer := &nameTree{name: name, above: t, place: t.count, count: t.count + 1}
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
func (t *nameTree) names() *inventory.Names {
	if t.shared == nil {
		list := make([]string, t.count)
		for each := t; each.above != nil; each = each.above {
			list[each.place] = each.name
		}
		t.shared = inventory.NewNames(list)
	}
	return t.shared
}
