package python

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNesting is how deep lists and maps may stand in one another, in whatever language. Python gives up at about as many.
const MaxNesting = 1000

// Object is a part of a literal: at first as it was parsed, after evaluate the Python object it stands for.
type Object struct {
	Kind  Kind
	sign  byte     // of a number: '+', '-' or 0 for none; of a complex number: the operator between its parts
	Text  string   // of a string or bytes: the content; of a number: as written, after evaluate as printed
	Items []Object // a container's elements; a dict's keys and values in turn; a complex number's parts
}

// Kind is the type of an Object.
type Kind uint8

// The kinds of objects that literals make.
const (
	bareName Kind = iota // a name or an operation: a ValueError when evaluated
	setName              // the name set, which brackets make a literal
	None
	Bool
	Int
	Huge // an integer that Python refuses to print
	Float
	Imaginary
	Complex
	Ellipsis
	Str
	Bytes
	Tuple
	List
	Set
	Dict
)

func (n *Object) isNumber() bool {
	return n.Kind == Int || n.Kind == Float || n.Kind == Imaginary
}

// isDecimalInt tells whether Python accepts the digits of a decimal integer: zeros before others would once have made
// it octal, and reading too many takes too long.
func (n *Object) isDecimalInt() bool {
	if strings.Trim(n.Text, "0_") == "" {
		return true
	}
	return n.Text[0] != '0' && len(n.Text)-strings.Count(n.Text, "_") <= MaxDigits
}

// evaluate is literal_eval's _convert, in its order: the first fault in that order is the answer. It returns
// errNotLiteral for a ValueError, and another error for what Ansible does not catch.
func (n *Object) evaluate() error {
	switch n.Kind {
	case bareName, setName:
		return errNotLiteral
	case Int:
		n.evaluateInt()
	case Float:
		n.Text = FloatText(n.float())
	case Complex:
		return n.evaluateComplex()
	case Tuple, List:
		for i := range n.Items {
			if err := n.Items[i].evaluate(); err != nil {
				return err
			}
		}
	case Set:
		return n.evaluateSet()
	case Dict:
		return n.evaluateDict()
	}
	return nil
}

func (n *Object) evaluateInt() {
	digits := strings.ReplaceAll(n.Text, "_", "")
	if base := numberBase(digits); base != 10 {
		digits = strings.TrimLeft(digits[len("0x"):], "0")
		// Four bits make more than one decimal digit, so a longer text than that is refused whatever its digits are.
		if len(digits) > MaxDigits*4 {
			n.Kind = Huge
			return
		}
		digits = intFromBase("0"+digits, base)
	} else if digits[0] == '0' {
		digits = "0"
	}
	if len(digits) > MaxDigits {
		n.Kind = Huge
		return
	}
	if n.sign == '-' && digits != "0" {
		digits = "-" + digits
	}
	n.Text = digits
}

// float returns a float or imaginary part as it was parsed.
func (n *Object) float() float64 {
	f := ParseFinite(strings.ReplaceAll(n.Text, "_", ""))
	if n.sign == '-' {
		return -f
	}
	return f
}

// evaluateComplex fails where Python cannot turn the integer before the imaginary part into a float.
func (n *Object) evaluateComplex() error {
	if n.Items[0].Kind == Int && math.IsInf(real(n.complex()), 0) {
		return errors.New("the integer in a complex number is too large")
	}
	return nil
}

// complex returns the value of a complex or imaginary number.
func (n *Object) complex() complex128 {
	if n.Kind == Imaginary {
		c := complex(0, ParseFinite(strings.ReplaceAll(n.Text, "_", "")))
		if n.sign == '-' {
			return -c
		}
		return c
	}
	left := n.Items[0]
	if left.Kind == Int {
		left.evaluateInt()
		left.sign = 0
		if left.Kind == Huge {
			left.Text = "1e999"
		}
	}
	// Both parts of both numbers are added, as Python does: that decides the sign of a zero.
	if n.sign == '-' {
		return complex(left.float(), 0) - n.Items[1].complex()
	}
	return complex(left.float(), 0) + n.Items[1].complex()
}

