package inventory

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// node is a part of a literal: at first as it was parsed, after evaluate the Python object it stands for.
type node struct {
	kind  nodeKind
	sign  byte   // of a number: '+', '-' or 0 for none; of a complex number: the operator between its parts
	text  string // of a string or bytes: the content; of a number: as written, after evaluate as printed
	items []node // a container's elements; a dict's keys and values in turn; a complex number's parts
}

type nodeKind uint8

const (
	nameNode    nodeKind = iota // a name or an operation: a ValueError when evaluated
	setNameNode                 // the name set, which brackets make a literal
	noneNode
	boolNode
	intNode
	hugeNode // an integer that Python refuses to print
	floatNode
	imaginaryNode
	complexNode
	ellipsisNode
	stringNode
	bytesNode
	tupleNode
	listNode
	setNode
	dictNode
)

func (n *node) isNumber() bool {
	return n.kind == intNode || n.kind == floatNode || n.kind == imaginaryNode
}

// isDecimalInt tells whether Python accepts the digits of a decimal integer: zeros before others would once have made
// it octal, and reading too many takes too long.
func (n *node) isDecimalInt() bool {
	if strings.Trim(n.text, "0_") == "" {
		return true
	}
	return n.text[0] != '0' && len(n.text)-strings.Count(n.text, "_") <= maxDigits
}

// evaluate is literal_eval's _convert, in its order: the first fault in that order is the answer. It returns
// errNotLiteral for a ValueError, and another error for what Ansible does not catch.
func (n *node) evaluate() error {
	switch n.kind {
	case nameNode, setNameNode:
		return errNotLiteral
	case intNode:
		n.evaluateInt()
	case floatNode:
		n.text = floatText(n.float())
	case complexNode:
		return n.evaluateComplex()
	case tupleNode, listNode:
		for i := range n.items {
			if err := n.items[i].evaluate(); err != nil {
				return err
			}
		}
	case setNode:
		return n.evaluateSet()
	case dictNode:
		return n.evaluateDict()
	}
	return nil
}

func (n *node) evaluateInt() {
	digits := strings.ReplaceAll(n.text, "_", "")
	if base := numberBase(digits); base != 10 {
		digits = strings.TrimLeft(digits[len("0x"):], "0")
		// Four bits make more than one decimal digit, so a longer text than that is refused whatever its digits are.
		if len(digits) > maxDigits*4 {
			n.kind = hugeNode
			return
		}
		digits = intFromBase("0"+digits, base)
	} else if digits[0] == '0' {
		digits = "0"
	}
	if len(digits) > maxDigits {
		n.kind = hugeNode
		return
	}
	if n.sign == '-' && digits != "0" {
		digits = "-" + digits
	}
	n.text = digits
}

// float returns a float or imaginary part as it was parsed.
func (n *node) float() float64 {
	f := parseFinite(strings.ReplaceAll(n.text, "_", ""))
	if n.sign == '-' {
		return -f
	}
	return f
}

// evaluateComplex fails where Python cannot turn the integer before the imaginary part into a float.
func (n *node) evaluateComplex() error {
	if n.items[0].kind == intNode && math.IsInf(real(n.complex()), 0) {
		return errors.New("the integer in a complex number is too large")
	}
	return nil
}

// complex returns the value of a complex or imaginary number.
func (n *node) complex() complex128 {
	if n.kind == imaginaryNode {
		c := complex(0, parseFinite(strings.ReplaceAll(n.text, "_", "")))
		if n.sign == '-' {
			return -c
		}
		return c
	}
	left := n.items[0]
	if left.kind == intNode {
		left.evaluateInt()
		left.sign = 0
		if left.kind == hugeNode {
			left.text = "1e999"
		}
	}
	// Both parts of both numbers are added, as Python does: that decides the sign of a zero.
	if n.sign == '-' {
		return complex(left.float(), 0) - n.items[1].complex()
	}
	return complex(left.float(), 0) + n.items[1].complex()
}

