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

// An event happens at a time to a cohort's pull, a rollout, a pool or a service.
type event struct {
	at      float64
	seq     int64
	kind    kind
	cohort  *cohort  // resolved, asked, connected, unpacked, retry
	pull    *pull    // resolved, asked, connected, unpacked
	rollout *rollout // ready
	fill    *fill    // filling
	site    int      // restart, replace, scale
	index   int      // asked, connected: layer; ready: instances; restart, replace, scale: which of the site's; deploy: service
}

func (a *event) before(b *event) bool {
	if a.at != b.at {
		return a.at < b.at
	}
	if a.kind != b.kind {
		return a.kind < b.kind
	}
	return a.seq < b.seq
}

// agenda is a binary heap of events.
type agenda struct {
	heap []event
	seq  int64
}

func (a *agenda) add(ev event) {
	a.seq++
	ev.seq = a.seq
	a.heap = append(a.heap, ev)
	for i := len(a.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.heap[i].before(&a.heap[up]) {
			return
		}
		a.heap[i], a.heap[up] = a.heap[up], a.heap[i]
		i = up
	}
}

// next returns when the first event is due, or false when there is none.
func (a *agenda) next() (float64, bool) {
	if len(a.heap) == 0 {
		return 0, false
	}
	return a.heap[0].at, true
}

func (a *agenda) pop() event {
	top := a.heap[0]
	last := len(a.heap) - 1
	a.heap[0] = a.heap[last]
	a.heap[last] = event{}
	a.heap = a.heap[:last]
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < last && a.heap[down].before(&a.heap[least]) {
				least = down
			}
		}
		if least == i {
			return top
		}
		a.heap[i], a.heap[least] = a.heap[least], a.heap[i]
		i = least
	}
}
