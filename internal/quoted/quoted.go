// Package quoted writes texts as JSON strings and reads them back, also those with lone surrogates. These are three bytes in Go (see
// package python) and one \u in JSON. Libraries put U+FFFD in their place, which would make one host of two.
package quoted

import (
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/regal-inventory/regal-inventory/inventory/python"
)

const hexDigits = "0123456789abcdef"

// isPlain tells of each byte whether it stands for itself within a JSON string. Comparisons in its place made printing an
// inventory a tenth slower.
var isPlain = func() (plain [256]bool) {
	for c := byte(' '); c < 0x7F; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// Append appends text as a JSON string. Everything that is not a visible character or a plain space is escaped, so
// that no name can do harm on a terminal; lone surrogates come out as Python writes them.
func Append(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if isPlain[c] {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			if r, size = python.DecodeRune(text[i:]); unicode.IsGraphic(r) && r != utf8.RuneError {
				i += size
				continue
			}
		}
		dst = append(dst, text[start:i]...)
		dst = appendEscaped(dst, r)
		i += size
		start = i
	}
	dst = append(dst, text[start:]...)
	return append(dst, '"')
}

func appendEscaped(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	if r > 0xFFFF {
		r -= 0x10000
		dst = appendUnit(dst, 0xD800+r>>10)
		r = 0xDC00 + r&0x3FF
	}
	return appendUnit(dst, r)
}

func appendUnit(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// Text returns the text of a JSON string, which has to be valid.
func Text(quoted []byte) string {
	var text []byte
	inside := quoted[1 : len(quoted)-1]
	for len(inside) > 0 {
		at := loneSurrogate(inside)
		text, _ = jsontext.AppendUnquote(text, `"`+string(inside[:at])+`"`) // valid, as the caller says
		inside = inside[at:]
		if len(inside) > 0 {
			unit, _ := surrogate(inside)
			text = append(text, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F)
			inside = inside[unitLength:]
		}
	}
	return string(text)
}

// unitLength is the length of an escaped unit of UTF-16.
const unitLength = len(`\ud800`)

// loneSurrogate returns the offset of the first escaped surrogate that has no partner behind it, or the length of the text.
func loneSurrogate(text []byte) int {
	for at := 0; at < len(text); at++ {
		if text[at] != '\\' {
			continue
		}
		first, ok := surrogate(text[at:])
		if !ok {
			at++
			continue
		}
		second, ok := surrogate(text[at+unitLength:])
		if !ok || utf16.DecodeRune(first, second) == utf8.RuneError {
			return at
		}
		at += 2*unitLength - 1
	}
	return len(text)
}

// surrogate returns the surrogate whose escape the text begins with, and false if it begins with none.
func surrogate(text []byte) (rune, bool) {
	if len(text) < unitLength || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:unitLength]), 16, 32)
	return rune(unit), err == nil && utf16.IsSurrogate(rune(unit))
}
