package python

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Literal returns the literal that text is to Python (ast.literal_eval), or the string text itself where Python raises
// ValueError or SyntaxError. What makes Python raise any other exception is an error, which does not show the text: it may
// be a secret.
//
// Only literals and bare names are parsed. Anything beyond, such as a call or an operator, is text, although Python
// would refuse an unhashable key that stands before it: [{[]: 1}, f()]. Likewise only signs and sums are known to nest
// too deep, not thousands of other operators.
func Literal(text string) (Object, error) {
	source := text
	if text != "" && IsTabOrSpace(text[0]) {
		source = strings.TrimLeft(text, " \t")
	}
	if !mayBeLiteral(source) {
		return Object{Kind: Str, Text: text}, nil
	}
	switch {
	case isPlainInt(source):
		return Object{Kind: Int, Text: source}, nil
	case isPlainFloat(source):
		return Object{Kind: Float, Text: source}, nil
	case isDotted(source):
		return Object{Kind: Str, Text: text}, nil
	}
	if strings.IndexByte(source, '\r') >= 0 {
		source = strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
	}
	p := literalParser{text: source}
	tree, ok := p.parse()
	switch {
	case !isSource(source):
		return Object{Kind: Str, Text: text}, nil
	case p.deep > maxParserDepth || ok && p.deep > maxTreeDepth:
		return Object{}, errors.New("it nests too deep")
	case !ok:
		return Object{Kind: Str, Text: text}, nil
	}
	if p.odd != "" {
		return Object{}, errors.New(p.odd)
	}
	if err := tree.evaluate(); err == errNotLiteral {
		return Object{Kind: Str, Text: text}, nil
	} else if err != nil {
		return Object{}, err
	}
	return tree, nil
}

// mayBeLiteral tells by a look at its beginning whether text can be anything but text to Python. Most values are plain
// words, and a text that begins with a name is a ValueError at best.
func mayBeLiteral(text string) bool {
	if text == "" {
		return false
	}
	switch c := text[0]; c {
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '.', '"', '\'', '(', '[', '{', '#', '\\', '\n', '\r', '\f':
		return true
	case 'N', 'T', 'F':
		return strings.HasPrefix(text, "None") || strings.HasPrefix(text, "True") || strings.HasPrefix(text, "False")
	case 'b', 'B', 'r', 'R', 'u', 'U':
		return stringPrefix(text) > 0
	default:
		// set(), which Python also finds in letters that Unicode holds equal to s, e and t.
		return (c == 's' || c >= utf8.RuneSelf) && strings.IndexByte(text, '(') > 0
	}
}

// isPlainInt tells whether text is an integer just as Python prints it.
func isPlainInt(text string) bool {
	if len(text) > MaxDigits || text[0] == '0' && len(text) > 1 {
		return false
	}
	for i := range len(text) {
		if !IsDigit(text[i]) {
			return false
		}
	}
	return true
}

// isPlainFloat tells whether text is a float just as Python prints it: 15 digits come back from a float unchanged.
func isPlainFloat(text string) bool {
	whole, fraction, found := strings.Cut(text, ".")
	if !found || whole == "" || fraction == "" || len(whole)+len(fraction) > 15 || whole[0] == '0' && whole != "0" {
		return false
	}
	if whole == "0" && strings.HasPrefix(fraction, "0000") || fraction != "0" && fraction[len(fraction)-1] == '0' {
		return false
	}
	return DigitCount(whole) == len(whole) && DigitCount(fraction) == len(fraction)
}

// isDotted tells whether text consists of digits and at least two single dots between them, as an IP address does. That
// is no Python.
func isDotted(text string) bool {
	dots := 0
	for i := range len(text) {
		switch {
		case IsDigit(text[i]):
		case text[i] == '.' && i > 0 && i < len(text)-1 && IsDigit(text[i-1]):
			dots++
		default:
			return false
		}
	}
	return dots >= 2
}

// isSource tells whether Python takes text as source at all: a NUL or a surrogate anywhere is a ValueError.
func isSource(text string) bool {
	for i := range len(text) {
		if text[i] == 0 || text[i] == 0xED && i+1 < len(text) && text[i+1] >= 0xA0 {
			return false
		}
	}
	return true
}

