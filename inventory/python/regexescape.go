package python

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// categories are the insides of classes that say what \d, \s and \w are in Python, in Unicode and in ASCII.
func category(char rune, ascii bool) (inside string, negated, ok bool) {
	switch char {
	case 'd', 'D':
		inside = pick(ascii, `0-9`, `\p{Nd}`)
	case 's', 'S':
		inside = pick(ascii, ` \t-\r`, ` \t-\r\u001C-\u001F\u0085\p{Zs}\u2028\u2029`)
	case 'w', 'W':
		inside = pick(ascii, `0-9A-Z_a-z`, `\p{L}\p{N}_`)
	default:
		return "", false, false
	}
	return inside, unicode.IsUpper(char), true
}

// escape translates a backslash and what follows it, outside of a class (_escape).
func (t *regexTranslator) escape(char rune, flags *regexFlags) (regexPart, error) {
	if inside, negated, ok := category(char, flags.ascii); ok {
		return regexPart{code: pick(negated, "[^", "[") + inside + "]", width: oneCharacter}, nil
	}
	switch {
	case char == 'A':
		return regexPart{code: `\A`, kind: regexPlace}, nil
	case char == 'Z':
		return regexPart{code: `\z`, kind: regexPlace}, nil
	case char == 'b' || char == 'B':
		return regexPart{code: wordBoundary(char == 'B', flags.ascii), kind: regexPlace}, nil
	case char >= '1' && char <= '9':
		return t.numberEscape(char, flags)
	}
	literal, err := t.literalEscape(char)
	if err != nil {
		return regexPart{}, err
	}
	return literalPart(literal, flags)
}

// wordBoundary spells \b and \B out, because .NET's word characters are others. In Python neither matches an empty text.
func wordBoundary(negated, ascii bool) string {
	inside, _, _ := category('w', ascii)
	word := "[" + inside + "]"
	if negated {
		return fmt.Sprintf(`(?:(?<=%[1]s)(?=%[1]s)|(?<!%[1]s)(?!%[1]s)(?!\A\z))`, word)
	}
	return fmt.Sprintf(`(?:(?<=%[1]s)(?!%[1]s)|(?<!%[1]s)(?=%[1]s))`, word)
}

const octalDigits = "01234567"

// numberEscape translates a reference to a group, or a character by three octal digits.
func (t *regexTranslator) numberEscape(first rune, flags *regexFlags) (regexPart, error) {
	digits := string(first) + t.takeWhile(1, "0123456789")
	if len(digits) == 2 && strings.Trim(digits, octalDigits) == "" {
		if third := t.takeWhile(1, octalDigits); third != "" {
			char, err := octalCharacter(digits + third)
			if err != nil {
				return regexPart{}, err
			}
			return literalPart(char, flags)
		}
	}
	number, _ := strconv.Atoi(digits)
	return t.reference(number, flags)
}

func octalCharacter(digits string) (rune, error) {
	value, _ := strconv.ParseInt(digits, 8, 32)
	if value > 0o377 {
		return 0, fmt.Errorf(`octal escape value \%s outside of range 0-0o377`, digits)
	}
	return rune(value), nil
}

// reference translates a reference to a group by its number.
func (t *regexTranslator) reference(number int, flags *regexFlags) (regexPart, error) {
	if number >= len(t.widths) {
		return regexPart{}, fmt.Errorf("invalid group reference %d", number)
	}
	width := t.widths[number]
	if width == nil {
		return regexPart{}, errors.New("cannot refer to an open group")
	}
	if err := t.checkBehind(number); err != nil {
		return regexPart{}, err
	}
	switch {
	case flags.ignoreCase && flags.ascii:
		return regexPart{}, errors.New("a reference to a group is not supported where case is ignored, and in ASCII alone")
	case flags.ignoreCase:
		return regexPart{code: fmt.Sprintf(`(?i:\k<%d>)`, number), width: *width}, nil
	default:
		return regexPart{code: fmt.Sprintf(`(?:\k<%d>)`, number), width: *width}, nil
	}
}

// checkBehind refuses, within a look-behind, references to groups of its own.
func (t *regexTranslator) checkBehind(number int) error {
	switch {
	case t.behind == 0:
		return nil
	case number >= len(t.widths) || t.widths[number] == nil:
		return errors.New("cannot refer to an open group")
	case number >= t.behind:
		return errors.New("cannot refer to group defined in the same lookbehind subpattern")
	}
	return nil
}

// literalEscape reads the rest of an escape that means one character, in a class or not.
func (t *regexTranslator) literalEscape(char rune) (rune, error) {
	switch char {
	case 'a':
		return '\a', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'v':
		return '\v', nil
	case 'x':
		return t.hexEscape(char, 2)
	case 'u':
		return t.hexEscape(char, 4)
	case 'U':
		return t.hexEscape(char, 8)
	case 'N':
		return 0, errors.New(`characters are not known by their names, as \N{BULLET}: write the character itself`)
	case '0':
		return octalCharacter("0" + t.takeWhile(2, octalDigits))
	}
	if char < unicode.MaxASCII && unicode.IsLetter(char) {
		return 0, fmt.Errorf(`bad escape \%c`, char)
	}
	return char, nil
}

// hexEscape reads the character that exactly that many hexadecimal digits stand for.
func (t *regexTranslator) hexEscape(char rune, length int) (rune, error) {
	digits := t.takeWhile(length, "0123456789abcdefABCDEF")
	if len(digits) < length {
		return 0, fmt.Errorf(`incomplete escape \%c%s`, char, digits)
	}
	value, _ := strconv.ParseUint(digits, 16, 32)
	if value > unicode.MaxRune {
		return 0, fmt.Errorf(`bad escape \%c%s`, char, digits)
	}
	return rune(value), nil
}
