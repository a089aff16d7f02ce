// Package nearest finds the name that was most likely meant by a misspelt one. It does not know what the names are for.
package nearest

import (
	"iter"
	"strings"
)

// To returns the candidate that was most likely meant by a misspelt name: one that differs in case alone, or else the one with the fewest
// slips, the first of several. A slip is a character too many, too few, wrong, or swapped with its neighbour (the restricted
// Damerau-Levenshtein distance). If no candidate is near, To returns "". A name of up to four characters may have one slip, one of up to
// nine two, a longer one three, but never as many as it or the candidate has characters.
func To(name string, candidates iter.Seq[string]) string {
	wanted := []rune(name)
	limit := min(1+len(wanted)/5, 3, len(wanted)-1)
	meter := slipMeter{wanted: wanted}
	nearest := ""
	for candidate := range candidates {
		if strings.EqualFold(candidate, name) {
			return candidate
		}
		if slips := meter.measure(candidate, limit); slips <= limit && slips < len([]rune(candidate)) {
			nearest, limit = candidate, slips-1
		}
	}
	return nearest
}

// slipMeter counts the slips between one name and many others. It keeps the memory of its table from one to the next.
type slipMeter struct {
	wanted []rune
	other  []rune
	rows   [3][]int
}

// measure returns the number of slips between the name and other, or limit+1 if there are more than limit.
func (m *slipMeter) measure(other string, limit int) int {
	tooMany := limit + 1
	if limit < 0 || len(other) < len(m.wanted)-limit || len(other) > 4*(len(m.wanted)+limit) {
		return tooMany
	}
	m.other = m.other[:0]
	for _, r := range other {
		m.other = append(m.other, r)
	}
	if len(m.other) > len(m.wanted)+limit || len(m.other) < len(m.wanted)-limit {
		return tooMany
	}
	for i := range m.rows {
		if len(m.rows[i]) <= len(m.other) {
			m.rows[i] = make([]int, len(m.other)+16)
		}
	}
	before, last, row := m.rows[0], m.rows[1], m.rows[2]
	for j := range len(m.other) + 1 {
		last[j] = j
	}
	lastLeast := 0
	for i := 1; i <= len(m.wanted); i++ {
		least := m.fill(row, last, before, i)
		if least > limit && lastLeast > limit {
			return tooMany
		}
		before, last, row = last, row, before
		lastLeast = least
	}
	return min(last[len(m.other)], tooMany)
}

// fill computes row i of the table of distances from the two rows before it, and returns its least number.
func (m *slipMeter) fill(row, last, before []int, i int) int {
	row[0] = i
	least := i
	for j := 1; j <= len(m.other); j++ {
		slips := last[j-1]
		if m.wanted[i-1] != m.other[j-1] {
			slips = min(slips, last[j], row[j-1]) + 1
			if i > 1 && j > 1 && m.wanted[i-1] == m.other[j-2] && m.wanted[i-2] == m.other[j-1] {
				slips = min(slips, before[j-2]+1)
			}
		}
		row[j] = slips
		least = min(least, slips)
	}
	return least
}
