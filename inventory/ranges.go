package inventory

import (
	"fmt"
	"math/big"
	"strings"
)

// maxHosts is how many hosts the ranges of one inventory may stand for, all together. Ansible has no such bound and would
// eat the machine's memory instead.
const maxHosts = 5_000_000

// maxRanges is how many ranges one pattern may have: each makes the names be written once more.
const maxRanges = 100

const asciiLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// expandRanges returns the host names that a pattern such as db[01:10:3]-[a:c] stands for, in Ansible's order
// (ansible/plugins/inventory/__init__.py, expand_hostname_range): at most room of them, more are an error.
func expandRanges(pattern string, room int) ([]string, error) {
	if !strings.Contains(pattern, "[") {
		return []string{pattern}, nil
	}
	if strings.Count(pattern, "[") > maxRanges {
		return nil, &Error{Message: fmt.Sprintf("a host pattern has more than %d ranges", maxRanges)}
	}
	// Ansible turns the first [ and the first ] into | and wants exactly two of these, so a | of its own is an error.
	parts := strings.Split(strings.Replace(strings.Replace(pattern, "[", "|", 1), "]", "|", 1), "|")
	if len(parts) != 3 {
		return nil, &Error{Message: fmt.Sprintf("host range %s needs the form name[begin:end]", quote(pattern))}
	}
	head, bounds, tail := parts[0], strings.Split(parts[1], ":"), parts[2]
	if len(bounds) != 2 && len(bounds) != 3 {
		return nil, &Error{Message: fmt.Sprintf("host range %s must be begin:end or begin:end:step", quote(pattern))}
	}
	items, err := rangeItems(pattern, bounds, room)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(tail, "[") {
		names := make([]string, len(items))
		for i, item := range items {
			names[i] = head + item + tail
		}
		return names, nil
	}
	var names []string
	for _, item := range items {
		more, err := expandRanges(head+item+tail, room-len(names))
		if err != nil {
			return nil, err
		}
		names = append(names, more...)
	}
	return names, nil
}

// rangeItems returns what stands in place of one pair of brackets.
func rangeItems(pattern string, bounds []string, room int) ([]string, error) {
	begin, end, step := bounds[0], bounds[1], "1"
	if len(bounds) == 3 {
		step = bounds[2]
	}
	if begin == "" {
		begin = "0"
	}
	if end == "" {
		return nil, &Error{Message: fmt.Sprintf("host range %s must specify an end", quote(pattern))}
	}
	width := 0
	if begin[0] == '0' && len(begin) > 1 {
		if width = runeCount(begin); width != runeCount(end) {
			return nil, &Error{Message: fmt.Sprintf(
				"host range %s pads its begin with zeros, so begin and end must have the same length", quote(pattern))}
		}
	}
	by, stepIsNumber := parseInt(step)
	if first, last := strings.Index(asciiLetters, begin), strings.Index(asciiLetters, end); first >= 0 && last >= 0 {
		if first > last {
			return nil, &Error{Message: fmt.Sprintf("host range %s must have begin <= end", quote(pattern))}
		}
		if stepIsNumber && by.Sign() != 0 {
			items := letterItems(first, last, by, width)
			if len(items) > room {
				return nil, tooManyHosts(pattern)
			}
			return items, nil
		}
	}
	from, fromIsNumber := parseInt(begin)
	to, toIsNumber := parseInt(end)
	if !fromIsNumber || !toIsNumber || !stepIsNumber || by.Sign() == 0 {
		return nil, &Error{Message: fmt.Sprintf("host range %s needs two numbers or two letters, and a step other than 0", quote(pattern))}
	}
	return numberItems(pattern, from, to, by, width, room)
}

// letterItems is ascii_letters[first:last+1:by].
func letterItems(first, last int, by *big.Int, width int) []string {
	if by.Sign() < 0 {
		return nil
	}
	var items []string
	step := len(asciiLetters)
	if by.IsInt64() && by.Int64() < int64(step) {
		step = int(by.Int64())
	}
	for i := first; i <= last; i += step {
		items = append(items, zeroFill(asciiLetters[i:i+1], width))
	}
	return items
}

// numberItems is range(from, to+1, by), each number as text.
func numberItems(pattern string, from, to, by *big.Int, width, room int) ([]string, error) {
	span := new(big.Int).Sub(to, from)
	if by.Sign() > 0 {
		span.Add(span, big.NewInt(1))
	} else {
		// range() leaves its end out, and to+1 is that end also when it counts down.
		span.Add(span, big.NewInt(1)).Neg(span)
	}
	if span.Sign() <= 0 {
		return nil, nil
	}
	size := new(big.Int).Abs(by)
	count := span.Add(span, size).Sub(span, big.NewInt(1))
	count.Quo(count, size)
	if !count.IsInt64() || count.Int64() > int64(room) {
		return nil, tooManyHosts(pattern)
	}
	items := make([]string, count.Int64())
	number := new(big.Int).Set(from)
	var digits []byte
	for i := range items {
		digits = number.Append(digits[:0], 10)
		items[i] = zeroFill(string(digits), width)
		number.Add(number, by)
	}
	return items, nil
}

func tooManyHosts(pattern string) error {
	return &Error{Message: fmt.Sprintf("host range %s: the inventory's ranges stand for more than %d hosts", quote(pattern), maxHosts)}
}

// zeroFill is Python's text.zfill(width): zeros in front, but behind a sign.
func zeroFill(text string, width int) string {
	missing := width - len(text)
	if missing <= 0 {
		return text
	}
	zeros := strings.Repeat("0", missing)
	if text[0] == '-' || text[0] == '+' {
		return text[:1] + zeros + text[1:]
	}
	return zeros + text
}
