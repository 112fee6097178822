package sim

import (
	"math"
	"math/rand/v2"
)

// A clockwork yields the instants at which something recurs.
type clockwork struct {
	interval float64 // mean seconds between two; 0: never
	phase    float64 // share of the interval before the first, when regular
	count    int     // yielded so far
	last     float64
	rng      *rand.Rand // nil: regular
}

// next returns the next instant: (k + phase) × interval for the k-th, or an exponential gap after the
// last one; infinity where nothing recurs.
func (w *clockwork) next() float64 {
	switch {
	case w.interval <= 0:
		return math.Inf(1)
	case w.rng != nil:
		w.last = nanos(w.last + float64(w.rng.ExpFloat64()*w.interval))
	default:
		w.last = (float64(w.count) + w.phase) * w.interval
	}
	w.count++
	return w.last
}

func (e *engine) newClockwork(interval, phase float64, name string) clockwork {
	w := clockwork{interval: interval, phase: phase}
	if e.model.Arrivals == Poisson {
		w.rng = stream(e.model.Seed, name)
	}
	return w
}

// A schedule yields the instants of a service's deploys: those that are listed, or a clockwork's, which
// goes a day for each window where deploys have windows.
type schedule struct {
	clockwork
	times   []float64
	listed  bool
	windows []Window
}

func (e *engine) newSchedule(s *Service, phase float64) schedule {
	return schedule{
		clockwork: e.newClockwork(s.DeployInterval, phase, "deploys/"+s.Name),
		times:     s.DeployTimes, listed: s.DeployTimes != nil, windows: s.DeployWindows,
	}
}

// next returns when the next deploy is, or infinity when there are no more.
func (s *schedule) next() float64 {
	if s.listed {
		if len(s.times) == 0 {
			return math.Inf(1)
		}
		t := s.times[0]
		s.times = s.times[1:]
		return t
	}
	if s.windows == nil {
		return s.clockwork.next()
	}
	const day = 86400
	for {
		t := s.clockwork.next()
		k := math.Floor(t / day)
		if k >= float64(len(s.windows)) {
			return math.Inf(1)
		}
		w := s.windows[int(k)]
		at := w.From + float64((t/day-k)*(w.To-w.From))
		if at >= 0 { // else it was before the run, in a window that was open when the run began
			return at
		}
	}
}
