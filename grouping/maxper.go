package grouping

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// limited is a limit of max_per as it is for a version's hosts. A host whose variable is a list has several values; hosts
// with the same values are of one kind.
type limited struct {
	variable string
	kinds    []int32   // by host
	items    [][]int32 // by kind: its values
	values   []string  // by value: its text
	most     []int     // by value: how many hosts of a wave may have it
	single   bool      // no host has more than one value
}

// of returns the values of a host.
func (l *limited) of(member int32) []int32 { return l.items[l.kinds[member]] }

// sharing returns, for each value, those of the members that have it.
func (l *limited) sharing(members []int32) [][]int32 {
	having := make([][]int32, len(l.values))
	for _, member := range members {
		for _, value := range l.of(member) {
			having[value] = append(having[value], member)
		}
	}
	return having
}

// readLimited reads the variable of all hosts.
func readLimited(limit Limit, hosts []*inventory.Host, values lookup) (*limited, []string) {
	made := &limited{variable: limit.Variable, kinds: make([]int32, len(hosts)), single: true}
	textOf := plainText
	if limit.Values != nil {
		textOf = exactText
	}
	ids, kinds, lists := map[string]int32{}, map[int32]int32{}, map[string]int32{}
	idOf := func(text string) int32 {
		id, seen := ids[text]
		if !seen {
			id = int32(len(made.values))
			ids[text] = id
			made.values = append(made.values, text)
		}
		return id
	}
	kind := func(items ...int32) int32 {
		made.items = append(made.items, items)
		return int32(len(made.items) - 1)
	}
	unusable := map[valueState][]*inventory.Host{}
	for i, host := range hosts {
		value, set := values(host)
		if value.Kind() != inventory.List {
			text, state := textOf(value, set)
			if state != usable {
				if state == compound {
					state = nested
				}
				unusable[state] = append(unusable[state], host)
				continue
			}
			id := idOf(text)
			of, seen := kinds[id]
			if !seen {
				of = kind(id)
				kinds[id] = of
			}
			made.kinds[i] = of
			continue
		}
		items, state := itemsOf(value, textOf, idOf)
		if state != usable {
			unusable[state] = append(unusable[state], host)
			continue
		}
		if len(items) == 1 {
			of, seen := kinds[items[0]]
			if !seen {
				of = kind(items...)
				kinds[items[0]] = of
			}
			made.kinds[i] = of
			continue
		}
		made.single = made.single && len(items) < 2
		key := make([]byte, 0, 4*len(items))
		for _, item := range items {
			key = binary.BigEndian.AppendUint32(key, uint32(item))
		}
		of, seen := lists[string(key)]
		if !seen {
			of = kind(items...)
			lists[string(key)] = of
		}
		made.kinds[i] = of
	}
	return made, describeAll(limit.Variable, unusable, values)
}

// itemsOf returns the values of a list, each once, in ascending order.
func itemsOf(
	list inventory.Value, textOf func(inventory.Value, bool) (string, valueState), idOf func(string) int32,
) ([]int32, valueState) {
	var items []int32
	for i := range list.Len() {
		text, state := textOf(list.At(i), true)
		switch state {
		case usable:
			items = append(items, idOf(text))
		case missing, compound:
			return nil, nested
		default:
			return nil, state
		}
	}
	slices.Sort(items)
	return slices.Compact(items), usable
}

// count returns by value how many of the hosts have it.
func (l *limited) count() []int {
	counts := make([]int, len(l.values))
	for _, kind := range l.kinds {
		for _, item := range l.items[kind] {
			counts[item]++
		}
	}
	return counts
}

// settle computes the limit of each value. counts gives for a value's text how many of all the version's hosts have it.
func (l *limited) settle(limit Limit, counts func(text string) int) {
	l.most = make([]int, len(l.values))
	for i, text := range l.values {
		one := ValueLimit{Hosts: limit.Hosts, Percent: limit.Percent}
		if limit.Values != nil {
			at := slices.IndexFunc(limit.Values, func(other ValueLimit) bool { return oneText(other.Value) == text })
			if at < 0 {
				l.most[i] = maxCount
				continue
			}
			one = limit.Values[at]
		}
		if one.Percent > 0 {
			l.most[i] = Percent(one.Percent).Of(counts(text))
		} else {
			l.most[i] = one.Hosts
		}
	}
}

// unusedNames warns of values that are named with a limit and that no host of the inventory has, while hosts have another value
// without one: what is misspelt is a limit that does not hold. Where all values of the hosts have a limit, a name that nothing
// has does no harm.
func (l *limited) unusedNames(limit Limit, lookups *lookups) []string {
	var free []string
	for i, text := range l.values {
		if l.most[i] == maxCount {
			free = append(free, text)
		}
	}
	if len(free) == 0 {
		return nil
	}
	var warnings []string
	for _, named := range limit.Values {
		text := oneText(named.Value)
		if slices.Contains(l.values, text) || lookups.has(limit.Variable, text) {
			continue
		}
		other, question := free[0], ""
		if near := nearest.To(text, slices.Values(free)); near != "" {
			other, question = near, fmt.Sprintf(": did you mean %s?", show(near))
		}
		warnings = append(warnings, fmt.Sprintf("no host of the inventory has %s=%s, and hosts with %s=%s have no limit%s",
			show(limit.Variable), show(named.Value), show(limit.Variable), show(other), question))
	}
	return warnings
}

// binds tells whether the limit keeps any of the members from sharing a wave with all others.
func (l *limited) binds(members []int32) bool {
	if len(l.values) == 0 || len(members) <= slices.Min(l.most) {
		return false
	}
	counts := make(map[int32]int, min(len(members), len(l.values)))
	for _, member := range members {
		for _, item := range l.of(member) {
			if counts[item]++; counts[item] > l.most[item] {
				return true
			}
		}
	}
	return false
}

// fewest returns a number of waves below which no plan can go that holds all members within the limit.
func (l *limited) fewest(members []int32, size func(wave int) int) int {
	if l.single {
		return fewestWithin(members, l, size)
	}
	fewest := 0
	for room := 0; room < len(members); fewest++ {
		room += size(fewest)
	}
	counts := make([]int, len(l.values))
	for _, member := range members {
		for _, value := range l.of(member) {
			counts[value]++
		}
	}
	for value, count := range counts {
		fewest = max(fewest, (count+l.most[value]-1)/l.most[value])
	}
	return fewest
}
