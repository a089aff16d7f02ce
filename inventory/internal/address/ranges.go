package address

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// MaxHosts is how many hosts the ranges of one inventory may stand for, all together. Ansible has no such bound and would
// eat the machine's memory instead.
const MaxHosts = 5_000_000

// maxRanges is how many ranges one pattern may have: each makes the names be written once more.
const maxRanges = 100

const asciiLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// hostRange is one pair of brackets in a pattern, with what stands before it.
type hostRange struct {
	head  string
	count int // of what stands in place of the brackets
	item  func(at int) string
}

// Expand returns the host names that a pattern such as db[01:10:3]-[a:c] stands for, in Ansible's order
// (ansible/plugins/inventory/__init__.py, expand_hostname_range): at most room of them, more are an error. They are counted
// before any is made.
func Expand(pattern string, room int) ([]string, error) {
	if !strings.Contains(pattern, "[") {
		return []string{pattern}, nil
	}
	ranges, tail, total, err := parseRanges(pattern, room)
	if err != nil || total == 0 {
		return nil, err
	}
	return appendNames(make([]string, 0, total), "", ranges, tail), nil
}

// Count returns how many host names a pattern stands for.
func Count(pattern string) (int, error) {
	_, _, total, err := parseRanges(pattern, math.MaxInt)
	return total, err
}

// parseRanges returns the ranges of a pattern, what stands behind the last, and how many names they stand for.
func parseRanges(pattern string, room int) (ranges []hostRange, tail string, total int, err error) {
	if strings.Count(pattern, "[") > maxRanges {
		return nil, "", 0, fmt.Errorf("a host pattern has more than %d ranges", maxRanges)
	}
	total, tail = 1, pattern
	for strings.Contains(tail, "[") {
		next, rest, err := cutRange(pattern, tail, room/total)
		if err != nil || next.count == 0 {
			return nil, "", 0, err
		}
		ranges, tail = append(ranges, next), rest
		total *= next.count
	}
	return ranges, tail, total, nil
}

// appendNames appends the names that begin with start and go on with the ranges.
func appendNames(names []string, start string, ranges []hostRange, tail string) []string {
	next := ranges[0]
	for at := range next.count {
		if len(ranges) == 1 {
			names = append(names, start+next.head+next.item(at)+tail)
		} else {
			names = appendNames(names, start+next.head+next.item(at), ranges[1:], tail)
		}
	}
	return names
}

// cutRange cuts the first range off rest, the part of a pattern that is still to be read.
func cutRange(pattern, rest string, room int) (next hostRange, tail string, err error) {
	// Ansible turns the first [ and the first ] into | and wants exactly two of these, so a | of its own is an error.
	parts := strings.Split(strings.Replace(strings.Replace(rest, "[", "|", 1), "]", "|", 1), "|")
	if len(parts) != 3 {
		return next, "", fmt.Errorf("host range %s needs the form name[begin:end]", shown.Name(pattern))
	}
	bounds := strings.Split(parts[1], ":")
	if len(bounds) != 2 && len(bounds) != 3 {
		return next, "", fmt.Errorf("host range %s must be begin:end or begin:end:step", shown.Name(pattern))
	}
	next.count, next.item, err = rangeItems(pattern, bounds)
	if err == nil && next.count > room {
		err = errors.New(TooMany(pattern))
	}
	next.head = parts[0]
	return next, parts[2], err
}

// rangeItems returns how much stands in place of one pair of brackets, and what: count is at most math.MaxInt, which is
// more than anybody has room for.
func rangeItems(pattern string, bounds []string) (count int, item func(at int) string, err error) {
	begin, end, step := bounds[0], bounds[1], "1"
	if len(bounds) == 3 {
		step = bounds[2]
	}
	if begin == "" {
		begin = "0"
	}
	if end == "" {
		return 0, nil, fmt.Errorf("host range %s must specify an end", shown.Name(pattern))
	}
	width := 0
	if begin[0] == '0' && len(begin) > 1 {
		if width = python.Len(begin); width != python.Len(end) {
			return 0, nil, fmt.Errorf(
				"host range %s pads its begin with zeros, so begin and end must have the same length", shown.Name(pattern))
		}
	}
	by, stepIsNumber := python.ParseInt(step)
	if first, last := strings.Index(asciiLetters, begin), strings.Index(asciiLetters, end); first >= 0 && last >= 0 {
		if first > last {
			return 0, nil, fmt.Errorf("host range %s must have begin <= end", shown.Name(pattern))
		}
		if stepIsNumber && by.Sign() != 0 {
			count, item = letterItems(first, last, by, width)
			return count, item, nil
		}
	}
	from, fromIsNumber := python.ParseInt(begin)
	to, toIsNumber := python.ParseInt(end)
	if !fromIsNumber || !toIsNumber || !stepIsNumber || by.Sign() == 0 {
		return 0, nil, fmt.Errorf("host range %s needs two numbers or two letters, and a step other than 0", shown.Name(pattern))
	}
	count, item = numberItems(from, to, by, width)
	return count, item, nil
}

// letterItems is ascii_letters[first:last+1:by].
func letterItems(first, last int, by *big.Int, width int) (count int, item func(at int) string) {
	if by.Sign() < 0 {
		return 0, nil
	}
	step := len(asciiLetters)
	if by.IsInt64() && by.Int64() < int64(step) {
		step = int(by.Int64())
	}
	return 1 + (last-first)/step, func(at int) string {
		letter := first + at*step
		return zeroFill(asciiLetters[letter:letter+1], width)
	}
}

// numberItems is range(from, to+1, by), each number as text.
func numberItems(from, to, by *big.Int, width int) (count int, item func(at int) string) {
	span := new(big.Int).Sub(to, from)
	if by.Sign() > 0 {
		span.Add(span, big.NewInt(1))
	} else {
		// range() leaves its end out, and to+1 is that end also when it counts down.
		span.Add(span, big.NewInt(1)).Neg(span)
	}
	if span.Sign() <= 0 {
		return 0, nil
	}
	size := new(big.Int).Abs(by)
	steps := span.Add(span, size).Sub(span, big.NewInt(1))
	steps.Quo(steps, size)
	count = math.MaxInt
	if steps.IsInt64() {
		count = int(steps.Int64())
	}
	if from.IsInt64() && to.IsInt64() && by.IsInt64() {
		start, step := from.Int64(), by.Int64()
		return count, func(at int) string { return zeroFill(strconv.FormatInt(start+int64(at)*step, 10), width) }
	}
	return count, func(at int) string {
		number := new(big.Int).Mul(by, big.NewInt(int64(at)))
		return zeroFill(number.Add(number, from).String(), width)
	}
}

// TooMany is the message about ranges that stand for more than MaxHosts.
func TooMany(pattern string) string {
	return fmt.Sprintf("host range %s: the inventory's ranges stand for more than %d hosts", shown.Name(pattern), MaxHosts)
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
