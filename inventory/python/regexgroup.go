package python

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// group translates what begins with a parenthesis, or returns false for a comment or flags.
func (t *regexTranslator) group(flags *regexFlags, first bool) (part regexPart, ok bool, err error) {
	if !t.take('?') {
		part, err = t.capture("", flags)
		return part, true, err
	}
	token := t.next()
	if token == regexEnd {
		return part, false, errors.New("unexpected end of pattern")
	}
	if token.escaped {
		return part, false, fmt.Errorf(`unknown extension ?\%c`, token.char)
	}
	switch token.char {
	case '#':
		return part, false, t.comment()
	case 'P':
		part, err = t.named(flags)
	case ':':
		part, err = t.enclosed("(?:", *flags)
	case '>':
		part, err = t.enclosed("(?>", *flags)
	case '=', '!':
		part, err = t.enclosed("(?"+string(token.char), *flags)
		part.width = regexWidth{}
	case '<':
		part, err = t.lookBehind(flags)
	case '(':
		part, err = t.condition(flags)
	default:
		return t.flags(token.char, flags, first)
	}
	return part, true, err
}

// enclosed translates alternatives up to the closing parenthesis.
func (t *regexTranslator) enclosed(opening string, flags regexFlags) (regexPart, error) {
	part, err := t.alternatives(&flags)
	if err != nil {
		return part, err
	}
	if !t.take(')') {
		return part, errors.New("missing ), unterminated subpattern")
	}
	return regexPart{code: opening + part.code + ")", width: part.width}, nil
}

// capture translates a group that later parts can refer to, with a name or without.
func (t *regexTranslator) capture(name string, flags *regexFlags) (regexPart, error) {
	number := len(t.widths)
	t.widths = append(t.widths, nil)
	if name != "" {
		if _, known := t.names[name]; known {
			return regexPart{}, fmt.Errorf("redefinition of group name %s", strconv.QuoteToGraphic(name))
		}
		t.names[name] = number
	}
	part, err := t.enclosed(fmt.Sprintf("(?<%d>", number), *flags)
	t.widths[number] = &part.width
	return part, err
}

// comment steps over the rest of (?#...).
func (t *regexTranslator) comment() error {
	for !t.take(')') {
		if t.next() == regexEnd {
			return errors.New("missing ), unterminated comment")
		}
	}
	return nil
}

// named translates (?P<name>...) and (?P=name).
func (t *regexTranslator) named(flags *regexFlags) (regexPart, error) {
	switch {
	case t.take('<'):
		name, err := t.takeName('>')
		if err != nil {
			return regexPart{}, err
		}
		if !isIdentifier(name) {
			return regexPart{}, fmt.Errorf("bad character in group name %s", strconv.QuoteToGraphic(name))
		}
		return t.capture(name, flags)
	case t.take('='):
		name, err := t.takeName(')')
		if err != nil {
			return regexPart{}, err
		}
		number, known := t.names[name]
		if !known {
			return regexPart{}, fmt.Errorf("unknown group name %s", strconv.QuoteToGraphic(name))
		}
		return t.reference(number, flags)
	default:
		return regexPart{}, errors.New("unknown extension ?P")
	}
}

// isIdentifier is Python's str.isidentifier.
func isIdentifier(name string) bool {
	for i, r := range name {
		isStart := r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
		if !isStart && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)) {
			return false
		}
	}
	return name != ""
}

// lookBehind translates (?<=...) and (?<!...).
func (t *regexTranslator) lookBehind(flags *regexFlags) (regexPart, error) {
	token := t.next()
	if token != (regexToken{char: '='}) && token != (regexToken{char: '!'}) {
		return regexPart{}, errors.New("unknown extension ?<")
	}
	if t.behind == 0 {
		t.behind = len(t.widths)
		defer func() { t.behind = 0 }()
	}
	part, err := t.enclosed("(?<"+string(token.char), *flags)
	if err == nil && part.width.least != part.width.most {
		err = errors.New("look-behind requires fixed-width pattern")
	}
	part.width = regexWidth{}
	return part, err
}

