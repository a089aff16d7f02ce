package inventory

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// JSON has no dates, bytes, sets and complex numbers, and only texts as keys. What stands for these in Values carries what it
// was, so that a user can be told of it; see Value.was and body.oddKeys.

// NewBytes returns the text that stands for bytes. Ansible runs no template in bytes.
func NewBytes(data []byte) Value {
	return Value{kind: String, was: FromBytes, text: python.Decode(data)}.WithoutTemplates()
}

// MarkOdd notes that a key of the map was no text to Python.
func (b *Content) MarkOdd(at int) {
	if b.OddKeys == nil {
		b.OddKeys = map[int]bool{}
	}
	b.OddKeys[at] = true
}

// Becomes says what JSON makes of a value that it cannot carry; "" where it can.
func (o Origin) Becomes() string {
	switch o {
	case FromDate:
		return "a date becomes a text"
	case FromBytes:
		return "bytes become a text"
	case FromSet:
		return "a set becomes a list"
	case FromComplex:
		return "a complex number becomes a text"
	case FromEllipsis:
		return "an Ellipsis becomes a text"
	default:
		return ""
	}
}

// isOdd tells whether there is something in the value that JSON cannot carry.
func (v Value) isOdd() bool {
	if v.was != AsIs {
		return true
	}
	return v.body != nil && (v.body.OddKeys != nil || slices.ContainsFunc(v.body.Values, Value.isOdd))
}

// Loss says what JSON changes first in the value; "" if it changes nothing.
func (v Value) Loss() string {
	if change := v.was.Becomes(); change != "" || v.body == nil {
		return change
	}
	for i, value := range v.body.Values {
		if v.body.OddKeys[i] {
			return wire.KeyChange(shown.Name(v.body.Keys[i]))
		}
		if change := value.Loss(); change != "" {
			return change
		}
	}
	return ""
}

// IsLossy tells whether there is something in the variables that JSON cannot carry.
func (inv *Inventory) IsLossy() bool {
	holdsOdd := func(vars *Vars) bool { return slices.ContainsFunc(vars.values, Value.isOdd) }
	return slices.ContainsFunc(inv.groups, func(group *Group) bool { return holdsOdd(&group.Vars) }) ||
		slices.ContainsFunc(inv.hosts, func(host *Host) bool { return holdsOdd(&host.Vars) })
}

// isNumber tells whether a value that should be a number is one; any other is what it should be.
func (v Value) isNumber() bool {
	switch v.kind {
	case Int:
		return python.IsDigits(strings.TrimPrefix(v.text, "-"))
	case Float:
		_, err := strconv.ParseFloat(v.text, 64)
		return err == nil || errors.Is(err, strconv.ErrRange)
	default:
		return true
	}
}

// Unprintable says why the value cannot be printed; "" if it can.
func (v Value) Unprintable() string {
	if !wire.IsPrintable(v.text) {
		return wire.NotUTF8
	}
	if !v.isNumber() {
		return "it is no number: " + strconv.Quote(v.text)
	}
	if v.body == nil {
		return ""
	}
	for i, value := range v.body.Values {
		if i < len(v.body.Keys) {
			switch key := v.body.Keys[i]; {
			case wire.IsMarker(key):
				return "it holds " + wire.MarkerKey
			case !wire.IsPrintable(key):
				return wire.NotUTF8
			}
		}
		if why := value.Unprintable(); why != "" {
			return why
		}
	}
	return ""
}
