package python

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// stringPrefix returns the length of the letters before a quote at the beginning of text, of those that Python allows
// in a literal: u, b, r, br and rb in any case. It is 0 if there are none.
func stringPrefix(text string) int {
	n := 0
	for n < len(text) && n < 3 && text[n] != '"' && text[n] != '\'' {
		n++
	}
	if n == 0 || n == len(text) || n == 3 {
		return 0
	}
	first := text[0] | 0x20
	if n == 1 && (first == 'u' || first == 'b' || first == 'r') {
		return 1
	}
	if second := text[1] | 0x20; n == 2 && (first == 'b' && second == 'r' || first == 'r' && second == 'b') {
		return 2
	}
	return 0
}

// strings reads string literals that follow each other, which are one.
func (p *literalParser) strings() (Object, bool) {
	whole, ok := p.string()
	if !ok || !p.stringFollows() {
		return whole, ok
	}
	parts := []string{whole.Text}
	for p.stringFollows() {
		part, ok := p.string()
		if !ok || part.Kind != whole.Kind {
			return Object{}, false
		}
		parts = append(parts, part.Text)
	}
	whole.Text = strings.Join(parts, "")
	return whole, true
}

func (p *literalParser) stringFollows() bool {
	c := p.peek()
	return c == '"' || c == '\'' || c != 0 && stringPrefix(p.text[p.at:]) > 0
}

// string reads one string or bytes literal.
func (p *literalParser) string() (Object, bool) {
	kind, raw := Str, false
	for ; p.text[p.at] != '"' && p.text[p.at] != '\''; p.at++ {
		switch p.text[p.at] {
		case 'b', 'B':
			kind = Bytes
		case 'r', 'R':
			raw = true
		}
	}
	content, ok := p.quoted()
	if !ok || kind == Bytes && !isASCII(content) {
		return Object{}, false
	}
	if !raw && strings.IndexByte(content, '\\') >= 0 {
		if kind == Str && namesCharacter(content) {
			p.odd = `it names a character, as \N{BULLET}, which is not read here: write the character itself`
		}
		content, ok = unescape(content, kind == Bytes)
	}
	return Object{Kind: kind, Text: content}, ok
}

// quoted reads a quoted text and returns what stands between the quotes.
func (p *literalParser) quoted() (string, bool) {
	quote := p.text[p.at : p.at+1]
	if rest := p.text[p.at:]; strings.HasPrefix(rest, "\"\"\"") || strings.HasPrefix(rest, "'''") {
		quote = rest[:3]
	}
	p.at += len(quote)
	for start := p.at; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '\\':
			p.at++
		case c == '\n' && len(quote) == 1:
			return "", false
		case c == quote[0] && strings.HasPrefix(p.text[p.at:], quote):
			content := p.text[start:p.at]
			p.at += len(quote)
			return content, true
		}
	}
	return "", false
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// unescape resolves the escapes of a string or bytes literal, and is false where Python finds one malformed
// (Objects/unicodeobject.c, _PyUnicode_DecodeUnicodeEscapeInternal; bytesobject.c, _PyBytes_DecodeEscape).
func unescape(content string, isBytes bool) (string, bool) {
	var text strings.Builder
	text.Grow(len(content))
	for {
		before, rest, found := strings.Cut(content, `\`)
		text.WriteString(before)
		if !found {
			return text.String(), true
		}
		size, ok := 0, false
		if r, n, known := simpleEscape(rest); known {
			size, ok = n, true
			writeEscaped(&text, r, isBytes)
		} else if digits := escapeDigits(rest[0], isBytes); digits > 0 {
			size, ok = writeHex(&text, rest, digits, isBytes)
		} else if rest[0] == 'N' && !isBytes {
			size, ok = skipNamed(rest)
		} else {
			ok = true
			if rest[0] != '\n' {
				text.WriteByte('\\')
			} else {
				size = 1
			}
		}
		if !ok {
			return "", false
		}
		content = rest[size:]
	}
}

// simpleEscape returns the character of an escape that cannot be malformed, and the length of the escape.
func simpleEscape(rest string) (r rune, size int, known bool) {
	const letters, meaning = `\'"abfnrtv`, "\\'\"\a\b\f\n\r\t\v"
	if i := strings.IndexByte(letters, rest[0]); i >= 0 {
		return rune(meaning[i]), 1, true
	}
	for size < len(rest) && size < 3 && rest[size] >= '0' && rest[size] <= '7' {
		r = r<<3 | rune(rest[size]-'0')
		size++
	}
	return r, size, size > 0
}

// escapeDigits returns how many hexadecimal digits must follow the letter of an escape, 0 for other letters.
func escapeDigits(letter byte, isBytes bool) int {
	switch {
	case letter == 'x':
		return 2
	case letter == 'u' && !isBytes:
		return 4
	case letter == 'U' && !isBytes:
		return 8
	default:
		return 0
	}
}

func writeHex(text *strings.Builder, rest string, digits int, isBytes bool) (size int, ok bool) {
	size = 1 + digits
	if len(rest) < size {
		return 0, false
	}
	n, err := strconv.ParseUint(rest[1:size], 16, 32)
	if err != nil || n > unicode.MaxRune {
		return 0, false
	}
	writeEscaped(text, rune(n), isBytes)
	return size, true
}

// skipNamed goes over a name such as N{BULLET}. What it stands for is not known here; see namesCharacter.
func skipNamed(rest string) (size int, ok bool) {
	name, _, closed := strings.Cut(rest, "}")
	return len(name) + len("}"), closed && len(name) > len("N{") && strings.HasPrefix(name, "N{")
}

// namesCharacter tells whether there is an escape in the content of a string that gives a character by its name. A table of
// all names takes more room than the rest of the program, and no inventory was seen that has one.
func namesCharacter(content string) bool {
	for {
		_, rest, found := strings.Cut(content, `\`)
		if !found || rest == "" {
			return false
		}
		if rest[0] == 'N' {
			if _, ok := skipNamed(rest); ok {
				return true
			}
		}
		content = rest[1:]
	}
}

// writeEscaped writes one byte of a bytes literal, or one character of a string, which may be a lone surrogate.
func writeEscaped(text *strings.Builder, r rune, isBytes bool) {
	switch {
	case isBytes:
		text.WriteByte(byte(r))
	case r >= 0xD800 && r <= 0xDFFF:
		AppendSurrogate(text, r)
	default:
		text.WriteRune(r)
	}
}