func (n *node) evaluateSet() error {
	seen := make(map[string]bool, len(n.items))
	distinct := n.items[:0]
	for _, item := range n.items {
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
	n.items = distinct
	return nil
}

// evaluateDict keeps a key as it was first written, with the value that was written last.
func (n *node) evaluateDict() error {
	places := make(map[string]int, len(n.items)/2)
	distinct := n.items[:0]
	for i := 0; i < len(n.items); i += 2 {
		key, value := n.items[i], n.items[i+1]
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
	n.items = distinct
	return nil
}

// appendHash appends a text that is the same for two objects if and only if they are equal to Python. It fails where
// Python cannot hash the object.
func (n *node) appendHash(hash []byte) ([]byte, error) {
	switch n.kind {
	case boolNode:
		if n.text == "True" {
			return append(hash, "n1;"...), nil
		}
		return append(hash, "n0;"...), nil
	case intNode:
		return append(append(append(hash, 'n'), n.text...), ';'), nil
	case floatNode:
		return appendFloatHash(hash, parseFinite(n.text)), nil
	case imaginaryNode, complexNode:
		c := n.complex()
		hash = appendFloatHash(hash, real(c))
		if imag(c) != 0 {
			hash = appendFloatHash(append(hash, 'j'), imag(c))
		}
		return hash, nil
	case tupleNode:
		hash = append(hash, '(')
		for i := range n.items {
			var err error
			if hash, err = n.items[i].appendHash(hash); err != nil {
				return nil, err
			}
		}
		return append(hash, ')'), nil
	case listNode:
		return nil, errors.New("a list cannot be a dictionary's key or a set's element")
	case setNode:
		return nil, errors.New("a set cannot be a dictionary's key or a set's element")
	case dictNode:
		return nil, errors.New("a dictionary cannot be a dictionary's key or a set's element")
	default:
		hash = append(hash, 'A'+byte(n.kind))
		hash = strconv.AppendInt(hash, int64(len(n.text)), 10)
		return append(append(hash, ':'), n.text...), nil
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

// keyText is what Python's json makes of a dictionary's key, and str() for those that it refuses, such as tuples.
func (n *node) keyText() (string, bool) {
	switch {
	case n.kind == stringNode:
		return n.text, true
	case n.kind == noneNode:
		return "null", true
	case n.kind == boolNode:
		return strings.ToLower(n.text), true
	}
	return n.str()
}

// str is Python's str() of an object that can be hashed. It is false for an integer that is too long.
func (n *node) str() (string, bool) {
	text, ok := n.appendText(nil)
	return string(text), ok
}

// appendText appends Python's str() of an object that can be hashed. It is false for an integer that is too long.
func (n *node) appendText(text []byte) ([]byte, bool) {
	if n.kind == stringNode {
		return append(text, n.text...), true
	}
	return n.appendRepr(text)
}

// appendRepr appends Python's repr() of an object that can be hashed.
func (n *node) appendRepr(text []byte) ([]byte, bool) {
	switch n.kind {
	case noneNode:
		return append(text, "None"...), true
	case ellipsisNode:
		return append(text, "Ellipsis"...), true
	case imaginaryNode, complexNode:
		return append(text, complexText(n.complex())...), true
	case stringNode:
		return appendStringRepr(text, n.text), true
	case bytesNode:
		return appendBytesRepr(text, n.text), true
	case tupleNode:
		return n.appendTupleRepr(text)
	default:
		return append(text, n.text...), n.kind != hugeNode
	}
}

func (n *node) appendTupleRepr(text []byte) ([]byte, bool) {
	text = append(text, '(')
	for i := range n.items {
		if i > 0 {
			text = append(text, ", "...)
		}
		var ok bool
		if text, ok = n.items[i].appendRepr(text); !ok {
			return nil, false
		}
	}
	if len(n.items) == 1 {
		text = append(text, ',')
	}
	return append(text, ')'), true
}

// printedComplex is Python's str() of a complex or imaginary number.
func (n *node) printedComplex() string { return complexText(n.complex()) }

// complexText is Python's repr of a complex number, which leaves ".0" and a real part of 0 out.
func complexText(c complex128) string {
	imaginary := strings.TrimSuffix(floatText(imag(c)), ".0") + "j"
	if real(c) == 0 && !math.Signbit(real(c)) {
		return imaginary
	}
	if imaginary[0] != '-' {
		imaginary = "+" + imaginary
	}
	return "(" + strings.TrimSuffix(floatText(real(c)), ".0") + imaginary + ")"
}

// quoteFor returns the quote that Python puts around content.
func quoteFor(content string) byte {
	if strings.IndexByte(content, '\'') >= 0 && strings.IndexByte(content, '"') < 0 {
		return '"'
	}
	return '\''
}

// appendStringRepr is Python's repr of a str (Objects/unicodeobject.c, unicode_repr).
func appendStringRepr(text []byte, content string) []byte {
	quote := quoteFor(content)
	text = append(text, quote)
	for len(content) > 0 {
		r, size := decodeRune(content)
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

// appendBytesRepr is Python's repr of bytes.
func appendBytesRepr(text []byte, content string) []byte {
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
