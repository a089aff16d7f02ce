package plan

import (
	"html"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// escape returns a name or a value as it may be shown to people: whatever a terminal or a browser could take for a
// command, or show as nothing at all, comes out as JSON would escape it, and a backslash doubled, so that two names
// never look the same.
func escape(text string) string {
	if isPlain(text) {
		return text
	}
	return string(appendEscaped(nil, text, false))
}

// markup escapes a name or a value for HTML and SVG, between tags or in a quoted attribute.
func markup(text string) string { return htmlText(escape(text)) }

// markupShort is markup of a text that is cut to that many columns.
func markupShort(text string, width int) string { return htmlText(shorten(escape(text), width)) }

// htmlText is the second half of markup, for a text that has been through escape already.
func htmlText(escaped string) string { return html.EscapeString(escaped) }

// isPlain tells whether escape leaves the text as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '\\' {
			return false
		}
	}
	return true
}

// appendEscaped appends text as it stands in a JSON string. Lone surrogates, which a name has where its file was not
// UTF-8, are three bytes in Go (see package inventory) and one \u here. quotes says whether double quotes are escaped too.
func appendEscaped(dst []byte, text string, quotes bool) []byte {
	for len(text) > 0 {
		r, size := decodeRune(text)
		switch {
		case r == '\\' || r == '"' && quotes:
			dst = append(dst, '\\', byte(r))
		case isVisible(r):
			dst = append(dst, text[:size]...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r > 0xFFFF:
			r -= 0x10000
			dst = appendUnit(appendUnit(dst, 0xD800+r>>10), 0xDC00+r&0x3FF)
		default:
			dst = appendUnit(dst, r)
		}
		text = text[size:]
	}
	return dst
}

// isVisible tells whether r may be shown as it is: it has a shape of its own, and is not one of the letters and marks
// that fonts draw as nothing.
func isVisible(r rune) bool {
	return strconv.IsPrint(r) && r != utf8.RuneError &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// decodeRune is utf8.DecodeRuneInString for texts that may hold lone surrogates.
func decodeRune(text string) (rune, int) {
	if len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 && text[1] < 0xC0 && text[2] >= 0x80 && text[2] < 0xC0 {
		return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(text)
}

// appendUnit appends a unit of UTF-16 as JSON escapes it.
func appendUnit(dst []byte, unit rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
}

// quote returns a name in double quotes, for an error message.
func quote(name string) string { return string(appendString(nil, name)) }
