package grouping

import (
	"fmt"
	"strconv"
)

// maxCount is the largest count that a size may have; it leaves room for sums.
const maxCount = 1_000_000_000

// Size is how many hosts a wave takes at most: a count, or a percentage of all the version's hosts. The zero Size stands
// for the default, one host.
type Size struct {
	number int
	unit   unit
}

// unit is what the number of a size counts.
type unit uint8

const (
	notGiven unit = iota
	hostCount
	percentage
)

// Count returns the size of that many hosts, from 1 to a billion: [NewVersion] refuses any other.
func Count(hosts int) Size { return Size{hosts, hostCount} }

// Percent returns the size of that many hundredths of the version's hosts, from 1 to 100: [NewVersion] refuses any other.
func Percent(percent int) Size { return Size{percent, percentage} }

// Of returns how many hosts the size is in a version of so many hosts, at least 1. Percentages come out as those of
// Ansible's serial, which computes in floating point and rounds down: 29% of 100 hosts are 28
// (ansible/utils/helpers.py, pct_to_int).
func (s Size) Of(hosts int) int {
	if s.unit != percentage {
		return max(s.number, 1)
	}
	share := float64(s.number) / 100.0
	return max(int(share*float64(hosts)), 1)
}

// String returns the size as a policy writes it: 2 or 10%.
func (s Size) String() string {
	switch s.unit {
	case percentage:
		return strconv.Itoa(s.number) + "%"
	case hostCount:
		return strconv.Itoa(s.number)
	default:
		return "1"
	}
}

// check says what is wrong with the size; "" if nothing is.
func (s Size) check() string {
	switch {
	case s.unit == hostCount && (s.number < 1 || s.number > maxCount):
		return fmt.Sprintf("%s is no size: a count is from 1 to %d", s, maxCount)
	case s.unit == percentage && (s.number < 1 || s.number > 100):
		return fmt.Sprintf("%s is no size: a percentage is from 1%% to 100%%", s)
	default:
		return ""
	}
}

// parts returns the size as a count and a percentage, of which one is 0.
func (s Size) parts() (count, percent int) {
	if s.unit == percentage {
		return 0, s.number
	}
	return s.number, 0
}
