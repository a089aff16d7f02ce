package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Waves returns the names of the version's wave groups in release order, one a line; with an empty version those of all
// versions. A version that the plan does not have is an *[inventory.Error] that names the nearest one.
func Waves(plan *grouping.Plan, version string) ([]byte, error) {
	var dst []byte
	found := version == ""
	for _, one := range plan.Versions {
		if version != "" && one.Name != version {
			continue
		}
		found = true
		for _, wave := range one.Waves {
			dst = append(dst, escape(wave.Group)+"\n"...)
		}
	}
	if !found {
		return nil, unknownVersion(plan, version)
	}
	return dst, nil
}

func unknownVersion(plan *grouping.Plan, name string) error {
	message := fmt.Sprintf("there is no version %s", quote(name))
	nearest := inventory.Nearest(name, func(yield func(string) bool) {
		for _, version := range plan.Versions {
			if !yield(version.Name) {
				return
			}
		}
	})
	if nearest != "" {
		message += fmt.Sprintf("; did you mean %s?", quote(nearest))
	}
	return &inventory.Error{Message: message}
}
