// Package json reads JSON as Python does, with the hook of Ansible's decoder, which makes encrypted and unsafe texts of
// marked maps. [Parse] is the door. Values keep what encoding/json would lose: the order of keys, integers of any size, NaN.
//
// It knows nothing of groups and hosts: what an inventory program prints is read by package source, a YAML inventory in JSON
// by package yaml.
package json

import (
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// reader reads JSON as Python's json module does, with the hook of Ansible's decoder (ansible/parsing/ajson.py). A
// strict JSON reader would not do: Python takes NaN, Infinity, lone surrogates, integers without bound and repeated keys,
// and ansible-inventory prints some of them.
type reader struct {
	text   string
	at     int
	depth  int
	isJSON bool // see Try
}

// Parse reads text, which must hold one JSON value. Errors have line and column. What only Ansible before 2.19 takes is an
// error too: texts that are not UTF-8, the key __ansible_type, and a marker of a text around something else.
func Parse(text string) (inventory.Value, *inventory.Error) {
	value, _, err := Try(text)
	return value, err
}

// Try is Parse for a text that may be YAML. isJSON tells of an error that the text is sound JSON, which Ansible does
// not take all the same: YAML would make something else of it.
func Try(text string) (value inventory.Value, isJSON bool, err *inventory.Error) {
	r := reader{text: text}
	value, err = r.parse()
	return value, r.isJSON, err
}

func (r *reader) parse() (inventory.Value, *inventory.Error) {
	r.skipSpace()
	value, err := r.value()
	if err == nil {
		r.skipSpace()
		if r.at < len(r.text) {
			err = r.fail("unexpected text behind the JSON value")
		}
	}
	if err != nil {
		return inventory.Value{}, err
	}
	return value, nil
}

// refuse is fail for a text that is JSON.
func (r *reader) refuse(at int, message string) *inventory.Error {
	r.isJSON = true
	r.at = at
	return r.fail(message)
}

func (r *reader) fail(message string) *inventory.Error {
	before := r.text[:r.at]
	line := 1 + strings.Count(before, "\n")
	return &inventory.Error{Line: line, Column: 1 + python.Len(before[strings.LastIndexByte(before, '\n')+1:]), Message: message}
}

func (r *reader) skipSpace() {
	for r.at < len(r.text) && isSpace(r.text[r.at]) {
		r.at++
	}
}

func (r *reader) value() (inventory.Value, *inventory.Error) {
	rest := r.text[r.at:]
	if rest == "" {
		return inventory.Value{}, r.fail("a JSON value is missing")
	}
	switch rest[0] {
	case '{':
		return r.nested(r.object)
	case '[':
		return r.nested(r.array)
	case '"':
		text, err := r.string()
		return inventory.NewString(text), err
	}
	for _, word := range words {
		if strings.HasPrefix(rest, word.text) {
			r.at += len(word.text)
			return word.value, nil
		}
	}
	return r.number()
}

var words = []struct {
	text  string
	value inventory.Value
}{
	{"null", inventory.Value{}},
	{"true", inventory.NewBool(true)},
	{"false", inventory.NewBool(false)},
	{"NaN", inventory.NewFloatText("nan")},
	{"Infinity", inventory.NewFloatText("inf")},
	{"-Infinity", inventory.NewFloatText("-inf")},
}

func (r *reader) nested(read func() (inventory.Value, *inventory.Error)) (inventory.Value, *inventory.Error) {
	if r.depth++; r.depth > python.MaxNesting {
		return inventory.Value{}, r.fail("lists and maps are nested more than " + strconv.Itoa(python.MaxNesting) + " deep")
	}
	r.at++
	value, err := read()
	r.depth--
	return value, err
}

func (r *reader) array() (inventory.Value, *inventory.Error) {
	var values []inventory.Value
	for more := r.first(']'); more; {
		value, err := r.value()
		if err != nil {
			return inventory.Value{}, err
		}
		values = append(values, value)
		if more, err = r.next(']'); err != nil {
			return inventory.Value{}, err
		}
	}
	return inventory.NewList(values), nil
}

func (r *reader) object() (inventory.Value, *inventory.Error) {
	start := r.at - 1
	var members inventory.Vars
	for more := r.first('}'); more; {
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return inventory.Value{}, r.fail("a key in double quotes is missing")
		}
		key, err := r.string()
		if err != nil {
			return inventory.Value{}, err
		}
		r.skipSpace()
		if r.at == len(r.text) || r.text[r.at] != ':' {
			return inventory.Value{}, r.fail("a colon is missing behind the key")
		}
		r.at++
		r.skipSpace()
		value, err := r.value()
		if err != nil {
			return inventory.Value{}, err
		}
		members.Set(key, value)
		if more, err = r.next('}'); err != nil {
			return inventory.Value{}, err
		}
	}
	value, fault := unmark(&members)
	if fault != "" {
		return inventory.Value{}, r.refuse(start, fault)
	}
	return value, nil
}

// first skips to the first item of an array or object and tells whether there is one.
func (r *reader) first(closing byte) bool {
	r.skipSpace()
	if r.at < len(r.text) && r.text[r.at] == closing {
		r.at++
		return false
	}
	return true
}

