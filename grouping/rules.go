package grouping

import (
	"time"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Rules are the settings that cut one version's hosts into waves. The zero Rules are the defaults: one host after the
// other in the order of the inventory.
type Rules struct {
	// Group is the start of the version's group names; the version's name if it is empty.
	Group string
	// Schedule is the size of the canary. It plays no part when Canary names the hosts.
	Schedule Size
	// Canary is a target, one pattern or several: exactly these hosts are the first wave. Nil leaves that to Schedule.
	// With Rings they must be of the first ring.
	Canary []string
	// Combine are the sizes of the batches in turn; the last is repeated.
	Combine []Size
	// Risk, if it is not 0, stands in place of Combine: about so many hosts at most may be hurt by a fault that no wave has
	// shown yet, see [Unseen].
	Risk float64
	// Order arranges the hosts before anything else.
	Order Order
	// Seed settles the order Shuffle and the shares of Split; the default is the version's name.
	Seed string
	// Spread are the variables whose mix of values every wave mirrors. Several count as one: their combinations are the
	// values.
	Spread []string
	// MaxPer are the limits that no wave exceeds, in the order of the policy.
	MaxPer []Limit
	// By is the variable whose values are released one after another; no wave has hosts of two, but for the canary that
	// Canary or Cover chooses.
	By string
	// ByOrder are the values of By in the order in which they are released; [OtherValues] stands for those that are not
	// named, which without it are an error. Nil is the order of first appearance.
	ByOrder []string
	// Cover are the variables of which the first wave has at least one host for every value.
	Cover []string
	// Done leaves out the hosts that have the version already; nil leaves out none.
	Done *Done
	// Split puts every host into one of these groups besides, for an experiment; the percentages add up to 100.
	Split []Share
	// Rings are parts that are released one after another. Each has hosts and rules of its own; its rules may not have
	// Done, Split or Rings. Nil releases the version as a whole.
	Rings []Ring
}

// OtherValues stands in [Rules.ByOrder] for all values that are not named.
const OtherValues = "*"

// Limit says how many hosts with one value of a variable a wave may have: Hosts, or Percent of the version's hosts with
// the value, or Values for each value; exactly one of the three. A host whose variable is a list counts for each item.
type Limit struct {
	Variable string
	// Hosts is a count from 1.
	Hosts int
	// Percent is from 1 to 100; it comes out rounded down, but at least 1.
	Percent int
	// Values are the limits of single values; for values that are not named there is none.
	Values []ValueLimit
}

// ValueLimit is the limit of one value: Hosts or Percent, as in [Limit].
type ValueLimit struct {
	Value          string
	Hosts, Percent int
}

// Ring is a named part of a version, released as a whole before the next.
type Ring struct {
	// Name is the end of the ring's group name: Group_ring_Name.
	Name string
	// Target is a host pattern, or several that are joined.
	Target []string
	// Rules are the ring's own: of the version's, which may have none but Group, Canary, Done, Split and Rings, only the
	// Canary counts, for the first ring.
	Rules Rules
}

// Share is a part of a version's hosts in percent, from 0 to 100, chosen by a hash of their names.
type Share struct {
	// Name is the end of the share's group name: Group_Name.
	Name    string
	Percent int
}

// Done tells which hosts have the version already: those whose variable has the version's name for its value.
type Done struct {
	// Variable is a host variable, or with Facts a path into a host's facts, such as ansible_local.app.version.
	Variable string
	// Facts is a folder in which Ansible's cache plugin jsonfile keeps facts. It is empty where the variable comes from the
	// inventory; then a host without the variable does not have the version.
	Facts string
	// MaxAge is how old facts may be; 0 stands for a day, as in Ansible.
	MaxAge time.Duration
}

// NewVersion selects the target's hosts from the inventory, cuts them into waves by the rules, and returns the version
// with the defaults filled in. target is a host pattern, or several that are joined; it is nil where the rules have rings.
// All that is wrong comes at once, as [inventory.Errors] without a place: rules that a policy file could not have either, a
// target that selects no host, canary hosts outside the target or against max_per, hosts without a variable that the rules
// name.
func NewVersion(inv *inventory.Inventory, name string, target []string, rules Rules) (*Version, error) {
	faults := rules.checkUnused()
	made, more := newVersion(newLookups(inv), draft{name: name, stem: rules.Group, target: target, rules: rules})
	if faults = append(faults, more...); len(faults) == 0 {
		return made, nil
	}
	errors := make(inventory.Errors, len(faults))
	for i, fault := range faults {
		path := fault.key
		if fault.ring > 0 {
			path = "rings." + show(rules.Rings[fault.ring-1].Name) + "." + path
		}
		errors[i] = &inventory.Error{Kind: inventory.PolicyError, Message: path + ": " + fault.message, Err: fault.err}
	}
	return nil, errors
}

// filled returns the rules of the version of that name with the defaults filled in.
func (r Rules) filled(version string) Rules {
	if r.Schedule == (Size{}) {
		r.Schedule = Count(1)
	}
	if len(r.Combine) == 0 && r.Risk == 0 {
		r.Combine = []Size{Count(1)}
	}
	if r.Order == "" {
		r.Order = InventoryOrder
	}
	if r.Seed == "" {
		r.Seed = version
	}
	if r.Rings != nil {
		rings := make([]Ring, len(r.Rings))
		for i, ring := range r.Rings {
			if i == 0 && ring.Rules.Canary == nil {
				ring.Rules.Canary = r.Canary
			}
			ring.Rules = ring.Rules.filled(version)
			rings[i] = ring
		}
		r.Rings = rings
	}
	return r
}

// variables returns the names of the variables that the rules ask for, those of the rings aside, in the order by, spread, max_per,
// cover, done.
func (r Rules) variables() []string {
	var names []string
	if r.By != "" {
		names = append(names, r.By)
	}
	names = append(names, r.Spread...)
	for _, limit := range r.MaxPer {
		names = append(names, limit.Variable)
	}
	names = append(names, r.Cover...)
	if r.Done != nil && r.Done.Facts == "" {
		names = append(names, r.Done.Variable)
	}
	return names
}
