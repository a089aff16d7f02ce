package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// JSON has no dates, bytes, sets and complex numbers, and only texts as keys. What stands for these in Values carries what it
// was, so that a user can be told of it; see Value.was and body.oddKeys.

// newBytes returns the text that stands for bytes. Ansible runs no template in bytes.
func newBytes(data []byte) Value {
	return Value{kind: String, was: fromBytes, text: decodeText(data)}.withoutTemplates()
}

// oneKey says that two keys of a map would be one in JSON, 80 and "80" or null and "null": one value would be gone.
func oneKey(key string) string {
	return fmt.Sprintf("two keys of this map are the text %s in JSON, which has only texts as keys; rename one of them", shown.Name(key))
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

// keyChange says what JSON makes of a key that is no text.
func keyChange(key string) string {
	return fmt.Sprintf("the key %s, which is no text, becomes one", key)
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

// notUTF8 is the message about a text with a character that stands for a byte which is no UTF-8, or with half a surrogate
// pair. Ansible reads it, but since 2.19 refuses all that an inventory program prints if such a text is in it.
const notUTF8 = "this is not UTF-8, which Ansible since 2.19 does not take from an inventory program; save the file as UTF-8"

// isPrintable tells whether Ansible takes the text from an inventory program: whether there is no surrogate in it.
func isPrintable(text string) bool {
	for at := strings.IndexByte(text, 0xED); at >= 0; {
		if at+1 < len(text) && text[at+1] >= 0xA0 {
			return false
		}
		next := strings.IndexByte(text[at+1:], 0xED)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return true
}

// markers are the keys by which Ansible's JSON decoders know what is no map (ansible/parsing/ajson.py; since 2.19
// ansible/_internal/_json/_profiles). It takes nothing else from a map that has one.
var markers = []string{vaultKey, unsafeKey, typeKey}

func isMarker(key string) bool {
	return strings.HasPrefix(key, "__ansible_") && slices.Contains(markers, key)
}

// markerKey is the message about a map that has one of the markers as a key.
const markerKey = "a map with the key " + vaultKey + ", " + unsafeKey + " or " + typeKey + ", which Ansible takes for an encrypted " +
	"or unsafe text or an object when it reads JSON; rename the key, or write !vault or !unsafe"

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
