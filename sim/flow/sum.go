package flow

// A sum is the unevaluated pair hi + lo, with hi the float64 nearest to it: twice the digits of a
// float64. Times and bytes served are kept this way, so that a flow of a microsecond in its third
// month, or of a byte after a petabyte, is as exact as the first: relative to itself.
//
// The additions are Knuth's (The Art of Computer Programming, volume 2, section 4.2.2, theorem B).
type sum struct{ hi, lo float64 }

func (s sum) plus(x float64) sum {
	hi := s.hi + x
	part := hi - s.hi
	lost := (s.hi - (hi - part)) + (x - part)
	return nearest(hi, s.lo+lost)
}

func (s sum) add(t sum) sum {
	hi := s.hi + t.hi
	part := hi - s.hi
	lost := (s.hi - (hi - part)) + (t.hi - part)
	return nearest(hi, (s.lo+t.lo)+lost)
}

func (s sum) sub(t sum) sum { return s.add(sum{-t.hi, -t.lo}) }

// nearest makes hi the float64 nearest to hi + lo.
func nearest(hi, lo float64) sum {
	h := hi + lo
	return sum{h, lo - (h - hi)}
}

// minus returns s - t as one float64.
func (s sum) minus(t sum) float64 { return (s.hi - t.hi) + (s.lo - t.lo) }

func (s sum) before(t sum) bool { return s.hi < t.hi || s.hi == t.hi && s.lo < t.lo }
