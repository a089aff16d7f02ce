package python

import "strings"

// CountLines returns how many lines text has, the last of which need not end.
func CountLines(text string) int {
	count := 0
	for ; text != ""; count++ {
		_, text = NextLine(text)
	}
	return count
}

// PlainLines tells whether all lines of text end in a line feed, and NextPlainLine finds them as NextLine would.
func PlainLines(text string) bool {
	for _, c := range []byte("\r\v\f\x1c\x1d\x1e\xc2\xe2") {
		if strings.IndexByte(text, c) >= 0 {
			return false
		}
	}
	return true
}

// NextPlainLine cuts the first line off text at its line feed.
func NextPlainLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return line, rest
}

// NextLine cuts the first line off text, at the ends that Python's str.splitlines() knows.
func NextLine(text string) (line, rest string) {
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
