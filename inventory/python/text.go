package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Texts here are what Python holds: code points, lone surrogates among them. Go strings hold them as UTF-8, and a lone
// surrogate in the three bytes that UTF-8 would give it if it allowed surrogates. That is how a byte that is no UTF-8,
// which Python reads as a surrogate (surrogateescape), gets through unharmed.

// Decode returns the bytes as Ansible's to_text does: UTF-8, and for each byte that is none a surrogate
// U+DC80..U+DCFF. The caller gives data away and does not touch it any more: a copy would cost as much memory as the
// source has.
func Decode(data []byte) string {
	if utf8.Valid(data) {
		return unsafe.String(unsafe.SliceData(data), len(data))
	}
	var text strings.Builder
	text.Grow(len(data) + len(data)/8)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			AppendSurrogate(&text, 0xDC00+rune(data[0]))
		} else {
			text.Write(data[:size])
		}
		data = data[size:]
	}
	return text.String()
}

// AppendSurrogate writes a surrogate in the form described above.
func AppendSurrogate(text *strings.Builder, r rune) {
	text.WriteByte(0xE0 | byte(r>>12))
	text.WriteByte(0x80 | byte(r>>6)&0x3F)
	text.WriteByte(0x80 | byte(r)&0x3F)
}

// DecodeRune is utf8.DecodeRuneInString that knows surrogates too.
func DecodeRune(text string) (rune, int) {
	if len(text) > 0 && text[0] < utf8.RuneSelf {
		return rune(text[0]), 1
	}
	if len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 {
		return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(text)
}

// IsSpace tells whether Python's str.isspace holds for r; str.strip() takes these away.
func IsSpace(r rune) bool {
	switch {
	case r < 0x80:
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1C && r <= 0x1F
	case r == 0x85:
		return true
	default:
		return unicode.Is(unicode.Zs, r) || r == 0x2028 || r == 0x2029
	}
}

// IsWord tells whether \w of Python's re matches r: letters, digits of all kinds, and the underscore.
func IsWord(r rune) bool {
	if r < 0x80 {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.N, r)
}

// Strip is Python's str.strip().
func Strip(text string) string {
	if text != "" && isVisible(text[0]) && isVisible(text[len(text)-1]) {
		return text
	}
	return strings.TrimFunc(text, IsSpace)
}

// isVisible tells whether c is a visible ASCII character.
func isVisible(c byte) bool { return c > ' ' && c < 0x7F }

// Len returns how many characters text has.
func Len(text string) int {
	n := 0
	for i := 0; i < len(text); n++ {
		_, size := DecodeRune(text[i:])
		i += size
	}
	return n
}

// IsTabOrSpace tells whether c is white space that stays within a line.
func IsTabOrSpace(c byte) bool { return c == ' ' || c == '\t' }
