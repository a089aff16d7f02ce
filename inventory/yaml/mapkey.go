package yaml

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// mapKey is the key of a map: its text as JSON will have it, and what tells equal keys from others in Python.
type mapKey struct {
	text     string
	identity string // of what is no text, the same for numbers and truth values that are equal; "" otherwise
	isText   bool   // to Python: dates and bytes have a text here, but are none
	object   object // that it is, a scalar
}

func (c *constructor) constructKey(node *yaml.Node) (mapKey, error) {
	if node.Kind == yaml.ScalarNode && tagOf(node) == tagValue {
		return mapKey{text: node.Value, isText: true, object: object{scalar: inventory.NewString(node.Value)}}, nil
	}
	made, err := c.construct(node)
	if err != nil {
		return mapKey{}, err
	}
	key := mapKey{text: made.scalar.Text(), isText: made.isText(), object: made}
	switch made.kind() {
	case inventory.List, inventory.Map:
		return mapKey{}, failAt(node, "a list or a map cannot be a key")
	case inventory.Vault:
		return mapKey{}, failAt(node, "an encrypted text cannot be a key")
	case inventory.Null:
		key.text, key.identity = "null", "null"
	case inventory.Bool:
		key.text = strings.ToLower(key.text)
		key.identity = map[string]string{"true": "1", "false": "0"}[key.text]
	case inventory.Int:
		key.identity = key.text
	case inventory.Float:
		key.identity = strings.TrimSuffix(key.text, ".0")
	}
	switch text := key.text; made.was {
	case fromDate:
		key.text, key.isText, key.identity = strings.Replace(text, "T", " ", 1), false, "date "+text
	case fromBytes:
		key.text, key.isText, key.identity = string(python.AppendBytesRepr(nil, text)), false, "bytes "+text
	}
	return key, nil
}

// indexedKeys is the number of keys from which on there is an index of them.
const indexedKeys = 16

// keyIndex finds the places of keys in a map that is being filled.
type keyIndex struct {
	into    *content
	places  map[string]int // by text, from indexedKeys keys on
	numbers map[string]int // by identity, of what is no text
}

// oneKeyOnly is the place of a key that JSON would make one with another one: 80 and "80".
const oneKeyOnly = -2

// place returns the key's place in the map, and makes one at the end if it has none. It is negative if the map has another
// key of the same text.
func (k *keyIndex) place(key mapKey) (at int, fresh bool) {
	if at := k.find(key); at != notFound {
		return at, false
	}
	at = len(k.into.keys)
	k.into.keys = append(k.into.keys, key.text)
	k.into.items = append(k.into.items, object{})
	if !key.isText {
		k.into.markOdd(at)
		if k.numbers == nil {
			k.numbers = map[string]int{}
		}
		k.numbers[key.identity] = at
	}
	switch {
	case k.places != nil:
		k.places[key.text] = at
	case at == indexedKeys:
		k.places = make(map[string]int, 4*indexedKeys)
		for i, text := range k.into.keys {
			k.places[text] = i
		}
	}
	return at, true
}

const notFound = -1

// find returns the key's place, notFound or oneKeyOnly.
func (k *keyIndex) find(key mapKey) int {
	if !key.isText {
		if at, ok := k.numbers[key.identity]; ok {
			return at
		}
	}
	at := k.findText(key.text)
	if at != notFound && (!key.isText || k.into.odd[at]) {
		return oneKeyOnly
	}
	return at
}

func (k *keyIndex) findText(text string) int {
	if k.places == nil {
		return slices.Index(k.into.keys, text)
	}
	if at, ok := k.places[text]; ok {
		return at
	}
	return notFound
}
