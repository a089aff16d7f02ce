package grouping

import "slices"

// fillWithinOne cuts members into the fewest waves such that none has more hosts than its size, nor more with one value than
// that value's limit, and stays as near to their order as that allows: each wave, from the first on, takes each member in
// turn if it can, and passes it over only when its value is used up or when, with it, the rest would need a wave more.
// seated are members that are in the first wave in any case; for them there may be more waves than the fewest.
//
// # How it knows
//
// Let n_v be how many members with value v are left, l_v the limit of v, and let R waves with sizes c_1..c_R come after
// this one. By the max-flow min-cut theorem (a flow from values to waves, at most l_v from v to each) the rest fits into
// them if and only if for every k from 0 to R
//
//	excess(k) = sum over v of max(0, n_v - l_v*k) <= the sum of the R-k smallest sizes.
//
// The left side is convex in k, and the right side is linear between the places where the k-th largest size changes: so it
// is enough to look at those places, one more than there are different sizes. With one size for all, these are k = 0
// (there is room for all) and k = R (no value has more than l_v*R).
//
// The j-th last member of v is in excess(k) if and only if k is at most its level, (j-1)/l_v rounded down. So this wave has
// to take excess(k) - room(k) members of level k or more, for each k; the sets of such members shrink as k grows, and when
// for some k this need equals the seats that are left, only such members may have them. A member refused for that reason is
// refused for the whole wave, and one look at each member in turn is enough.
//
// The cost is O(n*(d+log n)) for n members and d different sizes in the list combine.
func fillWithinOne(members []int32, limit *limited, size func(wave int) int, seated []int32) [][]int32 {
	for more := 0; ; more++ {
		f := newFiller(members, limit)
		f.plan(size, more)
		f.fillWave(seated)
		if len(seated) > 0 && !f.fits(f.later) {
			continue // the seated have taken the place of members that this wave would have to take
		}
		for f.left > 0 {
			f.fillWave(nil)
		}
		return f.waves
	}
}

// fewestWithin returns the least number of waves that hold all members within the limit.
func fewestWithin(members []int32, limit *limited, size func(wave int) int) int {
	f := newFiller(members, limit)
	return f.fewestWaves(f.sizes(size, f.left))
}

// filler fills waves with the members of one section, one variable being limited.
type filler struct {
	limit  []int     // by value
	queues [][]int32 // by value: the ranks of the members that are left, in order
	byRank []int32   // the members
	values []int32   // by rank
	left   int

	excess  excess
	byLevel [][]int32 // the values whose next member has level 0, 1, ...
	place   []int     // by value: its index in byLevel
	top     int       // the highest level, plus 1; 0 when nobody is left

	heads heap // rank of the next member and value; a value whose rank is out of date is put right when it comes up
	used  []int
	now   []int32 // the values used in this wave

	later laterWaves
	needs []int
	wave  []int32 // ranks
	waves [][]int32
	seats int
}

func newFiller(members []int32, limit *limited) *filler {
	f := &filler{byRank: members, left: len(members), values: make([]int32, len(members))}
	ranks := make([]int32, len(members))
	kindByRank := make([]int32, len(members))
	for rank, member := range members {
		ranks[rank] = int32(rank)
		kindByRank[rank] = limit.kinds[member]
	}
	f.queues = partition(ranks, kindByRank)
	f.limit = make([]int, len(f.queues))
	for value, queue := range f.queues {
		f.limit[value] = len(queue)
		if items := limit.items[kindByRank[queue[0]]]; len(items) > 0 {
			f.limit[value] = min(limit.most[items[0]], len(queue))
		}
		for _, rank := range queue {
			f.values[rank] = int32(value)
		}
		f.top = max(f.top, f.level(int32(value), len(queue))+1)
	}
	f.byLevel = make([][]int32, f.top)
	f.place = make([]int, len(f.queues))
	f.used = make([]int, len(f.queues))
	for value, queue := range f.queues {
		level := f.level(int32(value), len(queue))
		f.place[value] = len(f.byLevel[level])
		f.byLevel[level] = append(f.byLevel[level], int32(value))
		f.heads.push(entry{int64(queue[0]), int32(value)})
	}
	f.excess = newExcess(f)
	return f
}

// level returns the level of the next member of a value of which so many are left, at least one.
func (f *filler) level(value int32, left int) int { return (left - 1) / f.limit[value] }

// plan finds the fewest waves, adds so many more, and notes their sizes.
func (f *filler) plan(size func(wave int) int, more int) {
	sizes := f.sizes(size, f.left+more)
	f.later = newLaterWaves(sizes[:f.fewestWaves(sizes[:f.left])+more])
}

// sizes returns the sizes of so many waves. No wave can take more of each value than its limit, which keeps absurd sizes
// from counting as different ones.
func (f *filler) sizes(size func(wave int) int, waves int) []int {
	widest := 0
	for value, queue := range f.queues {
		widest += min(len(queue), f.limit[value])
	}
	sizes := make([]int, waves)
	for i := range sizes {
		sizes[i] = min(size(i), widest)
	}
	return sizes
}

