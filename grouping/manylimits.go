package grouping

import (
	"cmp"
	"slices"
)

// fillWithinMany cuts members into waves under limits for which finding the fewest waves is not feasible: three variables
// already contain the three-dimensional matching problem, and lists of values the colouring of graphs, which are
// NP-complete. It begins with what [fillFirstFit] makes in order, and keeps it where no better is found, in order: with the
// most constrained members first, and then again and again with the waves of the best so far in another order, which never
// makes more of them as long as they are of one size (J. Culberson's iterated greedy, 1992). Nothing is left to chance.
func fillWithinMany(
	members []int32, limits []*limited, combination []int32, size func(wave int) int, seated []int32, bound int,
) [][]int32 {
	const most, least, placements = 200, 4, 1_500_000
	s := searcher{limits: limits, combination: combination, size: size, seated: seated}
	plain := s.fill(members)
	best := plain
	if len(best) > bound {
		best = s.better(best, s.fill(s.constrainedFirst(members)))
	}
	for try := range min(max(placements/len(members), least), most) {
		if len(best) <= bound {
			break
		}
		best = s.better(best, s.fill(s.otherOrder(best, try)))
	}
	if len(best) < len(plain) {
		best = s.fill(inOrder(best, members))
	} else {
		best = plain
	}
	return sortWaves(best, members)
}

type searcher struct {
	limits      []*limited
	combination []int32
	size        func(wave int) int
	seated      []int32
}

func (s *searcher) fill(members []int32) [][]int32 {
	return fillFirstFit(seatedFirst(members, s.seated), s.limits, s.combination, s.size)
}

// better returns the plan with fewer waves, the new one where they have as many: from there the search goes on.
func (s *searcher) better(old, now [][]int32) [][]int32 {
	if len(now) <= len(old) {
		return now
	}
	return old
}

// constrainedFirst returns the members that share their values with the most others, by the limits, before the others.
func (s *searcher) constrainedFirst(members []int32) []int32 {
	waves := make(map[int32][2]int, len(members)) // how many waves the fullest value needs, and all values together
	for _, limit := range s.limits {
		counts := make([]int, len(limit.values))
		for _, member := range members {
			for _, value := range limit.of(member) {
				counts[value]++
			}
		}
		for _, member := range members {
			weight := waves[member]
			for _, value := range limit.of(member) {
				needs := (counts[value] + limit.most[value] - 1) / limit.most[value]
				weight = [2]int{max(weight[0], needs), weight[1] + needs}
			}
			waves[member] = weight
		}
	}
	order := slices.Clone(members)
	slices.SortStableFunc(order, func(a, b int32) int {
		one, other := waves[a], waves[b]
		return cmp.Or(cmp.Compare(other[0], one[0]), cmp.Compare(other[1], one[1]))
	})
	return order
}

// otherOrder returns the members wave by wave, the waves in an order that changes with every try.
func (s *searcher) otherOrder(waves [][]int32, try int) []int32 {
	order := make([]int, len(waves))
	for i := range order {
		order[i] = i
	}
	switch try % 4 {
	case 0:
		slices.Reverse(order)
	case 1:
		slices.SortStableFunc(order, func(a, b int) int { return len(waves[a]) - len(waves[b]) })
	default:
		state := uint64(try)*0x9E3779B97F4A7C15 + 1
		for i := len(order) - 1; i > 0; i-- {
			// A step of a linear congruential generator, the same on every machine (D. Knuth, MMIX).
			state = state*6364136223846793005 + 1442695040888963407
			j := int((state >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
	}
	var members []int32
	for _, wave := range order {
		members = append(members, waves[wave]...)
	}
	return members
}

// inOrder returns the members wave by wave, those of a wave as they stand in members.
func inOrder(waves [][]int32, members []int32) []int32 {
	return slices.Concat(sortWaves(slices.Clone(waves), members)...)
}
