package grouping

// fillFirstFit cuts members into waves such that none has more hosts than its size, nor more with one value than its
// limit: each member in turn goes to the first wave that still has room for it. That is the same as filling wave after
// wave in order, passing over whom a limit keeps out. The number of waves is not always the least.
//
// combination says which members have the same values, by number.
//
// Waves only ever close for a value, so the first wave open to a combination of values never moves back; remembering it
// keeps the cost for n members near O(n), and at O(n*sqrt(n)) when the values are made to collide.
func fillFirstFit(members []int32, limits []*limited, combination []int32, size func(wave int) int) [][]int32 {
	full := openWaves{}
	open := make([][]openWaves, len(limits))
	taken := make([]map[[2]int32]int, len(limits))
	for i, limit := range limits {
		open[i] = make([]openWaves, len(limit.values))
		taken[i] = map[[2]int32]int{}
	}
	first := map[int32]int32{}
	var waves [][]int32
	for _, member := range members {
		wave := first[combination[member]]
		for found := false; !found; {
			start := wave
			wave = full.from(wave)
			for i, limit := range limits {
				for _, value := range limit.of(member) {
					wave = open[i][value].from(wave)
				}
			}
			found = wave == start
		}
		first[combination[member]] = wave
		if int(wave) == len(waves) {
			waves = append(waves, nil)
		}
		waves[wave] = append(waves[wave], member)
		if len(waves[wave]) == size(int(wave)) {
			full.close(wave)
		}
		for i, limit := range limits {
			for _, value := range limit.of(member) {
				seat := [2]int32{value, wave}
				taken[i][seat]++
				if taken[i][seat] == limit.most[value] {
					open[i][value].close(wave)
				}
			}
		}
	}
	return waves
}

// openWaves finds the next wave that is not closed: a disjoint-set forest in which every closed wave points to a later
// one.
type openWaves map[int32]int32

// from returns the first open wave at or after the given one.
func (o openWaves) from(wave int32) int32 {
	open := wave
	for next, closed := o[open]; closed; next, closed = o[open] {
		open = next
	}
	for wave != open {
		wave, o[wave] = o[wave], open
	}
	return open
}

// close closes an open wave.
func (o *openWaves) close(wave int32) {
	if *o == nil {
		*o = openWaves{}
	}
	(*o)[wave] = wave + 1
}
