// Package wire knows the JSON that Ansible takes inventories from programs in: the keys with a meaning of their own, and what
// cannot be carried, in the words of our messages. It knows texts only: package inventory writes values, package json reads
// them, package quoted has the quotes.
package wire

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// The keys by which Ansible's JSON decoders know marked texts and objects, and that of the host variables.
const (
	VaultKey  = "__ansible_vault"
	UnsafeKey = "__ansible_unsafe"
	TypeKey   = "__ansible_type"
	MetaKey   = "_meta"
)

// NotUTF8 is the message about a text with a character that stands for a byte which is no UTF-8, or with half a surrogate
// pair. Ansible reads it, but since 2.19 refuses all that an inventory program prints if such a text is in it.
const NotUTF8 = "this is not UTF-8, which Ansible since 2.19 does not take from an inventory program; save the file as UTF-8"

// IsPrintable tells whether Ansible takes the text from an inventory program: whether there is no surrogate in it.
func IsPrintable(text string) bool {
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
var markers = []string{VaultKey, UnsafeKey, TypeKey}

// IsMarker tells whether the key of a map is one of the markers.
func IsMarker(key string) bool {
	return strings.HasPrefix(key, "__ansible_") && slices.Contains(markers, key)
}

// MarkerKey is the message about a map that has one of the markers as a key.
const MarkerKey = "a map with the key " + VaultKey + ", " + UnsafeKey + " or " + TypeKey + ", which Ansible takes for an encrypted " +
	"or unsafe text or an object when it reads JSON; rename the key, or write !vault or !unsafe"

// UnprintableKey says why Ansible does not take the key of a map from an inventory program; "" if it does.
func UnprintableKey(key string) string {
	switch {
	case IsMarker(key):
		return "it holds " + MarkerKey
	case !IsPrintable(key):
		return NotUTF8
	default:
		return ""
	}
}

// OneKey says that two keys of a map would be one in JSON, 80 and "80" or null and "null": one value would be gone.
func OneKey(key string) string {
	return fmt.Sprintf("two keys of this map are the text %s in JSON, which has only texts as keys; rename one of them", shown.Name(key))
}

// What JSON makes of what it cannot carry.
const (
	DateChange  = "a date becomes a text"
	BytesChange = "bytes become a text"
	SetChange   = "a set becomes a list"
)

// KeyChange says what JSON makes of a key that is no text.
func KeyChange(key string) string {
	return fmt.Sprintf("the key %s, which is no text, becomes one", key)
}
