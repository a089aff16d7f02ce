package grouping

// spread arranges members, indexes into ids, so that every prefix of length t holds of each value between t*share-1 and
// t*share+1 members, both excluded, where share is the value's part of all of them. The members of one value keep their
// order; between values that are due at the same time the one that appears first goes first.
//
// This is the chairman assignment problem (R. Tijdeman, Discrete Mathematics 32, 1980). The j-th of n_i members of a
// value among n has to come after place (j-1)*n/n_i and no later than place ceil(j*n/n_i); filling each place with the
// member that is allowed there and due first keeps all the windows (as in P-fair scheduling: Baruah, Cohen, Plaxton,
// Varvel, Algorithmica 15, 1996). All of it is whole numbers; it takes O(n log k) for k values.
func spread(members, ids []int32) []int32 {
	values := partition(members, ids)
	n := int64(len(members))
	// waiting[t] are the values whose next member may come from place t on, places counting from 0.
	waiting := make([][]int32, n+1)
	for value := range values {
		waiting[0] = append(waiting[0], int32(value))
	}
	taken := make([]int64, len(values))
	arranged := make([]int32, 0, n)
	var due heap
	for place := range n {
		for _, value := range waiting[place] {
			share := int64(len(values[value]))
			deadline := ((taken[value]+1)*n - 1) / share // the last place allowed, counting from 0
			due.push(entry{deadline, value})
		}
		waiting[place] = nil
		value := due.pop().value
		queue := values[value]
		arranged = append(arranged, queue[taken[value]])
		taken[value]++
		if share := int64(len(queue)); taken[value] < share {
			// That is after this place: it was ceil(taken*n/share) at most, counting from 1.
			from := taken[value] * n / share
			waiting[from] = append(waiting[from], value)
		}
	}
	return arranged
}

// partition sorts members by their value, in order of first appearance; each part keeps the order of members.
func partition(members, ids []int32) [][]int32 {
	part := map[int32]int32{}
	var sizes []int
	for _, member := range members {
		at, seen := part[ids[member]]
		if !seen {
			at = int32(len(sizes))
			part[ids[member]] = at
			sizes = append(sizes, 0)
		}
		sizes[at]++
	}
	all := make([]int32, len(members))
	parts := make([][]int32, len(sizes))
	for i, size := range sizes {
		parts[i], all = all[:0:size], all[size:]
	}
	for _, member := range members {
		at := part[ids[member]]
		parts[at] = append(parts[at], member)
	}
	return parts
}
