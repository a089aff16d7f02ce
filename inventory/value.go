package inventory

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a [Value]: JSON's types, with integers and floats told apart, and Ansible's two marked texts.
type Kind uint8

// The kinds of values. Vault is an encrypted text, carried and never decrypted; Unsafe a text that Ansible will not
// template. EncryptedFile stands for whatever value an encrypted file of variables may hold: only [Inventory.Variable]
// gives it.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Vault
	Unsafe
	List
	Map
	EncryptedFile
)

// Value is a variable's value as Ansible sees it, whichever language it was written in. The zero Value is null.
//
// Numbers are kept as text, so that an integer may have any size and a float keeps every digit.
type Value struct {
	kind      Kind
	was       origin
	rewritten bool // see Rewritten
	text      string
	body      *body
}

// origin says what a value was to Python, where JSON has nothing for that and something else stands for it.
type origin uint8

const (
	asIs         origin = iota
	fromDate            // a text, as isoformat() writes it
	fromBytes           // the text that they encode, which no template may be run in
	fromSet             // a list
	fromComplex         // a text, as Python prints it
	fromEllipsis        // a text
)

// body holds what a list or a map contains. It is shared by all copies of a Value, as a Python list is by all its names.
type body struct {
	keys    []string // of a map, in order; nil for a list
	values  []Value
	oddKeys map[int]bool // the keys that Python did not hold as text; nil when there is none
	named   bool         // it has an anchor, so that aliases may have made it the value of several names
}

// Kind returns the type of the value.
func (v Value) Kind() Kind { return v.kind }

// Text returns a scalar's text as Python's str() gives it (True, None, 1.0, nan), the ciphertext of a Vault, of an
// EncryptedFile which file that is and why it stays closed, and "" for a List or a Map. Two values with one text count as equal in a policy's by, spread and max_per.
func (v Value) Text() string {
	switch v.kind {
	case Null:
		return "None"
	case List, Map:
		return ""
	default:
		return v.text
	}
}

// Rewritten tells whether the value is a number that its source wrote otherwise than [Value.Text] gives it: 1.10 is 1.1 to
// Python, 017 in YAML is 15. What only Ansible could read comes with its numbers as Ansible prints them.
func (v Value) Rewritten() bool { return v.rewritten }

// writtenAs notes how the source wrote a number.
func (v Value) writtenAs(source string) Value {
	v.rewritten = (v.kind == Int || v.kind == Float) && v.text != source
	return v
}

// Len returns the number of elements of a List or a Map, 0 for anything else.
func (v Value) Len() int {
	if v.body == nil {
		return 0
	}
	return len(v.body.values)
}

// textSize returns about how many bytes it takes to print the value.
func (v Value) textSize() int {
	size := len(v.text) + 2
	if v.body != nil {
		for i, value := range v.body.values {
			if size += value.textSize(); v.kind == Map {
				size += len(v.body.keys[i])
			}
		}
	}
	return size
}

// At returns element i of a List, or the value of the i-th key of a Map, counting from 0.
func (v Value) At(i int) Value { return v.body.values[i] }

// KeyAt returns the i-th key of a Map, counting from 0 in the order written.
func (v Value) KeyAt(i int) string { return v.body.keys[i] }

// NewString returns a text.
func NewString(text string) Value { return Value{kind: String, text: text} }

// NewBool returns a truth value.
func NewBool(b bool) Value {
	if b {
		return Value{kind: Bool, text: "True"}
	}
	return Value{kind: Bool, text: "False"}
}

// newEncryptedFile returns what stands for each value that the file may hold.
func newEncryptedFile(path string, cause error) Value {
	return Value{kind: EncryptedFile, text: (&Error{File: path, Err: cause}).Error()}
}

// newInt returns an integer from its decimal digits, with a '-' before them if it is negative.
func newInt(digits string) Value { return Value{kind: Int, text: digits} }

// newFloat returns a float, as Python prints it.
func newFloat(f float64) Value { return Value{kind: Float, text: floatText(f)} }

// newList returns a list of the values.
func newList(values []Value) Value { return Value{kind: List, body: &body{values: values}} }

// newMap returns a map; keys and values go in pairs, and no key comes twice.
func newMap(keys []string, values []Value) Value {
	return Value{kind: Map, body: &body{keys: keys, values: values}}
}

// newFloatText returns a float from its text as Python prints it.
func newFloatText(text string) Value { return Value{kind: Float, text: text} }

