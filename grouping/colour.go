package grouping

import "slices"

// fillWithinTwo cuts members into waves under two limits: into as few as bound, if that can be done. It begins with what
// [fillWithinAll] makes, and keeps it where it is short enough.
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
	waves = fillWithinAll(order, both, combination, size)
	if len(waves) > bound {
		g := newGraph(members, limits)
		fixed := make([]bool, len(members))
		for _, member := range seated {
			fixed[slices.Index(members, member)] = true
		}
		for count := bound; count < len(waves); count++ {
			c, certain := colourIn(g, fixed, size, count, members, both, combination)
			if c != nil {
				waves = fillWithinAll(c.order(members), both, combination, size)
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
	if len(alike) == 0 {
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
	for i, wave := range fillWithinAll(rest, limits, combination, func(int) int { return last }) {
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
		if wave != none && len(c.in[wave]) > c.sizes[wave] && !c.relieve(wave, alike) {
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

// flip exchanges the two waves of the edges of a trail.
func (c *colouring) flip(trail *trail) {
	if trail == nil {
		return
	}
	for _, edge := range trail.edges {
		if c.wave[edge] == trail.one {
			c.put(edge, trail.other)
		} else {
			c.put(edge, trail.one)
		}
	}
}

// pairing joins the edges of two waves to trails: at every vertex an edge of the one is joined to one of the other, as long
// as there are both. A trail goes from edge to joined edge, and the waves take turns on it. Where it ends the vertex has
// more edges of the last one's wave than of the other, so that exchanging the waves on a whole trail breaks no limit, and
// changes nothing at the vertices that it passes.
type pairing struct {
	c          *colouring
	one, other int32
	edges      []int32
	joined     []int32 // by end, 2*i and 2*i+1 for edge i: the end that it is joined to
	next       []int32 // by end that waits for another: the next that waits at its vertex, the first being in c.heads
}

type trail struct {
	one, other int32
	edges      []int32
}

func (c *colouring) pair(one, other int32) *pairing {
	p := &c.pairing
	*p = pairing{c: c, one: one, other: other, edges: p.edges[:0], joined: p.joined[:0], next: p.next[:0]}
	p.edges = append(append(p.edges, c.in[other]...), c.in[one]...)
	p.joined = slices.Grow(p.joined, 2*len(p.edges))[:2*len(p.edges)]
	next := slices.Grow(p.next, 2*len(p.edges))[:2*len(p.edges)]
	p.next = next
	for end := range p.joined {
		vertex := p.vertex(int32(end))
		p.joined[end] = none
		if end < 2*len(c.in[other]) {
			next[end] = c.heads[vertex]
			c.heads[vertex] = int32(end)
		} else if waiting := c.heads[vertex]; waiting != none {
			c.heads[vertex] = next[waiting]
			p.joined[end], p.joined[waiting] = waiting, int32(end)
		}
	}
	for _, edge := range p.edges {
		for _, vertex := range c.ends[edge] {
			c.heads[vertex] = none
		}
	}
	return p
}

func (p *pairing) vertex(end int32) int32 { return p.c.ends[p.edges[end/2]][end%2] }

// from returns a trail that begins at the vertex with an edge of the first wave; nil if there is none.
func (p *pairing) from(vertex int32) *trail {
	for end := range p.joined {
		if p.joined[end] == none && p.vertex(int32(end)) == vertex && p.c.wave[p.edges[end/2]] == p.one {
			return p.walk(int32(end))
		}
	}
	return nil
}

// heavy returns a trail with more edges of the first wave than of the second; nil if there is none, which cannot be when
// the first wave has more edges.
func (p *pairing) heavy() *trail {
	for end := range p.joined {
		if p.joined[end] == none && p.c.wave[p.edges[end/2]] == p.one {
			if trail := p.walk(int32(end)); len(trail.edges)%2 == 1 {
				return trail
			}
		}
	}
	return nil
}

// walk returns the trail that begins with an end that is not joined.
func (p *pairing) walk(end int32) *trail {
	walked := &trail{one: p.one, other: p.other}
	for end != none {
		walked.edges = append(walked.edges, p.edges[end/2])
		end = p.joined[end^1]
	}
	return walked
}
