package flow

// Classes of a family stand in a search tree by bound, each node with the sums of its subtree, so that
// all classes up to a level are summed in a few steps. The tree is a treap (Seidel and Aragon,
// "Randomized search trees", Algorithmica 16, 1996). Every sum is made anew from its parts and none is
// ever corrected by a difference: rounding errors do not pile up.
type node struct {
	bound       float64
	weight      float64 // a whole number
	left, right *class
	priority    uint64

	weightBelow float64 // of the whole subtree: Σ weight
	rateBelow   float64 // Σ weight · bound
}

func (c *class) total() {
	c.weightBelow, c.rateBelow = c.weight, float64(c.weight*c.bound)
	if l := c.left; l != nil {
		c.weightBelow += l.weightBelow
		c.rateBelow += l.rateBelow
	}
	if r := c.right; r != nil {
		c.weightBelow += r.weightBelow
		c.rateBelow += r.rateBelow
	}
}

// find returns the class with that bound, or nil.
func (c *class) find(bound float64) *class {
	for c != nil && c.bound != bound {
		if bound < c.bound {
			c = c.left
		} else {
			c = c.right
		}
	}
	return c
}

// insert returns the tree with a class of a new bound.
func (c *class) insert(x *class) *class {
	if c == nil || x.priority > c.priority {
		x.left, x.right = c.split(x.bound)
		x.total()
		return x
	}
	if x.bound < c.bound {
		c.left = c.left.insert(x)
	} else {
		c.right = c.right.insert(x)
	}
	c.total()
	return c
}

// split parts a tree into the classes below a bound and those above it.
func (c *class) split(bound float64) (below, above *class) {
	if c == nil {
		return nil, nil
	}
	if c.bound < bound {
		c.right, above = c.right.split(bound)
		c.total()
		return c, above
	}
	below, c.left = c.left.split(bound)
	c.total()
	return below, c
}

// delete returns the tree without the class of that bound.
func (c *class) delete(bound float64) *class {
	switch {
	case bound < c.bound:
		c.left = c.left.delete(bound)
	case bound > c.bound:
		c.right = c.right.delete(bound)
	default:
		return c.left.join(c.right)
	}
	c.total()
	return c
}

// join makes one tree of two, all of c below all of x.
func (c *class) join(x *class) *class {
	switch {
	case c == nil:
		return x
	case x == nil:
		return c
	case c.priority > x.priority:
		c.right = c.right.join(x)
		c.total()
		return c
	}
	x.left = c.join(x.left)
	x.total()
	return x
}

// weigh adds to the weight of the class of that bound.
func (c *class) weigh(bound, more float64) {
	switch {
	case bound < c.bound:
		c.left.weigh(bound, more)
	case bound > c.bound:
		c.right.weigh(bound, more)
	default:
		c.weight += more
	}
	c.total()
}

// upTo sums the classes at or below a level.
func (c *class) upTo(level float64) (weight, rate float64) {
	for c != nil {
		if c.bound > level {
			c = c.left
			continue
		}
		weight += c.weight
		rate += float64(c.weight * c.bound)
		if l := c.left; l != nil {
			weight += l.weightBelow
			rate += l.rateBelow
		}
		c = c.right
	}
	return weight, rate
}

// within calls do for the classes above one level and at or below another, lowest first. do must not
// change the tree.
func (c *class) within(low, high float64, do func(*class)) {
	if c == nil {
		return
	}
	if c.bound > low {
		c.left.within(low, high, do)
		if c.bound <= high {
			do(c)
		}
	}
	if c.bound <= high {
		c.right.within(low, high, do)
	}
}
