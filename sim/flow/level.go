package flow

import "math"

// A familyState is how far a family's flows have risen. Its members' private links have F bytes a second
// taken by flows that have stopped, and K flows that rise: a member of bound P has its private link full
// when these get (P - F) / K.
type familyState struct {
	round  int
	taken  float64 // F
	rising float64 // K
	weight float64 // of the classes whose private links are full
	rate   float64 // and their bounds, by weight
	asked  float64 // the last bound up to which the classes were summed up,
	answer [2]float64
}

func (f *family) begin() {
	x := &f.solving
	*x = familyState{round: x.round, asked: math.NaN()}
	for _, p := range f.parts {
		x.rising += p.flows
	}
}

// heldAt returns the weight and the rate of all classes whose private links are full at a level, and
// the sum over those that have filled up since routes last stopped of weight × what a rising flow gets.
func (f *family) heldAt(level float64) (weight, rate, held float64) {
	x := &f.solving
	bound := x.taken + float64(x.rising*level)
	if bound != x.asked {
		weight, rate = f.tree.upTo(bound)
		x.asked, x.answer = bound, [2]float64{weight, rate}
	}
	weight, rate = x.answer[0], x.answer[1]
	if weight <= x.weight {
		return x.weight, x.rate, 0
	}
	held = ((rate - x.rate) - float64(x.taken*(weight-x.weight))) / x.rising
	return weight, rate, max(0, held)
}

// fullAt returns the level at which a link is full, +Inf if it never is.
//
// The load of a link grows with the level along a line that bends down wherever a private link is full.
// The straight line through a point meets the capacity below the answer or at it, so that each step goes
// up to a new bend, and the answer is found when there is no bend between two steps (Newton's method;
// it needs a few steps from anywhere and two from near by). The first guess is the last answer.
func (s *region) fullAt(l *link) float64 {
	if math.IsInf(l.capacity, 1) {
		return l.capacity
	}
	at := l.level
	if !(at >= s.level) || math.IsInf(at, 1) {
		at = s.level
	}
	last := -1.0
	for {
		held, rising := s.loadAt(l, at)
		next := max(s.level, (l.capacity-held)/rising)
		switch {
		case rising > 0 && (rising == last || last >= 0 && next <= at || next == at):
			l.level = at
			return at
		case rising > 0:
			at, last = next, rising
		case held <= l.capacity:
			return math.Inf(1)
		case last >= 0 || at == s.level:
			l.level = at
			return at
		default:
			at = s.level
		}
	}
}

// loadAt returns what a link carries in flows that have stopped at a level, and how many still rise.
func (s *region) loadAt(l *link, level float64) (held, rising float64) {
	held = l.solving.fixed
	for _, c := range l.routes {
		if !c.route.solving.rising || c.route.solving.round != s.round {
			continue
		}
		for _, u := range c.route.users {
			weight, _, rate := u.heldAt(level)
			held += float64(u.flows * rate)
			rising += float64(u.flows * (u.tree.weightBelow - weight))
		}
	}
	return held, rising
}
