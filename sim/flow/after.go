package flow

import "fmt"

// waits is who waits for whom in a plan. Flows are counted through, node by node. Without any flow
// that waits, all but first is empty.
type waits struct {
	first  []int   // per node, number of its first flow; and the number of all flows
	open   []int32 // per flow, ends that it still waits for
	from   []int   // per flow, where its followers start in to; and their number
	to     []int   // numbers of the flows that wait for it
	toNode []int32 // and their nodes
}

func newWaits(p *Plan) (*waits, error) {
	w := &waits{}
	edges := 0
	all := 0
	for i := range p.Nodes {
		w.first = append(w.first, all)
		all += len(p.Nodes[i].Flows)
		for j := range p.Nodes[i].Flows {
			edges += len(p.Nodes[i].Flows[j].After)
		}
	}
	w.first = append(w.first, all)
	if edges == 0 {
		return w, nil
	}
	w.open, w.from = make([]int32, all), make([]int, all+1)
	w.to, w.toNode = make([]int, edges), make([]int32, edges)
	w.each(p, func(_, of, after int) {
		w.open[of]++
		w.from[after+1]++
	})
	for i := range all {
		w.from[i+1] += w.from[i]
	}
	next := append([]int(nil), w.from...)
	w.each(p, func(node, of, after int) {
		w.to[next[after]], w.toNode[next[after]] = of, int32(node)
		next[after]++
	})
	return w, w.checkOrder(p)
}

// each calls do for every "flow of waits for flow after".
func (w *waits) each(p *Plan, do func(node, of, after int)) {
	for i := range p.Nodes {
		for j := range p.Nodes[i].Flows {
			for _, r := range p.Nodes[i].Flows[j].After {
				at := r.Node
				if at == SameNode {
					at = i
				}
				do(i, w.first[i]+j, w.first[at]+r.Flow)
			}
		}
	}
}

// checkOrder lets all flows end in an order that respects who waits for whom, if there is one.
func (w *waits) checkOrder(p *Plan) error {
	open := append([]int32(nil), w.open...)
	var done []int
	for f, n := range open {
		if n == 0 {
			done = append(done, f)
		}
	}
	for i := 0; i < len(done); i++ {
		for _, f := range w.to[w.from[done[i]]:w.from[done[i]+1]] {
			if open[f]--; open[f] == 0 {
				done = append(done, f)
			}
		}
	}
	if len(done) == len(open) {
		return nil
	}
	for i := range p.Nodes {
		for j := range p.Nodes[i].Flows {
			if open[w.first[i]+j] > 0 {
				return fmt.Errorf("flow %d of node %d waits, by way of others, for itself or for flows that wait for themselves; cut the circle", j, i)
			}
		}
	}
	return nil
}
