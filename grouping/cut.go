package grouping

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// cutter cuts a version's hosts, or those of one ring, into waves. It works on their indexes in hosts.
type cutter struct {
	ring     string // its name; empty without rings
	warnings []string
	rules    Rules
	hosts    []*inventory.Host        // in the version's order
	chosen   map[*inventory.Host]bool // the canary, where the policy names it
	by       *column                  // nil without the rule
	mix      *column                  // the combinations of spread; nil without the rule
	limits   []*limited               // of max_per, in its order
	cover    []column
	kinds    []int32 // by host: which hosts have the same values in all limits; read when first needed
	sizes    sizes

	section func(*inventory.Host) string
	shares  []func(*inventory.Host) string
	reasons reasons
}

// readColumns reads every variable that the rules name, each once. all are the hosts of the whole version, of which
// percentages are taken.
func (c *cutter) readColumns(lookups *lookups, all []*inventory.Host) []fault {
	var faults []fault
	note := func(key string, messages []string) {
		for _, message := range messages {
			faults = append(faults, fault{key: key, message: message})
		}
	}
	read := map[string]column{}
	get := func(key, variable string, exact bool) column {
		if known, seen := read[variable]; seen {
			return known
		}
		made, wrong := readColumn(variable, c.hosts, lookups.of(variable), exact)
		note(key, wrong)
		read[variable] = made
		return made
	}
	if c.rules.By != "" {
		by := get("by", c.rules.By, c.rules.ByOrder != nil)
		c.by = &by
		c.section = lookups.text(c.rules.By)
		note("by", c.checkOrder())
	}
	if len(c.rules.Spread) > 0 {
		var columns []column
		for _, variable := range c.rules.Spread {
			columns = append(columns, get("spread", variable, false))
		}
		mix := combined(columns)
		c.mix = &mix
	}
	for _, limit := range c.rules.MaxPer {
		made, wrong := readLimited(limit, c.hosts, lookups.of(limit.Variable))
		if _, seen := read[limit.Variable]; !seen { // else another rule has said it
			note("max_per."+limit.Variable, wrong)
		}
		made.settle(limit, c.counts(made, lookups, all))
		for _, warning := range made.unusedNames(limit, lookups) {
			c.warnings = append(c.warnings, "max_per."+limit.Variable+": "+warning)
		}
		c.limits = append(c.limits, made)
	}
	for _, variable := range c.rules.Cover {
		c.cover = append(c.cover, get("cover", variable, false))
	}
	for _, variable := range c.rules.Spread {
		c.shares = append(c.shares, lookups.text(variable))
	}
	return faults
}

// counts returns how many of all hosts of the version have a value of the limit's variable.
func (c *cutter) counts(limit *limited, lookups *lookups, all []*inventory.Host) func(text string) int {
	whole := limit
	if len(all) != len(c.hosts) {
		whole, _ = readLimited(Limit{Variable: limit.variable}, all, lookups.of(limit.variable))
	}
	var counts map[string]int
	return func(text string) int {
		if counts == nil {
			counts = make(map[string]int, len(whole.values))
			for value, count := range whole.count() {
				counts[whole.values[value]] = count
			}
		}
		return counts[text]
	}
}

// checkOrder finds hosts with a value of by that the order of its values does not name.
func (c *cutter) checkOrder() []string {
	if c.rules.ByOrder == nil || slices.Contains(c.rules.ByOrder, OtherValues) {
		return nil
	}
	named := map[string]bool{}
	for _, value := range c.rules.ByOrder {
		named[oneText(value)] = true
	}
	unnamed := make([][]*inventory.Host, len(c.by.values))
	for i, id := range c.by.ids {
		if len(c.by.values) > 0 && !named[c.by.values[id]] {
			unnamed[id] = append(unnamed[id], c.hosts[i])
		}
	}
	var faults []string
	for id, hosts := range unnamed {
		if len(hosts) > 0 {
			faults = append(faults, fmt.Sprintf("%s=%s of %s is not in the order of its values: name it, or write \"*\" where "+
				"all others come", show(c.rules.By), show(c.by.values[id]), nameHosts(hosts)))
		}
	}
	return faults
}

// checkCanary finds what forbids the hosts that the policy names for the canary to be released together.
func (c *cutter) checkCanary() []fault {
	var members []int32
	for i, host := range c.hosts {
		if c.chosen[host] {
			members = append(members, int32(i))
		}
	}
	if len(members) == 0 {
		return nil
	}
	var faults []fault
	for _, limit := range c.limits {
		for value, sharing := range limit.sharing(members) {
			if len(sharing) > limit.most[value] {
				faults = append(faults, fault{key: "canary", message: fmt.Sprintf("%s have %s=%s, and max_per allows no wave "+
					"more than %d of it: name fewer of them", nameHosts(c.hostsAt(sharing)), show(limit.variable),
					show(limit.values[value]), limit.most[value])})
			}
		}
	}
	if len(c.cover) > 0 {
		for _, value := range newCovering(c.cover, nil, nil).missing(members) {
			faults = append(faults, fault{key: "cover", message: fmt.Sprintf("the policy names the canary, and none of its hosts "+
				"has %s: name one", value)})
		}
	}
	return faults
}