// errNotLiteral is Python's ValueError: the value stays the text that was written.
var errNotLiteral = errors.New("not a literal")

// Python's limits, measured with 3.11. The tree's is sys.getrecursionlimit() as ansible-core 2.14 leaves it to this
// plugin: it moves with the number of Python's own calls, so it is right to within a few levels.
const (
	maxBrackets    = 200  // Parser/tokenizer.h, MAXLEVEL
	maxTreeDepth   = 2956 // recursion while the syntax tree is built
	maxParserDepth = 5972 // Parser/pegen.h, MAXSTACK, less what stands around an operand
)

// literalParser reads Python's grammar of literals from text, without looking at what a value means.
type literalParser struct {
	text  string
	at    int
	level int // open brackets
	deep  int // the deepest nesting met

	odd string // what stands in the text that Python reads and this does not; "" if there is nothing
}

// parse returns the tree of the whole text, and false for a SyntaxError or what is beyond literals.
func (p *literalParser) parse() (Object, bool) {
	if !p.startLine() {
		return Object{}, false
	}
	tree, ok := p.tuple(0)
	if !ok {
		return Object{}, false
	}
	if p.at < len(p.text) {
		p.at++
		ok = p.startLine() && p.at == len(p.text)
	}
	return tree, ok
}

// startLine goes to the next line, from here on, that is not blank, and tells whether it is without indentation.
func (p *literalParser) startLine() bool {
	column, continued := 0, 0
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ':
			column++
		case c == '\t':
			column += 8 - column%8
		case c == '\f':
			column = 0
		case c == '\n':
			column, continued = 0, 0
		case c == '#':
			p.skipComment()
			column, continued = 0, 0
			continue
		case p.continuesLine():
			if continued == 0 {
				continued = column
			}
			p.at++
		default:
			return column == 0 && continued == 0
		}
		p.at++
	}
	return column == 0 && continued == 0
}

// skipComment goes to the end of the line.
func (p *literalParser) skipComment() {
	line, _, _ := strings.Cut(p.text[p.at:], "\n")
	p.at += len(line)
}

// continuesLine tells whether a backslash joins this line to a next one.
func (p *literalParser) continuesLine() bool {
	return p.text[p.at] == '\\' && p.at+2 < len(p.text) && p.text[p.at+1] == '\n'
}

// peek returns the next byte that is no white space, 0 at the end of the text, and '\n' at the end of a line that no
// bracket continues.
func (p *literalParser) peek() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\f' || c == '\n' && p.level > 0:
			p.at++
		case c == '#':
			p.skipComment()
		case c == '\\' && p.continuesLine():
			p.at += 2
		default:
			return c
		}
	}
	return 0
}

