package flow

import (
	"math"
	"slices"
)

// balance sets the clocks of a family's classes after a solve.
func (n *Network) balance(f *family) {
	if f.mixed() {
		n.share(f)
		return
	}
	r := f.parts[0].route
	low, high := min(f.bound, r.level), max(f.bound, r.level)
	f.bound = r.level
	f.tree.within(low, high, func(c *class) {
		l := &c.lanes[0]
		if c.bound <= f.bound {
			n.turn(&l.own, c.bound)
			n.follow(l, &l.own)
		} else {
			n.follow(l, &r.clock)
		}
	})
}

// share parts each private link of a family of several routes: equally, but nobody gets more than the
// level of his route, and the others share what that leaves.
func (n *Network) share(f *family) {
	order := make([]int, len(f.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := f.parts[a].route.level, f.parts[b].route.level; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	flows := 0.0
	for _, p := range f.parts {
		flows += p.flows
	}
	f.tree.within(0, math.Inf(1), func(c *class) {
		left, sharing, rate := c.bound, flows, 0.0
		for _, i := range order {
			p := f.parts[i]
			rate = max(rate, min(p.route.level, left/sharing))
			left -= float64(p.flows * rate)
			sharing -= p.flows
			n.turn(&c.lanes[i].own, rate)
		}
	})
}
