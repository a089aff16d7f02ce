package grouping

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// NewPlan puts versions of the inventory into release order and makes a plan of them: for programs that have no policy file
// and make versions with [NewVersion]. The versions that the first entry of priority names come first, in the order given,
// then those of the next, and then all others; an entry is a version's name, or else a shell-style glob as Python's fnmatch
// takes it. All that is wrong comes at once, as [inventory.Errors] without a place: groups of two versions with one name, a
// group or a host of the inventory that has the name of one or could be taken for it, an entry of priority that names no
// version. A version that was made otherwise is an error alone.
func NewPlan(inv *inventory.Inventory, versions []*Version, priority ...string) (*Plan, error) {
	drafts := make([]draft, len(versions))
	names := make([]string, len(versions))
	var errors inventory.Errors
	seen := map[string]bool{}
	for i, version := range versions {
		if version == nil || version.Name == "" {
			return nil, &inventory.Error{Kind: inventory.PolicyError, Message: fmt.Sprintf("version number %d was not made by NewVersion", i+1)}
		}
		drafts[i] = draft{name: version.Name, stem: version.Group, rules: version.Rules}
		if seen[version.Name] {
			errors = append(errors, &inventory.Error{Kind: inventory.PolicyError,
				Message: "version " + show(version.Name) + ": there is another version of this name"})
		}
		names[i], seen[version.Name] = version.Name, true
	}
	for _, found := range [][][]fault{clashes(drafts), takenFaults(inv, drafts)} {
		for i, faults := range found {
			for _, one := range faults {
				errors = append(errors, &inventory.Error{Kind: inventory.PolicyError, Message: "version " + show(names[i]) + ": " + one.message})
			}
		}
	}
	_, missing := releaseOrder(names, priority)
	for _, at := range missing {
		errors = append(errors, &inventory.Error{Kind: inventory.PolicyError, Message: "priority: " + noVersion(priority[at], names)})
	}
	if len(errors) > 0 {
		return nil, errors
	}
	return &Plan{Versions: inReleaseOrder(versions, priority)}, nil
}
