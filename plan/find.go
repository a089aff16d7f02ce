package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Find returns the version of that name, or else the one whose groups have that stem. If the plan has neither, the error is an
// *[inventory.Error] that names the version whose name is nearest.
func Find(plan *grouping.Plan, name string) (*grouping.Version, error) {
	for _, version := range plan.Versions {
		if version.Name == name {
			return version, nil
		}
	}
	for _, version := range plan.Versions {
		if version.Group == name {
			return version, nil
		}
	}
	return nil, unknownVersion(plan, name)
}

// FindWave returns the version that has the wave whose group has that name, and the wave's index in it. If there is no such wave, the
// error is an *[inventory.Error] that names the group which is nearest, or, for the bare name of a wave, such as b1, its group.
func FindWave(plan *grouping.Plan, group string) (*grouping.Version, int, error) {
	for _, version := range plan.Versions {
		for i, wave := range version.Waves {
			if wave.Group == group {
				return version, i, nil
			}
		}
	}
	message := fmt.Sprintf("there is no wave %s", quote(group))
	near := GroupOf(plan, group)
	if near == "" {
		near = nearest.To(group, func(yield func(string) bool) {
			for _, version := range plan.Versions {
				for _, wave := range version.Waves {
					if !yield(wave.Group) {
						return
					}
				}
			}
		})
	}
	if near != "" {
		message += fmt.Sprintf("; did you mean %s?", quote(near))
	}
	return nil, 0, &inventory.Error{Message: message}
}

// GroupOf returns the group of the first wave that has the bare name, such as b1; empty if none has.
func GroupOf(plan *grouping.Plan, name string) string {
	for _, version := range plan.Versions {
		for _, wave := range version.Waves {
			if wave.Name == name {
				return wave.Group
			}
		}
	}
	return ""
}

func unknownVersion(plan *grouping.Plan, name string) error {
	message := fmt.Sprintf("there is no version %s", quote(name))
	near := nearest.To(name, func(yield func(string) bool) {
		for _, version := range plan.Versions {
			if !yield(version.Name) {
				return
			}
		}
	})
	if near != "" {
		message += fmt.Sprintf("; did you mean %s?", quote(near))
	}
	return &inventory.Error{Message: message}
}
