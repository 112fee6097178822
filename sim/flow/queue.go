package flow

// A queue holds things by the mark at which each is due, the lowest first. It is a binary heap whose
// items are told their slot, so that they can be moved and taken out; slots count from 1, and 0 is
// that of a thing in no queue.
type queue[T queued] []entry[T]

type entry[T queued] struct {
	at   sum
	item T
}

type queued interface{ put(slot int) }

// set puts an item, which stands in that slot or in none, where its mark belongs.
func (q *queue[T]) set(slot int, at sum, item T) {
	e := entry[T]{at, item}
	if slot == 0 {
		*q = append(*q, e)
		q.rise(len(*q)-1, e)
		return
	}
	q.place(slot-1, e)
}

// remove takes the item in that slot out.
func (q *queue[T]) remove(slot int) {
	(*q)[slot-1].item.put(0)
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	if slot-1 < last {
		q.place(slot-1, e)
	}
}

// place fills a hole.
func (q *queue[T]) place(hole int, e entry[T]) {
	if hole > 0 && e.at.before((*q)[(hole-1)/2].at) {
		q.rise(hole, e)
	} else {
		q.sink(hole, e)
	}
}

func (q *queue[T]) rise(hole int, e entry[T]) {
	h := *q
	for hole > 0 {
		above := (hole - 1) / 2
		if !e.at.before(h[above].at) {
			break
		}
		h[hole] = h[above]
		h[hole].item.put(hole + 1)
		hole = above
	}
	h[hole] = e
	e.item.put(hole + 1)
}

func (q *queue[T]) sink(hole int, e entry[T]) {
	h := *q
	for {
		below := hole*2 + 1
		if below >= len(h) {
			break
		}
		if right := below + 1; right < len(h) && h[right].at.before(h[below].at) {
			below = right
		}
		if !h[below].at.before(e.at) {
			break
		}
		h[hole] = h[below]
		h[hole].item.put(hole + 1)
		hole = below
	}
	h[hole] = e
	e.item.put(hole + 1)
}
