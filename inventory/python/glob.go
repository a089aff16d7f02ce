package python

import (
	"unicode/utf8"
)

// Pattern is a shell pattern as Python 3.11's fnmatch takes it, a step for each of its elements.
type Pattern []globStep

type globStep struct {
	kind globKind
	char rune       // of globChar
	set  *globClass // of globSet
}

type globKind uint8

const (
	globChar globKind = iota
	globAny           // one character
	globStar          // any number of characters
	globSet           // one character of a class
	globNone          // what nothing matches
)

// globClass is a set of characters, or of all others.
type globClass struct {
	ranges  []globRange
	negated bool
}

type globRange struct{ first, last rune }

func (c *globClass) has(r rune) bool {
	for _, span := range c.ranges {
		if span.first <= r && r <= span.last {
			return !c.negated
		}
	}
	return c.negated
}

// Glob returns what tells whether a name matches the whole of a shell-style pattern: *, ?, [abc], [a-z] and [!abc], as
// Python 3.11's fnmatch.fnmatchcase takes them. A pattern for which Python has an error matches nothing.
func Glob(pattern string) func(name string) bool {
	compiled, ok := CompileGlob(pattern)
	if !ok {
		return func(string) bool { return false }
	}
	return compiled.Match
}

// CompileGlob reads a pattern as fnmatch.translate does, or returns false where re.compile refuses what that yields.
func CompileGlob(pattern string) (Pattern, bool) {
	var steps Pattern
	text := Runes(pattern)
	for at := 0; at < len(text); {
		r := text[at]
		at++
		switch r {
		case '*':
			if len(steps) == 0 || steps[len(steps)-1].kind != globStar {
				steps = append(steps, globStep{kind: globStar})
			}
		case '?':
			steps = append(steps, globStep{kind: globAny})
		case '[':
			end := classEnd(text, at)
			if end < 0 {
				steps = append(steps, globStep{kind: globChar, char: '['})
				continue
			}
			step, ok := compileClass(text[at:end])
			if !ok {
				return nil, false
			}
			steps = append(steps, step)
			at = end + 1
		default:
			steps = append(steps, globStep{kind: globChar, char: r})
		}
	}
	return steps, true
}

// classEnd returns where the ] is that ends the class whose inside begins at start, or -1. A ] right at the start, or
// after a ! there, is a member.
func classEnd(text []rune, start int) int {
	at := start
	if at < len(text) && text[at] == '!' {
		at++
	}
	if at < len(text) && text[at] == ']' {
		at++
	}
	for ; at < len(text); at++ {
		if text[at] == ']' {
			return at
		}
	}
	return -1
}

// compileClass reads what stands between the brackets. fnmatch.translate rewrites it for Python's re: here are its steps,
// one by one, because some of what comes out is not what one would think.
func compileClass(inside []rune) (globStep, bool) {
	items := classItems(inside)
	if len(items) == 0 {
		return globStep{kind: globNone}, true
	}
	set := &globClass{}
	if items[0].char == '!' {
		set.negated = true
		items = items[1:]
	}
	for at := 0; at < len(items); at++ {
		span := globRange{items[at].char, items[at].char}
		if at+2 < len(items) && items[at+1].isRange {
			at += 2
			span.last = items[at].char
		}
		if span.last < span.first {
			return globStep{}, false
		}
		set.ranges = append(set.ranges, span)
	}
	return globStep{kind: globSet, set: set}, true
}

// classItem is a member of a class, or the hyphen that makes a range of its neighbours.
type classItem struct {
	char    rune
	isRange bool
}

// classItems cuts the inside of a class at the hyphens that make ranges and takes the ranges out whose end comes before
// their start.
func classItems(inside []rune) []classItem {
	chunks := classChunks(inside)
	for k := len(chunks) - 1; k > 0; k-- {
		before, chunk := chunks[k-1], chunks[k]
		if before[len(before)-1] > chunk[0] {
			joined := append(append([]rune{}, before[:len(before)-1]...), chunk[1:]...)
			chunks = append(append(chunks[:k-1:k-1], joined), chunks[k+1:]...)
		}
	}
	var items []classItem
	for k, chunk := range chunks {
		if k > 0 {
			items = append(items, classItem{'-', true})
		}
		for _, r := range chunk {
			items = append(items, classItem{r, false})
		}
	}
	return items
}

// classChunks cuts the inside of a class at the hyphens that make ranges: those with a character on either side that is
// not itself the end of a range.
func classChunks(inside []rune) [][]rune {
	var chunks [][]rune
	start, from := 0, 1
	if inside[0] == '!' {
		from = 2
	}
	for {
		hyphen := indexRune(inside, '-', from)
		if hyphen < 0 {
			break
		}
		chunks = append(chunks, inside[start:hyphen])
		start, from = hyphen+1, hyphen+3
	}
	if start < len(inside) {
		return append(chunks, inside[start:])
	}
	last := len(chunks) - 1
	chunks[last] = append(chunks[last][:len(chunks[last]):len(chunks[last])], '-')
	return chunks
}

// indexRune returns where r is in text at or after from, or -1.
func indexRune(text []rune, r rune, from int) int {
	for at := from; at < len(text); at++ {
		if text[at] == r {
			return at
		}
	}
	return -1
}

// IsPlain tells whether the glob matches nothing but its own text.
func (g Pattern) IsPlain() bool {
	for _, step := range g {
		if step.kind != globChar {
			return false
		}
	}
	return true
}

// Match tells whether the glob matches the whole name. It goes back to the last star only, which is enough, since what
// stands between two stars is best taken where it first fits; so it needs no more than len(g) times len(name) steps.
func (g Pattern) Match(name string) bool {
	step, at := 0, 0
	star, starAt := -1, 0
	for at < len(name) {
		if step < len(g) && g[step].kind == globStar {
			star, starAt = step, at
			step++
			continue
		}
		r, size := DecodeRune(name[at:])
		if step < len(g) && g[step].takes(r) {
			step++
			at += size
			continue
		}
		if star < 0 {
			return false
		}
		_, size = DecodeRune(name[starAt:])
		starAt += size
		step, at = star+1, starAt
	}
	for step < len(g) && g[step].kind == globStar {
		step++
	}
	return step == len(g)
}

// takes tells whether the step, which is no star, matches the character.
func (s globStep) takes(r rune) bool {
	switch s.kind {
	case globChar:
		return s.char == r
	case globAny:
		return true
	case globSet:
		return s.set.has(r)
	default:
		return false
	}
}

// Runes returns the characters of text, lone surrogates among them.
func Runes(text string) []rune {
	runes := make([]rune, 0, utf8.RuneCountInString(text))
	for text != "" {
		r, size := DecodeRune(text)
		runes = append(runes, r)
		text = text[size:]
	}
	return runes
}