// hostsAt returns the hosts of these indexes.
func (c *cutter) hostsAt(members []int32) []*inventory.Host {
	hosts := make([]*inventory.Host, len(members))
	for i, member := range members {
		hosts[i] = c.hosts[member]
	}
	return hosts
}

// run is how far a version's waves have come while a cutter appends its own.
type run struct {
	version  *Version
	index    int // of the next wave among those of the cutter
	released int // hosts of the version before it
}

// cut appends the waves of all hosts to the version, before which so many of its hosts are released, and keeps what
// placements need.
func (c *cutter) cut(version *Version, released int) []fault {
	r := &run{version: version, released: released}
	c.reasons = newReasons(c, len(version.Waves))
	rest := make([]int32, 0, len(c.hosts))
	var canary []int32
	for i, host := range c.hosts {
		if c.chosen[host] {
			canary = append(canary, int32(i))
		} else {
			rest = append(rest, int32(i))
		}
	}
	if len(canary) > 0 {
		c.reasons.chosen = true
		c.add(r, canary, len(canary))
	} else if len(c.cover) > 0 {
		return c.cutCovered(r, rest)
	}
	c.cutRest(r, rest, nil)
	return nil
}

// cutCovered cuts members so that the first wave has every value of the variables of cover. Where the first wave without the rule
// has them, that one stays; else the first wave is of the first section only, if that has every value.
func (c *cutter) cutCovered(r *run, members []int32) []fault {
	sections := c.sections(members)
	seats := c.sizes.of(0, r.released)
	all := newCovering(c.cover, c.limits, slices.Concat(sections...))
	first := c.arranged(sections[0])
	for _, among := range [][]int32{newCovering(c.cover, c.limits, first).fill(nil, seats), first} {
		within := newCovering(c.cover, c.limits, among)
		if within.values < all.values {
			continue
		}
		if chosen, _ := within.choose(seats); chosen != nil {
			c.reasons.stands = within.stands(chosen)
			c.cutRest(r, members, chosen)
			return nil
		}
	}
	chosen, takes := all.choose(seats)
	if chosen == nil {
		return []fault{{key: "cover", message: coverFault(all, seats, takes, c.hostsAt)}}
	}
	c.reasons.stands = all.stands(chosen)
	canary := all.fill(chosen, seats)
	c.reasons.chosen = true
	c.add(r, canary, seats)
	is := make(map[int32]bool, len(canary))
	for _, member := range canary {
		is[member] = true
	}
	c.cutRest(r, slices.DeleteFunc(slices.Clone(members), func(member int32) bool { return is[member] }), nil)
	return nil
}

// cutRest cuts members section by section; seated are in the first wave in any case.
func (c *cutter) cutRest(r *run, members, seated []int32) {
	for _, section := range c.sections(members) {
		section = c.arranged(section)
		c.reasons.begin(r, section)
		waves, fewest := c.fill(section, r, seated)
		seated = nil
		r.version.Fewest += fewest - len(waves)
		for _, wave := range waves {
			c.add(r, wave, c.sizes.of(r.index, r.released))
		}
	}
}

// sections cuts members where the variable by changes.
func (c *cutter) sections(members []int32) [][]int32 {
	switch {
	case len(members) == 0:
		return nil
	case c.by == nil:
		return [][]int32{members}
	}
	sections := partition(members, c.by.ids)
	if c.rules.ByOrder == nil {
		return sections
	}
	places := map[string]int{}
	for place, value := range c.rules.ByOrder {
		places[oneText(value)] = place
	}
	place := func(section []int32) int {
		if place, named := places[c.by.values[c.by.ids[section[0]]]]; named {
			return place
		}
		return places[OtherValues]
	}
	slices.SortStableFunc(sections, func(a, b []int32) int { return place(a) - place(b) })
	return sections
}

// arranged returns the members of a section in the order in which they are released, limits aside.
func (c *cutter) arranged(section []int32) []int32 {
	if c.mix == nil {
		return section
	}
	return spread(section, c.mix.ids)
}

// add appends a wave.
func (c *cutter) add(r *run, members []int32, size int) {
	v := r.version
	name := "canary"
	if len(v.Waves) > 0 {
		name = "b" + strconv.Itoa(len(v.Waves))
	}
	v.Waves = append(v.Waves, Wave{
		Name: name, Group: v.Group + "_" + name, Ring: c.ring, Size: size, Hosts: c.hostsAt(members),
	})
	v.Fewest++
	c.reasons.add(members)
	r.index++
	r.released += len(members)
}