// condition translates (?(group)yes|no).
func (t *regexTranslator) condition(flags *regexFlags) (regexPart, error) {
	number, err := t.conditionGroup()
	if err != nil {
		return regexPart{}, err
	}
	if err := t.checkBehind(number); err != nil {
		return regexPart{}, err
	}
	t.nests++
	defer func() { t.nests-- }()
	inner := *flags
	yes, err := t.sequence(&inner, false)
	if err != nil {
		return regexPart{}, err
	}
	code, width := yes.code, yes.width.or(regexWidth{})
	if t.take('|') {
		no, err := t.sequence(&inner, false)
		if err != nil {
			return regexPart{}, err
		}
		code, width = code+"|"+no.code, yes.width.or(no.width)
	}
	if t.peek() == (regexToken{char: '|'}) {
		return regexPart{}, errors.New("conditional backref with more than two branches")
	}
	if !t.take(')') {
		return regexPart{}, errors.New("missing ), unterminated subpattern")
	}
	return regexPart{code: fmt.Sprintf("(?(%d)%s)", number, code), width: width}, nil
}

// conditionGroup reads the name or number of the group that a condition asks for.
func (t *regexTranslator) conditionGroup() (int, error) {
	const maxGroups = 1 << 30
	name, err := t.takeName(')')
	if err != nil {
		return 0, err
	}
	if isIdentifier(name) {
		number, known := t.names[name]
		if !known {
			return 0, fmt.Errorf("unknown group name %s", strconv.QuoteToGraphic(name))
		}
		return number, nil
	}
	number, ok := ParseInt(name)
	switch {
	case !ok || number.Sign() < 0:
		return 0, fmt.Errorf("bad character in group name %s", strconv.QuoteToGraphic(name))
	case number.Sign() == 0:
		return 0, errors.New("bad group number")
	case !number.IsInt64() || number.Int64() >= maxGroups:
		return 0, fmt.Errorf("invalid group reference %s", number)
	}
	t.highestReference = max(t.highestReference, int(number.Int64()))
	return int(number.Int64()), nil
}

// flags translates (?i) and (?i:...) and the like, char being the first character after the question mark
// (_parse_flags).
func (t *regexTranslator) flags(char rune, flags *regexFlags, first bool) (regexPart, bool, error) {
	inner := *flags
	set, char, err := t.flagLetters(char, ":-)", &inner, true)
	if err != nil {
		return regexPart{}, false, err
	}
	if set == "" && char != '-' {
		return regexPart{}, false, fmt.Errorf("unknown extension ?%c", char)
	}
	if char == ')' {
		switch {
		case !first:
			return regexPart{}, false, errors.New("global flags not at the start of the expression")
		case flags.ascii && inner.unicode || flags.unicode && inner.ascii:
			return regexPart{}, false, errors.New("ASCII and UNICODE flags are incompatible")
		}
		*flags = inner
		return regexPart{}, false, nil
	}
	if char == '-' {
		cleared, _, err := t.flagLetters(t.next().plain(), ":", &inner, false)
		if err != nil {
			return regexPart{}, false, err
		}
		if cleared == "" || strings.ContainsAny(cleared, "au") || strings.ContainsAny(cleared, set) {
			return regexPart{}, false, errors.New("bad inline flags")
		}
	}
	part, err := t.enclosed("(?:", inner)
	return part, true, err
}

// flagLetters reads flags up to one of the characters in ends, and sets or clears them. It returns the letters and the
// character at which they end.
func (t *regexTranslator) flagLetters(char rune, ends string, flags *regexFlags, value bool) (string, rune, error) {
	var letters strings.Builder
	for ; !strings.ContainsRune(ends, char); char = t.next().plain() {
		switch char {
		case 'a':
			flags.ascii, flags.unicode = value, false
		case 'u':
			flags.ascii, flags.unicode = false, value
		case 'i':
			flags.ignoreCase = value
		case 'm':
			flags.multiline = value
		case 's':
			flags.dotAll = value
		case 'x':
			flags.verbose = value
		default:
			return "", 0, errors.New("unknown flag")
		}
		letters.WriteRune(char)
	}
	if strings.Contains(letters.String(), "a") && strings.Contains(letters.String(), "u") {
		return "", 0, errors.New("bad inline flags: flags 'a' and 'u' are incompatible")
	}
	return letters.String(), char, nil
}
