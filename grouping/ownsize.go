package grouping

// takeOut fills a wave that has a size of its own such that the empty ones can take the rest: of every vertex it has as many
// edges as they have no room for, and as many in all; with most it is as full as can be. It goes by the members' order, and
// mends that where it has to, by alternating paths as in a flow with lower bounds. It returns false if there is no such wave.
func (c *colouring) takeOut(wave int32, most bool) bool {
	after, seats := -1, c.sizes[wave]
	least := c.rest + seats
	for other, size := range c.sizes {
		if !c.out[other] {
			after++
			least -= size
		}
	}
	c.out[wave] = true
	needs := make([]int, len(c.most))
	for vertex, left := range c.left {
		needs[vertex] = max(left-c.most[vertex]*after, 0)
		if needs[vertex] > c.most[vertex] {
			return false
		}
	}
	if least > seats {
		return false
	}
	t := taker{colouring: c, needs: needs, wave: wave}
	clear(c.degree)
	for _, wanted := range []bool{true, false} {
		for edge := range c.ends {
			if c.wave[edge] == none && c.fixed[edge] == wanted && (!wanted || wave == 0) && t.taken < seats && t.fits(int32(edge)) {
				t.take(int32(edge))
			}
		}
	}
	for vertex := range needs {
		for c.degree[vertex] < needs[vertex] {
			if !t.exchange([]int32{int32(vertex)}, true, t.endsNeed) {
				return false
			}
		}
	}
	for t.taken > seats {
		if !t.exchange(t.leftOf(t.hasMore), false, func(vertex int32, _ bool) bool { return t.hasMore(vertex) }) {
			return false
		}
	}
	for t.taken < least || most && t.taken < seats {
		if !t.exchange(t.leftOf(t.hasRoom), true, func(vertex int32, _ bool) bool { return t.hasRoom(vertex) }) {
			return t.taken >= least
		}
	}
	return true
}

// taker fills one wave; c.degree counts its edges at each vertex.
type taker struct {
	*colouring
	needs []int
	wave  int32
	taken int
}

func (t *taker) fits(edge int32) bool {
	for _, vertex := range t.ends[edge] {
		if t.degree[vertex] >= t.most[vertex] {
			return false
		}
	}
	return true
}

func (t *taker) take(edge int32) {
	t.put(edge, t.wave)
	t.taken++
	for _, vertex := range t.ends[edge] {
		t.degree[vertex]++
	}
}

func (t *taker) giveBack(edge int32) {
	list := t.in[t.wave]
	last := list[len(list)-1]
	list[t.spot[edge]] = last
	t.spot[last] = t.spot[edge]
	t.in[t.wave] = list[:len(list)-1]
	t.colouring.wave[edge] = none
	t.rest++
	t.taken--
	for _, vertex := range t.ends[edge] {
		t.degree[vertex]--
		t.left[vertex]++
	}
}

// leftOf returns the vertices of the first variable for which this holds.
func (t *taker) leftOf(holds func(vertex int32) bool) []int32 {
	var found []int32
	for vertex := range int32(len(t.most)) {
		if t.ends[t.graph.edges[vertex][0]][0] == vertex && holds(vertex) {
			found = append(found, vertex)
		}
	}
	return found
}

// hasMore tells whether the wave can give back an edge of the vertex.
func (t *taker) hasMore(vertex int32) bool { return t.degree[vertex] > t.needs[vertex] }

// hasRoom tells whether the wave can take an edge of the vertex.
func (t *taker) hasRoom(vertex int32) bool { return t.degree[vertex] < t.most[vertex] }

// endsNeed tells whether a path may end at the vertex, by an edge that is taken or by one that is given back.
func (t *taker) endsNeed(vertex int32, taking bool) bool {
	if taking {
		return t.hasRoom(vertex)
	}
	return t.hasMore(vertex)
}

// exchange finds the shortest path from one of the vertices on which edges are taken and given back in turn, taking first or not,
// and changes the wave along it. Where a path ends by giving back, an edge is given back for one taken. ends tells where a path may
// end; a path does not come back to where it may start.
func (t *taker) exchange(starts []int32, takingFirst bool, ends func(vertex int32, taking bool) bool) bool {
	// A vertex is reached with taking or with giving back as the next step, which its side tells.
	by := make(map[int32]int32, len(starts)) // the edge over which a vertex was reached
	queue := make([]int32, 0, len(starts))
	side := map[int32]bool{} // whether the next step from the vertex takes
	for _, start := range starts {
		if _, seen := by[start]; !seen {
			by[start] = none
			side[start] = takingFirst
			queue = append(queue, start)
		}
	}
	for len(queue) > 0 {
		vertex := queue[0]
		queue = queue[1:]
		taking := side[vertex]
		for _, edge := range t.graph.edges[vertex] {
			switch {
			case taking && (t.colouring.wave[edge] != none || t.fixed[edge]):
				continue
			case !taking && (t.colouring.wave[edge] != t.wave || t.fixed[edge]):
				continue
			}
			next := t.across(edge, vertex)
			if _, seen := by[next]; seen {
				continue
			}
			by[next] = edge
			if ends(next, taking) {
				t.change(next, by)
				return true
			}
			side[next] = !taking
			queue = append(queue, next)
		}
	}
	return false
}

// change takes and gives back the edges of the path that ends at the vertex.
func (t *taker) change(vertex int32, by map[int32]int32) {
	for edge := by[vertex]; edge != none; edge = by[vertex] {
		before := t.across(edge, vertex)
		if t.colouring.wave[edge] == none {
			t.take(edge)
		} else {
			t.giveBack(edge)
		}
		vertex = before
	}
}
