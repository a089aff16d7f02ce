// Package grouping is Regal: a policy and an inventory in, a plan out. The plan says for each version which hosts are
// released together, and in which order.
//
// [ReadPolicy] reads a policy file, [Policy.Plan] makes the plan, and [Plan.Groups] names the Ansible groups to print.
// A program that has no policy file calls [NewVersion] with [Rules] of its own, and [NewPlan].
package grouping

import (
	"sync"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Plan is every version's waves, the versions in release order.
type Plan struct {
	Versions []*Version
}

// Version is a named release and the hosts it goes to, cut into waves.
type Version struct {
	// Name is the version's name in the policy.
	Name string
	// Group is the stem of its group names, safe for Ansible: the waves are Group_canary, Group_b1, ...
	Group string
	// Rules are the settings in force, defaults filled in.
	Rules Rules
	// Waves are in release order; the first is the canary. None is empty, except in a release under way, see
	// [Version.Resumed]; there are none when all hosts are in LeftOut.
	Waves []Wave
	// Fewest is a number of waves below which no plan by these rules can go. It is that of the waves but for some policies
	// with max_per.
	Fewest int
	// LeftOut are the hosts that have the version already, see [Rules.Done].
	LeftOut []*inventory.Host
	// Parts are the groups of [Rules.Split], with all hosts of the version and those left out.
	Parts []Part
	// Progress is how far the release under way has come; nil when there is none.
	Progress *Progress

	target  []string
	from    string    // the variable of versions_from that the version is a value of
	cutters []*cutter // one for each ring, or one
	resumed bool
	once    sync.Once
	seats   map[*inventory.Host]seat
}

// Warnings says of the version's rules what is lawful and probably not meant, a line each: limits of max_per for values that no host
// has.
func (v *Version) Warnings() []string {
	var warnings []string
	for _, c := range v.cutters {
		for _, warning := range c.warnings {
			if c.ring != "" {
				warning = "ring " + show(c.ring) + ": " + warning
			}
			warnings = append(warnings, warning)
		}
	}
	return warnings
}

// Wave is a set of hosts released together.
type Wave struct {
	// Name is "canary", "b1", "b2", ...
	Name string
	// Group is the name of its Ansible group.
	Group string
	// Ring is the name of the ring that it is of; empty without rings.
	Ring string
	// Size is the largest number of hosts that the policy allows in it.
	Size int
	// Hosts are in release order.
	Hosts []*inventory.Host
}

// Placement is where one host of a version is released, and what put it there.
type Placement struct {
	// Wave is the index in Version.Waves; Position the place in that wave, from 1; Total the number of hosts released
	// when that wave is done, its own included.
	Wave, Position, Total int
	// Chosen is set when the policy's canary names the host. Stands are the values of the variables `cover`, as
	// variable=value, for which it is in the first wave.
	Chosen bool
	Stands []string
	// Section is the host's value of the variable `by`, Share its values of the variables `spread`; empty without them.
	Section string
	Share   []string
	// HeldBack are the waves that passed the host over because of max_per, in order.
	HeldBack []HeldBack
}

// HeldBack says why a host had to wait for a later wave.
type HeldBack struct {
	// Wave is the index in Version.Waves of the wave that passed the host over.
	Wave int
	// Variable and Value are what too many hosts of that wave shared, Limit how many there may be.
	Variable, Value string
	Limit           int
	// Yielded is set when the host's own values were not used up: it gave its seat to a host with Value, of which so many
	// are left that the release would otherwise need one wave more. Variable and Value are empty where it gave way so that
	// several limits together need as few waves, or to a host that stands for a value of cover.
	Yielded bool
}

// seat is a host's place: the wave's index and the position in it, from 0.
type seat struct{ wave, position int32 }

// Placement returns where the host is released, and false for a host that is not of this version. The first call walks
// over all hosts of the version; each call walks over the waves before the host's when the version has max_per.
func (v *Version) Placement(host *inventory.Host) (Placement, bool) {
	v.once.Do(v.takeSeats)
	seat, found := v.seats[host]
	if !found {
		return Placement{}, false
	}
	total := 0
	for i := range seat.wave + 1 {
		total += len(v.Waves[i].Hosts)
	}
	placement := Placement{Wave: int(seat.wave), Position: int(seat.position) + 1, Total: total}
	if c := v.cutterOf(placement.Wave); c != nil {
		placement.Section, placement.Share = c.valuesOf(host)
		if !v.resumed {
			c.reasons.explain(v, host, &placement)
		}
	}
	return placement, true
}

// RulesOf returns the rules by which the wave of that index was filled: those of its ring, or of the version.
func (v *Version) RulesOf(wave int) Rules {
	if c := v.cutterOf(wave); c != nil {
		return c.rules
	}
	return v.Rules
}

// cutterOf returns what cut the wave of that index; nil in a plan that was read.
func (v *Version) cutterOf(wave int) *cutter {
	for _, c := range v.cutters {
		if c.ring == v.Waves[wave].Ring {
			return c
		}
	}
	return nil
}

// Values returns what sorts a host of this version into its wave: its value of the variable `by`, and its values of the
// variables `spread`, in the order of the rules; empty without them. They are those of [Placement], which costs more.
func (v *Version) Values(host *inventory.Host) (section string, share []string) {
	if len(v.cutters) == 0 {
		return "", nil
	}
	c := v.cutters[0]
	if len(v.cutters) > 1 {
		v.once.Do(v.takeSeats)
		seat, found := v.seats[host]
		if !found {
			return "", nil
		}
		if c = v.cutterOf(int(seat.wave)); c == nil {
			return "", nil
		}
	}
	return c.valuesOf(host)
}

func (c *cutter) valuesOf(host *inventory.Host) (section string, share []string) {
	if c.section != nil {
		section = c.section(host)
	}
	for _, value := range c.shares {
		share = append(share, value(host))
	}
	return section, share
}

func (v *Version) takeSeats() {
	total := 0
	for _, wave := range v.Waves {
		total += len(wave.Hosts)
	}
	v.seats = make(map[*inventory.Host]seat, total)
	for i, wave := range v.Waves {
		for j, host := range wave.Hosts {
			v.seats[host] = seat{int32(i), int32(j)}
		}
	}
}
