package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// fold returns the names, in the order given, with neighbours that differ in one number written as Ansible writes a range of hosts:
// web[01:12].example.com. In a range of three names or more the numbers may also fall: [12:01]. A bracket that belongs to a name is
// written \[, so that the names can be told from the result; everything else is escaped as escape does.
func fold(names []string) []string {
	var folded []string
	for len(names) > 0 {
		text, count := foldFirst(names)
		folded = append(folded, text)
		names = names[count:]
	}
	return folded
}

// foldTrimmed folds the names of a wave's hosts, without the domain that they have in common. They keep their order as long as the
// result is short. Else they are sorted, which folds better: the hosts of a wave are released together, so that their order says little.
func foldTrimmed(hosts []*inventory.Host, domain string) []string {
	names := make([]string, len(hosts))
	for i, host := range hosts {
		names[i] = strings.TrimSuffix(host.Name, domain)
	}
	const short = 12
	folded := fold(names)
	if len(folded) <= short {
		return folded
	}
	slices.SortFunc(names, compareNames)
	if sorted := fold(names); len(sorted) < len(folded) {
		return sorted
	}
	return folded
}

// compareNames orders names as people do: by what stands behind the first number, so that a domain stays together, then by what stands
// before it, then by the number.
func compareNames(a, b string) int {
	prefixA, numberA, suffixA := cutAtNumber(a)
	prefixB, numberB, suffixB := cutAtNumber(b)
	return cmp.Or(strings.Compare(suffixA, suffixB), strings.Compare(prefixA, prefixB), cmp.Compare(len(numberA), len(numberB)),
		strings.Compare(numberA, numberB))
}

// cutAtNumber cuts a name before and behind its first number.
func cutAtNumber(name string) (prefix, number, suffix string) {
	start := strings.IndexFunc(name, func(r rune) bool { return r >= '0' && r <= '9' })
	if start < 0 {
		return name, "", ""
	}
	number, suffix = cutNumber(name[start:])
	return name[:start], number, suffix
}

// foldFirst returns one text for the first of the names and as many after it as belong to its range.
func foldFirst(names []string) (text string, count int) {
	if len(names) == 1 {
		return escapeBracket(names[0]), 1
	}
	first, ok := neighbours(names[0], names[1])
	if !ok {
		return escapeBracket(names[0]), 1
	}
	last, count := first, 2
	for count < len(names) {
		next, ok := neighbours(names[count-1], names[count])
		if !ok || next.up != first.up || next.prefix != first.prefix {
			break
		}
		last = next
		count++
	}
	if !first.up && count == 2 {
		return escapeBracket(names[0]), 1 // a pair in the wrong order is chance
	}
	return escapeBracket(first.prefix) + "[" + first.from + ":" + last.to + "]" + escapeBracket(first.suffix), count
}

// step is what two neighbouring names have in common, and the numbers that tell them apart.
type step struct {
	prefix, from, to, suffix string
	up                       bool
}

// neighbours tells whether a and b differ in one number by one, with the same padding.
func neighbours(a, b string) (step, bool) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	for start > 0 && isDigit(a[start-1]) {
		start--
	}
	found := step{prefix: a[:start]}
	found.from, found.suffix = cutNumber(a[start:])
	to, suffix := cutNumber(b[start:])
	found.to = to
	if suffix != found.suffix {
		return step{}, false
	}
	found.up = isNext(found.from, found.to)
	return found, found.up || isNext(found.to, found.from)
}

// isNext tells whether high is the number after low, written with the same padding.
func isNext(low, high string) bool {
	const maxDigits = 18 // of an int64
	if low == "" || len(low) > maxDigits {
		return false
	}
	value, err := strconv.ParseInt(low, 10, 64)
	return err == nil && high == fmt.Sprintf("%0*d", len(low), value+1)
}

// cutNumber cuts off the digits that a text begins with.
func cutNumber(text string) (number, rest string) {
	end := 0
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	return text[:end], text[end:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func escapeBracket(text string) string { return strings.ReplaceAll(escape(text), "[", `\[`) }
