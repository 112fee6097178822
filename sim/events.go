package sim

// kind says what an event is. Events at one instant are handled in this order, those of one kind
// first in, first out; flows that end at that instant come before them all.
type kind uint8

const (
	resolved  kind = iota // a pull's manifest is there
	asked                 // a layer's source is chosen
	filling               // the bytes of a copy for a cache or a seed begin to flow
	connected             // a layer's bytes begin to flow
	unpacked              // a layer is unpacked
	ready                 // instances of a rollout are up
	retry                 // refused pulls ask again
	restart               // an instance on an ephemeral node starts again
	replace               // a node of a pool goes and a new one comes
	scale                 // a pool's number of nodes changes
	deploy                // a service gets a new version
)

// An event happens to a cohort's pull, a rollout, a pool or a service.
type event struct {
	cohort  *cohort  // resolved, asked, connected, unpacked, retry
	pull    *pull    // resolved, asked, connected, unpacked
	rollout *rollout // ready
	fill    *fill    // filling
	site    int      // restart, replace, scale
	index   int      // asked, connected: layer; ready: instances; restart, replace, scale: which of the site's; deploy: service
}

// moment is what orders events.
type moment struct {
	at   float64
	kind kind
}

func (a moment) before(b moment) bool {
	return a.at < b.at || a.at == b.at && a.kind < b.kind
}

// A queue is the events of one moment, first in first out.
type queue struct {
	moment
	events []event
	next   int
}

// agenda is a binary heap of moments. Many events fall on one: what a rollout starts at once goes on at
// once.
type agenda struct {
	heap []*queue
	at   map[moment]*queue
	free []*queue
}

func (a *agenda) add(at float64, k kind, ev event) {
	key := moment{at, k}
	q := a.at[key]
	if q == nil {
		q = a.queue(key)
	}
	if last := len(q.events) - 1; k == ready && last >= q.next && q.events[last].rollout == ev.rollout {
		q.events[last].index += ev.index // instances of one rollout that are ready together
		return
	}
	q.events = append(q.events, ev)
}

// queue makes a new moment's.
func (a *agenda) queue(key moment) *queue {
	var q *queue
	if n := len(a.free); n > 0 {
		q, a.free = a.free[n-1], a.free[:n-1]
	} else {
		q = &queue{}
	}
	q.moment = key
	if a.at == nil {
		a.at = map[moment]*queue{}
	}
	a.at[key] = q
	a.heap = append(a.heap, q)
	for i := len(a.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.heap[i].before(a.heap[up].moment) {
			break
		}
		a.heap[i], a.heap[up] = a.heap[up], a.heap[i]
		i = up
	}
	return q
}

// next returns when the first event is due, or false when there is none.
func (a *agenda) next() (float64, bool) {
	if len(a.heap) == 0 {
		return 0, false
	}
	return a.heap[0].at, true
}

// pop takes the first event. What is added to its moment meanwhile follows it.
func (a *agenda) pop() (kind, event) {
	q := a.heap[0]
	ev := q.events[q.next]
	q.events[q.next] = event{}
	q.next++
	if q.next == len(q.events) {
		delete(a.at, q.moment)
		q.events, q.next = q.events[:0], 0
		a.free = append(a.free, q)
		a.sink()
	}
	return q.kind, ev
}

// sink removes the first moment.
func (a *agenda) sink() {
	last := len(a.heap) - 1
	a.heap[0] = a.heap[last]
	a.heap[last] = nil
	a.heap = a.heap[:last]
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < last && a.heap[down].before(a.heap[least].moment) {
				least = down
			}
		}
		if least == i {
			return
		}
		a.heap[i], a.heap[least] = a.heap[least], a.heap[i]
		i = least
	}
}
