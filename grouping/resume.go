package grouping

import "github.com/regal-inventory/regal-inventory/inventory"

// Resumed returns the version as a release of it that is under way has it: first the given waves as they are, the empty
// ones too, and then the version's hosts that are in none of them, in batches by the version's rules, whose names go on: after
// b4 comes b5. The waves are in release order, the canary first, and say which ring they are of; their hosts may be others
// than the version's. The first wave of a ring that has none yet has the size schedule.
//
// Placements in what is returned tell the place and the values, and not what put a host there.
func (v *Version) Resumed(waves []Wave) *Version {
	made := &Version{
		Name: v.Name, Group: v.Group, Rules: v.Rules, Parts: v.Parts, target: v.target, from: v.from, cutters: v.cutters,
		resumed: true,
	}
	placed := map[*inventory.Host]bool{}
	ofRing := map[string]int{}
	released := 0
	for _, wave := range waves {
		made.Waves = append(made.Waves, wave)
		ofRing[wave.Ring]++
		released += len(wave.Hosts)
		for _, host := range wave.Hosts {
			placed[host] = true
		}
	}
	made.Fewest = len(waves)
	for _, host := range v.LeftOut {
		if !placed[host] {
			made.LeftOut = append(made.LeftOut, host)
		}
	}
	for _, c := range v.cutters {
		var joined []int32
		for i, host := range c.hosts {
			if !placed[host] {
				joined = append(joined, int32(i))
			}
		}
		further := *c
		further.reasons = newReasons(&further, len(made.Waves))
		r := &run{version: made, index: ofRing[c.ring], released: released}
		further.cutRest(r, joined, nil)
		released = r.released
	}
	return made
}
