package sim

import (
	"math"
	"slices"
)

// SampleSeconds is how long transit providers average a port's rate for the 95th percentile.
const SampleSeconds = 300

// A meter watches one shared link.
type meter struct {
	name     string
	capacity float64
	bytes    int64    // payload of the layers completed
	peak     float64  // bytes per second
	until    float64  // sampling ends
	samples  []sample // those in which anything moved, ascending
}

// A sample is what a link carried in the index-th stretch of SampleSeconds.
type sample struct {
	index int
	bytes float64
}

// run notes that the link carries rate from one time to another. Shares are divided by the overhead and added
// up again: what that rounds above the capacity is not carried.
func (m *meter) run(rate, from, to float64) {
	if m.capacity > 0 {
		rate = min(rate, m.capacity)
	}
	m.peak = max(m.peak, rate)
	to = min(to, m.until)
	for i := int(from / SampleSeconds); from < to; i++ {
		end := min(to, float64(i+1)*SampleSeconds)
		if last := len(m.samples) - 1; last < 0 || m.samples[last].index < i {
			m.samples = append(m.samples, sample{index: i})
		}
		m.samples[len(m.samples)-1].bytes += float64(rate * (end - from))
		from = end
	}
}

// p95 is the 95th percentile of the samples, by nearest rank: all but the highest 5 % (rounded down) are at
// or below it.
func (m *meter) p95() float64 {
	busy := make([]float64, len(m.samples))
	for i, s := range m.samples {
		busy[i] = s.bytes
	}
	slices.Sort(busy)
	n := int(math.Ceil(m.until / SampleSeconds))
	at := len(busy) - 1 - n*5/100
	if at < 0 {
		return 0 // nothing moved in more than 95 % of them
	}
	return busy[at] / SampleSeconds
}

// averages returns the samples as rates, up to the last in which anything moved.
func (m *meter) averages() []float64 {
	if len(m.samples) == 0 {
		return nil
	}
	out := make([]float64, m.samples[len(m.samples)-1].index+1)
	for _, s := range m.samples {
		out[s.index] = s.bytes / SampleSeconds
	}
	return out
}

// durations collects seconds with weights.
type durations struct {
	list []weighted
}

type weighted struct {
	seconds float64
	weight  int64
}

func (d *durations) add(seconds float64, weight int64) {
	d.list = append(d.list, weighted{seconds, weight})
}

// dist sums the collection up by nearest rank: the value at or below which lie at least so many of
// all weights.
func (d *durations) dist() Dist {
	if len(d.list) == 0 {
		return Dist{}
	}
	slices.SortFunc(d.list, func(a, b weighted) int {
		switch {
		case a.seconds < b.seconds:
			return -1
		case a.seconds > b.seconds:
			return 1
		}
		return 0
	})
	total := int64(0)
	for _, w := range d.list {
		total += w.weight
	}
	rank := func(percent int64) float64 {
		need, sum := (total*percent+99)/100, int64(0)
		for _, w := range d.list {
			if sum += w.weight; sum >= need {
				return w.seconds
			}
		}
		return d.list[len(d.list)-1].seconds
	}
	return Dist{P50: rank(50), P95: rank(95), P99: rank(99), Max: d.list[len(d.list)-1].seconds}
}

// pullLog counts pulls, weighted by nodes.
type pullLog struct {
	Pulls
	seconds durations
}

func (g *pullLog) add(p *pull, nodes int, now float64) {
	n, fetched := int64(nodes), int64(p.fetched)
	g.LayersFetched += n * fetched
	if fetched == 0 {
		return
	}
	reused := int64(p.image.distinct) - fetched
	g.Count += n
	if reused == 0 {
		g.Cold += n
	}
	g.LayersReused += n * reused
	g.seconds.add(now-p.at, n)
}
