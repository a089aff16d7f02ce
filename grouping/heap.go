package grouping

// heap gives out entries in ascending order: by key, then by value.
type heap []entry

type entry struct {
	key   int64
	value int32
}

func (e entry) less(other entry) bool {
	return e.key < other.key || e.key == other.key && e.value < other.value
}

func (h *heap) push(e entry) {
	*h = append(*h, e)
	list := *h
	i := len(list) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !list[i].less(list[parent]) {
			return
		}
		list[i], list[parent] = list[parent], list[i]
		i = parent
	}
}

// pop takes the least entry out; the heap must not be empty.
func (h *heap) pop() entry {
	list := *h
	least := list[0]
	last := len(list) - 1
	list[0] = list[last]
	list = list[:last]
	*h = list
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return least
		}
		if child+1 < last && list[child+1].less(list[child]) {
			child++
		}
		if !list[child].less(list[i]) {
			return least
		}
		list[i], list[child] = list[child], list[i]
		i = child
	}
}
