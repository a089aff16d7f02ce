package grouping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// covering looks for the hosts of a first wave that has every value of some variables.
type covering struct {
	variables []column
	limits    []*limited
	members   []int32 // in order
	kinds     []int32 // the first member of each kind: those with the same values are as good
	covers    [][]int // by kind: the numbers of its values, counted over all variables
	numbers   []int   // by variable: the first number of its values
	all       int     // how many numbers there are
	values    int     // how many of them the members have
}

func newCovering(variables []column, limits []*limited, members []int32) *covering {
	c := &covering{variables: variables, limits: limits, members: members}
	for _, variable := range variables {
		c.numbers = append(c.numbers, c.all)
		c.all += len(variable.values)
	}
	columns := make([]column, 0, len(variables)+len(limits))
	columns = append(columns, variables...)
	for _, limit := range limits {
		columns = append(columns, column{ids: limit.kinds})
	}
	kind := combined(columns).ids
	seenKind, seenValue := map[int32]bool{}, make([]bool, c.all)
	for _, member := range members {
		if seenKind[kind[member]] {
			continue
		}
		seenKind[kind[member]] = true
		var covers []int
		for i, variable := range variables {
			number := c.numbers[i] + int(variable.ids[member])
			covers = append(covers, number)
			if !seenValue[number] {
				seenValue[number] = true
				c.values++
			}
		}
		c.kinds = append(c.kinds, member)
		c.covers = append(c.covers, covers)
	}
	return c
}

// choose returns members that together have every value, at most so many and within the limits; if there are none, how many
// it takes, or 0 if the limits forbid it.
//
// Each one chosen has the most values that nobody has yet, the first in order among several. That takes at most
// 1 + 1/2 + ... + 1/d times as many as the fewest, d being the number of variables (D. Johnson 1974), and the fewest with one
// variable and without limits. Only where that is too many does a search look for fewer, as far as its patience goes.
func (c *covering) choose(seats int) (chosen []int32, takes int) {
	greedy, complete := c.greedy()
	if complete && len(greedy) <= seats {
		return greedy, 0
	}
	most := seats
	if complete {
		most = len(greedy) - 1
	} else {
		most = c.values
	}
	patience := 20_000
	for count := c.fewest(); count <= most && patience > 0; count++ {
		if found := c.search(count, &patience); found != nil {
			if count <= seats {
				return found, 0
			}
			return nil, count
		}
	}
	if complete {
		return nil, len(greedy)
	}
	return nil, 0
}

// fewest returns a number below which no choice can be: the largest number of values of one variable.
func (c *covering) fewest() int {
	fewest := 0
	seen := make([]bool, c.all)
	for i := range c.variables {
		values := 0
		for _, covers := range c.covers {
			if !seen[covers[i]] {
				seen[covers[i]] = true
				values++
			}
		}
		fewest = max(fewest, values)
	}
	return fewest
}

// selected are the members chosen so far.
type selected struct {
	have   []bool          // by number
	many   int             // how many values it has
	counts []map[int32]int // by limit and value
	chosen []int32
}

// nobody returns a choice without members.
func (c *covering) nobody() *selected {
	t := &selected{have: make([]bool, c.all)}
	for range c.limits {
		t.counts = append(t.counts, map[int32]int{})
	}
	return t
}

// fits tells whether the limits allow the member beside those chosen.
func (c *covering) fits(t *selected, member int32) bool {
	for i, limit := range c.limits {
		for _, value := range limit.of(member) {
			if t.counts[i][value] >= limit.most[value] {
				return false
			}
		}
	}
	return true
}

// take counts the first member of the kind against the limits: with 1 as chosen, with -1 as chosen no longer.
func (c *covering) take(t *selected, kind, by int) {
	member := c.kinds[kind]
	for i, limit := range c.limits {
		for _, value := range limit.of(member) {
			t.counts[i][value] += by
		}
	}
}

// greedy makes the choice that [covering.choose] describes; complete tells whether it has every value.
func (c *covering) greedy() (chosen []int32, complete bool) {
	t := c.nobody()
	// What a kind has that nobody has yet only becomes less, and one that does not fit never will: one look at each is enough
	// to find all that bring so many values.
	for fresh := len(c.variables); fresh > 0; fresh-- {
		for kind, covers := range c.covers {
			brings := 0
			for _, number := range covers {
				if !t.have[number] {
					brings++
				}
			}
			if brings != fresh || !c.fits(t, c.kinds[kind]) {
				continue
			}
			c.take(t, kind, 1)
			t.chosen = append(t.chosen, c.kinds[kind])
			for _, number := range covers {
				if !t.have[number] {
					t.have[number] = true
					t.many++
				}
			}
		}
	}
	return t.chosen, t.many == c.values
}

