package kubernetes

import (
	"slices"
	"time"
)

// A life is how long nodes live, and what that was told from.
type life struct {
	mean   time.Duration // 0: no replacement was seen
	joined int           // nodes that came in window
	nodes  int
	window time.Duration // before the observation
	span   time.Duration // from the pool's beginning to the observation; 0: no node tells its date
}

// nodeLife tells the mean life of a pool's nodes from their ages. In a pool of constant size a node joins
// where another leaves, so that
//
//	mean life = nodes × window / nodes that joined in the window
//
// The window is short, for those that joined and left again in it are not seen: the age below which a quarter
// of the nodes are, but a day where some are older, since pools grow and shrink by day and night. Lives of
// equal length are estimated exactly, exponentially distributed ones 15 % too long. Nodes as old as the pool,
// within a tenth of its age, were there from its beginning. A pool that has grown looks like one whose nodes
// were replaced.
func nodeLife(nodes []*node, observed time.Time) life {
	l := life{nodes: len(nodes)}
	var ages, joined []time.Duration
	for _, n := range nodes {
		if !n.created.IsZero() {
			ages = append(ages, observed.Sub(n.created))
		}
	}
	if len(ages) == 0 {
		return l
	}
	slices.Sort(ages)
	l.span = ages[len(ages)-1]
	for _, age := range ages {
		if age < l.span-l.span/10 {
			joined = append(joined, age)
		}
	}
	if len(joined) == 0 {
		return l
	}
	l.window = joined[min((len(nodes)+3)/4, len(joined))-1]
	least := time.Hour
	if l.span > leastWindow {
		least = leastWindow
	}
	l.window = max(l.window, least)
	for _, age := range joined {
		if age <= l.window {
			l.joined++
		}
	}
	l.mean = time.Duration(float64(l.window) * float64(l.nodes) / float64(l.joined))
	return l
}
