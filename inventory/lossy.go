package inventory

import (
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// JSON has no dates, bytes, sets and complex numbers, and only texts as keys. What stands for these in Values carries what it
// was, so that a user can be told of it; see Value.was and body.oddKeys.

// newBytes returns the text that stands for bytes. Ansible runs no template in bytes.
func newBytes(data []byte) Value {
	return Value{kind: String, was: fromBytes, text: decodeText(data)}.withoutTemplates()
}

// markOdd notes that a key of the map was no text to Python.
func (b *body) markOdd(at int) {
	if b.oddKeys == nil {
		b.oddKeys = map[int]bool{}
	}
	b.oddKeys[at] = true
}

// becomes says what JSON makes of a value that it cannot carry; "" where it can.
func (o origin) becomes() string {
	switch o {
	case fromDate:
		return "a date becomes a text"
	case fromBytes:
		return "bytes become a text"
	case fromSet:
		return "a set becomes a list"
	case fromComplex:
		return "a complex number becomes a text"
	case fromEllipsis:
		return "an Ellipsis becomes a text"
	default:
		return ""
	}
}

// isOdd tells whether there is something in the value that JSON cannot carry.
func (v Value) isOdd() bool {
	if v.was != asIs {
		return true
	}
	return v.body != nil && (v.body.oddKeys != nil || slices.ContainsFunc(v.body.values, Value.isOdd))
}

// loss says what JSON changes first in the value; "" if it changes nothing.
func (v Value) loss() string {
	if change := v.was.becomes(); change != "" || v.body == nil {
		return change
	}
	for i, value := range v.body.values {
		if v.body.oddKeys[i] {
			return keyChange(shown.Name(v.body.keys[i]))
		}
		if change := value.loss(); change != "" {
			return change
		}
	}
	return ""
}

// isOdd tells whether there is something in the variables that JSON cannot carry.
func (inv *Inventory) isOdd() bool {
	holdsOdd := func(vars *Vars) bool { return slices.ContainsFunc(vars.values, Value.isOdd) }
	return slices.ContainsFunc(inv.groups, func(group *Group) bool { return holdsOdd(&group.Vars) }) ||
		slices.ContainsFunc(inv.hosts, func(host *Host) bool { return holdsOdd(&host.Vars) })
}

// unprintable says why the value cannot be printed; "" if it can.
func (v Value) unprintable() string {
	if !isPrintable(v.text) {
		return notUTF8
	}
	if v.body == nil {
		return ""
	}
	for i, value := range v.body.values {
		if i < len(v.body.keys) {
			switch key := v.body.keys[i]; {
			case isMarker(key):
				return "it holds " + markerKey
			case !isPrintable(key):
				return notUTF8
			}
		}
		if why := value.unprintable(); why != "" {
			return why
		}
	}
	return ""
}
