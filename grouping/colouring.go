package grouping

import "slices"

// ownWaves returns the waves whose size is not that of the last, and the first if members are seated in it.
func (c *colouring) ownWaves() []int32 {
	var own []int32
	for wave, size := range c.sizes {
		if size != c.sizes[len(c.sizes)-1] || wave == 0 && slices.Contains(c.fixed, true) {
			own = append(own, int32(wave))
		}
	}
	return own
}

// colouring gives each edge of a graph a wave.
type colouring struct {
	*graph
	fixed []bool    // by edge: it stays in the first wave
	sizes []int     // by wave
	wave  []int32   // by edge; none as long as it has no wave
	in    [][]int32 // by wave: its edges
	spot  []int32   // by edge: its index in that list
	left  []int     // by vertex: how many of its edges have no wave
	rest  int       // how many edges have none
	out   []bool    // by wave: it has been taken out

	degree []int // by vertex, in the wave that is being taken out

	counts [2][]int32 // by wave: how many edges of a vertex are in it
	heads  []int32    // by vertex: see pairing

	pairing pairing // of the last two waves
}

const none = -1

func newColouring(g *graph, fixed []bool, size func(wave int) int, waves int) *colouring {
	c := &colouring{
		graph: g, fixed: fixed, sizes: make([]int, waves), wave: make([]int32, len(g.ends)), in: make([][]int32, waves),
		spot: make([]int32, len(g.ends)), left: make([]int, len(g.most)), rest: len(g.ends), out: make([]bool, waves),
		degree: make([]int, len(g.most)), heads: make([]int32, len(g.most)),
	}
	for i := range c.sizes {
		c.sizes[i] = min(size(i), len(g.ends))
	}
	for i := range c.wave {
		c.wave[i] = none
	}
	for vertex, edges := range g.edges {
		c.left[vertex] = len(edges)
		c.heads[vertex] = none
	}
	for side := range c.counts {
		c.counts[side] = make([]int32, waves)
	}
	return c
}

// colour gives every edge a wave, or returns false. It takes out the own waves first, with most as full as can be.
func (c *colouring) colour(own []int32, most bool, members []int32, limits []*limited, combination []int32) bool {
	for _, wave := range own {
		if !c.takeOut(wave, most) {
			return false
		}
	}
	var alike []int32 // the waves of one size
	for wave := range c.sizes {
		if !slices.Contains(own, int32(wave)) {
			alike = append(alike, int32(wave))
		}
	}
	if len(alike) == 0 { // which the caller's bound of two waves excludes; a plan shall not hang on that
		return c.rest == 0
	}
	last := c.sizes[alike[0]]
	if c.rest > last*len(alike) {
		return false
	}
	for vertex, left := range c.left {
		if left > c.most[vertex]*len(alike) {
			return false
		}
	}
	var rest, edges []int32
	for edge, wave := range c.wave {
		if wave == none {
			rest = append(rest, members[edge])
			edges = append(edges, int32(edge))
		}
	}
	edgeOf := make(map[int32]int32, len(rest))
	for i, member := range rest {
		edgeOf[member] = edges[i]
	}
	var beyond []int32
	for i, wave := range fillFirstFit(rest, limits, combination, func(int) int { return last }) {
		for _, member := range wave {
			if i < len(alike) {
				c.put(edgeOf[member], alike[i])
			} else {
				beyond = append(beyond, edgeOf[member])
			}
		}
	}
	for _, edge := range beyond {
		if !c.insert(edge, alike) {
			return false
		}
	}
	return true
}

// order returns the members by wave, and within a wave as they were.
func (c *colouring) order(members []int32) []int32 {
	order := make([]int32, 0, len(members))
	for _, edges := range c.in {
		slices.Sort(edges)
		for _, edge := range edges {
			order = append(order, members[edge])
		}
	}
	return order
}

// put gives an edge a wave, in place of the one that it has.
func (c *colouring) put(edge, wave int32) {
	if old := c.wave[edge]; old != none {
		list := c.in[old]
		last := list[len(list)-1]
		list[c.spot[edge]] = last
		c.spot[last] = c.spot[edge]
		c.in[old] = list[:len(list)-1]
	} else {
		c.rest--
		for _, vertex := range c.ends[edge] {
			c.left[vertex]--
		}
	}
	c.wave[edge] = wave
	c.spot[edge] = int32(len(c.in[wave]))
	c.in[wave] = append(c.in[wave], edge)
}

// insert finds a wave for an edge that has none, among some that are of one size. It cannot fail as long as no vertex has more
// edges than its limit in each of the waves, nor they together more than their sizes.
func (c *colouring) insert(edge int32, alike []int32) bool {
	for side, vertex := range c.ends[edge] {
		clear(c.counts[side])
		for _, other := range c.graph.edges[vertex] {
			if wave := c.wave[other]; wave != none {
				c.counts[side][wave]++
			}
		}
	}
	free := [2]int32{none, none} // a wave with room at the one vertex, and at the other
	crowded := int32(none)       // a wave with room at both that has its size
	for _, wave := range alike {
		room := [2]bool{}
		for side, vertex := range c.ends[edge] {
			room[side] = int(c.counts[side][wave]) < c.most[vertex]
			if room[side] && free[side] == none {
				free[side] = wave
			}
		}
		if room[0] && room[1] {
			if len(c.in[wave]) < c.sizes[wave] {
				c.put(edge, wave)
				return true
			}
			if crowded == none {
				crowded = wave
			}
		}
	}
	if crowded == none {
		if free[0] == none || free[1] == none {
			return false
		}
		// The edge goes where its one vertex has room. Its other vertex gets room there by exchanging the two waves on a trail
		// that begins there; the trail cannot end at the one vertex, see pair.
		crowded = free[0]
		c.flip(c.pair(free[0], free[1]).from(c.ends[edge][1]))
	}
	c.put(edge, crowded)
	for _, wave := range []int32{crowded, free[1]} {
		if len(c.in[wave]) > c.sizes[wave] && !c.relieve(wave, alike) {
			return false
		}
	}
	return true
}

// relieve takes an edge from a wave that has one too many to one with room, by exchanging them on a trail.
func (c *colouring) relieve(wave int32, alike []int32) bool {
	with := alike[0]
	for _, other := range alike {
		if len(c.in[other]) < len(c.in[with]) {
			with = other
		}
	}
	if len(c.in[with]) >= c.sizes[with] {
		return false
	}
	trail := c.pair(wave, with).heavy()
	c.flip(trail)
	return trail != nil
}