// newVault returns an encrypted text.
func newVault(ciphertext string) Value { return Value{kind: Vault, text: ciphertext} }

// newUnsafe returns a text that Ansible will not template.
func newUnsafe(text string) Value { return Value{kind: Unsafe, text: text} }

// newContaining returns the List or Map of that content, which its maker may go on to fill.
func newContaining(kind Kind, content *body) Value { return Value{kind: kind, body: content} }

// Content returns what a List or a Map contains, nil for anything else.
func (v Value) Content() *body { return v.body }

// Origin says what the value was to Python, where JSON has nothing for that.
func (v Value) Origin() origin { return v.was }

// withOrigin returns the value as one that stands for what JSON has nothing for.
func (v Value) withOrigin(was origin) Value {
	v.was = was
	return v
}

// change returns a copy of a List or a Map with what change makes of each of its values; anything else stays as it is.
func (v Value) change(change func(Value) Value) Value {
	if v.body != nil {
		v.body = v.body.each(change)
	}
	return v
}

// pythonInt is Python's int(v).
func (v Value) pythonInt() (*big.Int, bool) {
	switch v.kind {
	case Bool:
		if v.text == "True" {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case Int:
		return new(big.Int).SetString(v.text, 10)
	case Float:
		f, err := strconv.ParseFloat(v.text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, false
		}
		n, _ := big.NewFloat(f).Int(nil)
		return n, true
	case String, Unsafe:
		return parseInt(v.text)
	default:
		return nil, false
	}
}

// mayBeTemplate tells whether Ansible looks at a text as a template at all.
func mayBeTemplate(text string) bool {
	for at := strings.IndexByte(text, '{'); at >= 0 && at+1 < len(text); {
		if next := text[at+1]; next == '{' || next == '%' || next == '#' {
			return true
		}
		further := strings.IndexByte(text[at+1:], '{')
		if further < 0 {
			return false
		}
		at += 1 + further
	}
	return false
}

// withoutTemplates returns the value with every text in it marked unsafe that Ansible would run as a template.
func (v Value) withoutTemplates() Value {
	switch v.kind {
	case String:
		if mayBeTemplate(v.text) {
			v.kind = Unsafe
		}
	case List, Map:
		v.body = v.body.each(Value.withoutTemplates)
	}
	return v
}

// each returns a copy of the body with what change makes of each value.
func (b *body) each(change func(Value) Value) *body {
	changed := &body{keys: b.keys, oddKeys: b.oddKeys, values: make([]Value, len(b.values))}
	for i, value := range b.values {
		changed.values[i] = change(value)
	}
	return changed
}

// hasTemplate tells whether there is a text in the value that Ansible would run as a template.
func (v Value) hasTemplate() bool {
	if v.kind == String {
		return mayBeTemplate(v.text)
	}
	return v.body != nil && slices.ContainsFunc(v.body.values, Value.hasTemplate)
}

// asUnsafe returns the value with every text in it marked unsafe (ansible/utils/unsafe_proxy.py, wrap_var). Like wrap_var
// it copies: what a list or map gets later does not show in the result.
func (v Value) asUnsafe() Value {
	switch v.kind {
	case String:
		v.kind = Unsafe
	case List, Map:
		v.body = v.body.each(Value.asUnsafe)
	}
	return v
}

// isText tells whether the value is a text to Python: a str, marked unsafe or not.
func (v Value) isText() bool { return v.kind == String || v.kind == Unsafe }

// isTrue is Python's bool(v). A vault text counts as true: Ansible would have to decrypt it to tell.
func (v Value) isTrue() bool {
	switch v.kind {
	case Null:
		return false
	case Bool:
		return v.text == "True"
	case Int:
		return v.text != "0"
	case Float:
		return v.text != "0.0" && v.text != "-0.0"
	case String, Unsafe:
		return v.text != ""
	case List, Map:
		return v.Len() > 0
	default:
		return true
	}
}

// equals tells whether two values are the same to Ansible, whatever the order of their maps.
func (v Value) equals(other Value) bool {
	if v.kind != other.kind || v.Len() != other.Len() {
		return false
	}
	switch v.kind {
	case Vault:
		return strip(v.text) == strip(other.text)
	case List:
		return slices.EqualFunc(v.body.values, other.body.values, Value.equals)
	case Map:
		for i := range v.Len() {
			at := slices.Index(other.body.keys, v.KeyAt(i))
			if at < 0 || !v.At(i).equals(other.At(at)) {
				return false
			}
		}
		return true
	default:
		return v.text == other.text
	}
}
