package grouping

import (
	"fmt"
	"strconv"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// draft is a version before it is cut into waves.
type draft struct {
	name   string
	stem   string // the policy's group; the name if it is empty
	target []string
	hosts  []*inventory.Host // in place of target, for versions_from
	rules  Rules
}

// fault is something wrong with one key of a version.
type fault struct {
	key     string // as in the policy; max_per with the variable after a dot
	message string
	err     error
}

// newVersion does what [NewVersion] says.
func newVersion(inv *inventory.Inventory, from draft) (*Version, []fault) {
	rules := from.rules.filled(from.name)
	version := &Version{Name: from.name, Group: stem(from.stem, from.name), Rules: rules}
	var faults []fault
	if version.Group == "" {
		faults = append(faults, fault{"group", "the version has no name to make group names of", nil})
	}
	hosts, wrong := targetHosts(inv, from)
	faults = append(faults, wrong...)
	if len(hosts) == 0 {
		return nil, faults
	}
	hosts = rules.Order.arrange(hosts, rules.Seed)
	chosen, wrong := chooseCanary(inv, rules.Canary, hosts)
	faults = append(faults, wrong...)
	cutter := cutter{rules: rules, hosts: hosts, chosen: chosen}
	faults = append(faults, cutter.readColumns(inv.Variable)...)
	if len(faults) > 0 {
		return nil, faults
	}
	if faults = cutter.checkCanary(); len(faults) > 0 {
		return nil, faults
	}
	cutter.cut(version)
	return version, nil
}

// targetHosts returns the hosts of the version in the inventory's order; none only together with faults.
func targetHosts(inv *inventory.Inventory, from draft) ([]*inventory.Host, []fault) {
	if from.hosts != nil {
		return from.hosts, nil
	}
	hosts, err := inv.Select(from.target...)
	switch {
	case err != nil:
		return nil, selectFaults("hosts", err)
	case len(hosts) == 0:
		return nil, []fault{{"hosts", "the target matches no host", nil}}
	}
	return hosts, nil
}

// selectFaults turns what Select complains of into faults of a key.
func selectFaults(key string, err error) []fault {
	var faults []fault
	for _, one := range inventory.Faults(err) {
		faults = append(faults, fault{key, one.Message, one.Err})
	}
	return faults
}

// chooseCanary returns the hosts of the canary's target, a subset of hosts; nil without such a target.
func chooseCanary(
	inv *inventory.Inventory, target []string, hosts []*inventory.Host,
) (map[*inventory.Host]bool, []fault) {
	if target == nil {
		return nil, nil
	}
	selected, err := inv.Select(target...)
	switch {
	case err != nil:
		return nil, selectFaults("canary", err)
	case len(selected) == 0:
		return nil, []fault{{"canary", "the target matches no host", nil}}
	}
	within := make(map[*inventory.Host]bool, len(hosts))
	for _, host := range hosts {
		within[host] = true
	}
	chosen := make(map[*inventory.Host]bool, len(selected))
	var outside []*inventory.Host
	for _, host := range selected {
		chosen[host] = true
		if !within[host] {
			outside = append(outside, host)
		}
	}
	if len(outside) > 0 {
		is := "is"
		if len(outside) > 1 {
			is = "are"
		}
		return nil, []fault{{"canary", fmt.Sprintf("%s %s not among the version's hosts: "+
			"name hosts of its target only", nameHosts(outside), is), nil}}
	}
	return chosen, nil
}

// cutter cuts one version's hosts into waves. It works on their indexes in hosts.
type cutter struct {
	rules   Rules
	hosts   []*inventory.Host        // in the version's order
	chosen  map[*inventory.Host]bool // the canary, where the policy names it
	by      *column                  // nil without the rule
	mix     *column                  // the combinations of spread; nil without the rule
	limits  []column                 // of max_per, in its order
	section func(*inventory.Host) string
	shares  []func(*inventory.Host) string
	sizes   sizes
}

// readColumns reads every variable that the rules name, each once.
func (c *cutter) readColumns(lookup Lookup) []fault {
	var faults []fault
	read := map[string]column{}
	get := func(key, variable string) column {
		if known, seen := read[variable]; seen {
			return known
		}
		made, wrong := readColumn(variable, c.hosts, lookup)
		for _, message := range wrong {
			faults = append(faults, fault{key, message, nil})
		}
		read[variable] = made
		return made
	}
	if c.rules.By != "" {
		by := get("by", c.rules.By)
		c.by = &by
		c.section = textOf(lookup(c.rules.By))
	}
	if len(c.rules.Spread) > 0 {
		var columns []column
		for _, variable := range c.rules.Spread {
			columns = append(columns, get("spread", variable))
		}
		mix := joined(columns)
		c.mix = &mix
	}
	for _, limit := range c.rules.MaxPer {
		c.limits = append(c.limits, get("max_per."+limit.Variable, limit.Variable))
	}
	for _, variable := range c.rules.Spread {
		c.shares = append(c.shares, textOf(lookup(variable)))
	}
	return faults
}

func textOf(value func(*inventory.Host) (inventory.Value, bool)) func(*inventory.Host) string {
	return func(host *inventory.Host) string {
		text, _ := plainText(value(host))
		return text
	}
}

// checkCanary finds what forbids the hosts that the policy names for the canary to be released together.
func (c *cutter) checkCanary() []fault {
	if c.chosen == nil {
		return nil
	}
	var faults []fault
	for i, limit := range c.rules.MaxPer {
		for _, hosts := range c.chosenWith(c.limits[i]) {
			if len(hosts) > limit.Hosts {
				faults = append(faults, fault{"canary", fmt.Sprintf("%s have one value of %s, and max_per allows no wave "+
					"more than %d: name fewer of them", nameHosts(hosts), show(limit.Variable), limit.Hosts), nil})
			}
		}
	}
	return faults
}

// chosenWith returns the chosen hosts sorted by their value, in order of first appearance.
func (c *cutter) chosenWith(values column) [][]*inventory.Host {
	var members []int32
	for i, host := range c.hosts {
		if c.chosen[host] {
			members = append(members, int32(i))
		}
	}
	var sorted [][]*inventory.Host
	for _, part := range split(members, values.ids) {
		sorted = append(sorted, c.hostsAt(part))
	}
	return sorted
}

func (c *cutter) hostsAt(members []int32) []*inventory.Host {
	hosts := make([]*inventory.Host, len(members))
	for i, member := range members {
		hosts[i] = c.hosts[member]
	}
	return hosts
}

// cut fills the version's waves and keeps what its placements need.
func (c *cutter) cut(version *Version) {
	c.sizes = newSizes(c.rules, len(c.hosts))
	rest := make([]int32, 0, len(c.hosts)-len(c.chosen))
	var canary []*inventory.Host
	for i, host := range c.hosts {
		if c.chosen[host] {
			canary = append(canary, host)
		} else {
			rest = append(rest, int32(i))
		}
	}
	if len(canary) > 0 {
		version.add(canary, len(canary))
	}
	version.reasons = c.reasons(len(canary))
	for _, section := range c.sections(rest) {
		first := len(version.Waves)
		if c.mix != nil {
			section = spread(section, c.mix.ids)
		}
		waves := c.fill(section, first)
		for _, wave := range waves {
			version.add(c.hostsAt(wave), c.sizes.of(len(version.Waves)))
		}
		version.reasons.keep(first, section, waves)
	}
}

// sections cuts members where the variable by changes.
func (c *cutter) sections(members []int32) [][]int32 {
	switch {
	case len(members) == 0:
		return nil
	case c.by == nil:
		return [][]int32{members}
	default:
		return split(members, c.by.ids)
	}
}

// fill cuts a section, of which the first wave is that of index first, into waves.
func (c *cutter) fill(section []int32, first int) [][]int32 {
	size := func(wave int) int { return c.sizes.of(first + wave) }
	switch len(c.limits) {
	case 0:
		return fillInOrder(section, size)
	case 1:
		return fillWithin(section, c.limits[0].ids, c.rules.MaxPer[0].Hosts, size)
	default:
		return fillWithinAll(section, c.limits, c.rules.MaxPer, size)
	}
}

// add appends a wave.
func (v *Version) add(hosts []*inventory.Host, size int) {
	name := "canary"
	if len(v.Waves) > 0 {
		name = "b" + strconv.Itoa(len(v.Waves))
	}
	v.Waves = append(v.Waves, Wave{Name: name, Group: v.Group + "_" + name, Size: size, Hosts: hosts})
}

// sizes are the largest numbers of hosts in the waves of one version: the canary, then the batches in turn.
type sizes struct {
	canary  int
	batches []int
}

func newSizes(rules Rules, hosts int) sizes {
	made := sizes{canary: rules.Schedule.Of(hosts)}
	for _, size := range rules.Combine {
		made.batches = append(made.batches, size.Of(hosts))
	}
	return made
}

// of returns the size of the wave with that index in the version.
func (s sizes) of(wave int) int {
	if wave == 0 {
		return s.canary
	}
	return s.batches[min(wave, len(s.batches))-1]
}

// fillInOrder cuts members into waves of the given sizes.
func fillInOrder(members []int32, size func(wave int) int) [][]int32 {
	var waves [][]int32
	for len(members) > 0 {
		end := min(size(len(waves)), len(members))
		waves = append(waves, members[:end])
		members = members[end:]
	}
	return waves
}
