package python

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
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
