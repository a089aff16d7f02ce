package python

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// TranslateRegex returns the expression of .NET's regular expressions, which regexp2 runs, that matches from the start of
// a text what pattern matches with Python 3.11's re.match (re/_parser.py). What is an error there is one here, and so is
// the flag t, which nothing documents.
//
// The translation leaves nothing to the differences between the two: groups carry Python's numbers, and classes and letters
// whose case is ignored are spelt out.
func TranslateRegex(pattern string) (string, error) {
	tokens, err := regexTokens(pattern)
	if err != nil {
		return "", err
	}
	translator := regexTranslator{tokens: tokens, widths: []*regexWidth{nil}, names: map[string]int{}}
	var flags regexFlags
	whole, err := translator.alternatives(&flags)
	if err != nil {
		return "", err
	}
	if !translator.atEnd() {
		return "", errors.New("unbalanced parenthesis")
	}
	if translator.highestReference >= len(translator.widths) {
		return "", fmt.Errorf("invalid group reference %d", translator.highestReference)
	}
	return `\A(?:` + whole.code + `)`, nil
}

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

// regexFlags are the flags in force at a place of a regular expression.
type regexFlags struct {
	ascii, unicode, ignoreCase, multiline, dotAll, verbose bool
}

// regexWidth is how many characters the shortest and the longest match of a part have. Python demands that the two be
// one in a look-behind.
type regexWidth struct{ least, most uint64 }

const (
	maxRepeat     = 1<<32 - 1 // Python's MAXREPEAT, which stands for any number
	maxRepeatNet  = 1<<31 - 1 // .NET's
	maxRegexNests = 200       // Python comes to the end of its stack somewhat later
)

func (w regexWidth) plus(other regexWidth) regexWidth {
	return regexWidth{min(w.least+other.least, maxRepeat-1), min(w.most+other.most, maxRepeat)}
}

func (w regexWidth) times(least, most uint64) regexWidth {
	return regexWidth{min(w.least*least, maxRepeat-1), min(w.most*most, maxRepeat)}
}

func (w regexWidth) or(other regexWidth) regexWidth {
	return regexWidth{min(w.least, other.least), max(w.most, other.most)}
}

// regexPart is a translated part of a regular expression.
type regexPart struct {
	code  string
	width regexWidth
	kind  regexKind
}

// regexKind tells what a quantifier makes of a part: it repeats an item only.
type regexKind uint8

const (
	regexItem regexKind = iota
	regexGroup
	regexPlace
	regexRepeat
)

var oneCharacter = regexWidth{1, 1}

