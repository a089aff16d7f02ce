// Package grouping is Regal: a policy and an inventory in, a plan out. The plan says for each version which hosts are
// released together, and in which order.
package grouping

import "github.com/regal-inventory/regal-inventory/inventory"

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
	// Waves are in release order; the first is the canary. None is empty.
	Waves []Wave

	placements map[*inventory.Host]Placement
}

// Wave is a set of hosts released together.
type Wave struct {
	// Name is "canary", "b1", "b2", ...
	Name string
	// Group is the name of its Ansible group.
	Group string
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
	// Chosen is set when the policy's canary names the host.
	Chosen bool
	// Section is the host's value of the variable `by`, Share its values of the variables `spread`; empty without them.
	Section string
	Share   []string
	// HeldBack are the waves that passed the host over because of max_per, in order.
	HeldBack []HeldBack
}

// HeldBack says why a host had to wait for a later wave.
type HeldBack struct {
	// Wave is the index in Version.Waves of the wave that was full for the host.
	Wave int
	// Variable and Value are what too many hosts of that wave shared, Limit how many there may be.
	Variable, Value string
	Limit           int
}