// fewestWaves returns the least number of waves, of the given sizes in turn, that hold all members. One for each member
// is always enough.
func (f *filler) fewestWaves(sizes []int) int {
	low, high := f.top, len(sizes)
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
		fits = fits && f.excess.from(k) <= room
	})
	return fits
}

// fillWave fills the next wave; the seated are in it before all others.
func (f *filler) fillWave(seated []int32) {
	f.seats = f.later.next()
	f.needs = f.needs[:0]
	f.later.each(func(_, k, room int) {
		f.needs = append(f.needs, f.excess.from(k)-room)
	})
	f.wave = nil
	for _, member := range seated {
		f.takeRank(int32(slices.Index(f.byRank, member)))
	}
	var usedUp []int32
	for f.seats > 0 && len(f.heads) > 0 && f.reserved() == 0 {
		head := f.heads.pop()
		value := head.value
		switch {
		case len(f.queues[value]) == 0:
		case int64(f.queues[value][0]) != head.key:
			f.heads.push(entry{int64(f.queues[value][0]), value})
		case f.used[value] == f.limit[value]:
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
	if len(seated) > 0 {
		slices.Sort(f.wave)
	}
	for i, rank := range f.wave {
		f.wave[i] = f.byRank[rank]
	}
	f.waves = append(f.waves, f.wave)
}

// reserved returns the level that a value's next member must have for a seat: 0 while the seats left are more than any
// need, or while everybody serves the need.
func (f *filler) reserved() int {
	level := 0
	f.later.each(func(at, k, _ int) {
		if f.needs[at] >= f.seats {
			level = max(level, k)
		}
	})
	return level
}

// takeReserved gives the seats left to the values that must have them, in order.
func (f *filler) takeReserved() {
	var heads heap
	for level := f.reserved(); level < f.top; level++ {
		for _, value := range f.byLevel[level] {
			heads.push(entry{int64(f.queues[value][0]), value})
		}
	}
	for f.seats > 0 && len(heads) > 0 {
		value := heads.pop().value
		if f.used[value] == f.limit[value] || f.level(value, len(f.queues[value])) < f.reserved() {
			continue
		}
		f.take(value)
		if len(f.queues[value]) > 0 {
			heads.push(entry{int64(f.queues[value][0]), value})
		}
	}
}

// take seats the next member of the value.
func (f *filler) take(value int32) { f.takeRank(f.queues[value][0]) }

// takeRank seats the member of that rank.
func (f *filler) takeRank(rank int32) {
	value := f.values[rank]
	queue := f.queues[value]
	count := len(queue)
	f.wave = append(f.wave, rank)
	if queue[0] == rank {
		f.queues[value] = queue[1:]
	} else {
		at := slices.Index(queue, rank)
		f.queues[value] = slices.Delete(queue, at, at+1)
	}
	f.seats--
	f.left--
	if f.used[value] == 0 {
		f.now = append(f.now, value)
	}
	f.used[value]++
	level := f.level(value, count)
	f.later.each(func(at, k, _ int) {
		if level >= k {
			f.needs[at]--
		}
	})
	f.excess.lower(level)
	f.moveDown(value, level, count-1)
}

// moveDown notes that the value, whose next member had that level, has so many members left.
func (f *filler) moveDown(value int32, level, left int) {
	list := f.byLevel[level]
	last := list[len(list)-1]
	list[f.place[value]] = last
	f.place[last] = f.place[value]
	f.byLevel[level] = list[:len(list)-1]
	if left > 0 {
		now := f.level(value, left)
		f.place[value] = len(f.byLevel[now])
		f.byLevel[now] = append(f.byLevel[now], value)
	}
	for f.top > 0 && len(f.byLevel[f.top-1]) == 0 {
		f.top--
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
	w.kinds[at].waves-- // a kind without waves is looked at once more than it need be, and changes nothing
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

// excess counts how many members have a level or more: a Fenwick tree (P. Fenwick, Software: Practice and Experience 24,
// 1994) over how many have each level.
type excess struct {
	tree  []int
	total int
}

func newExcess(f *filler) excess {
	made := excess{tree: make([]int, f.top+1)}
	for value, queue := range f.queues {
		made.total += len(queue)
		for level, left := 0, len(queue); left > 0; level, left = level+1, left-f.limit[value] {
			made.tree[level+1] += min(left, f.limit[value])
		}
	}
	for i := 1; i <= f.top; i++ {
		if above := i + i&-i; above <= f.top {
			made.tree[above] += made.tree[i]
		}
	}
	return made
}

// from returns how many members have that level or a higher one.
func (e *excess) from(level int) int {
	if level >= len(e.tree) {
		return 0
	}
	count := e.total
	for i := level; i > 0; i -= i & -i {
		count -= e.tree[i]
	}
	return count
}

// lower notes that a member of that level is gone.
func (e *excess) lower(level int) {
	e.total--
	for i := level + 1; i < len(e.tree); i += i & -i {
		e.tree[i]--
	}
}