// next skips to the next item and tells whether there is one.
func (r *reader) next(closing byte) (bool, *inventory.Error) {
	r.skipSpace()
	if r.at < len(r.text) {
		switch r.text[r.at] {
		case ',':
			r.at++
			r.skipSpace()
			return true, nil
		case closing:
			r.at++
			return false, nil
		}
	}
	return false, r.fail("a comma or a closing " + string(closing) + " is missing")
}

// unmark returns the map, or the vault or unsafe text that it stands for (AnsibleJSONDecoder.object_hook; since 2.19
// AnsibleProfileJSONDecoder.object_hook), or what is wrong with it.
func unmark(members *inventory.Vars) (value inventory.Value, fault string) {
	for name, value := range members.All() {
		marked := inventory.NewVault
		switch name {
		case wire.VaultKey:
		case wire.UnsafeKey:
			marked = inventory.NewUnsafe
		case wire.TypeKey:
			return inventory.Value{}, "a map has the key " + wire.TypeKey + ", by which Ansible since 2.19 knows objects of its own; rename it"
		default:
			continue
		}
		if value.Kind() != inventory.String {
			return inventory.Value{}, name + " must stand before a text: Ansible since 2.19 takes nothing else"
		}
		return marked(value.Text()), ""
	}
	return inventory.NewMap(*members), ""
}

func (r *reader) number() (inventory.Value, *inventory.Error) {
	rest := r.text[r.at:]
	sign := 0
	if rest[0] == '-' {
		sign = 1
	}
	whole := sign + python.DigitCount(rest[sign:])
	switch {
	case whole == sign:
		return inventory.Value{}, r.fail("a JSON value is missing")
	case rest[sign] == '0':
		whole = sign + 1
	}
	end := whole
	if fraction := python.DigitCount(strings.TrimPrefix(rest[end:], ".")); end < len(rest) && rest[end] == '.' && fraction > 0 {
		end += 1 + fraction
	}
	if end < len(rest) && (rest[end] == 'e' || rest[end] == 'E') {
		power := end + 1
		if power < len(rest) && (rest[power] == '+' || rest[power] == '-') {
			power++
		}
		if digits := python.DigitCount(rest[power:]); digits > 0 {
			end = power + digits
		}
	}
	if end > whole {
		r.at += end
		number, _ := strconv.ParseFloat(rest[:end], 64) // only out of range: then it is infinite, as in Python
		return inventory.NewFloat(number).WrittenAs(rest[:end]), nil
	}
	if whole-sign > python.MaxDigits {
		return inventory.Value{}, r.fail("an integer has more than " + strconv.Itoa(python.MaxDigits) + " digits")
	}
	r.at += whole
	if rest[:whole] == "-0" {
		return inventory.NewIntText("0").WrittenAs("-0"), nil
	}
	return inventory.NewIntText(rest[:whole]), nil
}

// string reads a string; the reader stands on its opening quote.
func (r *reader) string() (string, *inventory.Error) {
	r.at++
	rest := r.text[r.at:]
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			r.at += i + 1
			return rest[:i], nil
		case c == '\\':
			return r.escapedString()
		case c < 0x20:
			r.at += i
			return "", r.fail("a control character stands in a string; write it as an escape")
		}
	}
	return "", r.fail("a string is not closed")
}

// escapedString reads the rest of a string that has escapes in it.
func (r *reader) escapedString() (string, *inventory.Error) {
	var text strings.Builder
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return text.String(), nil
		case c < 0x20:
			return "", r.fail("a control character stands in a string; write it as an escape")
		case c == '\\':
			if err := r.escape(&text); err != nil {
				return "", err
			}
		default:
			text.WriteByte(c)
			r.at++
		}
	}
	return "", r.fail("a string is not closed")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (r *reader) escape(text *strings.Builder) *inventory.Error {
	if r.at+1 == len(r.text) {
		return r.fail("a string is not closed")
	}
	c := r.text[r.at+1]
	if plain := escapes[c]; plain != 0 {
		text.WriteByte(plain)
		r.at += 2
		return nil
	}
	start := r.at
	unit, ok := r.unicodeEscape()
	if !ok {
		return r.fail("a string holds an escape that JSON does not know")
	}
	r.at += 6
	if unit >= 0xD800 && unit < 0xDC00 {
		if low, ok := r.unicodeEscape(); ok && low >= 0xDC00 && low < 0xE000 {
			unit = 0x10000 + (unit-0xD800)<<10 + low - 0xDC00
			r.at += 6
		}
	}
	if unit >= 0xD800 && unit < 0xE000 {
		return r.refuse(start, "half a surrogate pair is no character: "+wire.NotUTF8)
	}
	text.WriteRune(unit)
	return nil
}

// unicodeEscape returns what the escape \uXXXX at the reader's place stands for, if there is one.
func (r *reader) unicodeEscape() (rune, bool) {
	rest := r.text[r.at:]
	if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(rest[2:6], 16, 16)
	return rune(unit), err == nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