func (n *Object) evaluateSet() error {
	seen := make(map[string]bool, len(n.Items))
	distinct := n.Items[:0]
	for _, item := range n.Items {
		if err := item.evaluate(); err != nil {
			return err
		}
		hash, err := item.appendHash(nil)
		if err != nil {
			return err
		}
		if !seen[string(hash)] {
			seen[string(hash)] = true
			distinct = append(distinct, item)
		}
	}
	n.Items = distinct
	return nil
}

// evaluateDict keeps a key as it was first written, with the value that was written last.
func (n *Object) evaluateDict() error {
	places := make(map[string]int, len(n.Items)/2)
	distinct := n.Items[:0]
	for i := 0; i < len(n.Items); i += 2 {
		key, value := n.Items[i], n.Items[i+1]
		if err := key.evaluate(); err != nil {
			return err
		}
		if err := value.evaluate(); err != nil {
			return err
		}
		hash, err := key.appendHash(nil)
		if err != nil {
			return err
		}
		if place, known := places[string(hash)]; known {
			distinct[place] = value
			continue
		}
		distinct = append(distinct, key, value)
		places[string(hash)] = len(distinct) - 1
	}
	n.Items = distinct
	return nil
}

// appendHash appends a text that is the same for two objects if and only if they are equal to Python. It fails where
// Python cannot hash the object.
func (n *Object) appendHash(hash []byte) ([]byte, error) {
	switch n.Kind {
	case Bool:
		if n.Text == "True" {
			return append(hash, "n1;"...), nil
		}
		return append(hash, "n0;"...), nil
	case Int:
		return append(append(append(hash, 'n'), n.Text...), ';'), nil
	case Float:
		return appendFloatHash(hash, ParseFinite(n.Text)), nil
	case Imaginary, Complex:
		c := n.complex()
		hash = appendFloatHash(hash, real(c))
		if imag(c) != 0 {
			hash = appendFloatHash(append(hash, 'j'), imag(c))
		}
		return hash, nil
	case Tuple:
		hash = append(hash, '(')
		for i := range n.Items {
			var err error
			if hash, err = n.Items[i].appendHash(hash); err != nil {
				return nil, err
			}
		}
		return append(hash, ')'), nil
	case List:
		return nil, errors.New("a list cannot be a dictionary's key or a set's element")
	case Set:
		return nil, errors.New("a set cannot be a dictionary's key or a set's element")
	case Dict:
		return nil, errors.New("a dictionary cannot be a dictionary's key or a set's element")
	default:
		hash = append(hash, 'A'+byte(n.Kind))
		hash = strconv.AppendInt(hash, int64(len(n.Text)), 10)
		return append(append(hash, ':'), n.Text...), nil
	}
}

// appendFloatHash gives whole floats the hash of the integer that they are equal to.
func appendFloatHash(hash []byte, f float64) []byte {
	if math.IsInf(f, 0) || f != math.Trunc(f) {
		return append(strconv.AppendFloat(append(hash, 'f'), f, 'g', -1, 64), ';')
	}
	whole, _ := big.NewFloat(f).Int(nil)
	return append(whole.Append(append(hash, 'n'), 10), ';')
}

// KeyText is what Python's json makes of a dictionary's key, and str() for those that it refuses, such as tuples.
func (n *Object) KeyText() (string, bool) {
	switch {
	case n.Kind == Str:
		return n.Text, true
	case n.Kind == None:
		return "null", true
	case n.Kind == Bool:
		return strings.ToLower(n.Text), true
	}
	return n.Str()
}

// Str is Python's str() of an object that can be hashed. It is false for an integer that is too long.
func (n *Object) Str() (string, bool) {
	text, ok := n.appendText(nil)
	return string(text), ok
}

