package grouping

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Prioritize returns the versions in release order: those that the first entry of priority names, in the order given,
// then those of the next, and then all others. An entry is a version's name, or else a shell-style glob as Python's
// fnmatch takes it. An entry that names no version is an error.
func Prioritize(versions []*Version, priority ...string) ([]*Version, error) {
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.Name
	}
	order, missing := releaseOrder(names, priority)
	if len(missing) > 0 {
		errors := make(inventory.Errors, len(missing))
		for i, at := range missing {
			errors[i] = &inventory.Error{Message: "priority: " + noVersion(priority[at], names)}
		}
		return nil, errors
	}
	released := make([]*Version, len(versions))
	for i, at := range order {
		released[i] = versions[at]
	}
	return released, nil
}

// releaseOrder returns the indexes of names in release order, and those of the entries of priority that match none.
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
		matches, matched := inventory.Glob(entry), false
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

func noVersion(entry string, names []string) string {
	return fmt.Sprintf("no version matches %s: %s", show(entry), didYouMean(entry, names))
}
