// Package quoted writes names as JSON strings and reads them back, also names with lone surrogates. These are three bytes in Go (see
// package inventory) and one \u in JSON. Libraries put U+FFFD in their place, which would make one host of two.
package quoted

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Append appends text as a JSON string.
func Append(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for len(text) > 0 {
		end := 0
		for end < len(text) && !startsSurrogate(text[end:]) {
			end++
		}
		if end > 0 {
			quoted, _ := jsontext.AppendQuote(nil, text[:end]) // what is not UTF-8 becomes U+FFFD; no name has that
			dst = append(dst, quoted[1:len(quoted)-1]...)
			text = text[end:]
			continue
		}
		unit := 0xD000 | int64(text[1]&0x3F)<<6 | int64(text[2]&0x3F)
		dst = append(append(dst, `\u`...), strconv.FormatInt(unit, 16)...)
		text = text[3:]
	}
	return append(dst, '"')
}

// startsSurrogate tells whether a text begins with a lone surrogate, as its three bytes.
func startsSurrogate(text string) bool {
	return len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 && text[1] < 0xC0 && text[2] >= 0x80 && text[2] < 0xC0
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