// appendText appends Python's str() of an object that can be hashed. It is false for an integer that is too long.
func (n *Object) appendText(text []byte) ([]byte, bool) {
	if n.Kind == Str {
		return append(text, n.Text...), true
	}
	return n.appendRepr(text)
}

// appendRepr appends Python's repr() of an object that can be hashed.
func (n *Object) appendRepr(text []byte) ([]byte, bool) {
	switch n.Kind {
	case None:
		return append(text, "None"...), true
	case Ellipsis:
		return append(text, "Ellipsis"...), true
	case Imaginary, Complex:
		return append(text, complexText(n.complex())...), true
	case Str:
		return AppendStringRepr(text, n.Text), true
	case Bytes:
		return AppendBytesRepr(text, n.Text), true
	case Tuple:
		return n.appendTupleRepr(text)
	default:
		return append(text, n.Text...), n.Kind != Huge
	}
}

func (n *Object) appendTupleRepr(text []byte) ([]byte, bool) {
	text = append(text, '(')
	for i := range n.Items {
		if i > 0 {
			text = append(text, ", "...)
		}
		var ok bool
		if text, ok = n.Items[i].appendRepr(text); !ok {
			return nil, false
		}
	}
	if len(n.Items) == 1 {
		text = append(text, ',')
	}
	return append(text, ')'), true
}

// PrintedComplex is Python's str() of a complex or imaginary number.
func (n *Object) PrintedComplex() string { return complexText(n.complex()) }

// complexText is Python's repr of a complex number, which leaves ".0" and a real part of 0 out.
func complexText(c complex128) string {
	imaginary := strings.TrimSuffix(FloatText(imag(c)), ".0") + "j"
	if real(c) == 0 && !math.Signbit(real(c)) {
		return imaginary
	}
	if imaginary[0] != '-' {
		imaginary = "+" + imaginary
	}
	return "(" + strings.TrimSuffix(FloatText(real(c)), ".0") + imaginary + ")"
}

// quoteFor returns the quote that Python puts around content.
func quoteFor(content string) byte {
	if strings.IndexByte(content, '\'') >= 0 && strings.IndexByte(content, '"') < 0 {
		return '"'
	}
	return '\''
}

// AppendStringRepr is Python's repr of a str (Objects/unicodeobject.c, unicode_repr).
func AppendStringRepr(text []byte, content string) []byte {
	quote := quoteFor(content)
	text = append(text, quote)
	for len(content) > 0 {
		r, size := DecodeRune(content)
		switch {
		case r < utf8.RuneSelf:
			text = appendByteRepr(text, byte(r), quote)
		case unicode.IsPrint(r):
			text = append(text, content[:size]...)
		case r <= 0xFF:
			text = appendHexEscape(text, 'x', 2, r)
		case r <= 0xFFFF:
			text = appendHexEscape(text, 'u', 4, r)
		default:
			text = appendHexEscape(text, 'U', 8, r)
		}
		content = content[size:]
	}
	return append(text, quote)
}

// AppendBytesRepr is Python's repr of bytes.
func AppendBytesRepr(text []byte, content string) []byte {
	quote := quoteFor(content)
	text = append(text, 'b', quote)
	for i := range len(content) {
		text = appendByteRepr(text, content[i], quote)
	}
	return append(text, quote)
}

func appendByteRepr(text []byte, c, quote byte) []byte {
	switch {
	case c == quote || c == '\\':
		return append(text, '\\', c)
	case c == '\t':
		return append(text, `\t`...)
	case c == '\n':
		return append(text, `\n`...)
	case c == '\r':
		return append(text, `\r`...)
	case c < ' ' || c >= 0x7F:
		return appendHexEscape(text, 'x', 2, rune(c))
	default:
		return append(text, c)
	}
}

func appendHexEscape(text []byte, letter byte, digits int, r rune) []byte {
	text = append(text, '\\', letter)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		text = append(text, "0123456789abcdef"[r>>shift&0xF])
	}
	return text
}
