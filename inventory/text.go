package inventory

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Texts here are what Python holds: code points, lone surrogates among them. Go strings hold them as UTF-8, and a lone
// surrogate in the three bytes that UTF-8 would give it if it allowed surrogates. That is how a byte that is no UTF-8,
// which Python reads as a surrogate (surrogateescape), gets through unharmed.

// decodeText returns the bytes as Ansible's to_text does: UTF-8, and for each byte that is none a surrogate
// U+DC80..U+DCFF. The caller gives data away and does not touch it any more: a copy would cost as much memory as the
// source has.
func decodeText(data []byte) string {
	if utf8.Valid(data) {
		return unsafe.String(unsafe.SliceData(data), len(data))
	}
	var text strings.Builder
	text.Grow(len(data) + len(data)/8)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			appendSurrogate(&text, 0xDC00+rune(data[0]))
		} else {
			text.Write(data[:size])
		}
		data = data[size:]
	}
	return text.String()
}

// appendSurrogate writes a surrogate in the form described above.
func appendSurrogate(text *strings.Builder, r rune) {
	text.WriteByte(0xE0 | byte(r>>12))
	text.WriteByte(0x80 | byte(r>>6)&0x3F)
	text.WriteByte(0x80 | byte(r)&0x3F)
}

// decodeRune is utf8.DecodeRuneInString that knows surrogates too.
func decodeRune(text string) (rune, int) {
	if len(text) > 0 && text[0] < utf8.RuneSelf {
		return rune(text[0]), 1
	}
	if len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 {
		return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(text)
}

// isSpace tells whether Python's str.isspace holds for r; str.strip() takes these away.
func isSpace(r rune) bool {
	switch {
	case r < 0x80:
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1C && r <= 0x1F
	case r == 0x85:
		return true
	default:
		return unicode.Is(unicode.Zs, r) || r == 0x2028 || r == 0x2029
	}
}

// isWord tells whether \w of Python's re matches r: letters, digits of all kinds, and the underscore.
func isWord(r rune) bool {
	if r < 0x80 {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.N, r)
}

// strip is Python's str.strip().
func strip(text string) string {
	if text != "" && isVisible(text[0]) && isVisible(text[len(text)-1]) {
		return text
	}
	return strings.TrimFunc(text, isSpace)
}

// isVisible tells whether c is a visible ASCII character.
func isVisible(c byte) bool { return c > ' ' && c < 0x7F }

// countLines returns how many lines text has, the last of which need not end.
func countLines(text string) int {
	count := 0
	for ; text != ""; count++ {
		_, text = nextLine(text)
	}
	return count
}

// plainLines tells whether all lines of text end in a line feed, and nextPlainLine finds them as nextLine would.
func plainLines(text string) bool {
	for _, c := range []byte("\r\v\f\x1c\x1d\x1e\xc2\xe2") {
		if strings.IndexByte(text, c) >= 0 {
			return false
		}
	}
	return true
}

// nextPlainLine cuts the first line off text at its line feed.
func nextPlainLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return line, rest
}

// nextLine cuts the first line off text, at the ends that Python's str.splitlines() knows.
func nextLine(text string) (line, rest string) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n' || c == '\v' || c == '\f' || c >= 0x1C && c <= 0x1E:
			return text[:i], text[i+1:]
		case c == '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				return text[:i], text[i+2:]
			}
			return text[:i], text[i+1:]
		case c == 0xC2 && i+1 < len(text) && text[i+1] == 0x85:
			return text[:i], text[i+2:]
		case c == 0xE2 && i+2 < len(text) && text[i+1] == 0x80 && (text[i+2] == 0xA8 || text[i+2] == 0xA9):
			return text[:i], text[i+3:]
		}
	}
	return text, ""
}

// lazyRegexp returns a regular expression that is compiled when it is first asked for: few calls of the program need any,
// and all of them take 0.8 ms of the 3 to 4 that a small inventory takes.
func lazyRegexp(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// quote shows a name in a message: in double quotes, with everything that a terminal could take for a command escaped.
func quote(name string) string { return strconv.QuoteToGraphic(name) }

// bare is quote without the quotes, for a name between brackets of its own.
func bare(name string) string {
	quoted := quote(name)
	return quoted[1 : len(quoted)-1]
}

// runeCount returns how many characters text has.
func runeCount(text string) int {
	n := 0
	for i := 0; i < len(text); n++ {
		_, size := decodeRune(text[i:])
		i += size
	}
	return n
}