// regexTranslator walks over a regular expression as Python's parser does.
type regexTranslator struct {
	tokens           []regexToken
	at               int
	nests            int
	widths           []*regexWidth // of the groups by number; nil while one is open
	names            map[string]int
	behind           int // within a look-behind, the number of groups opened before it plus one; else 0
	highestReference int // of the groups that conditions name by number
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

// alternatives translates a|b|c (_parse_sub). The flags given are those at its start; on the outermost level they are
// changed by (?i) and the like.
func (t *regexTranslator) alternatives(flags *regexFlags) (regexPart, error) {
	t.nests++
	defer func() { t.nests-- }()
	if t.nests > maxRegexNests {
		return regexPart{}, fmt.Errorf("more than %d groups one in another", maxRegexNests)
	}
	whole, err := t.sequence(flags, t.nests == 1)
	if err != nil {
		return regexPart{}, err
	}
	code := []string{whole.code}
	for t.take('|') {
		other, err := t.sequence(flags, false)
		if err != nil {
			return regexPart{}, err
		}
		whole.width = whole.width.or(other.width)
		code = append(code, other.code)
	}
	whole.code = strings.Join(code, "|")
	return whole, nil
}

// sequence translates one alternative (_parse). first tells whether global flags may stand at its start.
func (t *regexTranslator) sequence(flags *regexFlags, first bool) (regexPart, error) {
	var parts []regexPart
	for {
		token := t.peek()
		if token == regexEnd || token == (regexToken{char: '|'}) || token == (regexToken{char: ')'}) {
			return joinParts(parts), nil
		}
		t.at++
		if flags.verbose && t.skipsVerbose(token) {
			continue
		}
		quantifier, isQuantifier, err := t.quantifier(token)
		if err != nil {
			return regexPart{}, err
		}
		if isQuantifier {
			if len(parts) == 0 {
				return regexPart{}, errors.New("nothing to repeat")
			}
			last := &parts[len(parts)-1]
			if *last, err = t.repeat(*last, quantifier); err != nil {
				return regexPart{}, err
			}
			continue
		}
		part, ok, err := t.item(token, flags, first && len(parts) == 0)
		if err != nil {
			return regexPart{}, err
		}
		if ok {
			parts = append(parts, part)
		}
	}
}

func joinParts(parts []regexPart) regexPart {
	var code strings.Builder
	var width regexWidth
	for _, part := range parts {
		code.WriteString(part.code)
		width = width.plus(part.width)
	}
	return regexPart{code: code.String(), width: width}
}

// skipsVerbose tells whether the flag x makes nothing of the token, and steps over the comment that it may begin.
func (t *regexTranslator) skipsVerbose(token regexToken) bool {
	if token.escaped {
		return false
	}
	if token.char == '#' {
		for token != regexEnd && token != (regexToken{char: '\n'}) {
			token = t.next()
		}
		return true
	}
	return strings.ContainsRune(" \t\n\r\v\f", token.char)
}

// regexQuantifier is how often a part may come.
type regexQuantifier struct{ least, most uint64 }

// quantifier reads what stands after the token, if that begins a quantifier. A { that begins none is a character.
func (t *regexTranslator) quantifier(token regexToken) (regexQuantifier, bool, error) {
	if token.escaped {
		return regexQuantifier{}, false, nil
	}
	switch token.char {
	case '?':
		return regexQuantifier{0, 1}, true, nil
	case '*':
		return regexQuantifier{0, maxRepeat}, true, nil
	case '+':
		return regexQuantifier{1, maxRepeat}, true, nil
	case '{':
		return t.braces()
	}
	return regexQuantifier{}, false, nil
}

// braces reads the rest of {2}, {2,}, {,3} or {2,3}.
func (t *regexTranslator) braces() (regexQuantifier, bool, error) {
	const digits = "0123456789"
	here := t.at
	least := t.takeWhile(len(t.tokens), digits)
	most, comma := least, t.take(',')
	if comma {
		most = t.takeWhile(len(t.tokens), digits)
	}
	if t.at == here || !t.take('}') {
		t.at = here
		return regexQuantifier{}, false, nil
	}
	result := regexQuantifier{0, maxRepeat}
	var err error
	if least != "" {
		if result.least, err = repeatCount(least); err != nil {
			return result, false, err
		}
	}
	if most != "" {
		if result.most, err = repeatCount(most); err != nil {
			return result, false, err
		}
	}
	if result.most < result.least {
		return result, false, errors.New("min repeat greater than max repeat")
	}
	return result, true, nil
}

func repeatCount(digits string) (uint64, error) {
	count, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || count >= maxRepeat {
		return 0, errors.New("the repetition number is too large")
	}
	return count, nil
}

// repeat applies a quantifier, and the ? or + that may stand after it, to the part before it.
func (t *regexTranslator) repeat(part regexPart, count regexQuantifier) (regexPart, error) {
	switch part.kind {
	case regexPlace:
		return part, errors.New("nothing to repeat")
	case regexRepeat:
		return part, errors.New("multiple repeat")
	}
	most := ""
	if count.most != maxRepeat {
		most = strconv.FormatUint(min(count.most, maxRepeatNet), 10)
	}
	code := fmt.Sprintf("(?:%s){%d,%s}", part.code, min(count.least, maxRepeatNet), most)
	switch {
	case t.take('?'):
		code += "?"
	case t.peek() == (regexToken{char: '+'}) && part.kind == regexGroup:
		// Python 3.11.2 and 3.11.5 match otherwise what may be tried in several ways (gh-106052), and what looks behind.
		return part, errors.New("a quantifier that gives nothing back is not supported behind a group")
	case t.take('+'):
		code = "(?>" + code + ")"
	}
	return regexPart{code, part.width.times(count.least, count.most), regexRepeat}, nil
}

// item translates one item, or returns false for what matches nothing of its own: a comment or flags.
func (t *regexTranslator) item(token regexToken, flags *regexFlags, first bool) (regexPart, bool, error) {
	if token.escaped {
		part, err := t.escape(token.char, flags)
		return part, true, err
	}
	switch token.char {
	case '.':
		if flags.dotAll {
			return regexPart{code: `[\s\S]`, width: oneCharacter}, true, nil
		}
		return regexPart{code: `[^\n]`, width: oneCharacter}, true, nil
	case '^':
		return regexPart{code: pick(flags.multiline, `(?m:^)`, `\A`), kind: regexPlace}, true, nil
	case '$':
		return regexPart{code: pick(flags.multiline, `(?m:$)`, `\Z`), kind: regexPlace}, true, nil
	case '[':
		part, err := t.class(flags)
		return part, true, err
	case '(':
		part, ok, err := t.group(flags, first)
		part.kind = regexGroup
		return part, ok, err
	default:
		part, err := literalPart(token.char, flags)
		return part, true, err
	}
}

func pick(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func literalPart(char rune, flags *regexFlags) (regexPart, error) {
	switch {
	case flags.ignoreCase && char > maxBMP && isCased(char, false):
		return regexPart{}, errBeyondCase
	case flags.ignoreCase:
		return regexPart{code: lettersCode(sameLetters(char, flags.ascii)), width: oneCharacter}, nil
	default:
		return regexPart{code: literalCode(char), width: oneCharacter}, nil
	}
}

// literalCode writes a character so that it stands for itself anywhere.
func literalCode(char rune) string {
	isAlphanumeric := char >= '0' && char <= '9' || char >= 'A' && char <= 'Z' || char >= 'a' && char <= 'z'
	if isAlphanumeric || char > 0xFFFF {
		return string(char)
	}
	return fmt.Sprintf(`\u%04X`, char)
}

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
