package python

import (
	"errors"
	"fmt"
	"strings"
)

// regexMember is a member of a class: a category, or a character that may begin a range.
type regexMember struct {
	char     rune
	category string // the inside of a class, in place of a character
	negated  bool   // of category
}

// class translates [...] (_parse).
func (t *regexTranslator) class(flags *regexFlags) (regexPart, error) {
	negated := t.take('^')
	var ranges []runeRange
	var categories strings.Builder
	var others []string // classes that cannot be members, because they say what is not in them
	add := func(member regexMember) {
		switch {
		case member.category == "":
			ranges = append(ranges, runeRange{member.char, member.char})
		case member.negated:
			others = append(others, "[^"+member.category+"]")
		default:
			categories.WriteString(member.category)
		}
	}
	for empty := true; ; empty = false {
		if !empty && t.take(']') {
			break
		}
		member, err := t.classMember(flags)
		if err != nil {
			return regexPart{}, err
		}
		if !t.take('-') {
			add(member)
			continue
		}
		if t.take(']') {
			add(member)
			add(regexMember{char: '-'})
			break
		}
		last, err := t.classMember(flags)
		if err != nil {
			return regexPart{}, err
		}
		if member.category != "" || last.category != "" || last.char < member.char {
			return regexPart{}, errors.New("bad character range")
		}
		ranges = append(ranges, runeRange{member.char, last.char})
	}
	if flags.ignoreCase {
		var err error
		if ranges, err = ignoringCase(ranges, flags.ascii); err != nil {
			return regexPart{}, err
		}
	}
	inside := rangesCode(ranges) + categories.String()
	if inside != "" {
		others = append(others, "["+inside+"]")
	}
	code := strings.Join(others, "|")
	switch {
	case negated && len(others) == 1 && inside != "":
		code = "[^" + inside + "]"
	case negated:
		code = `(?:(?!` + code + `)[\s\S])`
	case len(others) > 1:
		code = "(?:" + code + ")"
	}
	return regexPart{code: code, width: oneCharacter}, nil
}

// classMember reads a member of a class (_class_escape).
func (t *regexTranslator) classMember(flags *regexFlags) (regexMember, error) {
	token := t.next()
	if token == regexEnd {
		return regexMember{}, errors.New("unterminated character set")
	}
	if !token.escaped {
		return regexMember{char: token.char}, nil
	}
	if inside, negated, ok := category(token.char, flags.ascii); ok {
		return regexMember{category: inside, negated: negated}, nil
	}
	var err error
	switch {
	case token.char == 'b':
		token.char = '\b'
	case token.char >= '0' && token.char <= '7':
		token.char, err = octalCharacter(string(token.char) + t.takeWhile(2, octalDigits))
	case token.char == '8' || token.char == '9':
		err = fmt.Errorf(`bad escape \%c`, token.char)
	default:
		token.char, err = t.literalEscape(token.char)
	}
	return regexMember{char: token.char}, err
}
