package grouping

import (
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Rules are the settings that cut one version's hosts into waves. The zero Rules are the defaults: one host after the
// other in the order of the inventory.
type Rules struct {
	// Schedule is the size of the canary. It plays no part when Canary names the hosts.
	Schedule Size
	// Canary is a target, one pattern or several: exactly these hosts are the first wave. Nil leaves that to Schedule.
	Canary []string
	// Combine are the sizes of the batches in turn; the last is repeated.
	Combine []Size
	// Order arranges the hosts before anything else.
	Order Order
	// Seed settles the order Shuffle; the default is the version's name.
	Seed string
	// Spread are the variables whose mix of values every wave mirrors. Several count as one: their combinations are the
	// values.
	Spread []string
	// MaxPer are the limits that no wave exceeds, in the order of the policy.
	MaxPer []Limit
	// By is the variable whose values are released one after another; no wave has hosts of two.
	By string
}

// Limit says that no wave has more than Hosts hosts with one value of Variable.
type Limit struct {
	Variable string
	Hosts    int
}

// Lookup gives, for the name of a variable, the function that returns a host's value of it and whether there is one:
// what [inventory.Inventory.Variable] does.
type Lookup func(name string) func(*inventory.Host) (inventory.Value, bool)

// NewVersion selects the target's hosts from the inventory, cuts them into waves by the rules, and returns the version
// with the defaults filled in. target is a host pattern, or several that are joined. All that is wrong comes at once, as
// [inventory.Errors] without a place: a target that selects no host, canary hosts outside the target or against max_per
// or by, hosts without a variable that the rules name.
func NewVersion(inv *inventory.Inventory, name string, target []string, rules Rules) (*Version, error) {
	made, faults := newVersion(inv, draft{name: name, target: target, rules: rules})
	if len(faults) == 0 {
		return made, nil
	}
	errors := make(inventory.Errors, len(faults))
	for i, fault := range faults {
		errors[i] = &inventory.Error{Message: fault.key + ": " + fault.message, Err: fault.err}
	}
	return nil, errors
}

// filled returns the rules of the version of that name with the defaults filled in.
func (r Rules) filled(version string) Rules {
	if r.Schedule == (Size{}) {
		r.Schedule = Count(1)
	}
	if len(r.Combine) == 0 {
		r.Combine = []Size{Count(1)}
	}
	if r.Order == "" {
		r.Order = InventoryOrder
	}
	if r.Seed == "" {
		r.Seed = version
	}
	return r
}

// variables returns the names of the variables that the rules ask for, in the order by, spread, max_per.
func (r Rules) variables() []string {
	var names []string
	if r.By != "" {
		names = append(names, r.By)
	}
	names = append(names, r.Spread...)
	for _, limit := range r.MaxPer {
		names = append(names, limit.Variable)
	}
	return names
}