// take goes past c if it comes next.
func (p *literalParser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

// atEnd tells whether the closing bracket comes next or, for 0, the end of the line.
func (p *literalParser) atEnd(closing byte) bool {
	c := p.peek()
	return c == closing || closing == 0 && c == '\n'
}

// tuple reads expressions up to the closing bracket, or to the end of the line for 0: one alone stands for itself.
func (p *literalParser) tuple(closing byte) (Object, bool) {
	first, ok := p.expression()
	if !ok {
		return Object{}, false
	}
	if !p.take(',') {
		return first, p.atEnd(closing)
	}
	return p.sequence(Object{Kind: Tuple, Items: []Object{first}}, closing)
}

// sequence reads the rest of a container's elements, at the place where one may begin.
func (p *literalParser) sequence(into Object, closing byte) (Object, bool) {
	for !p.atEnd(closing) {
		item, ok := p.expression()
		if !ok {
			return Object{}, false
		}
		into.Items = append(into.Items, item)
		if !p.take(',') {
			return into, p.atEnd(closing)
		}
	}
	return into, true
}

// expression reads a number, a sum of numbers, or any other literal or name.
func (p *literalParser) expression() (Object, bool) {
	left, ok := p.signed()
	for operators := 1; ok; operators++ {
		sign := p.peek()
		if sign != '+' && sign != '-' {
			return left, true
		}
		p.at++
		p.nest(operators)
		var right Object
		right, ok = p.signed()
		left = sum(left, right, sign)
	}
	return Object{}, false
}

// sum is the one operation that literals have, a complex number: a real part and an imaginary part without a sign.
func sum(left, right Object, sign byte) Object {
	if left.Kind != Int && left.Kind != Float ||
		right.Kind != Imaginary || right.sign != 0 {
		return Object{Kind: bareName}
	}
	return Object{Kind: Complex, sign: sign, Items: []Object{left, right}}
}

// signed reads an operand with the signs before it, of which a number may have one.
func (p *literalParser) signed() (Object, bool) {
	var sign byte
	signs := 0
	for c := p.peek(); c == '+' || c == '-'; c = p.peek() {
		sign = c
		signs++
		p.at++
	}
	p.nest(signs)
	operand, ok := p.primary()
	if !ok || signs == 0 {
		return operand, ok
	}
	if signs > 1 || !operand.isNumber() || operand.sign != 0 {
		return Object{Kind: bareName}, true
	}
	operand.sign = sign
	return operand, true
}

// nest notes how deep Python's parser and tree have become.
func (p *literalParser) nest(levels int) { p.deep = max(p.deep, p.level+levels) }

// primary reads an atom, and the brackets that make a call of the name set.
func (p *literalParser) primary() (Object, bool) {
	atom, ok := p.atom()
	if !ok || atom.Kind != setName || p.peek() != '(' {
		return atom, ok
	}
	if !p.open() || !p.take(')') {
		return Object{}, false
	}
	p.level--
	if atom.Text != "" {
		p.odd = "it calls something in letters that Python may take for set: write set()"
	}
	return Object{Kind: Set}, true
}

func (p *literalParser) atom() (Object, bool) {
	switch c := p.peek(); {
	case c == '[':
		return p.bracketed(']', func() (Object, bool) { return p.sequence(Object{Kind: List}, ']') })
	case c == '(':
		return p.bracketed(')', p.parenthesized)
	case c == '{':
		return p.bracketed('}', p.braced)
	case c == '"' || c == '\'' || stringPrefix(p.text[p.at:]) > 0:
		return p.strings()
	case IsDigit(c) || c == '.' && p.at+1 < len(p.text) && IsDigit(p.text[p.at+1]):
		return p.number()
	case c == '.':
		if !strings.HasPrefix(p.text[p.at:], "...") {
			return Object{}, false
		}
		p.at += len("...")
		return Object{Kind: Ellipsis}, true
	default:
		return p.name()
	}
}

// open goes past an opening bracket, unless too many are open.
func (p *literalParser) open() bool {
	p.at++
	p.level++
	return p.level <= maxBrackets
}

// bracketed reads an opening bracket, what content reads, and the closing bracket.
func (p *literalParser) bracketed(closing byte, content func() (Object, bool)) (Object, bool) {
	if !p.open() {
		return Object{}, false
	}
	inside, ok := content()
	if !ok || !p.take(closing) {
		return Object{}, false
	}
	p.level--
	return inside, true
}

func (p *literalParser) parenthesized() (Object, bool) {
	if p.atEnd(')') {
		return Object{Kind: Tuple}, true
	}
	return p.tuple(')')
}

// braced reads a dictionary's or a set's content; which one it is shows after the first element.
func (p *literalParser) braced() (Object, bool) {
	if p.atEnd('}') {
		return Object{Kind: Dict}, true
	}
	first, ok := p.expression()
	switch {
	case !ok:
		return Object{}, false
	case p.peek() == ':':
		return p.pairs(first)
	case p.take(','):
		return p.sequence(Object{Kind: Set, Items: []Object{first}}, '}')
	default:
		return Object{Kind: Set, Items: []Object{first}}, true
	}
}

// pairs reads the rest of a dictionary after its first key. Its items are keys and values in turn.
func (p *literalParser) pairs(key Object) (Object, bool) {
	dict := Object{Kind: Dict}
	for {
		if !p.take(':') {
			return Object{}, false
		}
		value, ok := p.expression()
		if !ok {
			return Object{}, false
		}
		dict.Items = append(dict.Items, key, value)
		if !p.take(',') || p.atEnd('}') {
			return dict, true
		}
		if key, ok = p.expression(); !ok {
			return Object{}, false
		}
	}
}

// name reads a bare name. Those that Python gives no value of their own are left to fail when evaluated.
func (p *literalParser) name() (Object, bool) {
	start := p.at
	for p.at < len(p.text) {
		r, size := DecodeRune(p.text[p.at:])
		if !isNameRune(r, p.at == start) {
			break
		}
		p.at += size
	}
	switch name := p.text[start:p.at]; {
	case name == "" || isKeyword(name):
		return Object{}, false
	case name == "None":
		return Object{Kind: None}, true
	case name == "True", name == "False":
		return Object{Kind: Bool, Text: name}, true
	case name == "set":
		return Object{Kind: setName}, true
	case !isASCII(name) && utf8.RuneCountInString(name) == len("set"): // which Python may fold into these letters
		return Object{Kind: setName, Text: name}, true
	default:
		return Object{Kind: bareName}, true
	}
}

// isNameRune tells whether Python's names may hold r (str.isidentifier).
func isNameRune(r rune, first bool) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || !first && r >= '0' && r <= '9'
	}
	if unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
		return true
	}
	return !first && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// isKeyword tells whether Python keeps name for its syntax, so that it cannot stand where a value does.
