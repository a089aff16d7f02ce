package grouping

import "slices"

// fillWithinTwo cuts members into waves under two limits: into as few as bound, if that can be done. It begins with what
// [fillFirstFit] makes, and keeps it where it is short enough.
//
// Hosts are the edges of a bipartite graph, between the values of one variable and those of the other, and waves are
// colours. If no value has more than R times its limit, and R waves of one size have room for all, R waves are enough: the
// edges of a bipartite graph can be coloured so that every vertex has each colour equally often, give or take one, and all
// colours are of one size, give or take one (D. König 1916; D. de Werra 1971). So the first waves, whose sizes are their own,
// are taken out such that the rest keeps that condition, and the rest is coloured: whoever is beyond the last wave finds a
// seat by exchanging two waves along a trail.
//
// The result is put in order again: each member moves to the first wave that has room for it.
func fillWithinTwo(
	members []int32, limits [2]*limited, combination []int32, size func(wave int) int, seated []int32, bound int,
) (waves [][]int32, fewest int) {
	both := limits[:]
	order := seatedFirst(members, seated)
	waves = fillFirstFit(order, both, combination, size)
	if len(waves) > bound {
		g := newGraph(members, limits)
		fixed := make([]bool, len(members))
		for _, member := range seated {
			fixed[slices.Index(members, member)] = true
		}
		for count := bound; count < len(waves); count++ {
			c, certain := colourIn(g, fixed, size, count, members, both, combination)
			if c != nil {
				waves = fillFirstFit(c.order(members), both, combination, size)
				break
			}
			if certain && len(seated) == 0 && bound == count {
				bound = count + 1
			}
		}
	}
	return sortWaves(waves, members), bound
}

// colourIn cuts the members into so many waves. It returns nil if it cannot; certain tells whether nobody could.
//
// One wave with a size of its own is taken out in the one right way, if there is any. Where several have sizes of their own,
// as in the list [1, 5, 25%], what is taken for one decides what is left for the next, and finding the right choice is not
// feasible in general; a few ways are tried.
func colourIn(
	g *graph, fixed []bool, size func(wave int) int, count int, members []int32, limits []*limited, combination []int32,
) (found *colouring, certain bool) {
	const large = 20_000 // members for which two ways have to do
	for way := range 6 {
		if way == 2 && len(members) > large {
			break
		}
		c := newColouring(g, fixed, size, count)
		own := c.ownWaves()
		if way > 0 && len(own) < 2 {
			return nil, true
		}
		switch way % 3 {
		case 1:
			slices.SortStableFunc(own, func(a, b int32) int { return c.sizes[b] - c.sizes[a] })
		case 2:
			slices.SortStableFunc(own, func(a, b int32) int { return c.sizes[a] - c.sizes[b] })
		}
		if c.colour(own, way >= 3, members, limits, combination) {
			return c, true
		}
	}
	return nil, false
}
