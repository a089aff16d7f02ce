package grouping

import "slices"

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

// from returns a trail that begins at the vertex, which has more edges of the first wave than of the second.
func (p *pairing) from(vertex int32) *trail {
	for end := range p.joined {
		if p.joined[end] == none && p.vertex(int32(end)) == vertex {
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