func isKeyword(name string) bool {
	switch name {
	case "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
		"finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
		"raise", "return", "try", "while", "with", "yield":
		return true
	}
	return false
}

// number reads a number as Parser/tokenizer.c does; its value is worked out when the whole text is known to be sound.
func (p *literalParser) number() (Object, bool) {
	start := p.at
	kind, ok := Int, true
	if base := numberBase(p.text[start:]); base != 10 {
		p.at += len("0x")
		if p.at < len(p.text) && p.text[p.at] == '_' {
			p.at++
		}
		ok = p.digits(base)
	} else {
		kind, ok = p.decimal()
	}
	if !ok || p.at < len(p.text) && isNameRune(rune(p.text[p.at]), false) {
		return Object{}, false
	}
	number := Object{Kind: kind, Text: p.text[start:p.at]}
	if kind == Imaginary {
		number.Text = p.text[start : p.at-1]
	}
	if kind == Int && !number.isDecimalInt() && numberBase(number.Text) == 10 {
		return Object{}, false
	}
	return number, true
}

// decimal reads a number of base 10 and tells which kind it is.
func (p *literalParser) decimal() (Kind, bool) {
	kind := Int
	if p.text[p.at] != '.' && !p.digits(10) {
		return kind, false
	}
	if p.next() == '.' {
		kind = Float
		p.at++
		if IsDigit(p.next()) && !p.digits(10) {
			return kind, false
		}
	}
	if c := p.next(); c == 'e' || c == 'E' {
		kind = Float
		p.at++
		if c := p.next(); c == '+' || c == '-' {
			p.at++
		}
		if !p.digits(10) {
			return kind, false
		}
	}
	if c := p.next(); c == 'j' || c == 'J' {
		kind = Imaginary
		p.at++
	}
	return kind, true
}

// next returns the next byte, 0 at the end of the text.
func (p *literalParser) next() byte {
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// digits reads one digit or more, with single underscores between them.
func (p *literalParser) digits(base int) bool {
	for {
		start := p.at
		for p.at < len(p.text) && digitValue(p.text[p.at]) < base {
			p.at++
		}
		if p.at == start {
			return false
		}
		if p.next() != '_' {
			return true
		}
		p.at++
	}
}

// digitValue returns what a hexadecimal digit counts, 16 for anything else.
func digitValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	default:
		return 16
	}
}

// numberBase returns the base of the number at the beginning of text.
func numberBase(text string) int {
	if len(text) < 2 || text[0] != '0' {
		return 10
	}
	switch text[1] {
	case 'x', 'X':
		return 16
	case 'o', 'O':
		return 8
	case 'b', 'B':
		return 2
	default:
		return 10
	}
}

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
