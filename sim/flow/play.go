package flow

import (
	"fmt"
	"math"
	"slices"
)

// A player is a plan under way.
type player struct {
	plan     *Plan
	layout   *layout
	waits    *waits
	net      *Network
	start    []float64 // per flow, counted through
	finish   []float64
	carried  []float64 // per link, bytes
	instants int
	nodes    []playing
	agenda   queue[due]
	owner    []int32 // per Group, its node
	ready    []int32 // nodes that may start something now
	done     []Done
}

// playing is a node of the plan. Its queue holds places in its list of flows.
type playing struct {
	first   int // number of its first flow
	group   Group
	active  int32
	left    int32 // flows that have not ended
	listed  bool  // in player.ready
	queue   []int32
	batch   int // where in queue those start that got ready at batchAt
	batchAt float64
}

// due is flows that get ready by the clock: one of a node, or, with place -1, all those of it that start
// with it.
type due struct{ node, place int32 }

func (due) put(int) {}

// Play plays the plan on a network of its own. A plan that cannot be played is an error which names all
// that is wrong: amounts out of range, references to nothing, flows that wait for themselves.
func (p *Plan) Play() (*Played, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	w, err := newWaits(p)
	if err != nil {
		return nil, err
	}
	x := newPlayer(p, w)
	for {
		x.startAll()
		next, ok := x.next()
		if !ok {
			return x.result(), nil
		}
		if !(next <= math.MaxFloat64) {
			return nil, fmt.Errorf("at %v s a flow would need longer than any number of seconds; give its links more capacity", x.net.Now())
		}
		x.advance(next)
	}
}

func newPlayer(p *Plan, w *waits) *player {
	x := &player{plan: p, net: New(p.Links), waits: w, nodes: make([]playing, len(p.Nodes))}
	x.layout = p.layOut(x.net)
	all := w.first[len(p.Nodes)]
	x.start, x.finish, x.carried = make([]float64, all), make([]float64, all), make([]float64, len(p.Links))
	for i := range p.Nodes {
		x.nodes[i] = playing{first: w.first[i], group: -1, left: int32(len(p.Nodes[i].Flows))}
		x.agenda.set(0, sum{hi: p.Nodes[i].Start}, due{int32(i), -1})
	}
	return x
}

// result cuts the numbers written down into nodes.
func (x *player) result() *Played {
	n := len(x.nodes)
	out := &Played{Start: make([][]float64, n), Finish: make([][]float64, n), LinkBytes: x.carried, Instants: x.instants}
	for i := range n {
		from, to := x.waits.first[i], x.waits.first[i+1]
		out.Start[i], out.Finish[i] = x.start[from:to:to], x.finish[from:to:to]
	}
	for link, owner := range x.layout.owner {
		if owner >= 0 { // no link of the network's
			for i := range x.plan.Nodes[owner].Flows {
				out.LinkBytes[link] += x.plan.Nodes[owner].Flows[i].Bytes
			}
		}
	}
	return out
}

// next returns when something starts or ends next. What is meant to start when a flow ends, but for
// rounding, does.
func (x *player) next() (float64, bool) {
	end, flowing := x.net.Next()
	if len(x.agenda) == 0 {
		return end, flowing
	}
	at := x.agenda[0].at.hi
	switch {
	case !flowing:
		return at, true
	case x.net.tied(at):
		return max(at, end), true
	}
	return min(at, end), true
}

// advance moves on to t and takes in what ends and what gets ready there.
func (x *player) advance(t float64) {
	x.instants++
	step := t - x.net.Now()
	for _, i := range x.layout.shared {
		x.carried[i] += float64(x.net.Load(i) * step)
	}
	x.done = x.net.Advance(t, x.done[:0])
	for _, d := range x.done {
		x.endFlow(x.owner[d.Group], int32(d.Tag))
	}
	for len(x.agenda) > 0 && x.agenda[0].at.hi <= t {
		d := x.agenda[0].item
		x.agenda.remove(1)
		if d.place >= 0 {
			x.enqueue(d.node, d.place)
		} else {
			x.begin(d.node)
		}
	}
}

// begin readies those flows of a node that start with it, and puts the others on the agenda.
func (x *player) begin(node int32) {
	n := &x.plan.Nodes[node]
	x.nodes[node].queue = slices.Grow(x.nodes[node].queue, len(n.Flows))
	for place := range n.Flows {
		f := &n.Flows[place]
		if len(f.After) == 0 {
			x.expect(node, int32(place), n.Start+f.Start)
		}
	}
}

// expect makes a flow ready at that time or now.
func (x *player) expect(node, place int32, at float64) {
	if at > x.net.Now() {
		x.agenda.set(0, sum{hi: at}, due{node, place})
		return
	}
	x.enqueue(node, place)
}

func (x *player) enqueue(node, place int32) {
	n := &x.nodes[node]
	if now := x.net.Now(); n.batchAt < now {
		n.batch, n.batchAt = len(n.queue), now
	}
	batch := n.queue[n.batch:]
	i, _ := slices.BinarySearch(batch, place)
	n.queue = slices.Insert(n.queue, n.batch+i, place)
	x.list(node)
}

func (x *player) list(node int32) {
	if n := &x.nodes[node]; !n.listed {
		n.listed = true
		x.ready = append(x.ready, node)
	}
}

// startAll starts what has a slot. Flows of no bytes end at once and may ready others.
func (x *player) startAll() {
	for i := 0; i < len(x.ready); i++ {
		node := x.ready[i]
		n, slots := &x.nodes[node], int32(x.plan.Nodes[node].Slots)
		n.listed = false
		for len(n.queue) > 0 && (slots == 0 || n.active < slots) {
			place := n.queue[0]
			n.queue = n.queue[1:]
			n.batch = max(0, n.batch-1)
			x.startFlow(node, place)
		}
	}
	x.ready = x.ready[:0]
}

func (x *player) startFlow(node, place int32) {
	n, members := &x.nodes[node], max(1, x.plan.Nodes[node].Members)
	f := &x.plan.Nodes[node].Flows[place]
	x.start[n.first+int(place)] = x.net.Now()
	n.active++
	if f.Bytes == 0 {
		x.endFlow(node, place)
		return
	}
	if n.group < 0 {
		n.group = x.net.AddGroup(members, x.layout.private[node])
		for int(n.group) >= len(x.owner) {
			x.owner = append(x.owner, 0)
		}
		x.owner[n.group] = node
	}
	x.net.Start(n.group, x.layout.routes[f.Route], f.Bytes, int(place))
}

// endFlow takes in the end of a flow: its slot is free, and who waited for it may be ready.
func (x *player) endFlow(node, place int32) {
	n := &x.nodes[node]
	f := n.first + int(place)
	x.finish[f] = x.net.Now()
	n.active--
	if n.left--; n.left == 0 && n.group >= 0 {
		x.net.Resize(n.group, 0)
		n.group = -1
	}
	x.list(node)
	w := x.waits
	if len(w.open) == 0 {
		return
	}
	for i := w.from[f]; i < w.from[f+1]; i++ {
		if w.open[w.to[i]]--; w.open[w.to[i]] == 0 {
			other := w.toNode[i]
			place := w.to[i] - x.nodes[other].first
			x.expect(other, int32(place), x.plan.Nodes[other].Start+x.plan.Nodes[other].Flows[place].Start)
		}
	}
}
