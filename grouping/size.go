package grouping

import "strconv"

// maxCount is the largest count that a size may have; it leaves room for sums.
const maxCount = 1_000_000_000

// Size is how many hosts a wave takes at most: a count, or a percentage of all the version's hosts. The zero Size stands
// for the default, one host.
type Size struct {
	number  int
	percent bool
}

// Count returns the size of that many hosts; below 1 it counts as 1.
func Count(hosts int) Size { return Size{number: min(max(hosts, 1), maxCount)} }

// Percent returns the size of that many hundredths of the version's hosts; it is kept between 1 and 100.
func Percent(percent int) Size { return Size{number: min(max(percent, 1), 100), percent: true} }

// Of returns how many hosts the size is in a version of so many hosts, at least 1. Percentages come out as those of
// Ansible's serial, which reckons in floating point and rounds down: 29% of 100 hosts are 28
// (ansible/utils/helpers.py, pct_to_int).
func (s Size) Of(hosts int) int {
	if !s.percent {
		return max(s.number, 1)
	}
	share := float64(s.number) / 100.0
	return max(int(share*float64(hosts)), 1)
}

// String returns the size as a policy writes it: 2 or 10%.
func (s Size) String() string {
	if s.percent {
		return strconv.Itoa(s.number) + "%"
	}
	return strconv.Itoa(s.Of(0))
}
