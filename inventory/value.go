package inventory

import (
	"math/big"
	"strconv"
	"strings"
	"unicode"
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
	text      string
	body      *body
}

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

// newList returns a list of the values.
func newList(values []Value) Value { return Value{kind: List, body: &body{values: values}} }

// newMap returns a map; keys and values go in pairs, and no key comes twice.
func newMap(keys []string, values []Value) Value {
	return Value{kind: Map, body: &body{keys: keys, values: values}}
}

// pythonInt is Python's int(v), as long as the result fits an int64.
func (v Value) pythonInt() (int64, bool) {
	switch v.kind {
	case Bool:
		if v.text == "True" {
			return 1, true
		}
		return 0, true
	case Int:
		n, err := strconv.ParseInt(v.text, 10, 64)
		return n, err == nil
	case Float:
		f, err := strconv.ParseFloat(v.text, 64)
		if err != nil || f != f || f <= -1<<63 || f >= 1<<63 {
			return 0, false
		}
		return int64(f), true
	case String, Unsafe:
		n, ok := parseInt(v.text)
		if !ok || !n.IsInt64() {
			return 0, false
		}
		return n.Int64(), true
	default:
		return 0, false
	}
}

// parseInt is Python's int(text): white space around it, one sign, and single underscores between digits are allowed.
func parseInt(text string) (*big.Int, bool) {
	digits := strip(text)
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	plain := make([]byte, 0, len(digits)+1)
	if negative {
		plain = append(plain, '-')
	}
	lastDigit := false
	for _, r := range digits {
		value, isDigit := decimalDigit(r)
		switch {
		case isDigit:
			plain = append(plain, '0'+value)
		case r != '_' || !lastDigit:
			return nil, false
		}
		lastDigit = isDigit
	}
	if !lastDigit {
		return nil, false
	}
	return new(big.Int).SetString(string(plain), 10)
}

// decimalDigit returns the value of a decimal digit of any script; Unicode keeps the ten digits of a script together.
func decimalDigit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r - '0'), true
	}
	if r < 0x80 {
		return 0, false
	}
	for _, digits := range unicode.Nd.R16 {
		if lo, hi := rune(digits.Lo), rune(digits.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	for _, digits := range unicode.Nd.R32 {
		if lo, hi := rune(digits.Lo), rune(digits.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	return 0, false
}

// asUnsafe returns the value with every text in it marked unsafe (ansible/utils/unsafe_proxy.py, wrap_var). Like wrap_var
// it copies: what a list or map gets later does not show in the result.
func (v Value) asUnsafe() Value {
	switch v.kind {
	case String:
		v.kind = Unsafe
	case List, Map:
		wrapped := &body{keys: v.body.keys, oddKeys: v.body.oddKeys, values: make([]Value, len(v.body.values))}
		for i, element := range v.body.values {
			wrapped.values[i] = element.asUnsafe()
		}
		v.body = wrapped
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
