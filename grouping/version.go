package grouping

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// draft is a version before it is cut into waves.
type draft struct {
	name   string
	stem   string // the policy's group; the name if it is empty
	target []string
	from   string            // the variable of versions_from
	hosts  []*inventory.Host // those of the target that have the version for its value, for versions_from
	rules  Rules
	// underWay is set while a release of the version is under way: its first waves are cut already.
	underWay bool
}

// fault is something wrong with one key of a version.
type fault struct {
	ring    int    // the number of the ring, from 1, that the key is of; 0 if it is of the version
	key     string // as in the policy; max_per with the variable after a dot
	message string
	err     error
}

// newVersion does what [NewVersion] says.
func newVersion(lookups *lookups, from draft) (*Version, []fault) {
	rules := from.rules.filled(from.name)
	version := &Version{Name: from.name, Group: stem(from.stem, from.name), Rules: rules, target: from.target, from: from.from}
	faults := rules.check()
	if version.Group == "" {
		faults = append(faults, fault{key: "group", message: "the version has no name to make group names of"})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	cutters, faults := newCutters(lookups.inv, from, rules)
	if len(faults) > 0 {
		return nil, faults
	}
	if rules.Split != nil {
		var all []*inventory.Host
		for _, c := range cutters {
			all = append(all, c.hosts...)
		}
		version.Parts = splitHosts(version.Group, rules.Split, rules.Seed, all)
	}
	note := func(cutter int, found []fault) {
		for _, wrong := range found {
			if rules.Rings != nil {
				wrong.ring = cutter + 1
			}
			faults = append(faults, wrong)
		}
	}
	for i, c := range cutters {
		note(i, c.chooseCanary(lookups.inv))
	}
	all, wrong := version.leaveOut(lookups, cutters)
	faults = append(faults, wrong...)
	for i, c := range cutters {
		note(i, c.prepare(lookups, all))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	released := 0
	for i, c := range cutters {
		if len(c.hosts) > 0 {
			note(i, c.cut(version, released))
			released += len(c.hosts)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	version.cutters = cutters
	return version, nil
}

// newCutters returns what cuts the version, or each of its rings, with the hosts in their order.
func newCutters(inv *inventory.Inventory, from draft, rules Rules) ([]*cutter, []fault) {
	if rules.Rings == nil {
		hosts, faults := from.hosts, []fault(nil)
		if hosts == nil {
			hosts, faults = targetHosts(inv, "hosts", from.target)
		}
		if len(hosts) == 0 {
			return nil, faults
		}
		return []*cutter{newCutter(rules, hosts, from.underWay)}, nil
	}
	var cutters []*cutter
	var faults []fault
	if from.target != nil {
		faults = append(faults, fault{key: "hosts", message: "the rings name the hosts already: keep one of hosts and rings"})
	}
	ringOf := map[*inventory.Host]int{}
	for i, ring := range rules.Rings {
		hosts, wrong := targetHosts(inv, "hosts", ring.Target)
		if from.underWay && len(wrong) == 1 && wrong[0].message == noHost {
			wrong = nil
		}
		if len(wrong) == 0 {
			wrong = ring.overlap(rules.Rings, ringOf, hosts)
		}
		if len(wrong) == 0 {
			c := newCutter(ring.Rules, hosts, from.underWay)
			c.ring = ring.Name
			cutters = append(cutters, c)
		}
		for _, one := range wrong {
			one.ring = i + 1
			faults = append(faults, one)
		}
		for _, host := range hosts {
			ringOf[host] = i
		}
	}
	if len(ringOf) == 0 && len(faults) == 0 {
		faults = append(faults, fault{key: "rings", message: "the rings match no host"})
	}
	return cutters, faults
}

// overlap finds hosts of a ring that are in an earlier one too.
func (r Ring) overlap(rings []Ring, ringOf map[*inventory.Host]int, hosts []*inventory.Host) []fault {
	both := make([][]*inventory.Host, len(rings))
	for _, host := range hosts {
		if earlier, found := ringOf[host]; found {
			both[earlier] = append(both[earlier], host)
		}
	}
	var faults []fault
	for earlier, hosts := range both {
		if len(hosts) > 0 {
			faults = append(faults, fault{key: "hosts", message: fmt.Sprintf("%s %s in ring %s too: a host is in one ring",
				nameHosts(hosts), isOrAre(hosts), show(rings[earlier].Name))})
		}
	}
	return faults
}

// newCutter leaves out of the rules what is about the first wave alone, if that is cut already.
func newCutter(rules Rules, hosts []*inventory.Host, underWay bool) *cutter {
	if underWay {
		rules.Canary, rules.Cover = nil, nil
	}
	return &cutter{rules: rules, hosts: rules.Order.arrange(hosts, rules.Seed)}
}

// prepare reads and checks all that cutting needs; all are the hosts of the whole version.
func (c *cutter) prepare(lookups *lookups, all []*inventory.Host) []fault {
	c.sizes = newSizes(c.rules, len(all))
	if faults := c.readColumns(lookups, all); len(faults) > 0 {
		return faults
	}
	return c.checkCanary()
}

// leaveOut takes the hosts away that have the version already, and returns all others.
func (v *Version) leaveOut(lookups *lookups, cutters []*cutter) (all []*inventory.Host, faults []fault) {
	for _, c := range cutters {
		left, have, wrong := partitionDone(v.Rules.Done, v.Name, c.hosts, lookups)
		faults = append(faults, wrong...)
		v.LeftOut = append(v.LeftOut, have...)
		c.hosts = left
		all = append(all, left...)
	}
	return all, faults
}

const noHost = "the target matches no host"

// targetHosts returns the hosts of a target in the inventory's order; none only together with faults.
func targetHosts(inv *inventory.Inventory, key string, target []string) ([]*inventory.Host, []fault) {
	hosts, err := inv.Select(target...)
	if err == nil && len(hosts) > 0 {
		return hosts, nil
	}
	var faults []fault
	for _, one := range inventory.Faults(err) {
		faults = append(faults, fault{key: key, message: one.Message, err: one.Err})
	}
	if err == nil {
		faults = append(faults, fault{key: key, message: noHost})
	}
	return nil, faults
}

// chooseCanary finds the hosts of the canary's target, if the rules have one.
func (c *cutter) chooseCanary(inv *inventory.Inventory) []fault {
	if c.rules.Canary == nil {
		return nil
	}
	selected, faults := targetHosts(inv, "canary", c.rules.Canary)
	if len(faults) > 0 {
		return faults
	}
	within := make(map[*inventory.Host]bool, len(c.hosts))
	for _, host := range c.hosts {
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
		of := "version's"
		if c.ring != "" {
			of = "ring's"
		}
		return []fault{{key: "canary", message: fmt.Sprintf("%s %s not among the %s hosts: "+
			"name hosts of its target only", nameHosts(outside), isOrAre(outside), of)}}
	}
	c.chosen = chosen
	return nil
}
