package python

import (
	"errors"
	"strings"
)

// Word is one word of a line: its text without quotes and escapes, and where it starts in the line, in bytes.
type Word struct {
	Text string
	At   int
}

// Split appends the words of line to words, as Python's shlex.split(line, comments=True) does: words end at white
// space; single quotes take all as it stands; in double quotes a backslash escapes itself and the quote; outside of
// quotes it escapes anything; a # outside of quotes ends word and line, also in the middle of a word.
// An open quote and a backslash at the end are errors, without a place.
func Split(line string, words []Word) ([]Word, error) {
	for at := 0; at < len(line); {
		switch line[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			return words, nil
		default:
			next := plainEnd(line, at)
			if next == len(line) || isBlank(line[next]) {
				words = append(words, Word{line[at:next], at})
				at = next
				continue
			}
			text, end, err := quotedWord(line, at, next)
			if err != nil {
				return nil, err
			}
			words = append(words, Word{text, at})
			at = end
		}
	}
	return words, nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// plainEnd returns where the run of characters without a meaning of their own ends that starts at from.
func plainEnd(line string, from int) int {
	for i := from; i < len(line); i++ {
		if wordEnds[line[i]] {
			return i
		}
	}
	return len(line)
}

// wordEnds are the characters with a meaning of their own in a line of words.
var wordEnds = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '#': true, '\'': true, '"': true, '\\': true}

// quotedWord reads the word that starts at from and has its first quote, escape or comment at special. It returns the
// word and where the rest of the line begins.
func quotedWord(line string, from, special int) (string, int, error) {
	var text strings.Builder
	text.WriteString(line[from:special])
	for at := special; ; {
		if at == len(line) || isBlank(line[at]) {
			return text.String(), at, nil
		}
		switch line[at] {
		case '#':
			return text.String(), len(line), nil
		case '\'':
			end := strings.IndexByte(line[at+1:], '\'')
			if end < 0 {
				return "", 0, errors.New("a single quote is not closed")
			}
			text.WriteString(line[at+1 : at+1+end])
			at += end + 2
		case '"':
			end := doubleQuoted(line, at+1, &text)
			if end < 0 {
				return "", 0, errors.New("a double quote is not closed")
			}
			at = end
		case '\\':
			if at+1 == len(line) {
				return "", 0, errors.New("a backslash at the end of the line escapes nothing")
			}
			text.WriteByte(line[at+1])
			at += 2
		default:
			end := plainEnd(line, at)
			text.WriteString(line[at:end])
			at = end
		}
	}
}

// doubleQuoted writes to text what stands between double quotes, from on; it returns the place behind the closing one, or
// -1 if there is none.
func doubleQuoted(line string, from int, text *strings.Builder) int {
	for at := from; at < len(line); at++ {
		switch c := line[at]; {
		case c == '"':
			return at + 1
		case c == '\\' && at+1 < len(line) && (line[at+1] == '"' || line[at+1] == '\\'):
			at++
			text.WriteByte(line[at])
		default:
			text.WriteByte(c)
		}
	}
	return -1
}
