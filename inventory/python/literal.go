package python

import (
	"errors"
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
