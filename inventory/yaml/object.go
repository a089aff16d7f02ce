package yaml

import (
	"slices"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
)

// object is what PyYAML makes of a node. The zero object is null.
type object struct {
	scalar  inventory.Value // of what is neither a list nor a map
	content *content        // of a list, a map or a set
	was     original
}

// content is what a list, a map or a set holds. All aliases of a node share it, as all names of a Python list share the list:
// it is made empty and filled later, and whoever has it sees what it gets.
type content struct {
	kind  inventory.Kind // List or Map; a set is a List
	keys  []string       // of a map, in order
	odd   map[int]bool   // the keys that Python does not hold as text; nil when there is none
	items []object

	named bool             // it has an anchor, so that aliases may have made it the value of several names
	made  *inventory.Value // of what is named, once it has been made
}

// original says what an object is to Python, where JSON has nothing for that and something else stands for it.
type original uint8

const (
	asIs      original = iota
	fromDate           // a text, as isoformat() writes it
	fromBytes          // the text that they encode, which no template may be run in
	fromSet            // a list
)

// change says what JSON makes of it; "" if it makes nothing else.
func (o original) change() string {
	switch o {
	case fromDate:
		return wire.DateChange
	case fromBytes:
		return wire.BytesChange
	case fromSet:
		return wire.SetChange
	default:
		return ""
	}
}

func (o object) kind() inventory.Kind {
	if o.content != nil {
		return o.content.kind
	}
	return o.scalar.Kind()
}

// isTrue is Python's bool(o).
func (o object) isTrue() bool {
	if o.content != nil {
		return len(o.content.items) > 0
	}
	return o.scalar.IsTrue()
}

// isText tells whether Python holds it, or what stands for it here, as a text.
func (o object) isText() bool { return o.content == nil && o.scalar.IsText() }

// isLossy tells whether there is something in it that JSON cannot carry.
func (o object) isLossy() bool {
	return o.was != asIs || o.content != nil && (o.content.odd != nil || slices.ContainsFunc(o.content.items, object.isLossy))
}

// asUnsafe returns the object with every text in it marked unsafe (ansible/utils/unsafe_proxy.py, wrap_var). Like wrap_var
// it copies: what a list or map gets later does not show in the result.
func (o object) asUnsafe() object {
	switch {
	case o.content != nil:
		copied := &content{kind: o.content.kind, keys: o.content.keys, odd: o.content.odd}
		for _, item := range o.content.items {
			copied.items = append(copied.items, item.asUnsafe())
		}
		o.content = copied
	case o.scalar.Kind() == inventory.String:
		o.scalar = inventory.NewUnsafe(o.scalar.Text())
	}
	return o
}

// value returns the object as a value of an inventory. All of it must have been filled.
func (o object) value() inventory.Value {
	c := o.content
	switch {
	case c == nil:
		return o.scalar
	case c.made != nil:
		return *c.made
	}
	var value inventory.Value
	if c.kind == inventory.Map {
		value = inventory.NewMap(varsOf(c))
	} else {
		value = inventory.NewList(c.values())
	}
	if c.named {
		c.made = &value
	}
	return value
}

// markOdd notes that Python does not hold a key as text.
func (c *content) markOdd(at int) {
	if c.odd == nil {
		c.odd = map[int]bool{}
	}
	c.odd[at] = true
}

// values returns the items as values.
func (c *content) values() []inventory.Value {
	values := make([]inventory.Value, len(c.items))
	for i, item := range c.items {
		values[i] = item.value()
	}
	return values
}

// objectOfKey returns a map with that key, which holds null.
func objectOfKey(key string) object {
	return object{content: &content{kind: inventory.Map, keys: []string{key}, items: make([]object, 1)}}
}

// objectOf is the way back: a value that was read as JSON.
func objectOf(value inventory.Value) object {
	if value.Kind() != inventory.List && value.Kind() != inventory.Map {
		return object{scalar: value}
	}
	made := &content{kind: value.Kind(), items: make([]object, value.Len())}
	for i := range made.items {
		if made.items[i] = objectOf(value.At(i)); made.kind == inventory.Map {
			made.keys = append(made.keys, value.KeyAt(i))
		}
	}
	return object{content: made}
}
