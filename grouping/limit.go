package grouping

import "slices"

// fillWithin cuts members into the fewest waves such that none has more hosts than its size, nor more than limit with one
// value, and stays as near to their order as that allows: each wave, from the first on, takes each member in turn if it
// can, and passes it over only when its value is used up or when, with it, the rest would need a wave more.
//
// # How it knows
//
// Let n_v be how many members with value v are left, and let R waves with sizes c_1..c_R come after this one. By the
// max-flow min-cut theorem (a flow from values to waves, at most limit from one to the other) the rest fits into them if
// and only if for every k from 0 to R
//
//	excess(k) = sum over v of max(0, n_v - limit*k) <= the sum of the R-k smallest sizes.
//
// The left side is convex in k, and the right side is linear between the places where the k-th largest size changes: so it
// is enough to look at those places, one more than there are different sizes. With one size for all, these are k = 0
// (there is room for all) and k = R (no value has more than limit*R).
//
// A member taken now lowers excess(k) where n_v > limit*k. So this wave has to take excess(k) - room(k) such members, for
// each k; the sets of such members shrink as k grows, and when for some k this need equals the seats that are left, only
// such members may have them. A member refused for that reason is refused for the whole wave, and one look at each member
// in turn is enough.
//
// The cost is O(n*(d+log n)) for n members and d different sizes in the list combine.
func fillWithin(members, ids []int32, limit int, size func(wave int) int) [][]int32 {
	f := newFiller(members, ids, limit)
	f.plan(size)
	for f.left > 0 {
		f.fillWave()
	}
	return f.waves
}

// filler fills waves with the members of one section, one value of one variable being limited.
type filler struct {
	limit  int
	queues [][]int32 // by value: the ranks of the members that are left, in order
	byRank []int32   // the members
	left   int

	excess  excess
	byCount [][]int32 // the values of which so many members are left
	place   []int     // by value: its index in byCount
	most    int       // no value has more members left

	heads heap // rank of the next member and value; a value whose rank is out of date is put right when it comes up
	used  []int
	now   []int32 // the values used in this wave

	later laterWaves
	needs []int
	wave  []int32
	waves [][]int32
	seats int
}

func newFiller(members, ids []int32, limit int) *filler {
	f := &filler{byRank: members, left: len(members), limit: min(limit, len(members))}
	ranks := make([]int32, len(members))
	idByRank := make([]int32, len(members))
	for rank, member := range members {
		ranks[rank] = int32(rank)
		idByRank[rank] = ids[member]
	}
	f.queues = split(ranks, idByRank)
	for _, queue := range f.queues {
		f.most = max(f.most, len(queue))
	}
	f.byCount = make([][]int32, f.most+1)
	f.place = make([]int, len(f.queues))
	f.used = make([]int, len(f.queues))
	for value, queue := range f.queues {
		f.place[value] = len(f.byCount[len(queue)])
		f.byCount[len(queue)] = append(f.byCount[len(queue)], int32(value))
		f.heads.push(entry{int64(queue[0]), int32(value)})
	}
	f.excess = newExcess(f.queues, f.most)
	return f
}

// plan finds the fewest waves and their sizes.
func (f *filler) plan(size func(wave int) int) {
	// No wave can take more than limit of each value, which keeps absurd sizes from counting as different ones.
	widest := 0
	for _, queue := range f.queues {
		widest += min(len(queue), f.limit)
	}
	sizes := make([]int, f.left)
	for i := range sizes {
		sizes[i] = min(size(i), widest)
	}
	fewest := f.fewestWaves(sizes)
	f.later = newLaterWaves(sizes[:fewest])
}

