package grouping

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// releaseOrder returns the indexes of names in release order, see [NewPlan], and those of the entries of priority that
// match none.
func releaseOrder(names, priority []string) (order, missing []int) {
	index := make(map[string]int, len(names))
	for i, name := range names {
		index[name] = i
	}
	placed := make([]bool, len(names))
	place := func(i int) {
		if !placed[i] {
			placed[i] = true
			order = append(order, i)
		}
	}
	for at, entry := range priority {
		if i, exact := index[entry]; exact {
			place(i)
			continue
		}
		matches, matched := python.Glob(entry), false
		for i, name := range names {
			if matches(name) {
				matched = true
				place(i)
			}
		}
		if !matched {
			missing = append(missing, at)
		}
	}
	for i := range names {
		place(i)
	}
	return order, missing
}

// noVersion returns the message about an entry of priority that matches none of the names.
func noVersion(entry string, names []string) string {
	return fmt.Sprintf("no version matches %s: %s", show(entry), didYouMean(entry, names))
}

// inReleaseOrder returns the versions in release order.
func inReleaseOrder(versions []*Version, priority []string) []*Version {
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.Name
	}
	order, _ := releaseOrder(names, priority)
	released := make([]*Version, len(versions))
	for i, at := range order {
		released[i] = versions[at]
	}
	return released
}
