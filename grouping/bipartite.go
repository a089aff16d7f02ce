package grouping

// graph is a section under two limits: the hosts are edges between the values of one variable and those of the other. To
// cut the hosts into waves is to colour the edges.
type graph struct {
	ends  [][2]int32 // by edge: its vertices
	most  []int      // by vertex: how many edges of one colour it may have
	edges [][]int32  // by vertex
}

func newGraph(members []int32, limits [2]*limited) *graph {
	g := &graph{ends: make([][2]int32, len(members))}
	for side, limit := range limits {
		vertices := map[int32]int32{}
		for edge, member := range members {
			kind := limit.kinds[member]
			vertex, seen := vertices[kind]
			if !seen {
				vertex = int32(len(g.most))
				vertices[kind] = vertex
				most := len(members)
				if items := limit.items[kind]; len(items) > 0 {
					most = min(most, limit.most[items[0]])
				}
				g.most = append(g.most, most)
				g.edges = append(g.edges, nil)
			}
			g.ends[edge][side] = vertex
			g.edges[vertex] = append(g.edges[vertex], int32(edge))
		}
	}
	return g
}

// across returns the other vertex of an edge.
func (g *graph) across(edge, vertex int32) int32 {
	if ends := g.ends[edge]; ends[0] != vertex {
		return ends[0]
	}
	return g.ends[edge][1]
}