// search looks for a choice of so many by backtracking: for a value that nobody has yet, and that the fewest kinds have, it tries
// each kind.
func (c *covering) search(count int, patience *int) []int32 {
	byNumber := map[int][]int{}
	for kind, covers := range c.covers {
		for _, number := range covers {
			byNumber[number] = append(byNumber[number], kind)
		}
	}
	have := map[int]int{}
	t := c.nobody()
	var try func(left int) bool
	try = func(left int) bool {
		if *patience--; *patience < 0 {
			return false
		}
		rarest, missing := -1, 0
		for variable := range c.variables {
			lacks := 0
			for number := c.numbers[variable]; number < c.numbers[variable]+len(c.variables[variable].values); number++ {
				kinds := len(byNumber[number])
				if have[number] > 0 {
					continue
				}
				lacks++
				if rarest < 0 || kinds < len(byNumber[rarest]) {
					rarest = number
				}
			}
			missing = max(missing, lacks)
		}
		if rarest < 0 {
			return true
		}
		if missing > left {
			return false
		}
		for _, kind := range byNumber[rarest] {
			if !c.fits(t, c.kinds[kind]) {
				continue
			}
			c.take(t, kind, 1)
			t.chosen = append(t.chosen, c.kinds[kind])
			for _, number := range c.covers[kind] {
				have[number]++
			}
			if try(left - 1) {
				return true
			}
			c.take(t, kind, -1)
			t.chosen = t.chosen[:len(t.chosen)-1]
			for _, number := range c.covers[kind] {
				have[number]--
			}
		}
		return false
	}
	if !try(count) {
		return nil
	}
	return t.chosen
}

// fill adds to the chosen, in the order of the members, whoever the limits allow, up to so many in all.
func (c *covering) fill(chosen []int32, seats int) []int32 {
	t := c.nobody()
	is := map[int32]bool{}
	add := func(member int32) {
		is[member] = true
		for i, limit := range c.limits {
			for _, value := range limit.of(member) {
				t.counts[i][value]++
			}
		}
	}
	for _, member := range chosen {
		add(member)
	}
	for _, member := range c.members {
		if len(is) < seats && !is[member] && c.fits(t, member) {
			add(member)
		}
	}
	filled := make([]int32, 0, len(is))
	for _, member := range c.members {
		if is[member] {
			filled = append(filled, member)
		}
	}
	return filled
}

// stands says for which values, that none before it has, each of the chosen is in the first wave.
func (c *covering) stands(chosen []int32) map[int32][]string {
	have := map[int]bool{}
	stands := map[int32][]string{}
	for _, member := range chosen {
		for i, variable := range c.variables {
			id := variable.ids[member]
			if number := c.numbers[i] + int(id); !have[number] {
				have[number] = true
				stands[member] = append(stands[member], variable.variable+"="+variable.values[id])
			}
		}
	}
	return stands
}

// missing returns the values that none of the chosen has, as variable=value, in order of first appearance.
func (c *covering) missing(chosen []int32) []string {
	have := map[int]bool{}
	for _, member := range chosen {
		for i, variable := range c.variables {
			have[c.numbers[i]+int(variable.ids[member])] = true
		}
	}
	var missing []string
	for i, variable := range c.variables {
		for id, text := range variable.values {
			if !have[c.numbers[i]+id] {
				missing = append(missing, show(variable.variable)+"="+show(text))
			}
		}
	}
	return missing
}

// coverFault says why there is no first wave of so many hosts with every value.
func coverFault(c *covering, seats, takes int, hosts func([]int32) []*inventory.Host) string {
	names := make([]string, len(c.variables))
	for i, variable := range c.variables {
		names[i] = show(variable.variable)
	}
	of := strings.Join(names, " and ")
	if takes > 0 {
		return fmt.Sprintf("the canary takes %d, and to have a host of every value of %s it takes %d: raise schedule to %d",
			seats, of, takes, takes)
	}
	only := c.indispensable()
	for _, limit := range c.limits {
		for value, members := range limit.sharing(only) {
			if len(members) > limit.most[value] {
				return fmt.Sprintf("the canary would need %s for their values of %s, and they have one %s, %s, of which max_per "+
					"allows no wave more than %d", nameHosts(hosts(members)), of, show(limit.variable), show(limit.values[value]),
					limit.most[value])
			}
		}
	}
	return fmt.Sprintf("max_per allows no canary that has a host of every value of %s", of)
}

// indispensable returns the members that have a value that no other kind has, one for each kind.
func (c *covering) indispensable() []int32 {
	kinds := make([]int, c.all) // by number: how many have it
	for _, covers := range c.covers {
		for _, number := range covers {
			kinds[number]++
		}
	}
	var found []int32
	for kind, covers := range c.covers {
		if slices.ContainsFunc(covers, func(number int) bool { return kinds[number] == 1 }) {
			found = append(found, c.kinds[kind])
		}
	}
	return found
}
