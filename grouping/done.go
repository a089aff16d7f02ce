package grouping

import (
	"github.com/regal-inventory/regal-inventory/inventory"
)

// partitionDone returns the hosts that do not have the version yet, and those that have it, both in order.
func partitionDone(
	done *Done, version string, hosts []*inventory.Host, lookups *lookups,
) (left, have []*inventory.Host, faults []fault) {
	if done == nil {
		return hosts, nil, nil
	}
	value := lookups.of(done.Variable)
	if done.Facts != "" {
		facts, err := openFacts(*done)
		if err != nil {
			return nil, nil, []fault{{key: "done", message: "the folder of facts cannot be read", err: err}}
		}
		defer facts.close()
		value = facts.value
		defer func() { faults = append(facts.faults(), faults...) }()
	}
	unusable := map[valueState][]*inventory.Host{}
	for _, host := range hosts {
		text, state := exactText(value(host))
		switch {
		case state == usable && text == oneText(version):
			have = append(have, host)
		case state == usable || state == missing:
			left = append(left, host)
		default:
			unusable[state] = append(unusable[state], host)
		}
	}
	for state := compound; state < states; state++ {
		if len(unusable[state]) > 0 {
			faults = append(faults, fault{key: "done", message: state.describe(done.Variable, unusable[state], value)})
		}
	}
	return left, have, faults
}
