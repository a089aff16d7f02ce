package inventory

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory/python"
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

// MaxNesting is how deep lists and maps may stand in one another. Python gives up at about as many.
const MaxNesting = 1000

// Value is a variable's value as Ansible sees it, whichever language it was written in. The zero Value is null.
//
// Numbers are kept as text, so that an integer may have any size and a float keeps every digit.
type Value struct {
	kind      Kind
	was       Origin
	rewritten bool // see Rewritten
	text      string
	body      *Content
}

// Origin says what a value was to Python, where JSON has nothing for that and something else stands for it.
type Origin uint8

// What a value was to Python.
const (
	AsIs         Origin = iota
	FromDate            // a text, as isoformat() writes it
	FromBytes           // the text that they encode, which no template may be run in
	FromSet             // a list
	FromComplex         // a text, as Python prints it
	FromEllipsis        // a text
)

// Content holds what a list or a map contains. It is shared by all copies of a Value, as a Python list is by all its names.
type Content struct {
	Keys    []string // of a map, in order; nil for a list
	Values  []Value
	OddKeys map[int]bool // the keys that Python did not hold as text; nil when there is none
	Named   bool         // it has an anchor, so that aliases may have made it the value of several names
}

// Kind returns the type of the value.
func (v Value) Kind() Kind { return v.kind }

// Text returns a scalar's text as Python's str() gives it (True, None, 1.0, nan), the ciphertext of a Vault, of an
// EncryptedFile which file that is and why it stays closed, and "" for a List or a Map. Two values with one text count as equal
// in a policy's by, spread and max_per.
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

// WrittenAs notes how the source wrote a number.
func (v Value) WrittenAs(source string) Value {
	v.rewritten = (v.kind == Int || v.kind == Float) && v.text != source
	return v
}

// Len returns the number of elements of a List or a Map, 0 for anything else.
func (v Value) Len() int {
	if v.body == nil {
		return 0
	}
	return len(v.body.Values)
}

// textSize returns about how many bytes it takes to print the value.
func (v Value) textSize() int {
	size := len(v.text) + 2
	if v.body != nil {
		for i, value := range v.body.Values {
			if size += value.textSize(); v.kind == Map {
				size += len(v.body.Keys[i])
			}
		}
	}
	return size
}

// At returns element i of a List, or the value of the i-th key of a Map, counting from 0.
func (v Value) At(i int) Value { return v.body.Values[i] }

// KeyAt returns the i-th key of a Map, counting from 0 in the order written.
func (v Value) KeyAt(i int) string { return v.body.Keys[i] }

// NewString returns a text.
func NewString(text string) Value { return Value{kind: String, text: text} }

// NewBool returns a truth value.
func NewBool(b bool) Value {
	if b {
		return Value{kind: Bool, text: "True"}
	}
	return Value{kind: Bool, text: "False"}
}

// NewEncryptedFile returns what stands for each value that the file may hold.
func NewEncryptedFile(path string, cause error) Value {
	return Value{kind: EncryptedFile, text: (&Error{File: path, Err: cause}).Error()}
}

// NewInt returns an integer.
func NewInt(n int64) Value { return Value{kind: Int, text: strconv.FormatInt(n, 10)} }

// NewIntText returns an integer of any size from its decimal digits, with a '-' before them if it is negative. What is no such
// text makes a value that cannot be printed.
func NewIntText(digits string) Value { return Value{kind: Int, text: digits} }

// NewFloat returns a float, as Python prints it.
func NewFloat(f float64) Value { return Value{kind: Float, text: python.FloatText(f)} }

// NewList returns a list of the values.
func NewList(values []Value) Value { return Value{kind: List, body: &Content{Values: values}} }

// NewMap returns a map; keys and values go in pairs, and no key comes twice.
func NewMap(keys []string, values []Value) Value {
	return Value{kind: Map, body: &Content{Keys: keys, Values: values}}
}

// NewFloatText returns a float from its text as Python prints it. What is no number makes a value that cannot be printed.
func NewFloatText(text string) Value { return Value{kind: Float, text: text} }

// NewVault returns an encrypted text.
func NewVault(ciphertext string) Value { return Value{kind: Vault, text: ciphertext} }

// NewUnsafe returns a text that Ansible will not template.
func NewUnsafe(text string) Value { return Value{kind: Unsafe, text: text} }

// NewContaining returns the List or Map of that content, which its maker may go on to fill.
func NewContaining(kind Kind, content *Content) Value { return Value{kind: kind, body: content} }

// Content returns what a List or a Map contains, nil for anything else.
func (v Value) Content() *Content { return v.body }

// Origin says what the value was to Python, where JSON has nothing for that.
func (v Value) Origin() Origin { return v.was }

// WithOrigin returns the value as one that stands for what JSON has nothing for.
func (v Value) WithOrigin(was Origin) Value {
	v.was = was
	return v
}

// Change returns a copy of a List or a Map with what change makes of each of its values; anything else stays as it is.
func (v Value) Change(change func(Value) Value) Value {
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
		return python.ParseInt(v.text)
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

// WithoutTemplates returns the value with every text in it marked unsafe that Ansible would run as a template.
func (v Value) WithoutTemplates() Value {
	switch v.kind {
	case String:
		if mayBeTemplate(v.text) {
			v.kind = Unsafe
		}
	case List, Map:
		v.body = v.body.each(Value.WithoutTemplates)
	}
	return v
}

// each returns a copy of the body with what change makes of each value.
func (b *Content) each(change func(Value) Value) *Content {
	changed := &Content{Keys: b.Keys, OddKeys: b.OddKeys, Values: make([]Value, len(b.Values))}
	for i, value := range b.Values {
		changed.Values[i] = change(value)
	}
	return changed
}

// HasTemplate tells whether there is a text in the value that Ansible would run as a template.
func (v Value) HasTemplate() bool {
	if v.kind == String {
		return mayBeTemplate(v.text)
	}
	return v.body != nil && slices.ContainsFunc(v.body.Values, Value.HasTemplate)
}

// AsUnsafe returns the value with every text in it marked unsafe (ansible/utils/unsafe_proxy.py, wrap_var). Like wrap_var
// it copies: what a list or map gets later does not show in the result.
func (v Value) AsUnsafe() Value {
	switch v.kind {
	case String:
		v.kind = Unsafe
	case List, Map:
		v.body = v.body.each(Value.AsUnsafe)
	}
	return v
}

// IsText tells whether the value is a text to Python: a str, marked unsafe or not.
func (v Value) IsText() bool { return v.kind == String || v.kind == Unsafe }

// IsTrue is Python's bool(v). A vault text counts as true: Ansible would have to decrypt it to tell.
func (v Value) IsTrue() bool {
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

// Equals tells whether two values are the same to Ansible, whatever the order of their maps.
func (v Value) Equals(other Value) bool {
	if v.kind != other.kind || v.Len() != other.Len() {
		return false
	}
	switch v.kind {
	case Vault:
		return python.Strip(v.text) == python.Strip(other.text)
	case List:
		return slices.EqualFunc(v.body.Values, other.body.Values, Value.Equals)
	case Map:
		for i := range v.Len() {
			at := slices.Index(other.body.Keys, v.KeyAt(i))
			if at < 0 || !v.At(i).Equals(other.At(at)) {
				return false
			}
		}
		return true
	default:
		return v.text == other.text
	}
}
