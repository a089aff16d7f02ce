package python

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
