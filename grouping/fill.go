package grouping

import "slices"

// fill cuts a section into waves, and returns with them a number below which no plan can go.
func (c *cutter) fill(section []int32, r *run, seated []int32) (waves [][]int32, fewest int) {
	if c.sizes.risk == 0 {
		return c.fillBy(section, func(wave int) int { return c.sizes.of(r.index+wave, 0) }, seated)
	}
	return c.fillByRisk(section, r, seated)
}

// fillByRisk is fill for sizes that depend on how many hosts are released before a wave. It takes the waves to be full, and
// where limits kept one from it so that a later one is too large, makes that smaller and tries again. So no wave is larger
// than the risk allows; as the sizes only shrink, there is an end to it.
func (c *cutter) fillByRisk(section []int32, r *run, seated []int32) (waves [][]int32, fewest int) {
	full := make([]int, 0, 64)
	for released := r.released; released < r.released+len(section); released += full[len(full)-1] {
		full = append(full, c.sizes.of(r.index+len(full), released))
	}
	last := full[len(full)-1]
	sizes := slices.Clone(full)
	size := func(wave int) int {
		if wave < len(sizes) {
			return sizes[wave]
		}
		return last
	}
	for try := 0; ; try++ {
		found, bound := c.fillBy(section, size, seated)
		if try == 0 {
			fewest = bound
		}
		released, fits := r.released, true
		for i, wave := range found {
			if allowed := c.sizes.of(r.index+i, released); len(wave) > allowed {
				fits = false
				for len(sizes) <= i {
					sizes = append(sizes, last)
				}
				sizes[i] = allowed
			}
			released += len(wave)
		}
		if fits {
			return found, fewest
		}
	}
}

// fillBy cuts a section into waves of the given sizes within the limits.
func (c *cutter) fillBy(section []int32, size func(wave int) int, seated []int32) (waves [][]int32, fewest int) {
	var binding []*limited
	single := true
	for _, limit := range c.limits {
		if limit.binds(section) {
			binding = append(binding, limit)
			single = single && limit.single
		}
	}
	if len(binding) == 0 {
		waves = fillInOrder(section, size, seated)
		return waves, len(waves)
	}
	if len(binding) == 1 && single {
		waves = fillWithinOne(section, binding[0], size, seated)
		fewest = len(waves)
		if len(seated) > 0 {
			fewest = fewestWithin(section, binding[0], size)
		}
		return waves, fewest
	}
	for _, limit := range binding {
		fewest = max(fewest, limit.fewest(section, size))
	}
	if len(binding) == 2 && single {
		waves, fewest = fillWithinTwo(section, [2]*limited(binding), c.combination(), size, seated, fewest)
		if len(waves) == fewest {
			return waves, fewest
		}
		// Only sizes of their own of several waves, or a cover, can lead here.
		return shorter(waves, fillWithinMany(section, binding, c.combination(), size, seated, fewest)), fewest
	}
	return fillWithinMany(section, binding, c.combination(), size, seated, fewest), fewest
}

// shorter returns the one with fewer waves, the first where both have as many.
func shorter(waves, other [][]int32) [][]int32 {
	if len(other) < len(waves) {
		return other
	}
	return waves
}

// combination numbers the combinations of values that hosts have in all limits.
func (c *cutter) combination() []int32 {
	if c.kinds == nil {
		columns := make([]column, len(c.limits))
		for i, limit := range c.limits {
			columns[i] = column{ids: limit.kinds}
		}
		c.kinds = combined(columns).ids
	}
	return c.kinds
}

// fillInOrder cuts members into waves of the given sizes; the seated come first.
func fillInOrder(members []int32, size func(wave int) int, seated []int32) [][]int32 {
	if len(seated) > 0 {
		order := seatedFirst(members, seated)
		most := min(size(0), len(order))
		first := sortWaves([][]int32{slices.Clone(order[:most])}, members)
		rest := fillInOrder(order[most:], func(wave int) int { return size(wave + 1) }, nil)
		return append(first, rest...)
	}
	var waves [][]int32
	for len(members) > 0 {
		end := min(size(len(waves)), len(members))
		waves = append(waves, members[:end])
		members = members[end:]
	}
	return waves
}

// seatedFirst returns the members, the seated ones before all others.
func seatedFirst(members, seated []int32) []int32 {
	if len(seated) == 0 {
		return members
	}
	isSeated := make(map[int32]bool, len(seated))
	for _, member := range seated {
		isSeated[member] = true
	}
	order := slices.Clone(seated)
	for _, member := range members {
		if !isSeated[member] {
			order = append(order, member)
		}
	}
	return order
}

// sortWaves puts the hosts of each wave into the order of members.
func sortWaves(waves [][]int32, members []int32) [][]int32 {
	ranks := make(map[int32]int32, len(members))
	for rank, member := range members {
		ranks[member] = int32(rank)
	}
	for _, wave := range waves {
		slices.SortFunc(wave, func(a, b int32) int { return int(ranks[a]) - int(ranks[b]) })
	}
	return waves
}