// fewestWaves returns the least number of waves, of the given sizes in turn, that hold all members. One for each member
// is always enough.
func (f *filler) fewestWaves(sizes []int) int {
	low, high := (f.most+f.limit-1)/f.limit, len(sizes)
	for low < high {
		middle := (low + high) / 2
		if f.fits(newLaterWaves(sizes[:middle])) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// fits tells whether what is left fits into the waves.
func (f *filler) fits(waves laterWaves) bool {
	fits := true
	waves.each(func(_, k, room int) {
		fits = fits && f.excess.above(f.limit*k) <= room
	})
	return fits
}

// fillWave fills the next wave.
func (f *filler) fillWave() {
	f.seats = f.later.next()
	f.needs = f.needs[:0]
	f.later.each(func(_, k, room int) {
		f.needs = append(f.needs, f.excess.above(f.limit*k)-room)
	})
	f.wave = nil
	var usedUp []int32
	for f.seats > 0 && len(f.heads) > 0 && f.reserved() == 0 {
		head := f.heads.pop()
		value := head.value
		switch {
		case len(f.queues[value]) == 0:
		case int64(f.queues[value][0]) != head.key:
			f.heads.push(entry{int64(f.queues[value][0]), value})
		case f.used[value] == f.limit:
			usedUp = append(usedUp, value)
		default:
			f.take(value)
			if len(f.queues[value]) > 0 {
				f.heads.push(entry{int64(f.queues[value][0]), value})
			}
		}
	}
	if f.seats > 0 && f.reserved() > 0 {
		f.takeReserved()
	}
	for _, value := range usedUp {
		f.heads.push(entry{int64(f.queues[value][0]), value})
	}
	for _, value := range f.now {
		f.used[value] = 0
	}
	f.now = f.now[:0]
	f.waves = append(f.waves, f.wave)
}

// reserved returns how many members a value must have more of for its next one to get a seat: 0 while the seats left are
// more than any need, or while everybody serves the need.
func (f *filler) reserved() int {
	above := 0
	f.later.each(func(at, k, _ int) {
		if f.needs[at] >= f.seats {
			above = max(above, f.limit*k)
		}
	})
	return above
}

// takeReserved gives the seats left to the values that must have them, in order.
func (f *filler) takeReserved() {
	var heads heap
	for count := f.reserved() + 1; count <= f.most; count++ {
		for _, value := range f.byCount[count] {
			heads.push(entry{int64(f.queues[value][0]), value})
		}
	}
	for f.seats > 0 && len(heads) > 0 {
		value := heads.pop().value
		if f.used[value] == f.limit || len(f.queues[value]) <= f.reserved() {
			continue
		}
		f.take(value)
		if len(f.queues[value]) > 0 {
			heads.push(entry{int64(f.queues[value][0]), value})
		}
	}
}

// take seats the next member of the value.
func (f *filler) take(value int32) {
	queue := f.queues[value]
	count := len(queue)
	f.wave = append(f.wave, f.byRank[queue[0]])
	f.queues[value] = queue[1:]
	f.seats--
	f.left--
	if f.used[value] == 0 {
		f.now = append(f.now, value)
	}
	f.used[value]++
	f.later.each(func(at, k, _ int) {
		if count > f.limit*k {
			f.needs[at]--
		}
	})
	f.excess.lower(count)
	f.moveDown(value, count)
}

// moveDown notes that the value has one member fewer than count.
func (f *filler) moveDown(value int32, count int) {
	list := f.byCount[count]
	last := list[len(list)-1]
	list[f.place[value]] = last
	f.place[last] = f.place[value]
	f.byCount[count] = list[:len(list)-1]
	f.place[value] = len(f.byCount[count-1])
	f.byCount[count-1] = append(f.byCount[count-1], value)
	for f.most > 0 && len(f.byCount[f.most]) == 0 {
		f.most--
	}
}

// laterWaves are the sizes of the waves to come, in turn and counted by size.
type laterWaves struct {
	turn  []int
	kinds []sizeKind // the largest first
	total int
}

type sizeKind struct{ size, waves int }

func newLaterWaves(turn []int) laterWaves {
	made := laterWaves{turn: turn}
	waves := map[int]int{}
	for _, size := range turn {
		waves[size]++
		made.total += size
	}
	for size, count := range waves {
		made.kinds = append(made.kinds, sizeKind{size, count})
	}
	slices.SortFunc(made.kinds, func(a, b sizeKind) int { return b.size - a.size })
	return made
}

// next takes the first wave out and returns its size.
func (w *laterWaves) next() int {
	size := w.turn[0]
	w.turn = w.turn[1:]
	w.total -= size
	at := slices.IndexFunc(w.kinds, func(kind sizeKind) bool { return kind.size == size })
	w.kinds[at].waves--
	if w.kinds[at].waves == 0 {
		w.kinds = slices.Delete(w.kinds, at, at+1)
	}
	return size
}

// each calls visit for 0, 1, ... with each k at which the rest's fit has to be looked at, ascending, and with the room of
// all waves but the k largest.
func (w *laterWaves) each(visit func(at, k, room int)) {
	k, room := 0, w.total
	visit(0, k, room)
	for i, kind := range w.kinds {
		k += kind.waves
		room -= kind.size * kind.waves
		visit(i+1, k, room)
	}
}

// excess counts how many members values have above a bound: a Fenwick tree (P. Fenwick, Software: Practice and Experience
// 24, 1994) over how many values have at least 1, 2, 3, ... members left.
type excess struct {
	tree  []int
	total int
}

func newExcess(queues [][]int32, most int) excess {
	made := excess{tree: make([]int, most+1)}
	exactly := make([]int, most+2)
	for _, queue := range queues {
		exactly[len(queue)]++
		made.total += len(queue)
	}
	atLeast := 0
	for count := most; count > 0; count-- {
		atLeast += exactly[count]
		made.tree[count] = atLeast
	}
	for i := 1; i <= most; i++ {
		if above := i + i&-i; above <= most {
			made.tree[above] += made.tree[i]
		}
	}
	return made
}

// above returns the sum over all values of what they have above the bound.
func (e *excess) above(bound int) int {
	if bound >= len(e.tree) {
		return 0
	}
	sum := e.total
	for i := bound; i > 0; i -= i & -i {
		sum -= e.tree[i]
	}
	return sum
}

// lower notes that a value with so many members has one fewer.
func (e *excess) lower(count int) {
	e.total--
	for i := count; i < len(e.tree); i += i & -i {
		e.tree[i]--
	}
}
