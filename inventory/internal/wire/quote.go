package wire

import (
	"unicode"
	"unicode/utf8"

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

// AppendQuoted appends text as a JSON string. Everything that is not a visible character or a plain space is escaped, so
// that no name can do harm on a terminal; lone surrogates come out as Python writes them.
func AppendQuoted(dst []byte, text string) []byte {
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
