package python

import (
	"errors"
	"fmt"
	"strings"
)

// regexToken is a character of a regular expression, with the backslash before it if there is one.
type regexToken struct {
	char    rune
	escaped bool
}

var regexEnd = regexToken{char: -1}

func regexTokens(pattern string) ([]regexToken, error) {
	runes := Runes(pattern)
	tokens := make([]regexToken, 0, len(runes))
	for at := 0; at < len(runes); at++ {
		token := regexToken{char: runes[at]}
		if runes[at] == '\\' {
			at++
			if at == len(runes) {
				return nil, errors.New("bad escape (end of pattern)")
			}
			token = regexToken{runes[at], true}
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// plain returns the token's character, or regexEnd's if there is a backslash before it.
func (r regexToken) plain() rune {
	if r.escaped {
		return regexEnd.char
	}
	return r.char
}

func (t *regexTranslator) atEnd() bool { return t.at == len(t.tokens) }

func (t *regexTranslator) peek() regexToken {
	if t.atEnd() {
		return regexEnd
	}
	return t.tokens[t.at]
}

func (t *regexTranslator) next() regexToken {
	token := t.peek()
	if !t.atEnd() {
		t.at++
	}
	return token
}

// take steps over char if it comes next, without a backslash.
func (t *regexTranslator) take(char rune) bool {
	if t.peek() != (regexToken{char: char}) {
		return false
	}
	t.at++
	return true
}

// takeWhile steps over at most limit characters of a set and returns them.
func (t *regexTranslator) takeWhile(limit int, set string) string {
	var taken strings.Builder
	for taken.Len() < limit {
		token := t.peek()
		if token.escaped || !strings.ContainsRune(set, token.char) {
			break
		}
		t.at++
		taken.WriteRune(token.char)
	}
	return taken.String()
}

// takeName steps over a name and the character that ends it.
func (t *regexTranslator) takeName(end rune) (string, error) {
	var name strings.Builder
	for !t.take(end) {
		token := t.next()
		if token == regexEnd {
			return "", fmt.Errorf("missing %c, unterminated name", end)
		}
		if token.escaped {
			name.WriteByte('\\')
		}
		name.WriteRune(token.char)
	}
	if name.Len() == 0 {
		return "", errors.New("missing group name")
	}
	return name.String(), nil
}
