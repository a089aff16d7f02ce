package plan

import (
	"github.com/regal-inventory/regal-inventory/grouping"
)

// Waves returns the names of the version's wave groups in release order, one a line; with an empty version those of all
// versions. The version goes by its name or its stem, see [Find].
func Waves(plan *grouping.Plan, version string) ([]byte, error) {
	return waveGroups(plan, version, func(one *grouping.Version) []grouping.Wave { return one.Waves })
}

// Remaining is [Waves] without the waves that are done, which only a release under way has.
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
