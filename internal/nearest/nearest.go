// Package nearest finds the name that was most likely meant by a misspelt one. It does not know what the names are for.
package nearest

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
)

// To returns the candidate that was most likely meant by a misspelt name: one that differs in case alone, or else the one with the fewest
// slips, the first of several. A slip is a character too many, too few, wrong, or swapped with its neighbour (the restricted
// Damerau-Levenshtein distance). If no candidate is near, To returns "". A name of up to four characters may have one slip, one of up to
// nine two, a longer one three, but never as many as it or the candidate has characters.
func To(name string, candidates iter.Seq[string]) string {
	length := utf8.RuneCountInString(name)
	limit := min(1+length/5, 3, length-1)
	nearest := ""
	for candidate := range candidates {
		if strings.EqualFold(candidate, name) {
			return candidate
		}
		others := utf8.RuneCountInString(candidate)
		if length-others > limit || others-length > limit || missing(name, candidate) > limit {
			continue // it is too far: a look is cheaper than to measure how far
		}
		if slips := edlib.OSADamerauLevenshteinDistance(name, candidate); slips <= limit && slips < others {
			nearest, limit = candidate, slips-1
		}
	}
	return nearest
}

// missing returns how many characters of the name the candidate does not have: each of them is a slip.
func missing(name, candidate string) int {
	count := 0
	for _, r := range name {
		if !strings.ContainsRune(candidate, r) {
			count++
		}
	}
	return count
}
