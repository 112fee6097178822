package flow

import (
	"fmt"
	"math"
	"slices"
)

// A twin is the same network done the plain way: no groups, no classes, no clocks. Every flow of every
// member stands alone, private links are links like others, all rates are filled up together step by
// step, and every flow is visited at every event.
type twin struct {
	now      float64
	capacity []float64 // +Inf: none
	paths    [][]int
	limits   []float64
	members  [][]int // per group, the private link of each member
	flows    []*twinFlow
	carried  map[int]float64 // per link, bytes
	ends     map[twinName]float64
}

type twinFlow struct {
	name        twinName
	member      int // private link
	links       []int
	limit, left float64
	rate        float64
	start, size float64
}

type twinName struct{ group, tag int }

func newTwin() *twin {
	return &twin{ends: map[twinName]float64{}, carried: map[int]float64{}}
}

func (w *twin) addGroup(members int, private float64) {
	w.members = append(w.members, nil)
	for range members {
		w.members[len(w.members)-1] = append(w.members[len(w.members)-1], len(w.capacity))
		w.capacity = append(w.capacity, private)
	}
}

func (w *twin) start(group, route int, bytes float64, tag int) {
	for _, m := range w.members[group] {
		w.flows = append(w.flows, &twinFlow{
			name: twinName{group, tag}, member: m, links: append([]int{m}, w.paths[route]...),
			limit: w.limits[route], left: bytes, start: w.now, size: bytes,
		})
	}
}

// split moves the last members of a group to a new one.
func (w *twin) split(group, members int) {
	at := len(w.members[group]) - members
	w.members = append(w.members, slices.Clone(w.members[group][at:]))
	w.members[group] = w.members[group][:at]
	for _, f := range w.flows {
		if slices.Contains(w.members[len(w.members)-1], f.member) {
			f.name.group = len(w.members) - 1
		}
	}
}

// resize drops the last members of a group or adds copies of the first.
func (w *twin) resize(group, members int) {
	for len(w.members[group]) < members {
		first, link := w.members[group][0], len(w.capacity)
		w.members[group] = append(w.members[group], link)
		w.capacity = append(w.capacity, w.capacity[first])
		for _, f := range w.flows {
			if f.member == first {
				c := *f
				c.member, c.links = link, append([]int{link}, f.links[1:]...)
				w.flows = append(w.flows, &c)
			}
		}
	}
	gone := w.members[group][members:]
	w.members[group] = w.members[group][:members]
	w.flows = slices.DeleteFunc(w.flows, func(f *twinFlow) bool { return slices.Contains(gone, f.member) })
}

// run plays on until a time, or until nothing is left.
func (w *twin) run(until float64) {
	for len(w.flows) > 0 {
		w.fill()
		end := math.Inf(1)
		for _, f := range w.flows {
			end = min(end, f.left/f.rate)
		}
		step := min(end, until-w.now)
		for _, f := range w.flows {
			if f.left -= f.rate * step; step == end && f.left <= 1e-12*f.rate*step {
				f.left = 0
			}
			for _, l := range f.links {
				w.carried[l] += f.rate * step
			}
		}
		w.now += step
		w.flows = slices.DeleteFunc(w.flows, func(f *twinFlow) bool {
			over := f.left <= 1e-12*f.size
			if over {
				w.ends[f.name] = w.now
			}
			return over
		})
		if step < end {
			break
		}
	}
	if !math.IsInf(until, 1) {
		w.now = until
	}
}

// fill raises all rates together until a limit or a full link stops some, and goes on with the others.
func (w *twin) fill() {
	rising := map[*twinFlow]bool{}
	room := slices.Clone(w.capacity)
	users := make([]int, len(w.capacity))
	for _, f := range w.flows {
		f.rate, rising[f] = 0, true
		for _, l := range f.links {
			users[l]++
		}
	}
	for len(rising) > 0 {
		rise := math.Inf(1)
		for f := range rising {
			rise = min(rise, f.limit-f.rate)
			for _, l := range f.links {
				rise = min(rise, room[l]/float64(users[l]))
			}
		}
		for i := range room {
			if !math.IsInf(room[i], 1) {
				room[i] -= rise * float64(users[i])
			}
		}
		for f := range rising {
			f.rate += rise
		}
		for _, f := range w.flows {
			full := f.limit <= f.rate*(1+1e-12)
			for _, l := range f.links {
				full = full || !math.IsInf(room[l], 1) && room[l] <= 1e-12*w.capacity[l]
			}
			if rising[f] && full {
				delete(rising, f)
				for _, l := range f.links {
					users[l]--
				}
			}
		}
	}
}

// fair checks the rates by definition: every flow is at its limit or crosses a full link on which no
// flow is faster; and no link carries more than it can.
func (w *twin) fair(rate func(*twinFlow) float64) error {
	load, fastest := make([]float64, len(w.capacity)), make([]float64, len(w.capacity))
	for _, f := range w.flows {
		for _, l := range f.links {
			load[l] += rate(f)
			fastest[l] = max(fastest[l], rate(f))
		}
	}
	for i := range load {
		if load[i] > w.capacity[i]*(1+1e-9) {
			return fmt.Errorf("link %d carries %v, it can %v", i, load[i], w.capacity[i])
		}
	}
	for i, f := range w.flows {
		held := rate(f) >= f.limit*(1-1e-9)
		for _, l := range f.links {
			held = held || load[l] >= w.capacity[l]*(1-1e-9) && rate(f) >= fastest[l]*(1-1e-9)
		}
		if !held {
			return fmt.Errorf("flow %d at %v is held back by nothing", i, rate(f))
		}
	}
	return nil
}
