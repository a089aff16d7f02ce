package python

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// What Python ignores when it ignores case (_sre.c, and re/_compiler.py with re/_casefix.py): two characters are the same if
// they are in lower case, or if that is so of other characters in lower case with the same upper case. .NET has its own rules,
// so that a translated expression spells out which characters match.

// maxBMP is the last character of Unicode's first plane.
const maxBMP = 0xFFFF

// caseTable has what lower case makes alike: characters by their lower case, and lower cases that have one upper case.
type caseTable struct {
	byLower map[rune][]rune // without the lower case itself
	alike   map[rune][]rune
}

// Characters with the same upper case of more than one character, which package unicode does not know (re/_casefix.py).
var alikeBeyond = [][2]rune{{0x390, 0x1FD3}, {0x3B0, 0x1FE3}, {0xFB05, 0xFB06}}

var cases = sync.OnceValue(func() caseTable {
	table := caseTable{map[rune][]rune{}, map[rune][]rune{}}
	byUpper := map[rune][]rune{}
	for _, span := range unicode.CaseRanges {
		for char := rune(span.Lo); char <= rune(span.Hi); char++ {
			if lower := unicode.ToLower(char); lower != char {
				table.byLower[lower] = append(table.byLower[lower], char)
			} else if upper := unicode.ToUpper(char); upper != char && char <= maxBMP {
				byUpper[upper] = append(byUpper[upper], char)
			}
		}
	}
	for _, same := range byUpper {
		for _, char := range same {
			for _, other := range same {
				if other != char {
					table.alike[char] = append(table.alike[char], other)
				}
			}
		}
	}
	for _, pair := range alikeBeyond {
		table.alike[pair[0]], table.alike[pair[1]] = []rune{pair[1]}, []rune{pair[0]}
	}
	return table
})

// lowerCase is what Python compares by, in Unicode or in ASCII alone.
func lowerCase(char rune, ascii bool) rune {
	if ascii && char > unicode.MaxASCII {
		return char
	}
	return unicode.ToLower(char)
}

// isCased is Python's test of whether case matters for a character; ß counts, which has an upper case of two characters.
func isCased(char rune, ascii bool) bool {
	if ascii && char > unicode.MaxASCII {
		return false
	}
	return unicode.ToLower(char) != char || unicode.ToUpper(char) != char ||
		!ascii && len(cases().byLower[char])+len(cases().alike[char]) > 0
}

// sameLetters returns all characters that match the character where case is ignored.
func sameLetters(char rune, ascii bool) []rune {
	if !isCased(char, ascii) {
		return []rune{char}
	}
	lower := lowerCase(char, ascii)
	if ascii {
		return []rune{lower, unicode.ToUpper(lower)}
	}
	table := cases()
	var letters []rune
	for _, one := range append([]rune{lower}, table.alike[lower]...) {
		letters = append(append(letters, one), table.byLower[one]...)
	}
	return letters
}

// runeRange are the characters from the first to the last.
type runeRange struct{ first, last rune }

// errBeyondCase refuses what Python has rules of its own for, by how the expression is written.
var errBeyondCase = errors.New("a letter with cases, or a range, beyond U+FFFF is not supported where case is ignored")

// ignoringCase returns the ranges of all characters that match one of the ranges where case is ignored.
func ignoringCase(ranges []runeRange, ascii bool) ([]runeRange, error) {
	cased := false
	for _, one := range ranges {
		if one.last > maxBMP && (one.first < one.last || isCased(one.last, false)) {
			return nil, errBeyondCase
		}
		cased = cased || one.hasCase(ascii)
	}
	if !cased {
		return ranges, nil
	}
	var all []runeRange
	for _, one := range ranges {
		for char := one.first; char <= one.last; char++ {
			for _, same := range sameLetters(char, ascii) {
				all = append(all, runeRange{same, same})
			}
		}
	}
	return merged(all), nil
}

// merged returns the same characters in as few ranges as there can be.
func merged(ranges []runeRange) []runeRange {
	slices.SortFunc(ranges, func(a, b runeRange) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last)) })
	var few []runeRange
	for _, one := range ranges {
		if last := len(few) - 1; last >= 0 && one.first <= few[last].last+1 {
			few[last].last = max(few[last].last, one.last)
			continue
		}
		few = append(few, one)
	}
	return few
}

// hasCase tells whether case matters for one of the characters.
func (r runeRange) hasCase(ascii bool) bool {
	for char := r.first; char <= r.last; char++ {
		if isCased(char, ascii) {
			return true
		}
	}
	return false
}

// rangesCode writes ranges as the inside of a class.
func rangesCode(ranges []runeRange) string {
	var inside strings.Builder
	for _, one := range ranges {
		inside.WriteString(literalCode(one.first))
		if one.last > one.first {
			inside.WriteString("-" + literalCode(one.last))
		}
	}
	return inside.String()
}

// lettersCode writes a character that may be any of these.
func lettersCode(letters []rune) string {
	if len(letters) == 1 {
		return literalCode(letters[0])
	}
	var inside strings.Builder
	for _, char := range letters {
		inside.WriteString(literalCode(char))
	}
	return "[" + inside.String() + "]"
}
