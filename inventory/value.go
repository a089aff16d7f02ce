package inventory

import (
	"errors"
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

// Value is a variable's value as Ansible sees it, whichever language it was written in. The zero Value is null.
//
// Numbers are kept as text, so that an integer may have any size and a float keeps every digit.
type Value struct {
	kind      Kind
	rewritten bool // see Rewritten
	misshapen bool // it is to be a number, and its text is none
	text      string
	body      *body // of a List or a Map, shared by all copies of the Value
}

// body is what a List or a Map holds.
type body struct {
	names  *nameList // of a Map
	values []Value
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
	return len(v.body.values)
}

// At returns element i of a List, or the value of the i-th key of a Map, counting from 0; i is below Len.
func (v Value) At(i int) Value { return v.body.values[i] }

// KeyAt returns the i-th key of a Map, counting from 0 in the order written; i is below Len.
func (v Value) KeyAt(i int) string { return v.body.names.list[i] }

// Get returns the value that a Map has for the key. It is false if the Map has none, and for anything but a Map.
func (v Value) Get(key string) (Value, bool) {
	if v.kind != Map {
		return Value{}, false
	}
	entries := v.entries()
	return entries.Get(key)
}

// entries returns the entries of a Map, which shares them.
func (v Value) entries() Vars { return Vars{v.body.names, v.body.values} }

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
func NewIntText(digits string) Value {
	return Value{kind: Int, text: digits, misshapen: !python.IsDigits(strings.TrimPrefix(digits, "-"))}
}

// NewFloat returns a float, as Python prints it.
func NewFloat(f float64) Value { return Value{kind: Float, text: python.FloatText(f)} }

// NewList returns a list of the values, which it takes over.
func NewList(values []Value) Value { return Value{kind: List, body: &body{values: values}} }

// NewMap returns a map of the entries in their order, which it takes over: they must not be set any more.
func NewMap(entries Vars) Value {
	return Value{kind: Map, body: &body{entries.names, entries.values}}
}

// NewFloatText returns a float from its text as Python prints it. What is no number makes a value that cannot be printed.
func NewFloatText(text string) Value {
	_, err := strconv.ParseFloat(text, 64)
	return Value{kind: Float, text: text, misshapen: err != nil && !errors.Is(err, strconv.ErrRange)}
}

// NewVault returns an encrypted text.
func NewVault(ciphertext string) Value { return Value{kind: Vault, text: ciphertext} }

// NewUnsafe returns a text that Ansible will not template.
func NewUnsafe(text string) Value { return Value{kind: Unsafe, text: text} }

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

// WithoutTemplates returns the value with every text in it marked unsafe that Ansible would run as a template. It is for values
// from where nobody is trusted to run one.
func (v Value) WithoutTemplates() Value {
	switch v.kind {
	case String:
		if mayBeTemplate(v.text) {
			v.kind = Unsafe
		}
	case List, Map:
		plain := make([]Value, len(v.body.values))
		for i, value := range v.body.values {
			plain[i] = value.WithoutTemplates()
		}
		v.body = &body{v.body.names, plain}
	}
	return v
}

// HasTemplate tells whether there is a text in the value that Ansible would run as a template.
func (v Value) HasTemplate() bool {
	if v.kind == String {
		return mayBeTemplate(v.text)
	}
	return v.body != nil && slices.ContainsFunc(v.body.values, Value.HasTemplate)
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
		return slices.EqualFunc(v.body.values, other.body.values, Value.Equals)
	case Map:
		for i, value := range v.body.values {
			if others, ok := other.Get(v.KeyAt(i)); !ok || !value.Equals(others) {
				return false
			}
		}
		return true
	default:
		return v.text == other.text
	}
}
