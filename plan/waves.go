package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Waves returns the names of the version's wave groups in release order, one a line; with an empty version those of all
// versions. The version goes by its name or its stem, see [Find].
func Waves(plan *grouping.Plan, version string) ([]byte, error) {
	return waveGroups(plan, version, func(one *grouping.Version) []grouping.Wave { return one.Waves })
}

// Remaining is [Waves] without the waves that are done.
func Remaining(plan *grouping.Plan, version string) ([]byte, error) {
	return waveGroups(plan, version, (*grouping.Version).Remaining)
}

func waveGroups(plan *grouping.Plan, version string, waves func(*grouping.Version) []grouping.Wave) ([]byte, error) {
	versions := plan.Versions
	if version != "" {
		found, err := Find(plan, version)
		if err != nil {
			return nil, err
		}
		versions = []*grouping.Version{found}
	}
	var dst []byte
	for _, one := range versions {
		for _, wave := range waves(one) {
			dst = append(dst, escape(wave.Group)+"\n"...)
		}
	}
	return dst, nil
}

// Find returns the version of that name, or else the one whose groups have that stem. One that the plan does not have is an
// *[inventory.Error] that names the nearest.
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

// FindWave returns the version that has the wave whose group has that name, and the wave's index. A group that is no wave is an
// *[inventory.Error] that names the nearest; for the bare name of a wave, its group.
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
